"""The windows of a delivery: profiles, export, cue sheets; each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sa_studio.service import Studio
from sa_studio.ui.engine_thread import EngineThread
from sa_studio.ui.export_dialog import ExportDialog
from sa_studio.ui.profile_dialog import ProfileDialog
from sa_studio.ui.sheet_dialog import SheetDialog
from sa_studio.ui.sheet_run import SheetRun


class DeliveryWindows(QObject):
    """Opens them, and ends what they have begun.

    Args:
        studio: does the work.
        engine: runs the queue, cue sheets with it.
        window: what they belong to.

    Attributes:
        sheet_run: the cue sheet that is being made, whether its window is open or not.
    """

    profiles_changed = Signal()
    """Profiles were changed, or another one was chosen."""
    stop_requested = Signal()
    """The cue sheet is to be stopped."""
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, engine: EngineThread, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._window = studio, window
        self.sheet_run = SheetRun(studio, engine)
        self.profile_dialog: ProfileDialog | None = None
        self.export_dialog: ExportDialog | None = None
        self.sheet_dialog: SheetDialog | None = None

    @Slot()
    def show_profiles(self) -> None:
        """Open the profiles, at the chosen one."""
        if self.profile_dialog is None:
            self.profile_dialog = ProfileDialog(self._studio, self._window)
            self.profile_dialog.changed.connect(self.profiles_changed)
        elif not self.profile_dialog.isVisible():
            self.profile_dialog.reload(self._studio.profile.name)
        self.profile_dialog.open()

    def show_export(self, clip_ids: Sequence[str]) -> None:
        """Open the export of these takes."""
        if self.export_dialog is None:
            self.export_dialog = ExportDialog(self._studio, self._window)
        self.export_dialog.show_takes(clip_ids)
        self.export_dialog.open()

    @Slot()
    def show_sheet(self) -> None:
        """Open the cue sheet, or bring it to the front."""
        if self.sheet_dialog is None:
            self.sheet_dialog = SheetDialog(self._studio, self.sheet_run, self._window)
            self.sheet_dialog.stop_requested.connect(self.stop_requested)
            self.sheet_dialog.message.connect(self.message)
        self.sheet_dialog.show()
        self.sheet_dialog.raise_()

    @Slot(object)
    def open_sheet(self, path: Path) -> None:
        """Open the sheet of a file."""
        self.show_sheet()
        assert self.sheet_dialog is not None
        self.sheet_dialog.read(path)

    def close(self) -> None:
        """End everything; the queue has ended already. Waits."""
        for dialog in (self.profile_dialog, self.export_dialog, self.sheet_dialog):
            if dialog is not None:
                dialog.hide()
        for working in (self.export_dialog, self.sheet_dialog):
            if working is not None:
                working.close_threads()
        self.sheet_run.close()
