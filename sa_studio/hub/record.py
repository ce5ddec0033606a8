"""The note in a model's folder that says where it came from and what it consisted of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sa_studio.atomic_file import write_atomically
from sa_studio.errors import ModelError
from sa_studio.json_file import read_json

RECORD = ".sa_studio.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file as it was when it was installed."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class InstallRecord:
    """Where a model came from.

    Attributes:
        source: a repository on the hub, or the path that it was imported from.
        revision: the commit in that repository; empty for imports.
        licence: its name, if known.
        files: by their path in the folder, with forward slashes.
        linked: the folder where the model really lies, if it is used in place.
        notes: whole sentences on what was chosen or left out when it was imported.
    """

    source: str
    revision: str = ""
    licence: str = ""
    files: Mapping[str, RecordedFile] = field(default_factory=dict)
    linked: Path | None = None
    notes: tuple[str, ...] = ()

    @property
    def full_source(self) -> str:
        """Source and revision in one word."""
        return f"{self.source}@{self.revision}" if self.revision else self.source

    def save(self, folder: Path) -> None:
        """Write the record into the folder of the model; raises OSError."""
        content: dict[str, Any] = {
            "version": VERSION,
            "source": self.source,
            "revision": self.revision,
            "licence": self.licence,
            "files": {
                path: {"bytes": item.bytes, "sha256": item.sha256}
                for path, item in sorted(self.files.items())
            },
        }
        if self.notes:
            content["notes"] = list(self.notes)
        if self.linked is not None:
            content["path"] = str(self.linked)
        text = json.dumps(content, indent=1, ensure_ascii=False)
        write_atomically(folder / RECORD, f"{text}\n".encode())

    @classmethod
    def load(cls, folder: Path) -> InstallRecord | None:
        """The record in ``folder``, or ``None`` if there is none.

        Raises:
            ModelError: it cannot be read, or is not a record.
        """
        path = folder / RECORD
        try:
            return cls._from_json(read_json(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelError(
                f"The record of the model in {str(folder)!r} cannot be read",
                f"Delete {RECORD} in that folder, or remove the model and install it again.",
            ) from error

    @classmethod
    def _from_json(cls, content: dict[str, Any]) -> InstallRecord:
        if content["version"] > VERSION:
            raise ValueError(f"version {content['version']} is newer than {VERSION}")
        linked = content.get("path")
        return cls(
            source=str(content["source"]),
            revision=str(content["revision"]),
            licence=str(content["licence"]),
            files={
                str(path): RecordedFile(int(item["bytes"]), str(item["sha256"]))
                for path, item in content["files"].items()
            },
            linked=None if linked is None else Path(linked),
            notes=tuple(map(str, content.get("notes", ()))),
        )
