"""Which functions and classes a pickle would call, found without running it. Standard library only.

A pickle is a program for a small machine, and its GLOBAL instructions name what it calls. A file
of weights needs the few that rebuild tensors; whatever else is named is told to the user, who may
have been sent a program instead of a model.
(https://docs.python.org/3/library/pickletools.html, https://docs.python.org/3/library/pickle.html)
"""

from __future__ import annotations

import _compat_pickle
import pickletools
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

# What torch.save's own tensors, storages and dictionaries consist of.
_TYPES = ("Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool")
_FLOATS = ("float64", "float32", "float16", "bfloat16")
_INTEGERS = ("int64", "int32", "int16", "int8", "uint8", "bool")
TENSOR_GLOBALS = frozenset(
    {
        "builtins.set",
        "collections.OrderedDict",
        "torch.Size",
        "torch.device",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_tensor_v3",
        "torch.nn.parameter.Parameter",
        *(f"torch.{name}Storage" for name in _TYPES),
        *(f"torch.{name}" for name in _FLOATS + _INTEGERS),
    }
)

# The table of a checkpoint with a thousand tensors takes some hundred kilobytes.
MAX_PICKLE_BYTES = 1 << 26
# Before 2020 torch.save wrote five pickles one after the other, and the values behind them.
_LEGACY_PICKLES = 5
# Where functions of ``os`` really live.
_OS_MODULES = ("posix", "nt")
_STRINGS = ("STRING", "BINSTRING", "SHORT_BINSTRING")
_UNICODE = ("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8")
_PUT = ("PUT", "BINPUT", "LONG_BINPUT")
_GET = ("GET", "BINGET", "LONG_BINGET")


def foreign_globals(path: Path) -> list[str]:
    """What the checkpoint ``path`` would call beside :data:`TENSOR_GLOBALS`, in order.

    Names are those of Python 3; those of ``os`` say so: ``"posix.system (os.system)"``.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is a damaged zip file, or its table is larger than any checkpoint's.
    """
    names = dict.fromkeys(name for pickle in _pickles(path) for name in globals_of(pickle))
    return [_readable(name) for name in names if name not in TENSOR_GLOBALS]


def globals_of(pickle: BytesIO) -> Iterator[str]:
    """The names in one pickle, up to where it ends or stops being one; reads on to its end."""
    strings: list[str] = []
    memo: dict[int, str] = {}
    places = 0  # how many the instruction MEMOIZE has filled
    top = ""  # the string that was pushed last, if nothing else was pushed since
    try:
        for opcode, value, _ in pickletools.genops(pickle):
            argument: Any = value
            if opcode.name in _PUT or opcode.name == "MEMOIZE":
                place = argument if opcode.name in _PUT else places
                memo[place] = top
                places += opcode.name == "MEMOIZE"
                continue
            top = ""
            if opcode.name in (*_STRINGS, *_UNICODE):
                top = str(argument)
            elif opcode.name in _GET:
                top = memo.get(argument, "")
            elif opcode.name in ("GLOBAL", "INST"):
                module, _, name = argument.partition(" ")
                yield _name_of_today(module, name)
            elif opcode.name == "STACK_GLOBAL":
                module, name = ("?", "?", *strings)[-2:]
                yield f"{module}.{name}"
            elif opcode.name in ("EXT1", "EXT2", "EXT4"):
                yield f"extension {argument} of copyreg"
            if top:
                strings.append(top)
    except (ValueError, UnicodeError, IndexError):
        return  # no pickle from here on: whoever really reads it refuses it


def _pickles(path: Path) -> Iterator[BytesIO]:
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    if member.filename.endswith(".pkl"):
                        if member.file_size > MAX_PICKLE_BYTES:
                            raise ValueError(f"{member.filename} has {member.file_size:,} bytes")
                        yield BytesIO(archive.read(member))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise ValueError(str(error)) from error
        return
    with path.open("rb") as file:
        pickles = BytesIO(file.read(MAX_PICKLE_BYTES))
    for _ in range(_LEGACY_PICKLES):
        yield pickles


def _name_of_today(module: str, name: str) -> str:
    """Pickles of the protocols up to 2 have Python 2's names; this is how Python 3 reads them."""
    module, name = _compat_pickle.NAME_MAPPING.get((module, name), (module, name))
    return f"{_compat_pickle.IMPORT_MAPPING.get(module, module)}.{name}"


def _readable(name: str) -> str:
    module, _, function = name.rpartition(".")
    return f"{name} (os.{function})" if module in _OS_MODULES else name
