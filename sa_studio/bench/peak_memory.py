"""The most memory that something takes, as the system or the GPU counts it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import torch

_CLEAR_REFS = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # proc(5)
_SAMPLE_SECONDS = 0.002


class PeakMemory:
    """Within its context the peak is watched.

    On a GPU that is what torch has allocated. On a processor it is the resident memory of this
    process: Linux keeps the true maximum; elsewhere it is sampled every two milliseconds.

    Args:
        device: "cpu", "cuda" …
        baseline: bytes to leave out; what is taken when the context is entered if ``None``.

    Attributes:
        bytes: the peak above the baseline, once the context is left.
    """

    def __init__(self, device: str, baseline: int | None = None) -> None:
        self._device = torch.device(device)
        self._baseline = baseline
        self.bytes = 0

    def __enter__(self) -> Self:
        if self._baseline is None:
            self._baseline = memory_in_use(self._device)
        self._peak = _watch(self._device)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._baseline is not None
        self.bytes = self._peak() - self._baseline


def memory_in_use(device: torch.device) -> int:
    """Bytes that are taken now."""
    if device.type == "cuda":
        return torch.cuda.memory_allocated(device)
    return int(psutil.Process().memory_info().rss)


def _watch(device: torch.device) -> Callable[[], int]:
    """Begin to watch; the function returned ends that and gives the peak."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return lambda: torch.cuda.max_memory_allocated(device)
    if _CLEAR_REFS.exists():
        _CLEAR_REFS.write_text(_RESET_PEAK)
        return _resident_peak
    return _sample()


def _resident_peak() -> int:
    """Linux: VmHWM, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _sample() -> Callable[[], int]:
    ended = threading.Event()
    process = psutil.Process()
    peak = process.memory_info().rss

    def work() -> None:
        nonlocal peak
        while not ended.wait(_SAMPLE_SECONDS):
            peak = max(peak, process.memory_info().rss)

    thread = threading.Thread(target=work, name="sa-studio-peak-memory")
    thread.start()

    def end() -> int:
        ended.set()
        thread.join()
        return int(peak)

    return end
