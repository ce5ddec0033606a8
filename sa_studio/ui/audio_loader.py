"""Reads sound files beside the GUI thread, so that a long one does not stop the window."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from sa_studio.errors import StudioError
from sa_studio.service import Studio
from sa_studio.ui.peaks import Peaks


class AudioLoader(QObject):
    """One thread that reads the takes it is asked for, in order."""

    loaded = Signal(str, object, int, object)
    """Clip id, float32 [channels, samples], sample rate, :class:`Peaks`."""
    failed = Signal(str, object)
    """Clip id and the :class:`StudioError`."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._wanted = ""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sa-studio-reader")

    def load(self, clip_id: str) -> None:
        """Read a take; whatever was asked for before and has not begun is not read any more."""
        self._wanted = clip_id
        self._pool.submit(self._read, clip_id)

    def close(self) -> None:
        """Wait for the file that is being read; no signal comes afterwards."""
        self._wanted = ""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _read(self, clip_id: str) -> None:
        """Runs on the reading thread."""
        if clip_id != self._wanted:
            return
        try:
            audio, sample_rate = self._studio.read_audio(clip_id)
            # here, for those of ten minutes would hold the window up
            peaks = Peaks.of(audio)
        except StudioError as error:
            self.failed.emit(clip_id, error)
        else:
            self.loaded.emit(clip_id, audio, sample_rate, peaks)
