"""The models that can be downloaded: a table in the resources, validated when it is read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sa_studio.errors import HubError
from sa_studio.hub.store import is_model_id
from sa_studio.model_offers import Licence, Offer


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """An offer and the files that it takes from its repository.

    Attributes:
        offer: as it is shown; its state is filled in by whoever knows it.
        files: names or patterns; each must match something, or the repository is not what it was.
        optional: those that need not.
    """

    offer: Offer
    files: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def wants(self, path: str) -> bool:
        """Whether the file at this path in the repository is to be fetched."""
        return any(fnmatchcase(path, pattern) for pattern in (*self.files, *self.optional))

    def lacking(self, paths: Iterable[str]) -> list[str]:
        """What must be there, but is not among these."""
        found = list(paths)
        return [name for name in self.files if not any(fnmatchcase(p, name) for p in found)]


class Catalog:
    """Everything on offer.

    Args:
        path: the table.

    Raises:
        ValueError: the table is not what it should be, which the release's tests would show.
    """

    def __init__(self, path: Path) -> None:
        table = json.loads(path.read_text(encoding="utf-8"))
        licences = {name: Licence(**row) for name, row in table["licences"].items()}
        self._entries = {row["id"]: _entry(row, licences) for row in table["models"]}
        if len(self._entries) != len(table["models"]):
            raise ValueError("two offers have the same id")
        for entry in self._entries.values():
            for piece in entry.offer.needs:
                if piece not in self._entries or not self._entries[piece].offer.is_shared_piece:
                    raise ValueError(f"{entry.offer.id} needs {piece!r}, which is not on offer")

    def entries(self) -> list[CatalogEntry]:
        """All, in the order of the table."""
        return list(self._entries.values())

    def entry(self, model_id: str) -> CatalogEntry:
        """One of them.

        Raises:
            HubError: there is none of this id.
        """
        try:
            return self._entries[model_id]
        except KeyError:
            raise HubError(
                f"No model {model_id!r} is on offer", f"Choose one of: {', '.join(self._entries)}."
            ) from None


def _entry(row: dict[str, Any], licences: dict[str, Licence]) -> CatalogEntry:
    offer = Offer(
        id=row["id"],
        title=row["title"],
        description=row["description"],
        repository=row["repository"],
        licence=licences[row["licence"]],
        download_bytes=row["download_bytes"],
        memory_hint=row["memory_hint"],
        max_seconds=row["max_seconds"],
        needs=tuple(row["needs"]),
        page=row["page"],
    )
    files, optional = tuple(row["files"]), tuple(row.get("optional", ()))
    sound = (
        is_model_id(offer.id)
        and offer.repository.count("/") == 1
        and offer.download_bytes > 0
        and (offer.max_seconds is None or offer.max_seconds > 0)
        and files
    )
    if not sound:
        raise ValueError(f"the offer {offer.id!r} is not sound: {row}")
    # formats that can run code are never fetched
    if any(Path(name).suffix not in (".json", ".safetensors", ".model") for name in files):
        raise ValueError(f"{offer.id} asks for files of other kinds: {files}")
    return CatalogEntry(offer, files, optional)
