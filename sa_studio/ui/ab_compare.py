"""A/B: hear the marked take and the one that is shown in turn, equally loud."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from sa_studio.errors import StudioError
from sa_studio.generation import Clip, ClipState
from sa_studio.service import Loudness, Studio, matched_gains, measure
from sa_studio.ui.player_bar import PlayerBar
from sa_studio.ui.question import Question

Reading = Callable[[], tuple[np.ndarray, int]]


@dataclass(frozen=True, slots=True)
class Side:
    """A take that can be heard: float32 [channels, samples], Hz, and how loud it is."""

    clip: Clip
    audio: np.ndarray
    rate: int
    loudness: Loudness


class Comparison(QObject):
    """Marks a take as A and lets it be heard in the place of the one that is shown, B.

    Neither is changed: the louder one is played more quietly. Showing another take begins anew,
    as it is; the mark stays.
    """

    changed = Signal()
    problem = Signal(object)
    """The :class:`StudioError` that kept a take from being marked."""

    def __init__(self, studio: Studio, player: PlayerBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._player = studio, player
        self._shown_clip: Clip | None = None
        self._shown: tuple[np.ndarray, int] | None = None
        self._shown_loudness: Loudness | None = None
        self._marked: Side | None = None
        self._marking: Clip | None = None
        self._is_wanted = False  # X was pressed before everything was measured
        self._gains: tuple[float, float] | None = None
        self.hears_marked = False
        self._work = Question("compare", self)
        self._work.answered.connect(self._is_marked)
        self._work.failed.connect(self._cannot_mark)

    @property
    def marked(self) -> Clip | None:
        """Take A, or the one that is about to be."""
        return self._marking or (self._marked.clip if self._marked else None)

    @property
    def is_on(self) -> bool:
        """Whether the two are being compared."""
        return self._gains is not None

    # --- the two takes ----------------------------------------------------------------------
    def mark(self, clip: Clip) -> None:
        """Make a finished take A; it is read and measured beside the GUI thread."""
        if clip.state is not ClipState.FINISHED:
            return
        self._end()
        self._marking, self._marked = clip, None
        studio, shown = self._studio, self._shown
        same = self._shown_clip is not None and self._shown_clip.id == clip.id

        def read() -> Side:
            audio, rate = shown if same and shown else _as_heard(studio, clip)
            return Side(clip, audio, rate, measure(audio, rate))

        self._work.ask(read)
        self.changed.emit()

    def unmark(self) -> None:
        """There is no A."""
        self._end()
        self._work.drop()
        self._marking = self._marked = None
        self.changed.emit()

    def set_shown(self, clip: Clip | None) -> None:
        """Another take is shown; it is heard as it is."""
        self._shown_clip, self._shown, self._shown_loudness = clip, None, None
        self._gains, self.hears_marked, self._is_wanted = None, False, False
        self.changed.emit()

    def set_shown_audio(self, audio: np.ndarray, rate: int) -> None:
        """The take that is shown has been read."""
        self._shown = (audio, rate)

    @Slot(object)
    def set_shown_loudness(self, loudness: Loudness) -> None:
        """The take that is shown has been measured."""
        self._shown_loudness = loudness
        if self._is_wanted:
            self.switch()

    def close_threads(self) -> None:
        """Wait for the take that is being read."""
        self._work.close()

    @Slot(object)
    def _is_marked(self, side: Side) -> None:
        self._marking, self._marked = None, side
        self.changed.emit()
        if self._is_wanted:
            self.switch()

    @Slot(object)
    def _cannot_mark(self, error: StudioError) -> None:
        self._marking, self._is_wanted = None, False
        self.problem.emit(error)
        self.changed.emit()

    # --- hearing ----------------------------------------------------------------------------
    @Slot()
    def switch(self) -> None:
        """Hear the other one, from the same relative place on."""
        self._is_wanted = False
        if self._shown_clip is None or self._shown is None or self.marked is None:
            return
        if self.marked.id == self._shown_clip.id:
            return
        if self._marked is None or self._shown_loudness is None:
            self._is_wanted = True
            return
        if self._gains is None:
            self._gains = matched_gains(self._marked.loudness, self._shown_loudness)
        self.hears_marked = not self.hears_marked
        if self.hears_marked:
            sound, gain = (self._marked.audio, self._marked.rate), self._gains[0]
        else:
            sound, gain = None, self._gains[1]
        self._player.hear(sound, gain)
        self.changed.emit()

    def _end(self) -> None:
        """Hear the take that is shown, as it is."""
        self._is_wanted = False
        if self._gains is not None:
            self._gains, self.hears_marked = None, False
            self._player.hear(None, 1.0, begin=False)

    # --- words ------------------------------------------------------------------------------
    def text(self) -> str:
        """Which one is heard, and by how much it was turned down; empty without a mark."""
        if self.marked is None:
            return ""
        if self._gains is None:
            return "A marked"
        gain = self._gains[0 if self.hears_marked else 1]
        down = -20 * math.log10(gain)
        name = "A" if self.hears_marked else "B"
        return f"Hearing {name}, " + (f"−{down:.1f} dB" if down >= 0.05 else "as it is")

    def words(self) -> str:
        """The same as a sentence, for the tool tip and for reading aloud."""
        marked = self.marked
        if marked is None:
            return "No take is marked for A/B"
        one = f"A is “{marked.request.prompt}”, take {marked.take + 1}"
        if self._gains is None:
            same = self._shown_clip is not None and self._shown_clip.id == marked.id
            then = "Show another take and press X" if same else "Press X"
            return f"{one}. {then} to hear both in turn, equally loud."
        down = [-20 * math.log10(gain) for gain in self._gains]
        heard = "A, the marked take" if self.hears_marked else "B, the take that is shown"
        return (
            f"You hear {heard}. {one}. So that both are equally loud, A is turned down by "
            f"{abs(down[0]):.1f} dB and B by {abs(down[1]):.1f} dB."
        )


def _as_heard(studio: Studio, clip: Clip) -> tuple[np.ndarray, int]:
    sound, rate = studio.edited_audio(clip.id, clip.edit)
    return sound.audio, rate
