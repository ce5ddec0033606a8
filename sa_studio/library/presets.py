"""Presets: fields of a request under a name. One JSON file each; built-in ones are read only."""

from __future__ import annotations

import json
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from sa_studio.atomic_file import write_atomically
from sa_studio.errors import PresetError
from sa_studio.generation import (
    MAX_COUNT,
    MAX_SEED,
    MAX_STEPS,
    GenerationRequest,
    is_encodable,
)
from sa_studio.json_file import read_json

# the request's fields that a preset may set, by what they hold
TEXTS = ("prompt", "negative_prompt", "sampler", "model", "device", "dtype")
WHOLE_NUMBERS = {"seed": (0, MAX_SEED), "count": (1, MAX_COUNT), "steps": (1, MAX_STEPS)}
"""Between which bounds."""
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
FOREIGN = "Use a file that was exported from SA Studio."
MAX_BYTES = 1_000_000
MAX_NUMBER = 1e9
# what stands between the category and the rest of a built-in preset's name
CATEGORY_END = " - "
# names of devices on Windows, whatever follows the first full stop
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)
FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


class Taken(StrEnum):
    """What to do with a preset that is imported where its name is taken."""

    REPLACE = "replace"
    KEEP_BOTH = "keep-both"
    """The new one gets a number behind its name."""
    SKIP = "skip"


class Presets:
    """The built-in presets and the user's own.

    One of the user's that has the name of a built-in one, since an update brought that, goes first.

    Args:
        own: the folder of the user's presets.
        builtin: the folder of those that ship with the application.
    """

    def __init__(self, own: Path, builtin: Path) -> None:
        self._own, self._builtin = own, builtin

    def names(self) -> list[str]:
        """Built-in names first, then the user's, each alphabetical."""
        own = self._names(self._own)
        return [*(name for name in self._names(self._builtin) if name not in own), *own]

    def own_names(self) -> list[str]:
        """The user's, alphabetical."""
        return self._names(self._own)

    def builtin_by_category(self) -> dict[str, list[str]]:
        """Those that ship with the application, by what stands before the dash of their names."""
        groups: dict[str, list[str]] = {}
        own = self._names(self._own)
        for name in self._names(self._builtin):
            if name not in own:
                groups.setdefault(name.partition(CATEGORY_END)[0], []).append(name)
        return groups

    def is_builtin(self, name: str) -> bool:
        """Whether the preset ships with the application."""
        own, builtin = (
            {other.casefold() for other in self._names(folder)}
            for folder in (self._own, self._builtin)
        )
        return name.casefold() in builtin - own

    def load(self, name: str) -> dict[str, Any]:
        """The request fields that a preset sets.

        Raises:
            PresetError: there is none of this name, or its file is no preset.
        """
        return _read(self._path(name), f"The preset {name!r}")

    def save(self, name: str, values: dict[str, Any], *, overwrite: bool = False) -> None:
        """Save request fields under a name.

        Raises:
            PresetError: the name cannot be used or is taken, a field is unknown, or the file
                cannot be written.
        """
        path = self._own / f"{self._usable(name, overwrite=overwrite)}.json"
        _write(path, {"fields": _checked(values, f"The preset {name!r}")})

    def rename(self, name: str, new_name: str) -> str:
        """Give one of the user's presets another name; returns it without the spaces around it.

        Raises:
            PresetError: it is built in, there is none of this name, or the new name cannot be
                used or is taken.
        """
        old = self.own_file(name)
        # a change of capitals alone is no clash with itself
        is_same = new_name.strip().casefold() == name.casefold()
        self._usable(new_name, overwrite=is_same)
        new = self._own / f"{new_name.strip()}.json"
        try:
            old.rename(new)
        except OSError as error:
            raise PresetError(
                f"The preset {name!r} cannot be renamed ({error.strerror or error})",
                "Check the permissions of the data folder.",
            ) from error
        return new.stem

    def taken(self, name: str) -> str | None:
        """The preset that has this name already, whatever its capitals."""
        same = (other for other in self.names() if other.casefold() == name.strip().casefold())
        return next(same, None)

    def import_file(self, path: Path, *, when_taken: Taken | None = None) -> str | None:
        """Take over a preset from a file, under the file's name.

        Built-in presets stay: where one has the name, ``REPLACE`` keeps both, too.

        Returns:
            Its name here; ``None`` if it was skipped.

        Raises:
            PresetError: the file is no preset or is damaged, its name cannot be used, or is taken
                and ``when_taken`` does not say what to do then.
        """
        values = self.read_file(path)
        name = path.stem.strip()
        if (taken := self.taken(name)) is not None:
            if when_taken is None:
                raise PresetError(
                    f"There is already a preset {taken!r}",
                    "Say what to do: --taken replace, keep-both or skip.",
                )
            if when_taken is Taken.SKIP:
                return None
            if when_taken is Taken.KEEP_BOTH or self.is_builtin(taken):
                name = self._free_name(name)
            else:
                name = taken
        self.save(name, values, overwrite=when_taken is Taken.REPLACE)
        return name

    def read_file(self, path: Path) -> dict[str, Any]:
        """The request fields that a preset from elsewhere sets.

        Raises:
            PresetError: it cannot be read, or is no preset.
        """
        return _read(path, f"{path.name!r}")

    def export(self, name: str, path: Path, *, overwrite: bool = False) -> None:
        """Write a preset, built in or not, to a file of its own that can be imported elsewhere.

        Raises:
            PresetError: there is none of this name, the file exists and may not be replaced, or it
                cannot be written.
        """
        values = self.load(name)
        if path.exists() and not overwrite:
            raise PresetError(f"{str(path)!r} exists already", "Choose another name or folder.")
        _write(path, {"fields": values})

    def delete(self, name: str) -> None:
        """Delete one of the user's presets.

        Raises:
            PresetError: it is built in, or there is none of this name.
        """
        path = self.own_file(name)
        try:
            path.unlink()
        except OSError as error:
            raise PresetError(
                f"The preset {name!r} cannot be deleted ({error.strerror or error})",
                "Check the permissions of the data folder.",
            ) from error

    def own_file(self, name: str) -> Path:
        """The file of one of the user's presets.

        Raises:
            PresetError: it is built in, or there is none of this name.
        """
        if self.is_builtin(name):
            raise PresetError(f"{name!r} is a built-in preset and stays as it is", "")
        return self._path(name)

    def _usable(self, name: str, *, overwrite: bool) -> str:
        """The name under which a preset called ``name`` is saved: that of the one it replaces."""
        name = name.strip()
        if not _is_name(name):
            raise PresetError(
                f"{name!r} cannot be the name of a preset",
                f'Use 1 to {MAX_NAME_CHARACTERS} characters without < > : " / \\ | ? *, '
                "no full stop at either end.",
            )
        taken = self.taken(name)
        if taken is not None and self.is_builtin(taken):
            raise PresetError(f"{name!r} is a built-in preset", "Choose another name.")
        if taken is not None and not overwrite:
            raise PresetError(f"There is already a preset {taken!r}", "Choose another name.")
        return taken or name

    def _free_name(self, name: str) -> str:
        """``name`` with the first number behind it that is free."""
        number = 2
        while self.taken(free := f"{name[: MAX_NAME_CHARACTERS - 4].rstrip()} {number}"):
            number += 1
        return free

    @staticmethod
    def _names(folder: Path) -> list[str]:
        return sorted((path.stem for path in folder.glob("*.json")), key=str.casefold)

    def _path(self, name: str) -> Path:
        # only names that are listed, so that none leads out of the folders
        for folder in (self._own, self._builtin):
            if name in self._names(folder):
                return folder / f"{name}.json"
        raise PresetError(f"There is no preset {name!r}", "sa-studio presets list shows them all.")


def _read(path: Path, what: str) -> dict[str, Any]:
    """The fields in a preset's file; ``what`` begins the messages."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PresetError(f"{what} is too large to be a preset", FOREIGN)
        content = read_json(path)
    except FileNotFoundError:
        raise PresetError(f"{what} is not there", "It was moved or deleted.") from None
    except OSError as error:
        raise PresetError(f"{what} cannot be read ({error.strerror or error})", "") from error
    except ValueError as error:
        raise PresetError(
            f"{what} is no preset of SA Studio, or is damaged ({error})", FOREIGN
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PresetError(f"{what} is no preset of SA Studio", FOREIGN)
    version = content.get("version")
    if type(version) is not int or version > VERSION:
        raise PresetError(f"{what} needs a newer version", "Update SA Studio.")
    return _checked(content.get("fields"), what)


def _write(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(
        {"format": FORMAT, "version": VERSION, **content}, indent=2, ensure_ascii=False
    )
    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise PresetError(
            f"The preset cannot be saved ({error.strerror or error})",
            "Check the free space and the permissions of the folder.",
        ) from error


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


def _checked(values: object, what: str) -> dict[str, Any]:
    """``values`` if they are fields of a request with values of the right kind."""
    if not isinstance(values, dict):
        raise PresetError(f"{what} has no fields", FOREIGN)
    unknown = sorted(set(values) - {*TEXTS, *WHOLE_NUMBERS, *NUMBERS, INTERVAL, LORAS})
    if unknown:
        raise PresetError(f"{what} has unknown fields: {', '.join(unknown)}", FOREIGN)
    for field, value in values.items():
        if not fits(field, value):
            raise PresetError(f"{what} has an unusable {field}: {value!r}", FOREIGN)
    return values


def fits(field: str, value: object) -> bool:
    """Whether ``value`` is of the kind that ``field`` of a request holds."""
    if value is None:
        return field in OPEN
    if field in TEXTS:
        return isinstance(value, str) and is_encodable(value)
    if field in WHOLE_NUMBERS:
        low, high = WHOLE_NUMBERS[field]
        return type(value) is int and low <= value <= high
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
        and is_encodable(value[0])
        and _is_number(value[1])
    )


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and abs(value) <= MAX_NUMBER  # type: ignore[arg-type]
