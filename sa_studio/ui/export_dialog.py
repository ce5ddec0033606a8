"""Takes into a folder: which profile, one by one or as a round-robin set, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.service import Studio
from sa_studio.ui.export_work import Exported, ExportWork
from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.file_manager import reveal
from sa_studio.ui.folder_field import FolderField
from sa_studio.ui.mnemonics import Mnemonics
from sa_studio.ui.profile_combo import ProfileCombo
from sa_studio.ui.theme import set_property

NO_TAKES = "Select finished takes in the library first."


class ExportDialog(QDialog):
    """Exports the takes that it was opened for; stays open to say what came of it."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._ids: tuple[str, ...] = ()
        self._first: Path | None = None
        self._is_running = False
        self.setWindowTitle("Export")
        self.setObjectName("export_dialog")
        self.setMinimumWidth(480)
        self.work = ExportWork(self)
        self.heading = text_label("", "title")
        self.profile = ProfileCombo(studio, "export_profile_combo")
        self.folder = FolderField("export", "The folder to export to")
        self.folder.edit.setText(studio.settings.export_folder)
        self.folder_box = FieldBox("Folder", self.folder.edit, self.folder)
        self.single = QRadioButton("One file for each take")
        name_widget(
            self.single,
            "export_single_radio",
            "One file for each take",
            "Each take as it is, in the profile",
        )
        self.single.setChecked(True)
        self.round_robin = QRadioButton("A round-robin set")
        name_widget(
            self.round_robin,
            "export_set_radio",
            "A round-robin set",
            "Variations of one sound, for a game or a sampler: they begin alike, are equally loud, "
            "and are numbered from the top of the list on",
        )
        self.progress = QProgressBar()
        name_widget(self.progress, "export_progress", "Progress of the export")
        self.outcome = text_label("", "quiet", wrap=True)
        name_widget(self.outcome, "export_result", "What was exported")
        self.reveal = self._button(
            "Show in folder", "export_reveal_button", "Open the folder of the exported files"
        )
        self.cancel = self._button(
            "Close", "export_cancel_button", "End the export after this file, or close (Esc)"
        )
        self.start = self._button("Export", "export_start_button", "Write the files")
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self._lay_out()
        self.folder.edited.connect(self._show_state)
        self.start.clicked.connect(self.export)
        self.cancel.clicked.connect(self.reject)
        self.reveal.clicked.connect(self._reveal)
        self.work.delivered.connect(self.progress.setValue)
        self.work.ended.connect(self._ended)
        self.show_takes(())
        Mnemonics(self)

    def show_takes(self, clip_ids: Sequence[str]) -> None:
        """The takes to export, in the order in which a set numbers them."""
        if self._is_running:
            return
        self._ids = tuple(clip_ids)
        self._first = None
        count = len(self._ids)
        self.heading.setText(f"Export {'1 take' if count == 1 else f'{count} takes'}")
        self.profile.reload()
        self.round_robin.setEnabled(count > 1)
        if count < 2:
            self.single.setChecked(True)
        self._say("" if count else NO_TAKES, "quiet")
        self.progress.hide()
        self._show_state()

    @Slot()
    def export(self) -> None:
        """Write the files, on a thread of their own."""
        folder = self.folder.folder()
        if folder is None or not self._ids or self._is_running:
            return
        export = (
            self._studio.export_round_robin
            if self.round_robin.isChecked()
            else self._studio.export_clips
        )
        self._studio.settings.export_folder = self.folder.edit.text().strip()
        self._is_running = True
        self._first = None
        self.progress.setRange(0, len(self._ids))
        self.progress.setValue(0)
        self.progress.show()
        self._say("", "quiet")
        self._show_state()
        self.work.start(partial(export, self._ids, folder, self.profile.profile()))

    @Slot(object)
    def _ended(self, exported: Exported) -> None:
        self._is_running = False
        self.progress.hide()
        count = len(exported.paths)
        files = "1 file" if count == 1 else f"{count} files"
        self._first = exported.paths[0] if exported.paths else None
        if exported.problem:
            there = f" {files} of {len(self._ids)} are there, whole." if count else ""
            self._say(f"{exported.problem}{there}", "error")
        elif exported.was_cancelled and count < len(self._ids):
            self._say(f"Cancelled: {files} of {len(self._ids)} are there, whole.", "warning")
        else:
            self._say(f"Exported {files} to {self.folder.edit.text().strip()}", "")
        self._show_state()

    def reject(self) -> None:
        """Cancel the export that runs; else close."""
        if self._is_running:
            self.work.cancel()
            self.cancel.setEnabled(False)
        else:
            super().reject()

    def close_threads(self) -> None:
        """End an export after the file that is being written; waits for it."""
        self.work.close()

    @Slot()
    def _reveal(self) -> None:
        if self._first is not None:
            reveal(self._first)

    # --- looks ------------------------------------------------------------------------------
    @Slot()
    def _show_state(self) -> None:
        running = self._is_running
        self.folder_box.set_problem(self.folder.problem())
        for part in (self.profile, self.folder_box, self.single):
            part.setEnabled(not running)
        self.round_robin.setEnabled(not running and len(self._ids) > 1)
        self.start.setEnabled(not running and bool(self._ids) and self.folder.folder() is not None)
        self.cancel.setText("Cancel" if running else "Close")
        self.cancel.setAccessibleName(self.cancel.text())
        self.cancel.setEnabled(True)
        self.reveal.setVisible(self._first is not None)
        self._grow()

    def _say(self, text: str, role: str) -> None:
        set_property(self.outcome, "role", role)
        self.outcome.setText(text)
        self.outcome.setVisible(bool(text))
        self._grow()

    def _grow(self) -> None:
        """Make room for what is said; nothing is pressed together."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            layout.activate()
            height = max(layout.totalHeightForWidth(self.width()), self.minimumSizeHint().height())
            self.resize(self.width(), max(self.height(), height))

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        name_widget(button, name, text, tip)
        return button

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.reveal)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.heading)
        layout.addWidget(FieldBox("Profile", self.profile.combo, self.profile))
        layout.addWidget(self.folder_box)
        layout.addWidget(self.single)
        layout.addWidget(self.round_robin)
        layout.addWidget(self.progress)
        layout.addWidget(self.outcome)
        layout.addStretch(1)
        layout.addLayout(foot)
