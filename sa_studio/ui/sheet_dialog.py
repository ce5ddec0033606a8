"""Cue sheets: a table of sounds that is checked, made and delivered, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import SheetError, StudioError
from sa_studio.service import Batch, RowReport, Studio, decode, parse_sheet
from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.file_manager import reveal
from sa_studio.ui.folder_field import FolderField
from sa_studio.ui.latest_work import LatestWork
from sa_studio.ui.profile_combo import ProfileCombo
from sa_studio.ui.sheet_rows import SheetRows
from sa_studio.ui.sheet_run import SheetOutcome, SheetRun
from sa_studio.ui.theme import set_property

CHECK_DELAY_MS = 400
PASTED = "pasted"
EXAMPLE = (
    "Open a CSV file, or paste cells from a spreadsheet. The first row names the columns:\n\n"
    "name\tprompt\tseconds\tcategory\tcount\tprofile\n"
    "Door Slam\tbig wooden door slam\t2\tDOORWood\t3\tGame"
)
FILES = "Cue sheets (*.csv *.tsv *.txt);;All files (*)"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of looking at a sheet: a batch that can begin, or what is wrong, line by line."""

    batch: Batch | None
    problem: str = ""
    lines: tuple[str, ...] = ()


class SheetDialog(QDialog):
    """A sheet above, below it what is wrong with it or what it will make.

    Closing it stops nothing: rows go on being made, and it shows them when it is opened again.
    """

    stop_requested = Signal()
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, run: SheetRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._run = studio, run
        self._name = PASTED
        self._batch: Batch | None = None
        self._page: Path | None = None
        self._starts_when_checked = False
        self.setWindowTitle("Cue sheet")
        self.setObjectName("sheet_dialog")
        self.resize(820, 680)
        self._make_widgets()
        self._checks = LatestWork("sa-studio-sheet", self)
        self._checks.done.connect(self._show_checked)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(CHECK_DELAY_MS)
        self._delay.timeout.connect(self.check)
        self._lay_out()
        self.text.textChanged.connect(self._changed)
        self.folder.edited.connect(self._changed)
        self.profile.combo.currentIndexChanged.connect(self._changed)
        self.open_file.clicked.connect(self._choose_file)
        self.start.clicked.connect(self.make)
        self.stop.clicked.connect(self._ask_to_stop)
        self.report.clicked.connect(self._open_report)
        self.reveal.clicked.connect(self._reveal)
        self.done_.clicked.connect(self.reject)
        run.row_done.connect(self._row_done)
        run.ended.connect(self._ended)
        self._say("", "quiet")
        self._show_state()

    # --- the sheet --------------------------------------------------------------------------
    @Slot()
    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a cue sheet", "", FILES)
        if path:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Show the sheet of a file; it can be mended here, the file stays as it is."""
        try:
            text = decode(path.read_bytes())
        except OSError as error:
            self._say(f"{path.name} cannot be read ({error.strerror or error}).", "error")
            return
        except StudioError as error:
            self._say(error.one_line(), "error")
            return
        self._name = path.stem
        self.text.setPlainText(text)

    @Slot()
    def _changed(self) -> None:
        if self._run.is_running:
            return
        if not self.text.toPlainText().strip():
            self._name = PASTED
        self._batch, self._starts_when_checked = None, False
        self._checks.drop()
        self._show_state()
        self._delay.start()

    @Slot()
    def check(self) -> None:
        """Look at the sheet beside the GUI thread: what is wrong, or what it will make."""
        self._delay.stop()
        text, folder = self.text.toPlainText(), self.folder.folder()
        if not text.strip():
            self.rows.clear()
            self._say("", "quiet")
            return
        self._checks.ask(self._checking(text, folder))

    def _checking(self, text: str, folder: Path | None) -> Callable[[], Checked]:
        studio, name, profile = self._studio, self._name, self.profile.profile().name
        show = self._run.show_row
        # what is there already can be told only of the folder that it goes to
        place = folder or studio.data.root / "no folder is chosen"

        def check() -> Checked:
            try:
                batch = studio.batch(parse_sheet(text, name), place, show=show, profile=profile)
            except SheetError as error:
                return Checked(None, error.one_line(), error.problems)
            except StudioError as error:
                return Checked(None, error.one_line())
            return Checked(batch)

        return check

    @Slot(object)
    def _show_checked(self, checked: Checked) -> None:
        if self._run.is_running:
            return
        self._batch = checked.batch
        if checked.batch is None:
            self._say(checked.problem, "error")
            self.rows.show_problems(checked.lines)
        else:
            self._show_plan(checked.batch)
        starts, self._starts_when_checked = self._starts_when_checked, False
        self._show_state()
        if starts:
            self.make()

    def _show_plan(self, batch: Batch) -> None:
        reports = [row.report() for row in batch.rows]
        self.rows.show_rows(reports)
        sounds = sum(report.count for report in reports)
        count = len(batch.rows)
        there = sum(row.state.is_done for row in batch.rows)
        text = f"{'1 row' if count == 1 else f'{count} rows'}, "
        text += "1 sound" if sounds == 1 else f"{sounds} sounds"
        text += f"; {there} of the rows are there already and stay" if there else ""
        if self.folder.folder() is None:
            self._say(f"{text}. Choose the folder that they go to.", "quiet")
        else:
            self._say(text, "quiet")

    # --- making it --------------------------------------------------------------------------
    @Slot()
    def make(self) -> None:
        """Make what is not there yet."""
        if self._run.is_running or self.folder.folder() is None:
            return
        if self._batch is None:  # it was made before: what of it is there now?
            self._starts_when_checked = True
            self.check()
            return
        batch, self._batch = self._batch, None
        self._page = None
        self.progress.setRange(0, len(batch.rows))
        self.progress.setValue(0)
        self._say("Making the sounds; this window may be closed meanwhile.", "quiet")
        self._run.start(batch)
        self._show_state()

    @Slot()
    def _ask_to_stop(self) -> None:
        self.stop.setEnabled(False)
        self._say("Stopping after this step; what is made stays made.", "quiet")
        self.stop_requested.emit()

    @Slot(object)
    def _row_done(self, row: RowReport) -> None:
        self.progress.setValue(self.progress.value() + 1)
        self.rows.show_row(row)

    @Slot(object)
    def _ended(self, outcome: SheetOutcome) -> None:
        self._page = outcome.page
        if outcome.problem:
            text, role = outcome.problem, "error"
        elif outcome.was_stopped:
            text, role = f"Stopped. {outcome.summary}. Start again to go on.", "warning"
        else:
            text, role = f"{outcome.summary}.", "error" if outcome.failed else ""
        self._say(text, role)
        self.message.emit(f"Cue sheet: {text}", role or "quiet")
        self._show_state()
        self.start.setEnabled(bool(outcome.failed))  # which makes the rest

    @Slot()
    def _open_report(self) -> None:
        if self._page is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._page)))

    @Slot()
    def _reveal(self) -> None:
        if self._page is not None:
            reveal(self._page)

    def close_threads(self) -> None:
        """Wait for the check that is going on."""
        self._delay.stop()
        self._checks.close()

    # --- looks ------------------------------------------------------------------------------
    def _show_state(self) -> None:
        running = self._run.is_running
        self.text.setReadOnly(running)
        for part in (self.open_file, self.folder_box, self.profile):
            part.setEnabled(not running)
        ready = self._batch is not None and self.folder.folder() is not None
        self.start.setEnabled(not running and ready)
        self.stop.setVisible(running)
        self.stop.setEnabled(True)
        self.progress.setVisible(running)
        self.report.setVisible(self._page is not None)
        self.reveal.setVisible(self._page is not None)

    def _say(self, text: str, role: str) -> None:
        set_property(self.note, "role", role)
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _make_widgets(self) -> None:
        self.text = QPlainTextEdit()
        name_widget(
            self.text,
            "sheet_edit",
            "Cue sheet",
            "The sounds that a project needs, one a row: paste cells from a spreadsheet, or open a "
            "CSV file",
        )
        self.text.setPlaceholderText(EXAMPLE)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.open_file = self._button("Open…", "sheet_open_button", "Open a sheet from a CSV file")
        self.folder = FolderField("sheet", "The folder to deliver to")
        self.folder_box = FieldBox("Folder", self.folder.edit, self.folder)
        self.profile = ProfileCombo(self._studio, "sheet_profile_combo")
        self.profile.combo.setToolTip("Of the rows that name no profile of their own")
        self.rows = SheetRows()
        self.note = text_label("", "quiet", wrap=True)
        name_widget(self.note, "sheet_note", "State of the sheet")
        self.progress = QProgressBar()
        name_widget(self.progress, "sheet_progress", "Rows that are done")
        self.report = self._button("Report", "sheet_report_button", "Open the report in a browser")
        self.reveal = self._button(
            "Show in folder", "sheet_reveal_button", "Open the folder of the delivery"
        )
        self.stop = self._button(
            "Stop", "sheet_stop_button", "Stop after this step; another start goes on from there"
        )
        self.done_ = self._button(
            "Close", "sheet_close_button", "Close the window; what is being made goes on (Esc)"
        )
        self.start = self._button(
            "Start", "sheet_start_button", "Make and deliver what is not there yet"
        )
        self.start.setProperty("role", "primary")

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        name_widget(button, name, text.rstrip("…"), tip)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(text_label("Cue sheet", "title"))
        top.addStretch(1)
        top.addWidget(self.open_file)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setObjectName("sheet_halves")
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.text)
        halves.addWidget(self.rows)
        halves.setHandleWidth(8)
        where = QHBoxLayout()
        where.setSpacing(12)
        above = Qt.AlignmentFlag.AlignTop
        where.addWidget(self.folder_box, 3, above)
        where.addWidget(FieldBox("Profile", self.profile.combo, self.profile), 2, above)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.report, self.reveal):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.done_, self.stop, self.start):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(halves, 1)
        layout.addLayout(where)
        layout.addWidget(self.note)
        layout.addWidget(self.progress)
        layout.addLayout(foot)
