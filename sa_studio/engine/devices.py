"""Where and how precisely to compute."""

from __future__ import annotations

import os

import torch

from sa_studio.errors import StudioError

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def resolve_device(name: str) -> torch.device:
    """The device of this name; "auto" takes a GPU if there is one.

    Raises:
        StudioError: there is no such device here.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    available = {"cpu"}
    available |= {"cuda", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))}
    if not torch.cuda.is_available():
        available.discard("cuda")
    if torch.backends.mps.is_available():
        available.add("mps")
    if name not in available:
        raise StudioError(
            f"There is no device {name!r} on this computer",
            f"Use auto, or one of: {', '.join(sorted(available))}.",
        )
    return torch.device(name)


def resolve_dtype(name: str, device: torch.device) -> torch.dtype:
    """The precision of this name; "auto": float32 on a CPU, half of it on a GPU.

    Raises:
        StudioError: there is no such precision.
    """
    if name == "auto":
        return torch.float32 if device.type == "cpu" else torch.float16
    if name not in DTYPES:
        raise StudioError(
            f"There is no precision {name!r}", f"Use auto, or one of: {', '.join(DTYPES)}."
        )
    return DTYPES[name]


def use_worker_threads() -> int:
    """Set how many threads torch computes with, the same for window and command line.

    One core's worth is left to the window, so that it stays fluid while a CPU generates. The
    number can change how sums are split and with it the last bit of a sample, so whoever runs
    the engine calls this. Returns the number.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    threads = max(1, (cores or 1) - 1)
    torch.set_num_threads(threads)
    return threads
