"""What a take is like when it leaves: a button that says it in a few characters, with a menu."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from sa_studio.errors import StudioError
from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.menu_heading import add_heading
from sa_studio.ui.mnemonics import give_letters
from sa_studio.ui.profile_text import profile_line, short_profile

MENU_NAME_WIDTH = 320


class DeliveryButton(QToolButton):
    """Says the chosen delivery profile; its menu chooses another, edits them, and exports."""

    changed = Signal()
    """Takes are delivered otherwise from now on."""
    edit_requested = Signal()
    export_requested = Signal()
    sheet_requested = Signal()
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._is_short = False
        name_widget(self, "delivery_button", "Delivery")
        self.setProperty("role", "flat")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFixedHeight(34)
        menu = QMenu(self)
        name_widget(menu, "delivery_menu", "Delivery", "How takes are delivered")
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        self._fill()
        self.show_profile()

    @Slot()
    def show_profile(self) -> None:
        """Say which profile is chosen now."""
        profile = self._studio.profile
        text = short_profile(profile)
        self.setText(profile.format.upper() if self._is_short else text)
        self.setAccessibleDescription(f"{profile.name}: {text}")
        self.setToolTip(
            f"What is dragged out, copied or exported is a file like this:\n"
            f"{profile.name}: {profile_line(profile)}"
        )

    def set_short(self, is_short: bool) -> None:
        """Say the format alone, where there is little room."""
        if is_short != self._is_short:
            self._is_short = is_short
            self.show_profile()

    def choose(self, name: str) -> None:
        """Deliver in another profile from now on."""
        try:
            profile = self._studio.choose_profile(name)
        except StudioError as error:
            self.message.emit(error.one_line(), "error")
            return
        self.show_profile()
        self.changed.emit()
        self.message.emit(f"Delivered as “{profile.name}”: {profile_line(profile)}", "quiet")

    @Slot()
    def take_profiles(self) -> None:
        """Profiles were edited."""
        self.show_profile()
        self.changed.emit()

    @Slot()
    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        add_heading(menu, "Deliver as")
        group = QActionGroup(menu)
        group.triggered.connect(self._chosen)
        chosen = self._studio.profile.name
        for profile in self._studio.profiles():
            name = self.fontMetrics().elidedText(
                profile.name, Qt.TextElideMode.ElideRight, MENU_NAME_WIDTH
            )
            text = f"{name}  –  {short_profile(profile)}"
            action = menu.addAction(text.replace("&", "&&"))
            action.setData(profile.name)
            action.setCheckable(True)
            action.setChecked(profile.name == chosen)
            group.addAction(action)
        menu.addSeparator()
        give_letters(
            [
                menu.addAction("Edit profiles…", self.edit_requested.emit),
                # not as a shortcut of its own: the list of keys has it
                menu.addAction("Export…\tCtrl+E", self.export_requested.emit),
                menu.addAction("Cue sheet…", self.sheet_requested.emit),
            ]
        )

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        self.choose(str(action.data()))
