"""Cue sheets: a table of sounds that is checked, made and delivered, row by row."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from sa_studio.errors import StudioError
from sa_studio.service import Batch, RowReport, Studio, decode
from sa_studio.ui.file_manager import reveal
from sa_studio.ui.question import Question
from sa_studio.ui.sheet_check import Checked, check_sheet, plan_text
from sa_studio.ui.sheet_form import SheetForm
from sa_studio.ui.sheet_run import SheetOutcome, SheetRun

CHECK_DELAY_MS = 400
PASTED = "pasted"
FILES = "Cue sheets (*.csv *.tsv *.txt);;All files (*)"


class SheetDialog(SheetForm):
    """A sheet above, below it what is wrong with it or what it will make.

    Closing it stops nothing: rows go on being made, and it shows them when it is opened again.
    """

    stop_requested = Signal()
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, run: SheetRun, parent: QWidget | None = None) -> None:
        super().__init__(studio, parent)
        self._studio, self._run = studio, run
        self._name = PASTED
        self._batch: Batch | None = None
        self._page: Path | None = None
        self._starts_when_checked = False
        self._first_problem = ""
        self._checks = Question("sheet", self)
        self._checks.answered.connect(self._show_checked)
        self._checks.failed.connect(self._show_problem)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(CHECK_DELAY_MS)
        self._delay.timeout.connect(self.check)
        self.text.textChanged.connect(self._changed)
        self.text.file_given.connect(self.read)
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
        self.say("", "quiet")
        self._show_state()
        self.text.setFocus()

    # --- the sheet --------------------------------------------------------------------------
    @Slot()
    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a cue sheet", "", FILES)
        if path:
            self.read(Path(path))

    @Slot(object)
    def read(self, path: Path) -> None:
        """Show the sheet of a file; it can be mended here, the file stays as it is."""
        if self._run.is_running:
            self.say(f"{path.name} can be opened when the sheet is made, or stopped.", "warning")
            return
        try:
            text = decode(path.read_bytes())
        except OSError as error:
            self.say(f"{path.name} cannot be read ({error.strerror or error}).", "error")
            return
        except StudioError as error:
            self.say(error.one_line(), "error")
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
            self.say("", "quiet")
            return
        self._checks.ask(
            partial(
                check_sheet,
                self._studio,
                text,
                self._name,
                folder,
                profile=self.profile.profile().name,
                show=self._run.show_row,
            )
        )

    @Slot(object)
    def _show_checked(self, checked: Checked) -> None:
        if self._run.is_running:
            return
        self._batch = checked.batch
        if checked.batch is None:
            self.say(checked.problem, "error")
            self.rows.show_problems(checked.lines)
        else:
            self.rows.show_rows([row.report() for row in checked.batch.rows])
            unplaced = self.folder.folder() is None
            where = ". Choose the folder that they go to." if unplaced else ""
            self.say(f"{plan_text(checked.batch)}{where}", "quiet")
        starts, self._starts_when_checked = self._starts_when_checked, False
        self._show_state()
        if starts:
            self.make()

    @Slot(object)
    def _show_problem(self, error: StudioError) -> None:
        self._show_checked(Checked(None, error.one_line()))

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
        self._page, self._first_problem = None, ""
        self.progress.setRange(0, len(batch.rows))
        self.progress.setValue(0)
        self.say("Making the sounds; this window may be closed meanwhile.", "quiet")
        self._run.start(batch)
        self._show_state()

    @Slot()
    def _ask_to_stop(self) -> None:
        self.stop.setEnabled(False)
        self.say("Stopping after this step; what is made stays made.", "quiet")
        self.stop_requested.emit()

    @Slot(object)
    def _row_done(self, row: RowReport) -> None:
        self.progress.setValue(self.progress.value() + 1)
        self.rows.show_row(row)
        if row.problem and not self._first_problem:
            self._first_problem = f" Row {row.row}: {row.problem}"

    @Slot(object)
    def _ended(self, outcome: SheetOutcome) -> None:
        self._page = outcome.page
        if outcome.problem:
            text, role = outcome.problem, "error"
        elif outcome.was_stopped:
            text, role = f"Stopped. {outcome.summary}. Start again to go on.", "warning"
        else:
            text = f"{outcome.summary}.{self._first_problem}"
            role = "error" if outcome.failed else ""
        self.say(text, role)
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
        self.folder_box.set_problem(self.folder.problem())
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
