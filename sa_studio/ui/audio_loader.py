"""Reads takes and applies their edits beside the GUI thread: a long one holds nothing up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from sa_studio.errors import StudioError
from sa_studio.service import EditedSound, Studio, seam_score
from sa_studio.ui.peaks import Peaks
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
    """One thread that reads the takes it is asked for, in order."""

    loaded = Signal(object)
    """The :class:`LoadedTake`."""
    failed = Signal(str, object)
    """Clip id and the :class:`StudioError`."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._wanted: tuple[str, SoundEdit] | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sa-studio-reader")

    def load(self, clip_id: str, edit: SoundEdit) -> None:
        """Read a take; whatever was asked for before and has not begun is not read any more."""
        self._wanted = (clip_id, edit)
        self._pool.submit(self._read, clip_id, edit)

    def close(self) -> None:
        """Wait for the file that is being read; no signal comes afterwards."""
        self._wanted = None
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _read(self, clip_id: str, edit: SoundEdit) -> None:
        """Runs on the reading thread."""
        if (clip_id, edit) != self._wanted:
            return
        try:
            sound, rate = self._studio.edited_audio(clip_id, edit)
        except StudioError as error:
            self.failed.emit(clip_id, error)
            return
        # here, for the peaks of ten minutes would hold the window up
        peaks = Peaks.of(sound.audio)
        seam = _seam(sound)
        self.loaded.emit(LoadedTake(clip_id, edit, sound.audio, rate, peaks, sound.loop, seam))


def _seam(sound: EditedSound) -> float:
    return seam_score(sound.audio, *sound.loop) if sound.loop else 0.0
