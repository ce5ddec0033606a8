"""Importing torch and transformers on one thread while another one stays fluid.

Two things in that import hold the interpreter for tenths of a second at a time, and a window on
another thread stands still meanwhile: the dynamic linker loading ``libtorch_cpu``, and the
garbage collector, which walks over the hundreds of thousands of new objects several times and
finds nothing. Measured on two cores (event-loop lag during the import): p99 200 ms and at most
245 ms as it comes, p99 26 ms and at most 56 ms this way.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SWITCH_SECONDS = 0.0005
_LIBRARIES = {"linux": "libtorch_cpu.so", "darwin": "libtorch_cpu.dylib"}


@contextmanager
def background_import() -> Iterator[None]:
    """Import torch, and what builds on it, inside this block; later blocks cost nothing."""
    if "torch" in sys.modules:
        yield
        return
    load_torch_library()
    was_enabled = gc.isenabled()
    gc.disable()
    # the import is pure Python for seconds; the window must not wait the usual 5 ms for each of
    # its turns
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        # modules live as long as the process: never walk over them again
        gc.freeze()
        if was_enabled:
            gc.enable()


def load_torch_library() -> bool:
    """Load torch's largest library with the interpreter free; returns whether that was done.

    ``ctypes.CDLL`` itself holds the interpreter while it loads (CPython 3.11), but a function that
    is called through it does not. On Windows nothing is done: torch loads its libraries by
    foreign calls already. If this fails, so will the import, which says why.
    """
    name = _LIBRARIES.get(sys.platform)
    spec = importlib.util.find_spec("torch")
    if name is None or spec is None or not spec.submodule_search_locations:
        return False
    path = Path(spec.submodule_search_locations[0]) / "lib" / name
    if not path.is_file():
        return False
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes = [ctypes.c_char_p, ctypes.c_int]
    dlopen.restype = ctypes.c_void_p
    return dlopen(os.fsencode(path), os.RTLD_LAZY | os.RTLD_LOCAL) is not None
