"""Where and how precisely sounds are computed, and the memory for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psutil

from sa_studio.amounts import bytes_text
from sa_studio.doctor.finding import Finding, State
from sa_studio.doctor.pip_command import pip_install
from sa_studio.engine.background_import import background_import

NAME = "Compute"
LOW_MEMORY_BYTES = 2 * 2**30
# without it torch's libraries cannot be loaded on Windows, and the error does not say so
RUNTIME_PAGE = "https://aka.ms/vs/17/release/vc_redist.x64.exe"


def load_torch() -> Iterator[Finding]:
    """Nothing, unless torch cannot be loaded."""
    try:
        with background_import():
            import torch  # noqa: F401 (whether it can be is the question)
    except (ImportError, OSError) as error:
        hint = pip_install("--force-reinstall", "torch")
        if os.name == "nt":
            hint = (
                f"Install Microsoft's Visual C++ runtime: {RUNTIME_PAGE} If that is there: {hint}"
            )
        text = " ".join(f"torch cannot be loaded ({error})".split())
        yield Finding(NAME, State.PROBLEM, text, hint)


def examine_compute(device: str, dtype: str) -> Iterator[Finding]:
    """What the settings ``device`` and ``dtype`` come to here.

    Raises:
        StudioError: there is no such device or precision here.
    """
    from sa_studio.engine.devices import resolve_device, resolve_dtype, use_worker_threads

    chosen = resolve_device(device)
    precision = str(resolve_dtype(dtype, chosen)).removeprefix("torch.")
    threads = use_worker_threads()
    plural = "thread" if threads == 1 else "threads"
    yield Finding(
        NAME,
        State.OK,
        f"{chosen}, {precision}, {threads} {plural}",
        details={"device": str(chosen), "dtype": precision, "threads": threads},
    )


def examine_memory() -> Iterator[Finding]:
    """The computer's memory and how much of it can be had now."""
    memory = psutil.virtual_memory()
    low = memory.available < LOW_MEMORY_BYTES
    yield Finding(
        "Memory",
        State.WARNING if low else State.OK,
        f"{bytes_text(memory.total)}, {bytes_text(memory.available)} of them free",
        "Close other programs before you generate." if low else "",
        {"total_bytes": memory.total, "available_bytes": memory.available},
    )
