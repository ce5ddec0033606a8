"""Where and how precisely to compute."""

from __future__ import annotations

import ctypes
import gc
import os
import sys

import psutil
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

    Of the two halves bfloat16 is preferred where it is computed natively: it has the range of
    float32, so that nothing overflows.

    Raises:
        StudioError: there is no such precision.
    """
    if name == "auto":
        if device.type == "cpu":
            return torch.float32
        has_bfloat16 = device.type == "cuda" and torch.cuda.is_bf16_supported(
            including_emulation=False
        )
        return torch.bfloat16 if has_bfloat16 else torch.float16
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


def free_memory(device: torch.device) -> int:
    """Bytes that can still be allocated on ``device``, as far as the system knows."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        # what torch holds without using it is free for us, too
        return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    return int(psutil.virtual_memory().available)


def release_memory() -> None:
    """Give back to the system what nothing refers to any more, on every device."""
    gc.collect()
    torch.cuda.empty_cache()  # does nothing where CUDA was never used
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    if sys.platform == "linux":
        # glibc keeps freed memory for later; a model that is gone would go on taking it
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if trim is not None:
            trim(0)
