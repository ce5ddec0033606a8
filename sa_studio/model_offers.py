"""The vocabulary of getting models: what is offered, how far a transfer is, what was checked.

Standard library only: hub, window and command line speak these types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Licence:
    """What somebody accepts before the first byte comes.

    Attributes:
        name: as its owner calls it.
        summary: what it allows and asks for, in two or three plain sentences.
        page: where the whole text is.
        must_accept_on_hub: the hub itself also wants it accepted, by an account, on the page.
    """

    name: str
    summary: str
    page: str
    must_accept_on_hub: bool = False


class OfferState(StrEnum):
    """How much of an offer is on this computer."""

    ABSENT = "absent"
    PARTIAL = "partial"
    INSTALLED = "installed"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model, or a piece that models share, that can be downloaded.

    Attributes:
        id: its folder's name once it is installed.
        title, description: for people.
        repository: owner and name on the hub.
        download_bytes: how much there is to fetch, about; the hub's own figure counts in the end.
        memory_hint: what it needs to run, in words.
        max_seconds: the longest sound, or ``None`` for a shared piece.
        needs: ids of the shared pieces that are fetched with it.
        page: the repository's page, for people.
        state, present_bytes: what is here already.
    """

    id: str
    title: str
    description: str
    repository: str
    licence: Licence
    download_bytes: int
    memory_hint: str
    max_seconds: float | None
    needs: tuple[str, ...]
    page: str
    state: OfferState = OfferState.ABSENT
    present_bytes: int = 0

    @property
    def is_shared_piece(self) -> bool:
        """Whether it makes no sound by itself."""
        return self.max_seconds is None


class TransferPhase(StrEnum):
    """What a download or an import is doing."""

    PREPARING = "preparing"
    DOWNLOADING = "downloading"
    CONVERTING = "converting"
    VERIFYING = "verifying"


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """How far a download, an import or a check of files is.

    Attributes:
        model: the id of what is transferred.
        file: the file that is at work, relative to the model's folder; may be empty.
        done_bytes, total_bytes: of everything; what was here before counts as done.
        bytes_per_second: of the last seconds; ``None`` until there is something to measure.
        eta_seconds: time left at that rate; ``None`` like the rate.
    """

    model: str
    phase: TransferPhase
    file: str
    done_bytes: int
    total_bytes: int
    bytes_per_second: float | None = None
    eta_seconds: float | None = None


Report = Callable[[TransferProgress], None]


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file of an installed model against what it was when it was installed.

    ``problem`` is empty if it is as it was.
    """

    file: str
    bytes: int
    sha256: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """Where an installed model came from and what it consists of.

    Attributes:
        source: a repository and revision, or the path it was imported from; empty for models
            that ship with the application or were put there by hand.
        licence: its name, if known.
        files: path in the folder, size and SHA-256 as they were installed; the hash is empty
            where none was recorded.
        is_bundled: it ships with the application and cannot be removed.
        is_linked: it is used where it lies; removing it removes the entry alone.
        notes: whole sentences on what was chosen or left out when it was imported.
    """

    id: str
    folder: Path
    source: str
    licence: str
    files: tuple[FileCheck, ...]
    is_bundled: bool = False
    is_linked: bool = False
    notes: tuple[str, ...] = ()

    @property
    def total_bytes(self) -> int:
        """Of all files."""
        return sum(item.bytes for item in self.files)


@dataclass(frozen=True, slots=True)
class InstalledLora:
    """A LoRA that requests can name.

    Attributes:
        bytes, sha256: of its file; the hash is empty where none was recorded.
        source: the path that it was imported from; empty if it was put there by hand, and so
            are the following.
        style: whose trainer wrote it.
        rank: the largest inner width of its adapters.
        layers: how many layers of a model it changes.
    """

    name: str
    path: Path
    bytes: int
    sha256: str = ""
    source: str = ""
    style: str = ""
    rank: int | None = None
    layers: int | None = None


@dataclass(frozen=True, slots=True)
class HubAccount:
    """Who the hub will take us for.

    Attributes:
        token_source: "keyring", "hub cache", "environment", or empty without a token.
        name: the account's name, if the hub was asked.
    """

    token_source: str
    name: str = ""
