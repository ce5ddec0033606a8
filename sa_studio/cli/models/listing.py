"""``models list``, ``catalog`` and ``info``: what is here, what can be had, and all about one."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.amounts import bytes_text, done_text
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.output import show
from sa_studio.cli.studio import open_studio
from sa_studio.errors import ModelError
from sa_studio.generation import ModelInfo
from sa_studio.model_offers import InstalledModel, Offer, OfferState
from sa_studio.vocabulary.sounds import Vocabulary

if TYPE_CHECKING:
    from sa_studio.service import Studio


def add_to(models: Any) -> None:
    """Add the commands to the grammar."""
    listed = models.add_parser("list", help="what is installed")
    listed.set_defaults(command=run_list)
    catalog = models.add_parser("catalog", help="what can be downloaded, and how much is here")
    catalog.set_defaults(command=run_catalog)
    info = models.add_parser("info", help="everything about a model")
    info.add_argument("model", metavar="ID|PATH")
    info.set_defaults(command=run_info)
    for command in (listed, catalog, info):
        command.add_argument("--json", action="store_true")


def run_list(arguments: argparse.Namespace) -> int:
    """Every installed model; those that cannot be used say why."""
    with open_studio(arguments) as studio:
        for item in studio.shelf.installed():
            try:
                info, problem = studio.model(item.id), ""
            except ModelError as error:
                info, problem = None, error.one_line()
            if arguments.json:
                print(json.dumps(_facts(item.id, item.folder, info, item, problem)))
            elif info is None:
                print(f"{item.id}  cannot be used: {problem}")
            else:
                print(f"{item.id}  {_in_words(info, item)}")
    return DONE


def _in_words(info: ModelInfo, item: InstalledModel) -> str:
    words = [info.title, f"up to {info.max_seconds:.1f} s", bytes_text(item.total_bytes)]
    if item.is_bundled:
        words.append("ships with SA Studio")
    elif item.source:
        words.append(f"{'used where it lies, ' if item.is_linked else ''}from {item.source}")
    return ", ".join(words)


def run_catalog(arguments: argparse.Namespace) -> int:
    """Everything that can be downloaded."""
    with open_studio(arguments) as studio:
        for offer in studio.shelf.offers():
            if arguments.json:
                print(json.dumps(asdict(offer)))
                continue
            print(f"{offer.id}  {offer.title}, {_state(offer)}, {offer.licence.name}")
            print(f"    {offer.description} {offer.memory_hint}.")
    return DONE


def _state(offer: Offer) -> str:
    if offer.state is OfferState.INSTALLED:
        return "installed"
    if offer.state is OfferState.PARTIAL:
        return f"{done_text(offer.present_bytes, offer.download_bytes)} are here"
    return bytes_text(offer.download_bytes)


def run_info(arguments: argparse.Namespace) -> int:
    """Configuration, defaults, files and origin of one model."""
    with open_studio(arguments) as studio:
        facts, info = _all_about(studio, arguments.model)
    if not arguments.json:
        facts |= facts.pop("defaults", {})
        facts.pop("vocabulary", None)
        if "files" in facts:
            facts["files"] = "".join(map(_file_in_words, facts["files"]))
        if info is not None:
            facts |= _vocabulary_in_words(info.vocabulary)
    show(facts, as_json=arguments.json)
    return DONE


def _vocabulary_in_words(vocabulary: Vocabulary) -> dict[str, Any]:
    """A line of sounds for each category; nothing of what the model does not say."""
    sounds = "".join(
        f"\n    {category} ({len(classes)}): {', '.join(sound.label for sound in classes)}"
        for category, classes in vocabulary.by_category().items()
    )
    return {
        **({"sounds": sounds} if sounds else {}),
        **({"words": vocabulary.words} if vocabulary.words else {}),
    }


def _file_in_words(file: dict[str, Any]) -> str:
    return (
        f"\n    {file['file']}  {bytes_text(file['bytes'])}  {file['sha256'] or 'no hash recorded'}"
    )


def _all_about(studio: Studio, model: str) -> tuple[dict[str, Any], ModelInfo | None]:
    """The facts of an installed model, of a shared piece, or of a folder elsewhere.

    Of a model also what they are taken from.

    Raises:
        ModelError: there is no such model; if it can be downloaded, the hint says so.
    """
    pieces = {offer.id: offer for offer in studio.shelf.offers() if offer.is_shared_piece}
    if model in pieces:
        if pieces[model].state is not OfferState.INSTALLED:
            raise ModelError(
                f"{pieces[model].title} is not installed",
                f"Get it with: sa-studio models download {model}",
            )
        item = studio.shelf.describe(model)
        facts = _facts(model, item.folder, None, item, "")
        return {"title": pieces[model].title, **facts}, None
    info = studio.model(model)
    installed = {item.id: item for item in studio.shelf.installed()}
    return _facts(model, info.path, info, installed.get(model), ""), info


def _facts(
    model: str, folder: Path, info: ModelInfo | None, item: InstalledModel | None, problem: str
) -> dict[str, Any]:
    """A model as scripts see it; what is not known is left out."""
    facts: dict[str, Any] = {"id": model, **(asdict(info) if info else {}), "path": str(folder)}
    if item is not None:
        facts |= {
            "bytes": item.total_bytes,
            "source": item.source,
            "licence": item.licence,
            "bundled": item.is_bundled,
            "linked": item.is_linked,
            "notes": list(item.notes),
            "files": [
                {"file": file.file, "bytes": file.bytes, "sha256": file.sha256}
                for file in item.files
            ],
        }
    return facts | ({"problem": problem} if problem else {})
