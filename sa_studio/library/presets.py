"""Presets: fields of a request under a name. One JSON file each; built-in ones are read only."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

from sa_studio.atomic_file import write_atomically
from sa_studio.errors import PresetError
from sa_studio.generation import GenerationRequest, is_encodable

# the request's fields that a preset may set, by what they hold
TEXTS = ("prompt", "negative_prompt", "sampler", "model", "device", "dtype")
WHOLE_NUMBERS = ("seed", "count", "steps")
NUMBERS = (
    "seconds",
    "guidance_scale",
    "guidance_rescale",
    "sigma_min",
    "sigma_max",
    "rho",
    "init_noise_level",
)
INTERVAL = "guidance_interval"
LORAS = "loras"
# those where None means the model's default, or that one is drawn
OPEN = frozenset(item.name for item in fields(GenerationRequest) if item.default is None)

FORMAT = "sa-studio-preset"
VERSION = 1
MAX_NAME_CHARACTERS = 60
# names of devices on Windows, whatever follows the first full stop
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)
FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


class Presets:
    """The built-in presets and the user's own.

    Args:
        own: the folder of the user's presets.
        builtin: the folder of those that ship with the application.
    """

    def __init__(self, own: Path, builtin: Path) -> None:
        self._own, self._builtin = own, builtin

    def names(self) -> list[str]:
        """Built-in names first, then the user's, each alphabetical."""
        return [*self._names(self._builtin), *self._names(self._own)]

    def is_builtin(self, name: str) -> bool:
        """Whether the preset ships with the application."""
        return name.casefold() in (other.casefold() for other in self._names(self._builtin))

    def load(self, name: str) -> dict[str, Any]:
        """The request fields that a preset sets.

        Raises:
            PresetError: there is none of this name, or its file is no preset.
        """
        path = self._path(name)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise PresetError(f"There is no preset {name!r}", "It was deleted.") from None
        except (OSError, ValueError) as error:
            raise PresetError(f"The preset {name!r} cannot be read ({error})", "") from error
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise PresetError(f"{path.name!r} is no preset of SA Studio", "")
        version = content.get("version")
        if type(version) is not int or version > VERSION:
            raise PresetError(f"The preset {name!r} needs a newer version", "Update SA Studio.")
        return _checked(content.get("fields"), name)

    def save(self, name: str, values: dict[str, Any], *, overwrite: bool = False) -> None:
        """Save request fields under a name.

        Raises:
            PresetError: the name cannot be used or is taken, a field is unknown, or the file
                cannot be written.
        """
        name = name.strip()
        if not _is_name(name):
            raise PresetError(
                f"{name!r} cannot be the name of a preset",
                f'Use 1 to {MAX_NAME_CHARACTERS} characters without < > : " / \\ | ? *, '
                "no full stop at either end.",
            )
        if self.is_builtin(name):
            raise PresetError(f"{name!r} is a built-in preset", "Choose another name.")
        path = self._own / f"{self._taken(name) or name}.json"
        if path.exists() and not overwrite:
            raise PresetError(f"There is already a preset {path.stem!r}", "Choose another name.")
        content = {"format": FORMAT, "version": VERSION, "fields": _checked(values, name)}
        try:
            write_atomically(path, json.dumps(content, indent=2, ensure_ascii=False).encode())
        except OSError as error:
            raise PresetError(
                f"The preset cannot be saved ({error.strerror or error})",
                "Check the free space and the permissions of the data folder.",
            ) from error

    def delete(self, name: str) -> None:
        """Delete one of the user's presets.

        Raises:
            PresetError: it is built in, or there is none of this name.
        """
        if self.is_builtin(name):
            raise PresetError(f"{name!r} is a built-in preset and stays", "")
        path = self._path(name)
        try:
            path.unlink()
        except OSError as error:
            raise PresetError(
                f"The preset {name!r} cannot be deleted ({error.strerror or error})",
                "Check the permissions of the data folder.",
            ) from error

    @staticmethod
    def _names(folder: Path) -> list[str]:
        return sorted((path.stem for path in folder.glob("*.json")), key=str.casefold)

    def _taken(self, name: str) -> str | None:
        """The user's preset of this name, whatever its capitals: some systems do not tell them."""
        same = (other for other in self._names(self._own) if other.casefold() == name.casefold())
        return next(same, None)

    def _path(self, name: str) -> Path:
        # only names that are listed, so that none leads out of the folders
        if name in self._names(self._builtin):
            return self._builtin / f"{name}.json"
        if name in self._names(self._own):
            return self._own / f"{name}.json"
        raise PresetError(f"There is no preset {name!r}", "sa-studio presets list shows them all.")


def _is_name(name: str) -> bool:
    """Whether every operating system takes ``name`` as that of a file."""
    return (
        0 < len(name) <= MAX_NAME_CHARACTERS
        and not set(name) & FORBIDDEN
        and not name.startswith(".")
        and not name.endswith(".")
        and name.split(".")[0].strip().lower() not in RESERVED
        and is_encodable(name)
    )


def _checked(values: object, name: str) -> dict[str, Any]:
    """``values`` if they are fields of a request with values of the right kind."""
    if not isinstance(values, dict):
        raise PresetError(f"The preset {name!r} has no fields", "")
    unknown = sorted(set(values) - {*TEXTS, *WHOLE_NUMBERS, *NUMBERS, INTERVAL, LORAS})
    if unknown:
        raise PresetError(f"The preset {name!r} has unknown fields: {', '.join(unknown)}", "")
    for field, value in values.items():
        if not _fits(field, value):
            raise PresetError(f"The preset {name!r} has an unusable {field}: {value!r}", "")
    return values


def _fits(field: str, value: object) -> bool:
    """Whether ``value`` is of the kind that ``field`` of a request holds."""
    if value is None:
        return field in OPEN
    if field in TEXTS:
        return isinstance(value, str)
    if field in WHOLE_NUMBERS:
        return type(value) is int
    if field == INTERVAL:
        return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_number, value))
    if field == LORAS:
        return isinstance(value, list | tuple) and all(map(_is_lora, value))
    return _is_number(value)


def _is_lora(value: object) -> bool:
    """Whether ``value`` is the name of a LoRA with its strength."""
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and isinstance(value[0], str)
        and _is_number(value[1])
    )


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
