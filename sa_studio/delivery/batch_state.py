"""What a batch has made so far, kept beside its delivery, so that it goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sa_studio.atomic_file import write_atomically
from sa_studio.errors import SheetError
from sa_studio.json_file import read_json

SCHEMA = 1
HINT = "Delete it to have every row made anew, or choose another folder."


def fingerprint(content: Any) -> str:
    """A short word for plain values; the same for the same ones."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(slots=True)
class DeliveredFile:
    """A file of a row.

    Attributes:
        path: where it is, below the folder of the delivery.
        staged: where it was written, below the same folder, until it is moved there; else empty.
        clip_id, seed: of its take.
        seconds: how long it is.
        lufs, true_peak_db: how loud; ``None`` for silence.
    """

    path: str
    staged: str = ""
    clip_id: str = ""
    seed: int | None = None
    seconds: float = 0.0
    lufs: float | None = None
    true_peak_db: float | None = None


@dataclass(slots=True)
class Entry:
    """What is known of a row.

    Attributes:
        sound: the fingerprint of what decides how it sounds.
        row: its number when it was seen last.
        name: its folder and name in the sheet, which no other row has.
        seed: of its first variation, drawn once.
        clips: the ids of the takes that were queued for it, by the number of the variation from 0.
        delivery: the fingerprint of how it was delivered.
        files: what was delivered, by the number of the variation.
        earlier: what was delivered for it before it was changed, and is left where it is.
    """

    sound: str
    row: int
    name: str
    seed: int
    clips: dict[int, str] = field(default_factory=dict)
    delivery: str = ""
    files: dict[int, DeliveredFile] = field(default_factory=dict)
    earlier: list[str] = field(default_factory=list)


class BatchState:
    """The entries of all rows that were ever in the sheet.

    An entry is found by what its row says, not by where the row stands: rows may be moved, and
    others put between them. A row that is changed and then changed back is found again.

    Args:
        path: the file; it need not be there.

    Raises:
        SheetError: the file cannot be read, is damaged, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.entries: list[Entry] = []
        try:
            content = read_json(path)
            schema = content["schema"]
            if schema == SCHEMA:
                self.entries = [_entry(values) for values in content["rows"]]
        except FileNotFoundError:
            return
        except OSError as error:
            raise SheetError(
                f"{str(path)!r} cannot be read ({error.strerror or error})",
                "It holds what the batch has made so far; check its permissions.",
            ) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SheetError(f"{str(path)!r} is damaged: it is not of a batch", HINT) from error
        if schema != SCHEMA:
            raise SheetError(f"{str(path)!r} was written by another version of SA Studio", HINT)

    def match(self, rows: Iterable[tuple[str, str, int]]) -> list[Entry | None]:
        """The entry of each row, given its ``sound``, name and number.

        One of the same sound and name, wherever it stood; else one of the same sound in the same
        place, which has got another name.
        """
        wanted = list(rows)
        by_name = {(entry.sound, entry.name): entry for entry in self.entries}
        found = [by_name.get((sound, name)) for sound, name, _ in wanted]
        taken = {id(entry) for entry in found}
        by_row = {
            (entry.sound, entry.row): entry for entry in self.entries if id(entry) not in taken
        }
        return [
            entry or by_row.pop((sound, row), None)
            for entry, (sound, _, row) in zip(found, wanted, strict=True)
        ]

    def save(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            SheetError: it cannot be written.
        """
        content = {"schema": SCHEMA, "rows": [asdict(entry) for entry in self.entries]}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(content, indent=1).encode())
        except OSError as error:
            raise SheetError(
                f"{str(self._path)!r} cannot be written ({error.strerror or error})",
                "Check the free space and the permissions of the folder.",
            ) from error


def _entry(values: dict[str, Any]) -> Entry:
    """An entry out of its plain values; raises as a value that is none does."""
    files = {int(number): DeliveredFile(**file) for number, file in values["files"].items()}
    clips = {int(number): str(clip_id) for number, clip_id in values["clips"].items()}
    entry = Entry(**{**values, "files": files, "clips": clips})
    paths = [path for file in files.values() for path in (file.path, file.staged)]
    texts = [entry.sound, entry.name, entry.delivery, *paths, *entry.earlier]
    if not all(isinstance(text, str) for text in texts) or type(entry.seed) is not int:
        raise TypeError
    if any(".." in Path(path).parts or Path(path).is_absolute() for path in paths):
        raise ValueError("it names files outside of its folder")
    return entry
