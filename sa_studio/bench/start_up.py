"""How long the window takes to appear, from the start of its process.

``python -m sa_studio.bench.start_up DATA_DIR`` is such a process: it opens the real window,
prints the moment (monotonic clock) at which it was painted, and closes it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sa_studio.errors import StudioError

TIMEOUT = 120.0


def compare(folders: Mapping[str, Path], times: int) -> dict[str, list[float]]:
    """Milliseconds until the window is painted, with each data folder in turns.

    One start of each comes before, so that what is read from the disk is in memory.
    """
    for folder in folders.values():
        measure(folder)
    found: dict[str, list[float]] = {name: [] for name in folders}
    for _ in range(times):
        for name, folder in folders.items():
            found[name].append(measure(folder))
    return found


def ratio(full: Sequence[float], empty: Sequence[float]) -> float:
    """How many times longer a start takes, by the medians."""
    return statistics.median(full) / statistics.median(empty)


def measure(folder: Path) -> float:
    """One start with a data folder, in milliseconds.

    Raises:
        StudioError: the window did not come.
    """
    command = [sys.executable, "-m", "sa_studio.bench.start_up", str(folder)]
    began = time.monotonic()
    # our own module
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )
    if done.returncode != 0:
        raise StudioError(
            f"The window could not be opened and closed (exit status {done.returncode})",
            done.stderr.strip()[-500:],
        )
    # the monotonic clock is the system's: it means the same in both processes
    return (float(json.loads(done.stdout)) - began) * 1000


def _open_and_close(folder: str) -> None:
    from sa_studio.app import create

    application, window = create(["--data-dir", folder])
    from sa_studio.bench.painting import wait_until_painted

    json.dump(wait_until_painted(window), sys.stdout)
    window.close()
    application.processEvents()


if __name__ == "__main__":
    _open_and_close(sys.argv[1])
