"""Read a dataclass from JSON strictly: what is unknown, missing or of the wrong type is named."""

from __future__ import annotations

import functools
import math
import types
from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from sa_studio.errors import ModelError

T = TypeVar("T")

HINT = "Use a model folder of the Stable Audio Open family as it was published."
# of sizes and counts: what a damaged file may say must not be counted to
MAX_WHOLE_NUMBER = 2**31


# a model may describe hundreds of classes of sounds, and is read with every request
_hints = functools.cache(get_type_hints)


def read_fields(cls: type[T], mapping: object, where: str, *, ignored: Collection[str] = ()) -> T:
    """Build the dataclass ``cls`` from a JSON object.

    Args:
        cls: a dataclass whose fields are numbers, strings, booleans, tuples or mappings of these.
        mapping: the JSON object.
        where: its place in the file, for messages: ``"model.diffusion.config"``.
        ignored: keys that may be there and say nothing that inference needs.

    Raises:
        ModelError: ``mapping`` is no object, or one of its keys is unknown, missing, of a type
            that the field does not take, or no possible number: whole ones are not negative and
            less than ``MAX_WHOLE_NUMBER``, others finite; all of them are named at once.
    """
    if not isinstance(mapping, Mapping):
        raise ModelError(f"{where} of the model's configuration is no JSON object", HINT)
    hints = _hints(cls)  # type: ignore[arg-type]  # a type can be hashed
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    unknown = sorted(set(mapping) - set(known) - set(ignored))
    missing = sorted(
        name
        for name, field in known.items()
        if name not in mapping and field.default is MISSING and field.default_factory is MISSING
    )
    values: dict[str, Any] = {}
    wrong: list[str] = []
    impossible: list[str] = []
    for name in known.keys() & mapping.keys():
        try:
            values[name] = _convert(mapping[name], hints[name])
        except TypeError:
            wrong.append(name)
        except (ValueError, OverflowError):
            impossible.append(name)
    problems = [
        f"{label} {', '.join(names)}"
        for label, names in (
            ("unknown:", unknown),
            ("missing:", missing),
            ("of the wrong type:", sorted(wrong)),
            ("no possible number:", sorted(impossible)),
        )
        if names
    ]
    if problems:
        raise ModelError(f"{where} of the model's configuration: {'; '.join(problems)}", HINT)
    return cls(**values)


def _convert(value: object, wanted: Any) -> Any:
    """``value`` as the type ``wanted``.

    Raises:
        TypeError: it is of another one.
        ValueError, OverflowError: it is a number that nothing can have.
    """
    origin, arguments = get_origin(wanted), get_args(wanted)
    if wanted is Any:
        return value
    if origin in (Union, types.UnionType):
        if value is None:
            if type(None) in arguments:
                return None
            raise TypeError
        return _convert(value, next(kind for kind in arguments if kind is not type(None)))
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise TypeError
        return tuple(_convert(item, arguments[0]) for item in value)
    if origin is not None:  # Mapping[str, Any]
        if not isinstance(value, Mapping):
            raise TypeError
        return dict(value)
    # JSON's true is an int to Python, and 4 a fine float
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError
        return number
    if wanted is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise TypeError
    if wanted is int and isinstance(value, int) and not 0 <= value < MAX_WHOLE_NUMBER:
        raise ValueError
    return value
