"""Sound files that are dropped on the window: the settings that made them come back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit, QWidget

from sa_studio.errors import DeliveryError, StudioError
from sa_studio.service import DroppedRecipe, Studio
from sa_studio.ui.advanced_panel import SOUND_FILES
from sa_studio.ui.clip_actions import request_fields
from sa_studio.ui.question import Question
from sa_studio.ui.question_bar import Answer, QuestionBar

SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3", ".aiff", ".aif"})
SHEETS = frozenset({".csv", ".tsv"})
DROPS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)

Found = tuple[Path, DroppedRecipe | DeliveryError]


class RecipeDrop(QObject):
    """Reads the recipes of files that are dropped on a window, or chosen from disk.

    Args:
        studio: reads them.
        window: takes the drops, in the place of its text fields, too.

    Attributes:
        question: where it asks: a missing model, or a sound that was not made here.
    """

    fields_chosen = Signal(object)
    """Request fields for the form."""
    models_requested = Signal()
    sheet_dropped = Signal(object)
    """The :class:`Path` of a cue sheet."""
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._window = studio, window
        self.question = QuestionBar("recipe")
        self._work = Question("recipe", self)
        self._work.answered.connect(self._read)
        self._work.failed.connect(self._show_problem)

    def watch(self) -> None:
        """Take what is dropped from now on; the window has all of its fields."""
        self._window.setAcceptDrops(True)
        self._window.installEventFilter(self)
        # a file is no text: these would write its address
        for edit in self._window.findChildren(QLineEdit):
            edit.installEventFilter(self)
        for text in self._window.findChildren(QPlainTextEdit):
            text.viewport().installEventFilter(self)

    def take(self, path: Path) -> None:
        """Bring the settings of a file back."""
        studio = self._studio

        def read() -> Found:
            try:
                return path, studio.read_recipe(path)
            except DeliveryError as error:  # no recipe is in it
                return path, error

        self._work.ask(read)

    @Slot()
    def choose(self) -> None:
        """Ask for the file."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Settings from a delivered file", "", SOUND_FILES
        )
        if path:
            self.take(Path(path))

    def close_threads(self) -> None:
        """Wait for the file that is being read."""
        self._work.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take files on the window; let fields leave them to it."""
        if event.type() not in DROPS:
            return False
        assert isinstance(event, QDropEvent | QDragEnterEvent | QDragMoveEvent)
        path = _dropped_file(event)
        if path is None:
            return False
        if watched is not self._window:
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self._open(path)
        return True

    def _open(self, path: Path) -> None:
        suffix = path.suffix.lower()
        if suffix in SUFFIXES:
            self.take(path)
        elif suffix in SHEETS:
            self.sheet_dropped.emit(path)
        else:
            self.message.emit(
                f"“{path.name}” is no sound file. Drop one that was delivered, or a cue sheet "
                "(CSV).",
                "warning",
            )

    # --- what was in it ---------------------------------------------------------------------
    @Slot(object)
    def _read(self, found: Found) -> None:
        path, result = found
        if isinstance(result, DroppedRecipe):
            self._use(path, result)
        else:
            self._offer_as_init_audio(path, result)

    @Slot(object)
    def _show_problem(self, error: StudioError) -> None:
        self.message.emit(error.one_line(), "error")

    def _use(self, path: Path, recipe: DroppedRecipe) -> None:
        self.fields_chosen.emit({**request_fields(recipe.request), "count": 1})
        said = f"All settings are as in “{path.name}”"
        if not recipe.problems:
            self.question.hide()
            self.message.emit(said, "quiet")
            return
        answers: list[Answer] = [("Go on as it is", "", self.question.hide)]
        if recipe.missing_model:
            answers.insert(0, ("Models…", "", self.models_requested.emit))
        self.question.ask("\n".join((f"{said}.", *recipe.problems)), answers)

    def _offer_as_init_audio(self, path: Path, error: DeliveryError) -> None:
        """A sound from somewhere else: a new one can grow out of it."""

        def use() -> None:
            self.fields_chosen.emit({"init_audio": str(path)})
            self.message.emit(f"The next sound starts from “{path.name}”", "quiet")

        self.question.ask(
            f"{error.message}. A new sound can grow out of it.",
            [("Use as init audio", "", use), ("Leave it", "", self.question.hide)],
        )


def _dropped_file(event: QDropEvent) -> Path | None:
    """The first sound file of a drop from elsewhere, else its first file; ``None``: no file."""
    if event.source() is not None:  # a take of this window that was let go over it
        return None
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    sounds = [path for path in paths if path.suffix.lower() in SUFFIXES]
    return next(iter(sounds or paths), None)
