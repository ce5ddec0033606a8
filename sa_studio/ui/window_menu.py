"""The menu at the right of the top bar: files, looks, size, keys, the way back to the welcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from sa_studio.settings import INTERFACE_PERCENTS
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.menu_heading import add_heading
from sa_studio.ui.mnemonics import give_letters
from sa_studio.ui.theme import Theme

THEMES = (
    (Theme.DARK, "Dark"),
    (Theme.LIGHT, "Light"),
    (Theme.SYSTEM, "As the system"),
)


class WindowMenu(QToolButton):
    """Three dots that open a menu.

    Args:
        theme: what is chosen: ``dark``, ``light`` or ``system``.
        percent: the interface size that this start was made with.
    """

    theme_chosen = Signal(str)
    size_chosen = Signal(int)
    """The interface size in percent, for the next start."""
    export_requested = Signal()
    sheet_requested = Signal()
    recipe_requested = Signal()
    keys_requested = Signal()
    welcome_requested = Signal()

    def __init__(self, theme: str, percent: int) -> None:
        super().__init__()
        name_widget(self, "menu_button", "Menu")
        self.setIcon(icon("more"))
        self.setProperty("role", "flat")
        self.setToolTip("Files, light or dark, the size of everything, all keys, the welcome")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._percent = percent
        menu = QMenu(self)
        menu.setObjectName("window_menu")
        menu.setAccessibleName("Menu")
        add_heading(menu, "Files")
        # not as a shortcut of its own: the list of keys has it
        self._add(menu, "Export…\tCtrl+E", self.export_requested.emit)
        self._add(menu, "Cue sheet…", self.sheet_requested.emit)
        self._add(menu, "Recipe from file…", self.recipe_requested.emit)
        self._themes = self._add_choices(menu, "Appearance", THEMES, theme)
        self._themes.triggered.connect(self._choose_theme)
        sizes = [(value, f"{value} %") for value in INTERFACE_PERCENTS]
        self._sizes = self._add_choices(menu, "Size, from the next start", sizes, percent)
        self._sizes.triggered.connect(self._choose_size)
        add_heading(menu, "Help")
        self.keys = self._add(menu, "All keys…", self.keys_requested.emit)
        # not as a shortcut of its own: the list of keys has it
        self.keys.setText("All keys\tCtrl+/")
        self.welcome = self._add(menu, "Welcome", self.welcome_requested.emit)
        give_letters([one for one in menu.actions() if one not in self._sizes.actions()])
        menu.aboutToShow.connect(self._offer_sizes_that_fit)
        self.setMenu(menu)

    @staticmethod
    def _add(menu: QMenu, text: str, slot: Callable[[], object]) -> QAction:
        action = QAction(text, menu)
        action.triggered.connect(slot)
        menu.addAction(action)
        return action

    @staticmethod
    def _add_choices(
        menu: QMenu, title: str, choices: Sequence[tuple[object, str]], current: object
    ) -> QActionGroup:
        add_heading(menu, title)
        group = QActionGroup(menu)
        for value, text in choices:
            action = QAction(text, group)
            action.setData(value)
            action.setCheckable(True)
            action.setChecked(value == current)
            menu.addAction(action)
        return group

    @Slot(QAction)
    def _choose_theme(self, action: QAction) -> None:
        self.theme_chosen.emit(str(action.data()))

    @Slot(QAction)
    def _choose_size(self, action: QAction) -> None:
        self.size_chosen.emit(int(action.data()))

    @Slot()
    def _offer_sizes_that_fit(self) -> None:
        """Sizes at which the window would be larger than the screen cannot be chosen."""
        window: QWidget = self.window()
        there, needed = window.screen().availableSize(), window.minimumSize()
        for action in self._sizes.actions():
            # all in this start's logical pixels
            growth = int(action.data()) / self._percent
            fits = (
                needed.width() * growth <= there.width()
                and needed.height() * growth <= there.height()
            )
            action.setEnabled(fits or action.isChecked())
            text = f"{action.data()} %"
            action.setText(text if fits else f"{text} (the window would not fit this screen)")
