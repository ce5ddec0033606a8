"""Playing sounds through the system's output, on a thread of its own.

sounddevice's blocking ``write`` is used on purpose: a Python callback needs the interpreter's lock
and under-runs while the engine computes. PortAudio is loaded when the first sound is played; a
missing library or device only disables playing.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import numpy as np

log = logging.getLogger(__name__)

BLOCK_SECONDS = 0.02
# Silence before and behind every sound: some outputs swallow what comes first while they wake up,
# and what does not fill their last buffer.
PAD_SECONDS = 0.05
THREAD_NAME = "sa-studio-player"


class Player:
    """Plays one sound at a time; every method may be called from any thread and returns at once.

    Attributes:
        loop: begin again at the end.
        volume: 0 … 1.
    """

    def __init__(self) -> None:
        self.loop = False
        self.volume = 1.0
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        self._audio = np.zeros((0, 2), np.float32)  # [samples, channels]
        self._rate = 44100
        self._next = 0  # the sample that is written next
        self._first = 0  # the sample that playing began with: none before it was heard
        self._latency = 0.0
        self._playing = False
        self._closed = False
        self._restart = False  # another sound or place: what is buffered is dropped
        self._problem: str | None = None
        self._thread: threading.Thread | None = None

    @property
    def problem(self) -> str:
        """Why nothing can be heard; empty if nothing is known against it."""
        return self._problem or ""

    @property
    def available(self) -> bool:
        """Whether there is a sound output; the first call looks for one."""
        if self._problem is None:
            self._problem = find_problem()
        return not self._problem

    @property
    def is_playing(self) -> bool:
        """Whether a sound is on its way to the output."""
        return self._playing

    @property
    def duration(self) -> float:
        """Length of the loaded sound in seconds."""
        return self._audio.shape[0] / self._rate

    @property
    def position(self) -> float:
        """What is heard now, in seconds from the start of the sound."""
        with self._lock:
            return self._heard() / self._rate

    def play(self, audio: np.ndarray, sample_rate: int, *, start: float = 0.0) -> None:
        """Play ``audio`` [channels, samples] from ``start`` seconds; replaces what is playing."""
        with self._lock:
            self._audio = np.ascontiguousarray(audio.T, dtype=np.float32)
            self._rate = sample_rate
            self._next = min(int(start * sample_rate), self._audio.shape[0])
            self._problem = None  # a device may have been plugged in
            self._begin()

    def resume(self) -> None:
        """Go on where it was stopped, or from the start if that was the end."""
        with self._lock:
            if self._next >= self._audio.shape[0]:
                self._next = 0
            self._begin()

    def pause(self) -> None:
        """Stop, and stay at the place that was heard last."""
        with self._lock:
            # what is buffered beyond it is dropped, and comes again with resume
            self._next = self._heard()
            self._playing = False

    def stop(self) -> None:
        """Stop, and go back to the start."""
        with self._lock:
            self._playing = False
            self._next = 0

    def seek(self, seconds: float) -> None:
        """Go to a place, playing or not."""
        with self._lock:
            self._next = int(np.clip(seconds * self._rate, 0, self._audio.shape[0]))
            self._first = self._next
            self._restart = self._playing

    def close(self) -> None:
        """Stop for good and let the output go."""
        with self._wake:
            self._closed = True
            self._playing = False
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _heard(self) -> int:
        """The sample that is heard now; the lock is held."""
        if not self._playing:
            return self._next
        return max(self._next - round(self._latency * self._rate), self._first)

    def _begin(self) -> None:
        """Start playing; the lock is held."""
        if self._closed or self._audio.shape[0] == 0:
            return
        self._first = self._next
        self._playing = self._restart = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)
            self._thread.start()
        self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._playing and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                rate, channels = self._rate, self._audio.shape[1]
                self._restart = False
            try:
                self._play_through(rate, channels)
            except Exception as error:  # noqa: BLE001 (PortAudio's own class comes with it)
                log.warning("playing failed: %s", error)
                with self._lock:
                    self._problem = f"The sound output cannot be used ({error})"
                    self._playing = False

    def _play_through(self, rate: int, channels: int) -> None:
        """Write blocks until the sound ends, is stopped or is replaced."""
        sounddevice = load_sounddevice()
        frames = max(1, int(rate * BLOCK_SECONDS))
        with sounddevice.OutputStream(rate, channels=channels, dtype="float32") as stream:
            self._latency = float(stream.latency)
            quiet = np.zeros((int(rate * PAD_SECONDS), channels), np.float32)
            stream.write(quiet)
            while True:
                with self._lock:
                    if not self._playing or self._restart:
                        stream.abort()
                        return
                    if self._next >= self._audio.shape[0]:
                        if not self.loop:
                            break
                        self._next = self._first = 0
                    block = self._audio[self._next : self._next + frames] * self.volume
                    self._next += block.shape[0]
                stream.write(np.ascontiguousarray(block, dtype=np.float32))
            stream.write(quiet)
            stream.stop()
        with self._lock:
            if not self._restart:
                self._playing = False


def load_sounddevice() -> Any:
    """The sounddevice module, with a fresh list of devices.

    PortAudio lists devices when it is initialised and never again, so a device that was plugged
    in later needs a new start, which must not happen while something plays.

    Raises:
        OSError: PortAudio is not installed.
    """
    import sounddevice

    if not _outputs(sounddevice):
        sounddevice._terminate()
        sounddevice._initialize()
    return sounddevice


def _outputs(sounddevice: Any) -> list[Any]:
    return [device for device in sounddevice.query_devices() if device["max_output_channels"] > 0]


def output_devices() -> list[str]:
    """Names of the sound outputs; raises OSError without PortAudio."""
    return [str(device["name"]) for device in _outputs(load_sounddevice())]


def find_problem() -> str:
    """Why nothing can be heard here; empty if there is an output."""
    try:
        outputs = output_devices()
    except OSError as error:
        return f"PortAudio is not installed ({error})"
    return "" if outputs else "There is no sound output device"
