"""What is known of the model and the LoRAs that made a sound, whether they are here or not."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path

from sa_studio.errors import HubError, ModelError
from sa_studio.hub import inspection
from sa_studio.hub.catalog import Catalog
from sa_studio.hub.lora_store import LoraStore
from sa_studio.hub.store import ModelStore
from sa_studio.json_file import read_json
from sa_studio.model_offers import InstalledModel, Offer

log = logging.getLogger(__name__)

MODEL_CARD = "README.md"
# a card's front matter has "license: apache-2.0", a table "| licence | Apache-2.0; … |"
LICENCE = re.compile(
    r"^\|?[ \t]*licen[cs]e[ \t]*[:|][ \t]*([^;|\n]+)", re.IGNORECASE | re.MULTILINE
)
CARD_CHARACTERS = 20_000
MAX_LICENCE_CHARACTERS = 100
# what of a model decides how it sounds
WEIGHTS = (".safetensors", ".json")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a delivered file and the ledger say of a model.

    Attributes:
        id: as in the request.
        title: for people.
        licence: its name; empty if nobody noted it.
        sha256: one hash for all of its files, from those noted when it was installed; empty if
            there are none.
    """

    id: str
    title: str
    licence: str = ""
    sha256: str = ""


class ModelBook:
    """Titles, licences and hashes of models, and hashes of LoRAs.

    Small files are read each time it is asked; nothing is hashed and no network is asked.

    Args:
        store: the models that are here.
        catalog: the file with the models that can be had; those that are gone are still in it.
        loras: the LoRAs that are here.
    """

    def __init__(self, store: ModelStore, catalog: Path, loras: LoraStore) -> None:
        self._store, self._catalog_file, self._loras = store, catalog, loras
        self._catalog: Catalog | None = None

    def facts(self, model: str) -> ModelFacts:
        """What is known of the model of this id or path."""
        offer = self.offer(model)
        try:
            folder = self._store.locate(model)
        except ModelError:  # it was removed since, or made the sound on another computer
            title = offer.title if offer else Path(model).name or model
            return ModelFacts(model, title, offer.licence.name if offer else "")
        installed = self._described(model)
        licence = installed.licence if installed else ""
        if not licence:
            licence = offer.licence.name if offer else _licence_of(folder)
        return ModelFacts(model, _title_of(folder), licence, _hash_of(installed))

    def with_hash(self, sha256: str) -> str | None:
        """The id of an installed model of these very files, whatever it was called elsewhere."""
        if not sha256:
            return None
        for model, _ in self._store.installed():
            if self.facts(model).sha256 == sha256:
                return model
        return None

    def lora_hash(self, lora: str) -> str:
        """The hash of an installed LoRA, as noted when it was imported; empty if it was not."""
        return next((item.sha256 for item in self._loras.installed() if item.name == lora), "")

    def lora_with_hash(self, sha256: str) -> str | None:
        """The name of an installed LoRA of this very file, whatever it was called elsewhere."""
        if not sha256:
            return None
        return next((item.name for item in self._loras.installed() if item.sha256 == sha256), None)

    def offer(self, model: str) -> Offer | None:
        """What can be downloaded under this id."""
        if self._catalog is None:
            self._catalog = Catalog(self._catalog_file)
        try:
            return self._catalog.entry(model).offer
        except HubError:
            return None

    def _described(self, model: str) -> InstalledModel | None:
        try:
            return inspection.describe(self._store, model)
        except ModelError as error:  # a folder that is no model of the store, or a damaged record
            log.debug("of the model %s nothing is noted: %s", model, error.one_line())
            return None


def _title_of(folder: Path) -> str:
    """What a model calls itself, else the name of its folder."""
    try:
        config = read_json(folder / "model_config.json")
        title = config["sa_studio"]["title"]
    except (OSError, ValueError, TypeError, KeyError):  # most say nothing
        return folder.name
    return title if isinstance(title, str) and title else folder.name


def _licence_of(folder: Path) -> str:
    """What a model's card says."""
    try:
        with (folder / MODEL_CARD).open(encoding="utf-8", errors="replace") as card:
            found = LICENCE.search(card.read(CARD_CHARACTERS))
    except OSError:
        return ""
    return found[1].strip(" \"'`*")[:MAX_LICENCE_CHARACTERS] if found else ""


def _hash_of(model: InstalledModel | None) -> str:
    files = [item for item in model.files if item.file.endswith(WEIGHTS)] if model else []
    if not files or not all(item.sha256 for item in files):
        return ""
    lines = "".join(f"{item.sha256}  {item.file}\n" for item in sorted(files, key=lambda i: i.file))
    return hashlib.sha256(lines.encode()).hexdigest()
