"""The sound outputs of this computer, through PortAudio.

PortAudio lists devices when it is initialised and never again, so a device that was plugged in
later needs a new start, which would end whatever plays: it happens only while no output is open.
PortAudio is loaded when it is first asked for; without it, only listening is missing.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import soxr

# Silence before and behind every sound: some outputs swallow what comes first while they wake up,
# and what does not fill their last buffer.
PAD_SECONDS = 0.05
# Windows lists every output once for each of its interfaces; this one has full names and mixes
WINDOWS_INTERFACE = "Windows WASAPI"
NO_DEVICE = "There is no sound output device"

_lock = threading.RLock()  # PortAudio's functions are not safe on several threads at once
_open: set[Output] = set()


class Output:
    """An open output; it takes a sound block by block, at the sound's own rate.

    A device that refuses the rate gets the sound resampled to its own. Mono is played on both
    sides; a device with one channel gets the mean of all, and one with too few gets the first.

    Args:
        device: a name from :func:`output_devices`, or "" for the system's default.
        rate: of the sound, Hz.
        channels: of the sound.

    Raises:
        OSError: PortAudio is not installed.
        LookupError: there is no such device.
        sounddevice.PortAudioError: the device cannot be used; also from the other methods.
    """

    def __init__(self, device: str, rate: int, channels: int) -> None:
        self.device, self.rate, self.channels = device, rate, channels
        with _lock:
            sounddevice = load_sounddevice()
            found = _find(sounddevice, device)
            own_rate = int(found["default_samplerate"])
            index = found["index"] if device else None
            # asked for one channel, some systems play it on the left only
            self._stream_channels = min(max(channels, 2), found["max_output_channels"])
            self._resampler: soxr.ResampleStream | None = None
            try:
                self._stream = self._open_stream(sounddevice, index, rate)
            except sounddevice.PortAudioError:
                if own_rate == rate:
                    raise
                self._stream = self._open_stream(sounddevice, index, own_rate)
                self._resampler = soxr.ResampleStream(rate, own_rate, channels, quality="HQ")
            _open.add(self)
        self._stream_rate = own_rate if self._resampler else rate
        self._quiet = np.zeros((int(self._stream_rate * PAD_SECONDS), channels), np.float32)

    def _open_stream(self, sounddevice: Any, index: int | None, rate: int) -> Any:
        stream = sounddevice.OutputStream(
            rate, channels=self._stream_channels, dtype="float32", device=index
        )
        try:
            stream.start()
        except sounddevice.PortAudioError:
            stream.close()
            raise
        return stream

    @property
    def latency(self) -> float:
        """How much later than written a sound is heard, in seconds."""
        waiting = self._resampler.delay() / self._stream_rate if self._resampler else 0.0
        return float(self._stream.latency) + waiting

    def wake(self) -> None:
        """Write what an output that wakes up may swallow."""
        self._write(self._quiet)

    def write(self, block: np.ndarray) -> None:
        """Play float32 [samples, channels] after what was written; waits until there is room."""
        if self._resampler is not None:
            block = self._resampler.resample_chunk(block)
        self._write(block)

    def drain(self) -> None:
        """Wait until everything was heard."""
        if self._resampler is not None:
            nothing = np.zeros((0, self.channels), np.float32)
            self._write(self._resampler.resample_chunk(nothing, last=True))
        self._write(self._quiet)
        self._stream.stop()

    def drop(self) -> None:
        """Stop at once, without what was written but not heard."""
        self._stream.abort()

    def __enter__(self) -> Output:
        return self

    def __exit__(self, *exception: object) -> None:
        with _lock:
            _open.discard(self)
            self._stream.close()

    def _write(self, block: np.ndarray) -> None:
        if block.shape[0] == 0:
            return
        if self._stream_channels == 1:
            block = block.mean(axis=1, keepdims=True)
        elif self.channels == 1:
            block = np.repeat(block, self._stream_channels, axis=1)
        block = block[:, : self._stream_channels]
        self._stream.write(np.ascontiguousarray(block, dtype=np.float32))


def load_sounddevice() -> Any:
    """The sounddevice module; raises OSError if PortAudio is not installed."""
    import sounddevice

    return sounddevice


def output_devices() -> list[str]:
    """Names of the sound outputs; raises OSError without PortAudio.

    What was plugged in lately is seen if nothing plays. It takes a tenth of a second or more.
    """
    with _lock:
        refresh()
        return list(dict.fromkeys(str(output["name"]) for output in _outputs(load_sounddevice())))


def refresh() -> None:
    """Look again which devices there are, unless an output is open."""
    with _lock:
        sounddevice = load_sounddevice()
        if not _open:
            sounddevice._terminate()
            sounddevice._initialize()


def find_problem() -> str:
    """Why nothing can be heard here; empty if there is an output."""
    try:
        outputs = output_devices()
    except OSError as error:
        return f"PortAudio is not installed ({error})"
    return "" if outputs else NO_DEVICE


def _outputs(sounddevice: Any) -> list[Any]:
    found = [device for device in sounddevice.query_devices() if device["max_output_channels"] > 0]
    interfaces = [interface["name"] for interface in sounddevice.query_hostapis()]
    preferred = [device for device in found if interfaces[device["hostapi"]] == WINDOWS_INTERFACE]
    return preferred or found


def _find(sounddevice: Any, device: str) -> Any:
    """What PortAudio knows of a device, "" being the default; looks again if it is not there."""
    for attempt in range(2):
        outputs = _outputs(sounddevice)
        if not device and outputs:
            return sounddevice.query_devices(kind="output")
        for output in outputs:
            if device and output["name"] == device:
                return output
        if attempt == 0:
            refresh()
    raise LookupError(f"there is no {device!r}" if device else NO_DEVICE)
