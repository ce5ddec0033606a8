"""A model or LoRA as the models window lists it: what is offered and what is here, in one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sa_studio.amounts import bytes_text
from sa_studio.errors import ModelError
from sa_studio.generation import ModelInfo
from sa_studio.model_offers import FileCheck, InstalledLora, InstalledModel, Offer, OfferState
from sa_studio.service import Studio
from sa_studio.ui.progress_text import percent

NO_LONGEST = 0.05  # seconds that are shown as 0.0


class EntryKind(StrEnum):
    """What an entry is."""

    MODEL = "model"
    SHARED_PIECE = "shared piece"
    LORA = "LoRA"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One row of the list.

    Attributes:
        offer: how it can be downloaded; ``None`` for what was imported or ships with the
            application.
        installed: what is known of its folder; ``None`` while it is not here.
        info: what the application can do with it; ``None`` while it is not here, for shared
            pieces and for models that cannot be run.
        problem: why an installed model cannot be run.
        needs: titles of the shared pieces that come with it.
        missing_bytes: of those of them that are not here yet.
        lora: what is known of it, if it is a LoRA.
    """

    id: str
    offer: Offer | None = None
    installed: InstalledModel | None = None
    info: ModelInfo | None = None
    problem: ModelError | None = None
    needs: tuple[str, ...] = ()
    missing_bytes: int = 0
    lora: InstalledLora | None = None

    @property
    def kind(self) -> EntryKind:
        """Whether it makes sounds by itself."""
        if self.lora is not None:
            return EntryKind.LORA
        piece = self.offer is not None and self.offer.is_shared_piece
        return EntryKind.SHARED_PIECE if piece else EntryKind.MODEL

    @property
    def title(self) -> str:
        """Its name, for people."""
        if self.lora is not None:
            return self.lora.name
        if self.offer is not None:
            return self.offer.title
        return self.info.title if self.info is not None else self.id

    @property
    def state(self) -> OfferState:
        """How much of it is here."""
        if self.installed is not None or self.lora is not None:
            return OfferState.INSTALLED
        return self.offer.state if self.offer is not None else OfferState.ABSENT

    @property
    def total_bytes(self) -> int:
        """Its size here, or about how much there is to fetch."""
        if self.lora is not None:
            return self.lora.bytes
        if self.installed is not None:
            return self.installed.total_bytes
        return self.offer.download_bytes if self.offer is not None else 0

    @property
    def bytes_to_fetch(self) -> int:
        """About how much is still to be downloaded, with the pieces that it needs."""
        if self.offer is None:
            return 0
        own = self.offer.download_bytes - self.offer.present_bytes
        return max(own, 0) + self.missing_bytes

    @property
    def max_seconds(self) -> float | None:
        """The longest sound, if it makes any."""
        if self.info is not None:
            return self.info.max_seconds
        return self.offer.max_seconds if self.offer is not None else None

    @property
    def files(self) -> tuple[FileCheck, ...]:
        """Its files here."""
        if self.lora is not None:
            return (FileCheck(self.lora.path.name, self.lora.bytes, self.lora.sha256),)
        return self.installed.files if self.installed is not None else ()

    @property
    def place(self) -> Path | None:
        """The folder or file where it is here."""
        if self.lora is not None:
            return self.lora.path
        return self.installed.folder if self.installed is not None else None

    @property
    def source(self) -> str:
        """Where it came from, or would come from."""
        if self.lora is not None:
            return self.lora.source
        if self.installed is not None:
            return self.installed.source
        return self.offer.repository if self.offer is not None else ""

    @property
    def can_be_removed(self) -> bool:
        """Whether it is here and did not come with the application."""
        return self.lora is not None or (
            self.installed is not None and not self.installed.is_bundled
        )

    @property
    def state_text(self) -> str:
        """Its state in a word or two."""
        if self.problem is not None:
            return "cannot be used"
        if self.state is OfferState.INSTALLED:
            return "installed"
        if self.state is OfferState.PARTIAL and self.offer is not None:
            part = percent(self.offer.present_bytes, self.offer.download_bytes)
            return f"partly downloaded · {part} %"
        return "not here"

    @property
    def summary(self) -> str:
        """State, size and longest sound on a line."""
        parts = [self.state_text if self.kind is not EntryKind.LORA else "LoRA"]
        if self.total_bytes:
            parts.append(bytes_text(self.total_bytes))
        if self.max_seconds is not None and self.max_seconds > NO_LONGEST:
            parts.append(f"up to {self.max_seconds:.1f} s")
        return " · ".join(parts)


def entries(studio: Studio) -> list[ModelEntry]:
    """Everything that is here or can be had: what is here first, then what was begun.

    Looks at folders and small files alone, so it may be asked on the GUI thread.
    """
    offers = {offer.id: offer for offer in studio.shelf.offers()}
    installed = {model.id: model for model in studio.shelf.installed()}
    for offer in offers.values():
        if offer.is_shared_piece and offer.state is OfferState.INSTALLED:
            installed[offer.id] = studio.shelf.describe(offer.id)
    found = []
    for model_id in [*installed, *(id_ for id_ in offers if id_ not in installed)]:
        offered = offers.get(model_id)
        pieces = [offers[piece] for piece in offered.needs] if offered else []
        entry = ModelEntry(
            model_id,
            offered,
            installed.get(model_id),
            needs=tuple(piece.title for piece in pieces),
            missing_bytes=sum(piece.download_bytes - piece.present_bytes for piece in pieces),
        )
        found.append(_with_info(studio, entry))
    found += [ModelEntry(lora_entry_id(lora.name), lora=lora) for lora in studio.shelf.loras()]
    states, kinds = list(OfferState)[::-1], list(EntryKind)
    return sorted(found, key=lambda entry: (states.index(entry.state), kinds.index(entry.kind)))


def lora_entry_id(name: str) -> str:
    """The id of a LoRA's entry; a colon is in no model's."""
    return f"lora:{name}"


def _with_info(studio: Studio, entry: ModelEntry) -> ModelEntry:
    """``entry`` with what can be done with it, or why it cannot be used."""
    if entry.installed is None or entry.kind is EntryKind.SHARED_PIECE:
        return entry
    try:
        entry = replace(entry, info=studio.model(entry.id))
    except ModelError as error:
        return replace(entry, problem=error)
    return replace(entry, problem=_missing_piece(studio, entry))


def _missing_piece(studio: Studio, entry: ModelEntry) -> ModelError | None:
    """What keeps an installed model from running that is otherwise as it should be."""
    store = studio.shelf.store
    if store.shared_text_encoder() is not None or entry.id not in store.users_of_text_encoder():
        return None
    return ModelError(
        "It uses the text encoder that models share, which is not here",
        "Choose T5-base in this list and press Download, or import a folder of T5-base.",
    )
