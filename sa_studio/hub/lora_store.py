"""Which LoRAs are installed: files in one folder, each with a note of where it came from."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sa_studio.atomic_file import write_atomically
from sa_studio.errors import LoraError
from sa_studio.hub.store import existing_path, is_model_id
from sa_studio.json_file import read_json
from sa_studio.model_offers import InstalledLora

log = logging.getLogger(__name__)

WEIGHTS = ".safetensors"
NOTE = ".json"
VERSION = 1


class LoraStore:
    """The LoRAs of the data folder, by name.

    Beside ``warm.safetensors`` lies ``warm.json``. What the engine has to know besides the tensors
    is in its section ``lora_config``; the rest is for people. Files without a note count, too.

    Args:
        folder: need not be there until something is added.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def installed(self) -> list[InstalledLora]:
        """Every LoRA, alphabetical."""
        found = [path for path in self._folder.glob(f"*{WEIGHTS}") if path.is_file()]
        return [_described(path) for path in sorted(found, key=lambda path: path.stem.lower())]

    def locate(self, lora: str) -> Path:
        """The file of the installed LoRA of this name, or at this path.

        Raises:
            LoraError: there is none.
        """
        if self._has(lora):
            return self._folder / f"{lora}{WEIGHTS}"
        path = existing_path(lora)
        if path is not None:
            return path
        raise self._no_such(lora, "Give the path of a LoRA file, or")

    def lasting_name(self, lora: str) -> str:
        """What a later start finds the same LoRA by: a name, or a path from the root.

        Raises:
            LoraError: there is none.
        """
        path = self.locate(lora)
        return lora if path == self._folder / f"{lora}{WEIGHTS}" else str(path)

    def add(self, name: str, content: bytes, facts: Mapping[str, Any]) -> InstalledLora:
        """Install a LoRA; one that is here already under this name is left as it is.

        Args:
            name: what to call it.
            content: of its safetensors file.
            facts: ``source``, ``style``, ``rank``, ``layers`` and ``lora_config`` for its note.

        Raises:
            LoraError: the name cannot be used or is that of another LoRA, or the files cannot be
                written.
        """
        if not is_model_id(name):
            raise LoraError(
                f"{name!r} cannot be the name of a LoRA",
                "Use letters, digits, spaces, dots and hyphens, and no dot at either end.",
            )
        sha256 = hashlib.sha256(content).hexdigest()
        note = {"version": VERSION, "bytes": len(content), "sha256": sha256, **facts}
        for other in self.installed():
            # some systems do not tell capitals from small letters
            if other.name.casefold() == name.casefold():
                if (other.name, other.sha256) == (name, sha256):
                    return other
                raise LoraError(
                    f"There is already a LoRA {other.name!r}",
                    "Choose another name, or remove it first.",
                )
        path = self._folder / f"{name}{WEIGHTS}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # first the note: a LoRA is there as soon as its weights are
            text = json.dumps(note, indent=1, ensure_ascii=False)
            write_atomically(path.with_name(f"{name}{NOTE}"), f"{text}\n".encode())
            write_atomically(path, content)
        except OSError as error:
            raise LoraError(
                f"The LoRA {name!r} cannot be kept ({error.strerror or error})",
                "Check the free space and the permissions of the data folder.",
            ) from error
        return _described(path)

    def remove(self, name: str) -> None:
        """Delete an installed LoRA.

        Raises:
            LoraError: there is none of this name, or it cannot be deleted.
        """
        if not self._has(name):
            raise self._no_such(name, "Name")
        try:
            (self._folder / f"{name}{WEIGHTS}").unlink()
            (self._folder / f"{name}{NOTE}").unlink(missing_ok=True)
        except OSError as error:
            raise LoraError(
                f"The LoRA {name!r} cannot be removed ({error.strerror or error})",
                "Close whatever uses it, or check the permissions of the data folder.",
            ) from error

    def _has(self, name: str) -> bool:
        return any(item.name == name for item in self.installed())

    def _no_such(self, lora: str, advice: str) -> LoraError:
        names = ", ".join(item.name for item in self.installed()) or "none"
        return LoraError(
            f"There is no LoRA {lora!r}", f"{advice} one of the installed LoRAs: {names}."
        )


def _described(path: Path) -> InstalledLora:
    note: dict[str, Any] = {}
    try:
        content = read_json(path.with_name(f"{path.stem}{NOTE}"))
        note = content if isinstance(content, dict) else {}
    except FileNotFoundError:
        pass  # put there by hand
    except (OSError, ValueError) as error:
        log.warning("the note of the LoRA %s cannot be read: %s", path, error)
    rank, layers = note.get("rank"), note.get("layers")
    return InstalledLora(
        name=path.stem,
        path=path,
        bytes=path.stat().st_size,
        sha256=str(note.get("sha256", "")),
        source=str(note.get("source", "")),
        style=str(note.get("style", "")),
        rank=rank if isinstance(rank, int) else None,
        layers=layers if isinstance(layers, int) else None,
    )
