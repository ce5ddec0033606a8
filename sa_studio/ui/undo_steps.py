"""Undo and redo of what was decided about takes, without stopping the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from sa_studio.errors import StudioError
from sa_studio.service import Studio
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.question import Question


class UndoSteps(QObject):
    """Takes changes of the library back and does them again, one after the other, on a thread.

    A change of hundreds of takes takes several frames. Each step is one transaction: whatever
    ends the program, it is made or it is not.
    """

    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, model: ClipModel, parent: QObject) -> None:
        super().__init__(parent)
        self._studio, self._model = studio, model
        self._question = Question("undo", self)
        self._question.answered.connect(self._made)
        self._question.failed.connect(self._fail)

    @Slot()
    def undo(self) -> None:
        """Take back the latest change of the library."""
        self._ask(self._studio.undo, "Undone", "There is nothing to undo")

    @Slot()
    def redo(self) -> None:
        """Do again what was undone last."""
        self._ask(self._studio.redo, "Done again", "There is nothing to do again")

    @Slot()
    def settle(self) -> None:
        """Wait for the steps that are under way, and show them: another change is to follow."""
        self._question.wait()

    def close(self) -> None:
        """Make the steps that were asked for; waits."""
        self._question.wait()
        self._question.close()

    def _ask(self, step: Callable[[], str | None], said: str, nothing: str) -> None:
        self._question.ask_also(lambda: (step(), said, nothing))

    @Slot(object)
    def _made(self, answer: tuple[str | None, str, str]) -> None:
        what, said, nothing = answer
        if what is None:
            self.message.emit(nothing, "quiet")
            return
        try:
            self._model.reload()
        except StudioError as error:
            self._fail(error)
            return
        self.message.emit(f"{said}: {what}", "quiet")

    @Slot(object)
    def _fail(self, error: StudioError) -> None:
        self.message.emit(error.one_line(), "error")
