"""Takes on their way out of the window: as files in the delivery profile, dragged or copied.

The files are made beside the GUI thread. A drag begins once they are there: at once as a rule, for
they are asked for when a take is shown, and again when the pointer presses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.errors import StudioError
from sa_studio.service import Studio
from sa_studio.ui.clip_drag import copy_to_clipboard, start_drag
from sa_studio.ui.question import Question

MANY = 3  # files that take long enough to be told of
Part = tuple[float, float]
"""Seconds of a take."""


class _Wish(Enum):
    """What the files are wanted for, once they are there."""

    NOTHING = auto()
    DRAG = auto()
    COPY = auto()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which takes are wanted as files; ``part`` of a single one."""

    clip_ids: tuple[str, ...]
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The files that could be made; ``problem`` says why others could not."""

    wanted: Wanted
    paths: tuple[Path, ...] = ()
    problem: str = ""


class FilesOut(QObject):
    """Makes the files of takes, and drags or copies them as soon as they are there.

    Args:
        widget: where drags begin.
        studio: makes the files.
        name: of the thread.
        picture: what is shown under the pointer.
    """

    changed = Signal()
    """Other files are there, or none."""
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(
        self,
        widget: QWidget,
        studio: Studio,
        name: str,
        picture: Callable[[], QPixmap | None] = lambda: None,
    ) -> None:
        super().__init__(widget)
        self._widget, self._studio, self._picture = widget, studio, picture
        self._wanted: Wanted | None = None
        self._made: Made | None = None
        self._wish = _Wish.NOTHING
        self._work = Question(name, self)
        self._work.answered.connect(self._done)
        self._work.failed.connect(self._fail)

    @property
    def files(self) -> tuple[Path, ...]:
        """What would be dragged now; empty as long as it is not there."""
        return self._made.paths if self._made else ()

    @property
    def problem(self) -> str:
        """Why what was asked for is not there; empty if it is, or still to come."""
        return self._made.problem if self._made else ""

    @property
    def is_awaited(self) -> bool:
        """Whether a drag is to begin once its files are there."""
        return self._wish is _Wish.DRAG

    def prepare(self, clip_ids: Sequence[str], part: Part | None = None) -> None:
        """Make the files, instead of those that were asked for before.

        Asked for once more, they are looked at anew: the take or the profile may have changed.
        """
        self._wanted = wanted = Wanted(tuple(clip_ids), part)
        self._set_made(None)
        studio = self._studio

        def make() -> Made:
            paths: list[Path] = []
            problems: list[str] = []
            for clip_id in wanted.clip_ids:
                if self._wanted is not wanted:
                    break  # nobody waits for the rest
                try:
                    paths.append(studio.dragged_file(clip_id, wanted.part))
                except StudioError as error:
                    problems.append(error.one_line())
            return Made(wanted, tuple(paths), _one_problem(problems))

        self._work.ask(make)

    def is_prepared(self, clip_ids: Sequence[str], part: Part | None = None) -> bool:
        """Whether these are what was asked for last."""
        return self._wanted == Wanted(tuple(clip_ids), part)

    def drag(self) -> None:
        """Drag what was asked for, now or once it is there, if the button is still held then."""
        self._wish = _Wish.DRAG
        if self._made is not None:
            self._fulfil(self._made)

    def copy(self) -> None:
        """Put what was asked for on the clipboard, now or once it is there."""
        self._wish = _Wish.COPY
        if self._made is not None:
            self._fulfil(self._made)
        elif self._wanted is not None and len(self._wanted.clip_ids) >= MANY:
            self.message.emit(f"Making {len(self._wanted.clip_ids)} files…", "quiet")

    def let_go(self) -> None:
        """The button is up: no drag is to begin."""
        if self._wish is _Wish.DRAG:
            self._wish = _Wish.NOTHING

    def drop(self) -> None:
        """Nothing of it is wanted any more."""
        self._wish = _Wish.NOTHING
        self._wanted = None
        self._work.drop()
        self._set_made(None)

    def close(self) -> None:
        """Wait for the file that is being made."""
        self.drop()
        self._work.close()

    @Slot(object)
    def _done(self, made: Made) -> None:
        self._set_made(made)
        if self._wish is _Wish.DRAG and not (
            QApplication.mouseButtons() & Qt.MouseButton.LeftButton
        ):
            self._wish = _Wish.NOTHING
        self._fulfil(made)

    @Slot(object)
    def _fail(self, error: StudioError) -> None:
        if self._wanted is not None:
            self._done(Made(self._wanted, (), error.one_line()))

    def _fulfil(self, made: Made) -> None:
        wish, self._wish = self._wish, _Wish.NOTHING
        if wish is _Wish.NOTHING:
            return
        try:
            self._studio.take_files(made.paths)
        except StudioError as error:
            self.message.emit(error.one_line(), "error")
            return
        told = made.problem
        if made.paths and told:
            told = f"{len(made.paths)} of {len(made.wanted.clip_ids)} files: {told}"
        elif wish is _Wish.COPY and made.paths:
            count = len(made.paths)
            told = f"Copied {made.paths[0].name if count == 1 else f'{count} files'}"
        if told:
            self.message.emit(told, "error" if made.problem else "quiet")
        if made.paths and wish is _Wish.COPY:
            copy_to_clipboard(made.paths)
        elif made.paths:
            start_drag(self._widget, made.paths, self._picture())

    def _set_made(self, made: Made | None) -> None:
        if made != self._made:
            self._made = made
            self.changed.emit()


def _one_problem(problems: Sequence[str]) -> str:
    """The first problem, and how many takes have one."""
    if len(problems) < 2:
        return "".join(problems)
    return f"{problems[0]} ({len(problems)} takes have a problem)"
