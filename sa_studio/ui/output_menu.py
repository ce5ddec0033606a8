"""Where the sound goes: a button that lists the outputs and says which one is used."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from sa_studio.service import Player, output_devices
from sa_studio.settings import Settings
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.question import Question

SYSTEM_DEFAULT = "System default"


def find_outputs() -> list[str]:
    """Names of the outputs, each once; none without PortAudio. It takes a while."""
    try:
        return list(dict.fromkeys(output_devices()))
    except OSError:
        return []


class OutputButton(QToolButton):
    """A loudspeaker; its menu chooses the output, which is remembered by its name.

    The outputs are looked for beside the GUI thread each time the menu is opened, so one that
    was plugged in meanwhile appears in the open menu.
    """

    def __init__(self, player: Player, settings: Settings) -> None:
        super().__init__()
        self._player, self._settings = player, settings
        self._outputs: list[str] = []
        name_widget(self, "output_button", "Sound output")
        self.setProperty("role", "flat")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(30, 34)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._work = Question("outputs", self)
        self._work.answered.connect(self._found)
        self._menu = QMenu(self)
        self._menu.setObjectName("output_menu")
        self._menu.aboutToShow.connect(self.refresh)
        self._menu.triggered.connect(self._choose)
        self.setMenu(self._menu)
        player.device = settings.output
        self.set_muted(False)
        self._fill()
        self.describe()

    @Slot()
    def refresh(self) -> None:
        """Look for the outputs; the menu follows."""
        self._fill()
        self._work.ask(find_outputs)

    def set_muted(self, muted: bool) -> None:
        """Cross the loudspeaker out."""
        self.setIcon(icon("volume-off" if muted else "volume", color="quiet"))

    def describe(self) -> None:
        """Say which output is really used; it may be another one than was chosen."""
        missing = self._player.missing_device
        text = f"Sound output: {self._settings.output or SYSTEM_DEFAULT}"
        if missing:
            text = f"Sound output: {SYSTEM_DEFAULT}, for {missing} is not there"
        if text != self.accessibleDescription():
            self.setToolTip(text)
            self.setAccessibleDescription(text)

    def close_threads(self) -> None:
        """Wait until the outputs are found."""
        self._work.close()

    @Slot(object)
    def _found(self, outputs: list[str]) -> None:
        self._outputs = outputs
        self._fill()
        self.describe()

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        group = QActionGroup(menu)
        chosen = self._settings.output
        missing = [chosen] if chosen and chosen not in self._outputs else []
        for name in ("", *self._outputs, *missing):
            gone = " (not there)" if name in missing and self._outputs else ""
            action = QAction((name or SYSTEM_DEFAULT).replace("&", "&&") + gone, menu)
            action.setCheckable(True)
            action.setChecked(name == chosen)
            action.setData(name)
            group.addAction(action)
            menu.addAction(action)
            if not name:
                menu.addSeparator()

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self._settings.output = str(action.data())
        self._player.device = self._settings.output
        self.describe()
