"""Reads takes and applies their edits beside the GUI thread: a long one holds nothing up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from sa_studio.errors import StudioError
from sa_studio.service import EditedSound, Studio, seam_score
from sa_studio.ui.peaks import Peaks
from sa_studio.ui.question import Question
from sa_studio.vocabulary.sound_edit import SoundEdit


@dataclass(frozen=True, slots=True, eq=False)
class LoadedTake:
    """A take as it is heard.

    Attributes:
        clip_id: the take.
        edit: what was done to it.
        audio: float32 [channels, samples].
        rate: Hz.
        peaks: of the sound.
        loop: first and last sample of what is to be repeated, inclusive; ``None``: no loop.
        seam: how well the loop closes; see ``service.seam_score``. 0 without a loop.
    """

    clip_id: str
    edit: SoundEdit
    audio: np.ndarray
    rate: int
    peaks: Peaks
    loop: tuple[int, int] | None
    seam: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return float(self.audio.shape[-1] / self.rate)


class AudioLoader(QObject):
    """Reads the take that it was asked for last; those of before are not wanted any more."""

    loaded = Signal(object)
    """The :class:`LoadedTake`."""
    failed = Signal(str, object)
    """Clip id and the :class:`StudioError`; one of our bugs is told as one, too."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._asked = ""
        self._work = Question("reader", self)
        self._work.answered.connect(self.loaded)
        self._work.failed.connect(self._fail)

    def load(self, clip_id: str, edit: SoundEdit) -> None:
        """Read a take, instead of what was asked for before; not once it is closed."""
        self._asked = clip_id
        self._work.ask(partial(self._read, clip_id, edit))

    def close(self) -> None:
        """Wait for the file that is being read; no signal comes afterwards."""
        self._work.close()

    def _read(self, clip_id: str, edit: SoundEdit) -> LoadedTake:
        """Runs on the reading thread."""
        sound, rate = self._studio.edited_audio(clip_id, edit)
        # here, for the peaks of ten minutes would hold the window up
        peaks = Peaks.of(sound.audio)
        return LoadedTake(clip_id, edit, sound.audio, rate, peaks, sound.loop, _seam(sound, rate))

    @Slot(object)
    def _fail(self, error: StudioError) -> None:
        self.failed.emit(self._asked, error)


def _seam(sound: EditedSound, rate: int) -> float:
    return seam_score(sound.audio, rate, *sound.loop) if sound.loop else 0.0
