"""Recognise that memory ran out, whichever library says so. Standard library only."""

from __future__ import annotations

# what torch says without a class of its own: CPU on Linux and macOS, on Windows, GPUs, cuBLAS
OUT_OF_MEMORY_WORDS = (
    "can't allocate memory",
    "not enough memory",
    "out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` says that there is too little memory on a device or in the computer."""
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(word in str(error) for word in OUT_OF_MEMORY_WORDS)
    )
