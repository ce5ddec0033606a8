"""The menus that narrow the library, in one line however narrow it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from sa_studio.ui.choice_button import ChoiceButton
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.theme import set_property

GAP = 4


class FilterRow(QWidget):
    """As many of the buttons as there is room for; the menus of the others are behind "More".

    What narrows the list comes before what does not: nobody wonders where the takes are.

    Args:
        buttons: the one that is wanted most comes first.
    """

    def __init__(self, buttons: Sequence[ChoiceButton[Any]]) -> None:
        super().__init__()
        self._buttons = tuple(buttons)
        self.more = QToolButton()
        self.more.setText("More")
        self.more.setProperty("role", "filter")
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        name_widget(self.more, "more_filters_button", "More filters")
        self._menu = QMenu(self.more)
        name_widget(self._menu, "more_filters_menu", "More filters")
        self._menu.aboutToShow.connect(self._offer)
        self.more.setMenu(self._menu)
        self._behind: tuple[ChoiceButton[Any], ...] = ()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        for button in (*self._buttons, self.more):
            layout.addWidget(button)
        layout.addStretch(1)
        # it is never what makes the column wide
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.arrange()

    def arrange(self) -> None:
        """Find out anew which buttons fit: one has changed, or the width."""
        widths = {button: button.sizeHint().width() + GAP for button in self._buttons}
        room = self.width() + GAP
        if sum(widths.values()) > room:
            room -= self.more.sizeHint().width() + GAP
        shown = set()
        for button in sorted(self._buttons, key=lambda button: not button.is_active):
            if widths[button] > room:
                break
            room -= widths[button]
            shown.add(button)
        self._behind = tuple(button for button in self._buttons if button not in shown)
        for button in self._buttons:
            button.setVisible(button in shown)
        names = ", ".join(button.caption.lower() for button in self._behind)
        self.more.setVisible(bool(self._behind))
        self.more.setToolTip(f"More filters: {names}")
        self.more.setAccessibleDescription(names)
        set_property(self.more, "active", any(button.is_active for button in self._behind))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Use the room that there is now."""
        super().resizeEvent(event)
        self.arrange()

    @Slot()
    def _offer(self) -> None:
        self._menu.clear()
        for button in self._behind:
            menu = button.menu()
            menu.setTitle(button.text())
            self._menu.addMenu(menu)
