"""The models: which are here, of what they consist, and whether they can be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from sa_studio.amounts import bytes_text, done_text
from sa_studio.doctor.finding import Finding, State, guarded
from sa_studio.errors import ModelError
from sa_studio.hub.store import SHARED_TEXT_ENCODER
from sa_studio.model_offers import FileCheck, InstalledModel, Offer, OfferState
from sa_studio.service import Studio

SHOWN_HASH_CHARACTERS = 12
WEIGHTS = (".safetensors", ".ckpt")


def examine_models(studio: Studio, *, verify: bool) -> Iterator[Finding]:
    """Every installed model, shared piece and unfinished download."""
    installed = studio.shelf.installed()
    names = ", ".join(item.id for item in installed)
    yield Finding(
        "Models",
        State.OK if installed else State.PROBLEM,
        names or "none",
        "" if installed else "The starter model is missing: install SA Studio again.",
    )
    for item in installed:
        name = f"Model {item.id}"
        yield from guarded(name, partial(_model, studio, item, name, verify))
    for offer in studio.shelf.offers():
        if offer.state is OfferState.PARTIAL:
            yield _unfinished(offer)
        elif offer.is_shared_piece and offer.state is OfferState.INSTALLED:
            name = f"Shared piece {offer.id}"
            yield from guarded(name, partial(_piece, studio, offer, name, verify))


def _model(studio: Studio, item: InstalledModel, name: str, verify: bool) -> Iterator[Finding]:
    try:
        info = studio.model(item.id)
        _check_text_encoder(studio, item.id)
    except ModelError as error:
        hint = error.hint or f"Remove it: sa-studio models remove {item.id}"
        yield Finding(name, State.PROBLEM, error.message, hint, _facts(item))
        return
    title = f"{info.title}, up to {info.max_seconds:.1f} s"
    yield _checked(studio, item, name, title, verify)


def _piece(studio: Studio, offer: Offer, name: str, verify: bool) -> Iterator[Finding]:
    yield _checked(studio, studio.shelf.describe(offer.id), name, offer.title, verify)


def _check_text_encoder(studio: Studio, model_id: str) -> None:
    """Raise ModelError if the model shares a text encoder that is not here."""
    store = studio.shelf.store
    if store.shared_text_encoder() is None and model_id in store.users_of_text_encoder():
        raise ModelError(
            f"{model_id} uses the text encoder that models share, which is not installed",
            f"Get it with: sa-studio models download {SHARED_TEXT_ENCODER}",
        )


def _checked(studio: Studio, item: InstalledModel, name: str, title: str, verify: bool) -> Finding:
    """Compare the files with what was installed: by their hashes, or only by their sizes."""
    checks = (
        studio.shelf.verify(item.id) if verify else list(map(partial(_sized, item), item.files))
    )
    bad = [check for check in checks if check.problem]
    facts = _facts(item, checks)
    if bad:
        text = f"{title}: {'; '.join(f'{check.file} {check.problem}' for check in bad)}"
        return Finding(name, State.PROBLEM, text, _how_to_renew(item), facts)
    text = f"{title}; {_size(item)}{_hash(item)}"
    if verify:
        text += "; every file is as it was installed"
    return Finding(name, State.OK, text, details=facts)


def _sized(item: InstalledModel, check: FileCheck) -> FileCheck:
    """``check`` with a problem if the file is gone or has another size."""
    try:
        found = (item.folder / check.file).stat().st_size
    except FileNotFoundError:
        return replace(check, problem="is missing")
    if found != check.bytes:
        return replace(check, problem=f"has {found} bytes instead of {check.bytes}")
    return check


def _size(item: InstalledModel) -> str:
    files = "1 file" if len(item.files) == 1 else f"{len(item.files)} files"
    return f"{files}, {bytes_text(item.total_bytes)}"


def _hash(item: InstalledModel) -> str:
    """The hash that tells which weights these are: that of the largest file, as was recorded."""
    weights = [check for check in item.files if check.file.endswith(WEIGHTS) and check.sha256]
    if not weights:
        return ""
    main = max(weights, key=lambda check: ("/" not in check.file, check.bytes))
    return f"; {main.file} has SHA-256 {main.sha256[:SHOWN_HASH_CHARACTERS]}…"


def _how_to_renew(item: InstalledModel) -> str:
    if item.is_bundled:
        return "Install SA Studio again."
    return (
        f"Remove it (sa-studio models remove {item.id}), then download it again, or import it "
        "again from where it came."
    )


def _facts(item: InstalledModel, checks: list[FileCheck] | None = None) -> dict[str, Any]:
    return {
        "id": item.id,
        "folder": str(item.folder),
        "source": item.source,
        "licence": item.licence,
        "bytes": item.total_bytes,
        "files": [asdict(check) for check in checks or item.files],
    }


def _unfinished(offer: Offer) -> Finding:
    here, whole = offer.present_bytes, offer.download_bytes
    return Finding(
        f"Unfinished download {offer.id}",
        State.NOTE,
        f"{offer.title}: {done_text(here, whole)} are here",
        f"To go on: sa-studio models download {offer.id}; to throw it away: sa-studio models "
        f"remove {offer.id}",
        {"id": offer.id, "present_bytes": here, "total_bytes": whole},
    )
