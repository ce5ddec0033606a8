"""Moving the files of takes to the system's bin: only when asked for, and after one question."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from sa_studio.errors import StudioError
from sa_studio.generation import Clip
from sa_studio.service import Studio
from sa_studio.ui.bin import move_to_bin
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.mnemonics import Mnemonics
from sa_studio.ui.question import Question

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Binned:
    """What became of files that were to be moved to the bin.

    Attributes:
        clip_ids: takes whose file is in the bin, or was gone before.
        files: how many files were moved.
        stuck: names of the files that could not be moved.
    """

    clip_ids: tuple[str, ...]
    files: int
    stuck: tuple[str, ...]


class ClipBin(QObject):
    """Asks, moves the files on a thread of its own, and takes the rows of those away for good."""

    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, model: ClipModel, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._model, self._window = studio, model, window
        self._mover = Question("bin", self)
        self._mover.answered.connect(self._moved)
        self._mover.failed.connect(self._show_problem)

    def ask(self, clips: Sequence[Clip]) -> None:
        """Ask whether the files of these takes are to go to the bin; takes in the making stay."""
        over = [clip for clip in clips if clip.state.is_final]
        if not over:
            return
        files = sum(clip.path is not None for clip in over)
        takes = "1 take" if len(over) == 1 else f"{len(over):,} takes"
        text = "1 file" if files == 1 else f"{files:,} files"
        box = QMessageBox(self._window)
        name_widget(box, "bin_question", "Move files to the bin?")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Move to the bin")
        box.setText(f"Move {text} to the bin?")
        box.setInformativeText(
            f"The library forgets {takes}; this cannot be undone here. Projects in a DAW that "
            "use the files in place will miss them."
        )
        move = box.addButton("Move to the bin", QMessageBox.ButtonRole.AcceptRole)
        name_widget(move, "bin_button", "Move to the bin")
        keep = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)
        Mnemonics(box)
        box.accepted.connect(partial(self.move, over))
        box.finished.connect(box.deleteLater)
        box.open()

    def move(self, clips: Sequence[Clip]) -> None:
        """Move the files of these takes to the bin, without a question."""
        self._mover.ask_also(partial(_move, self._studio, tuple(clips)))

    def close(self) -> None:
        """Wait for the files that are being moved."""
        self._mover.close()

    @Slot(object)
    def _moved(self, binned: Binned) -> None:
        try:
            self._model.removed(binned.clip_ids)
        except StudioError as error:
            self._show_problem(error)
            return
        if binned.stuck:
            more = len(binned.stuck) - 1
            others = f" and {more} more" if more else ""
            self.message.emit(
                f"{binned.stuck[0]}{others} could not be moved to the bin and stays in the "
                "library. Delete the file yourself, or remove the take from the library.",
                "error",
            )
        else:
            text = "1 file" if binned.files == 1 else f"{binned.files:,} files"
            self.message.emit(f"Moved {text} to the bin", "quiet")

    @Slot(object)
    def _show_problem(self, error: StudioError) -> None:
        self.message.emit(error.one_line(), "error")


def _move(studio: Studio, clips: Sequence[Clip]) -> Binned:
    """Runs on the thread: a bin on another disk takes its time.

    The library forgets the takes here, too, even if the window is closed meanwhile.
    """
    done: list[str] = []
    stuck: list[str] = []
    files = 0
    for clip in clips:
        if clip.path is None or not Path(clip.path).exists():
            done.append(clip.id)
            continue
        try:
            move_to_bin(clip.path)
        except StudioError as error:
            log.warning("%s", error.one_line())
            stuck.append(clip.path.name)
        else:
            files += 1
            done.append(clip.id)
    studio.bin_clips(done)
    return Binned(tuple(done), files, tuple(stuck))
