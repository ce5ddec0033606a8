"""Playing sounds through an output, on a thread of its own.

sounddevice's blocking ``write`` is used on purpose: a Python callback needs the interpreter's lock
and under-runs while the engine computes. PortAudio is loaded when the first sound is played; a
missing library or device only disables playing.
"""

from __future__ import annotations

import logging
import math
import threading
import time

import numpy as np

from sa_studio.audio.outputs import NO_DEVICE, Output, find_problem, output_devices, refresh
from sa_studio.audio.playhead import Playhead

__all__ = ["Player", "find_problem", "output_devices"]

log = logging.getLogger(__name__)

BLOCK_SECONDS = 0.02
# where playing jumps, the old place fades into the new one
FADE_SECONDS = 0.003
METER_SECONDS = 0.05
THREAD_NAME = "sa-studio-player"


class Player:
    """Plays one sound at a time; every method may be called from any thread and returns at once.

    Attributes:
        loop: begin again at the end, of the range if there is one; without a gap.
        volume: 0 … 1.
        gain: a factor for the sound that plays, beside the volume, such as to compare two sounds
            at the same loudness.
    """

    def __init__(self) -> None:
        self.loop = False
        self.volume = 1.0
        self.gain = 1.0
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        self._audio = np.zeros((2, 0), np.float32)  # [channels, samples]
        self._rate = 44100
        self._start = self._stop = 0  # the range in samples
        self._next = 0  # the sample that is written next
        self._playhead = Playhead(self._rate, 0.0, 0)
        self._latency = 0.0
        self._level = 1.0  # the factor that the last block ended with
        self._fading = np.zeros((0, 2), np.float32)  # what would have come without the last jump
        self._playing = False
        self._closed = False
        self._restart = False  # another sound or place
        self._drop = False  # what is buffered is not to be heard
        self._device = ""
        self._device_failed = False  # the chosen device; the system's default stands in
        self._problem: str | None = None
        self._thread: threading.Thread | None = None

    # --- the output -------------------------------------------------------------------------
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

    def look_again(self) -> bool:
        """Whether there is a sound output now, whatever was found before; it takes a while."""
        self._problem = None
        return self.available

    @property
    def device(self) -> str:
        """The chosen output, a name from :func:`output_devices`; "" is the system's default.

        What plays goes on there. While a chosen device is missing the system's default plays;
        it is tried again with the next start.
        """
        return self._device

    @device.setter
    def device(self, name: str) -> None:
        with self._lock:
            if name == self._device and not self._device_failed:
                return
            self._device = name
            self._device_failed = False
            self._problem = None
            if self._playing:
                self._go_on_elsewhere()

    @property
    def missing_device(self) -> str:
        """The chosen device, if it could not be used and the default stands in; else empty."""
        return self._device if self._device_failed else ""

    # --- the sound --------------------------------------------------------------------------
    @property
    def is_playing(self) -> bool:
        """Whether a sound is on its way to the output."""
        return self._playing

    @property
    def duration(self) -> float:
        """Length of the loaded sound in seconds."""
        return self._audio.shape[1] / self._rate

    @property
    def position(self) -> float:
        """What is heard now, in seconds from the start of the sound."""
        with self._lock:
            place = self._playhead.place(time.monotonic()) if self._playing else self._next
            return place / self._rate

    def levels(self) -> tuple[float, float]:
        """Peaks of what is heard now, left and right, dBFS; ``-inf`` for silence.

        They cover the last 50 ms, volume and gain included.
        """
        with self._lock:
            if not self._playing:
                return -math.inf, -math.inf
            sounding = self._playhead.sounding(time.monotonic(), METER_SECONDS)
        peaks = np.abs(sounding).max(axis=0, initial=0)
        left, right = peaks[0], peaks[min(1, peaks.size - 1)]
        return _decibels(left), _decibels(right)

    # --- transport --------------------------------------------------------------------------
    def play(
        self,
        audio: np.ndarray,
        sample_rate: int,
        *,
        start: float = 0.0,
        selection: tuple[float, float | None] = (0.0, None),
    ) -> None:
        """Play a sound; replaces what is playing.

        Args:
            audio: [channels, samples]; it is not copied if it is float32, so leave it as it is.
            sample_rate: Hz.
            start: seconds.
            selection: as for :meth:`set_range`.
        """
        with self._lock:
            self._keep_for_fading()
            self._audio = np.asarray(audio, np.float32)
            self._rate = sample_rate
            self._start, self._stop = self._samples(*selection)
            self._problem = None  # a device may have been plugged in
            self._move_to(round(start * sample_rate))
            self._begin()

    def set_range(self, start: float, stop: float | None) -> None:
        """Play, and loop, only a stretch of the sound; (0, None) is all of it.

        What plays outside of it jumps to its beginning. A stretch without samples is none.

        Args:
            start: seconds.
            stop: seconds; ``None`` is the end.
        """
        with self._lock:
            first, last = self._samples(start, stop)
            jumps = self._playing and not first <= self._next <= last
            if jumps:
                self._keep_for_fading()
            self._start, self._stop = first, last
            if jumps:
                self._move_to(first)

    def resume(self) -> None:
        """Go on where it was stopped, or from the start if that was the end."""
        with self._lock:
            if not self._start <= self._next < self._stop:
                self._move_to(self._start)
            elif not self._playing:
                self._move_to(self._next)
            self._begin()

    def pause(self) -> None:
        """Stop, and stay at the place that was heard last."""
        with self._lock:
            if self._playing:
                # what is buffered beyond it is dropped, and comes again with resume
                self._next = self._playhead.place_after_drop(time.monotonic())
            self._playing = False
            self._drop = True

    def stop(self) -> None:
        """Stop, and go back to the start."""
        with self._lock:
            self._playing = False
            self._drop = True
            self._next = self._start

    def seek(self, seconds: float) -> None:
        """Go to a place, playing or not; within the range, if there is one."""
        with self._lock:
            self._keep_for_fading()
            self._move_to(round(seconds * self._rate))

    def close(self) -> None:
        """Stop for good and let the output go."""
        with self._wake:
            self._closed = True
            self._playing = False
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()

    # --- inner workings; the lock is held ---------------------------------------------------
    def _samples(self, start: float, stop: float | None) -> tuple[int, int]:
        """A range in samples; all of the sound if it is empty."""
        end = self._audio.shape[1]
        first = min(max(round(start * self._rate), 0), end)
        last = end if stop is None else min(round(stop * self._rate), end)
        return (first, last) if first < last else (0, end)

    def _move_to(self, place: int) -> None:
        self._next = min(max(place, self._start), self._stop)
        self._playhead = Playhead(self._rate, self._latency, self._next)
        self._restart = self._playing

    def _begin(self) -> None:
        if self._closed or self._audio.shape[1] == 0:
            return
        if not self._playing:
            self._device_failed = False  # it may be back
        self._playing = self._restart = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)
            self._thread.start()
        self._wake.notify_all()

    def _go_on_elsewhere(self) -> None:
        """Drop what is buffered; an output that is opened now goes on with what was heard last."""
        self._move_to(self._playhead.place_after_drop(time.monotonic()))
        self._drop = True

    def _places(self, frames: int) -> np.ndarray:
        """The samples that come next, up to ``frames``; none at the end."""
        places = np.arange(self._next, self._next + frames)
        if not self.loop:
            return places[places < self._stop]
        return np.where(
            places < self._stop,
            places,
            self._start + (places - self._stop) % (self._stop - self._start),
        )

    def _keep_for_fading(self) -> None:
        """Remember what would come next; call it before jumping elsewhere."""
        if self._playing:
            places = self._places(int(FADE_SECONDS * self._rate))
            self._fading = self._audio[:, places].T * np.float32(self._level)

    def _next_block(self) -> np.ndarray:
        """What is written next, float32 [frames, channels]; no frames at the end."""
        places = self._places(max(1, int(self._rate * BLOCK_SECONDS)))
        if places.size == 0:
            return np.zeros((0, self._audio.shape[0]), np.float32)
        level = self.volume * self.gain
        # a step in the volume would be heard as a click
        ramp = np.linspace(self._level, level, places.size + 1, dtype=np.float32)[1:, None]
        block = self._audio[:, places].T * ramp
        fading = self._fading[: places.size]
        if fading.size:
            share = np.linspace(0, 1, len(fading), endpoint=False, dtype=np.float32)[:, None]
            block[: len(fading)] = block[: len(fading)] * share + fading * (1 - share)
        self._fading = self._fading[:0]
        self._level = level
        self._next = int(places[-1]) + 1
        self._playhead.begin(places, block)
        return block

    # --- the player's thread ----------------------------------------------------------------
    def _work(self) -> None:
        has_failed = False
        while True:
            with self._wake:
                while not self._playing and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                self._restart = self._drop = False
                device = "" if self._device_failed else self._device
                rate, channels = self._rate, self._audio.shape[0]
            try:
                if has_failed:
                    refresh()
                has_failed = False
                with Output(device, rate, channels) as output:
                    self._play_through(output)
            except Exception as error:  # noqa: BLE001 (PortAudio's own class comes with it)
                log.warning("playing failed: %s", error)
                # a device that is not there was looked for already
                has_failed = not isinstance(error, LookupError)
                self._look_elsewhere(device, error)

    def _play_through(self, output: Output) -> None:
        """Write blocks until the sound ends, is stopped or needs another output."""
        with self._lock:
            self._latency = output.latency
            self._level = self.volume * self.gain
            self._fading = self._fading[:0]
            self._move_to(self._next)
        output.wake()
        while True:
            with self._lock:
                fits = (self._rate, self._audio.shape[0]) == (output.rate, output.channels)
                if not self._playing or self._drop or not fits:
                    output.drop()
                    return
                self._restart = False
                block = self._next_block()
                playhead = self._playhead
            if not block.size:
                break
            output.write(block)
            with self._lock:
                playhead.done(time.monotonic(), output.latency)
        output.drain()
        with self._lock:
            if not (self._restart or self._drop):
                self._playing = False

    def _look_elsewhere(self, device: str, error: Exception) -> None:
        """After a failure: go on with the system's default if there is hope, or give up."""
        with self._lock:
            # an output that worked and failed was unplugged: the default may be another one now
            if not (device or self._playhead.has_sounded(time.monotonic())):
                self._problem = (
                    NO_DEVICE
                    if isinstance(error, LookupError)
                    else f"The sound output cannot be used ({error})"
                )
                self._playing = False
            elif self._playing:
                self._device_failed = self._device_failed or bool(device)
                self._go_on_elsewhere()


def _decibels(peak: float) -> float:
    return 20 * math.log10(peak) if peak > 0 else -math.inf
