"""What an installed model consists of, and whether it still does."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from dataclasses import replace
from pathlib import Path

from sa_studio.errors import ModelError, TransferCancelled
from sa_studio.hub.meter import TransferMeter
from sa_studio.hub.record import RECORD, InstallRecord
from sa_studio.hub.store import ModelStore
from sa_studio.json_file import read_json
from sa_studio.model_offers import FileCheck, InstalledModel, Report, TransferPhase

log = logging.getLogger(__name__)

# what bundled models have instead of a record: a list of file, bytes, sha256
MANIFEST = "MANIFEST.json"
BLOCK_BYTES = 1 << 20


def describe(store: ModelStore, model_id: str) -> InstalledModel:
    """Where a model or shared piece is, where it came from and its files; nothing is hashed.

    Raises:
        ModelError: there is none of this id, or its record is damaged.
    """
    folder = store.find(model_id)
    record = store.record(model_id)
    return InstalledModel(
        id=model_id,
        folder=folder,
        source=record.full_source if record else "",
        licence=record.licence if record else "",
        files=_recorded(folder, record) or _listed(folder),
        is_bundled=store.is_bundled(model_id),
        is_linked=bool(record and record.linked),
        notes=record.notes if record else (),
    )


def inventory(store: ModelStore) -> list[InstalledModel]:
    """Every model, the starter first; those with a damaged record without what it said."""
    found = []
    for model_id, folder in store.installed():
        try:
            found.append(describe(store, model_id))
        except ModelError as error:
            log.warning("the record of %s is of no use: %s", model_id, error.one_line())
            bundled = store.is_bundled(model_id)
            found.append(InstalledModel(model_id, folder, "", "", _listed(folder), bundled))
    return found


def _recorded(folder: Path, record: InstallRecord | None) -> tuple[FileCheck, ...]:
    if record is not None:
        return tuple(FileCheck(path, it.bytes, it.sha256) for path, it in record.files.items())
    try:
        rows = read_json(folder / MANIFEST)
        return tuple(FileCheck(row["file"], row["bytes"], row["sha256"]) for row in rows)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(
            f"{str(folder / MANIFEST)!r} cannot be read", "Install the application again."
        ) from error


def _listed(folder: Path) -> tuple[FileCheck, ...]:
    """The files that are there, of which nobody noted what they were."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if name != RECORD and path.is_file():
                relative = path.relative_to(folder).as_posix()
                found.append(FileCheck(relative, path.stat().st_size, ""))
    return tuple(found)


def verify(
    store: ModelStore, model_id: str, report: Report | None, cancel: threading.Event | None
) -> list[FileCheck]:
    """Hash every file again and compare it with what was installed.

    A file of which no hash was noted gets the one that it has.

    Raises:
        ModelError: there is none of this id, or its record is damaged.
        TransferCancelled: ``cancel`` was set.
    """
    model = describe(store, model_id)
    meter = TransferMeter(model_id, report, model.total_bytes)
    never = threading.Event()
    checks = [
        _check(model.folder / item.file, item, meter, cancel or never) for item in model.files
    ]
    meter.finish()
    return checks


def _check(path: Path, item: FileCheck, meter: TransferMeter, cancel: threading.Event) -> FileCheck:
    meter.begin(TransferPhase.VERIFYING, item.file)
    try:
        found = path.stat().st_size
        if found != item.bytes:
            meter.advance(item.bytes)
            return replace(item, problem=f"has {found} bytes instead of {item.bytes}")
        sha256 = _sha256(path, meter, cancel)
    except FileNotFoundError:
        meter.advance(item.bytes)
        return replace(item, problem="is missing")
    except OSError as error:
        return replace(item, problem=f"cannot be read ({error.strerror or error})")
    if item.sha256 not in ("", sha256):
        return replace(item, problem="is not what was installed: its SHA-256 is another one")
    return replace(item, sha256=sha256)


def _sha256(path: Path, meter: TransferMeter, cancel: threading.Event) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            if cancel.is_set():
                raise TransferCancelled("The check was stopped", "Start it again when you like.")
            digest.update(block)
            meter.advance(len(block))
    return digest.hexdigest()
