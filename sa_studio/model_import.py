"""Imports: from files that somebody has to a model in the store."""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sa_studio.amounts import bytes_text
from sa_studio.engine.background_import import background_import
from sa_studio.engine.config import read_model_folder
from sa_studio.errors import ModelError, TransferCancelled
from sa_studio.hub.claim import Claim
from sa_studio.hub.meter import TransferMeter
from sa_studio.hub.record import InstallRecord, RecordedFile
from sa_studio.hub.store import INCOMING, SHARED_TEXT_ENCODER, ModelStore, is_model_id
from sa_studio.json_file import read_json
from sa_studio.model_offers import FileCheck, Report, TransferPhase

if TYPE_CHECKING:
    from sa_studio.engine.model_sources import ModelSource

log = logging.getLogger(__name__)

# left free, so that the system can go on
SPARE_BYTES = 100_000_000
# what a model is called if nothing of its source's name can be a folder's
_NAMELESS = "model"
# names of files that say nothing of the model; its folder's name does
_GENERAL_NAMES = frozenset({"model", "diffusion_pytorch_model", "pytorch_model", "last"})
# devices on Windows
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_UNUSABLE = re.compile(r"[^\w.-]+")
_LONGEST_ID = 80
# in UTF-8; a number may be added
_MOST_BYTES = 190


class ModelImport:
    """One import.

    Args:
        store: where the model goes.
        source: a model folder or a file of weights.
        name: what it shall be called; else it is called as the source is.
        config: its configuration, if that does not lie beside the weights.
        autoencoder_from: an installed model, or the path of one, that lends its autoencoder.
    """

    def __init__(
        self,
        store: ModelStore,
        source: Path,
        *,
        name: str | None = None,
        config: Path | None = None,
        autoencoder_from: str | None = None,
    ) -> None:
        self._store = store
        self._source = source.expanduser().absolute()
        self._name = (name or "").strip()
        self._config = config
        self._autoencoder_from = autoencoder_from
        self._is_text_encoder = is_t5(self._source)

    def run(self, *, in_place: bool, report: Report, cancel: threading.Event) -> str:
        """Import it; see :meth:`sa_studio.model_shelf.ModelShelf.import_model`."""
        for path in (self._source, self._config):
            # os.path says False to names that no file system takes, where Path would raise
            if path is not None and not os.path.exists(path):  # noqa: PTH110
                raise ModelError(f"{str(path)!r} does not exist", "Check how it is written.")
            if path is not None and not (path.is_file() or path.is_dir()):
                # a pipe, for example, which would be waited for for ever
                raise ModelError(
                    f"{str(path)!r} is neither a file nor a folder", "Choose one of these."
                )
        model_id = self._choose_id()
        try:
            (self._store.own / INCOMING).mkdir(parents=True, exist_ok=True)
            lock = self._store.own / INCOMING / f"{model_id}.lock"
            with closing(Claim(lock, model_id)):
                self._store.check_vacant(model_id)
                staging = self._empty_staging(model_id)
                try:
                    meter = TransferMeter(model_id, report)
                    meter.begin(TransferPhase.PREPARING)
                    make = self._link if in_place else self._convert
                    make(staging, meter, cancel).save(staging)
                    _stop_if(cancel)
                    self._store.install(model_id)
                    meter.finish()
                except BaseException:
                    shutil.rmtree(staging, ignore_errors=True)
                    raise
        except OSError as error:
            raise self._disk_error(error) from error
        log.info("imported %s as %s", self._source, model_id)
        return model_id

    # --- its id -----------------------------------------------------------------------------
    def _choose_id(self) -> str:
        """The id for the name that was given; without one, the first free one like the source's.

        Raises:
            ModelError: the name is taken, or nothing of it can be a folder's name.
        """
        if self._is_text_encoder:
            if self._store.has(SHARED_TEXT_ENCODER):
                raise ModelError(
                    f"{SHARED_TEXT_ENCODER} is here already",
                    "Models without one of their own use it.",
                )
            return SHARED_TEXT_ENCODER
        wanted = (
            model_id_for(self._name)
            if self._name
            else model_id_for(self._usual_name()) or _NAMELESS
        )
        if not is_model_id(wanted):
            raise ModelError(
                f"{self._name!r} cannot be the name of a model", "Use some letters or digits."
            )
        if not self._is_taken(wanted):
            return wanted
        if self._name:
            raise ModelError(
                f"There is a model {wanted!r} already", "Choose another name, or remove that one."
            )
        numbered = (f"{wanted}-{number}" for number in range(2, 1000))
        return next(model_id for model_id in numbered if not self._is_taken(model_id))

    def _is_taken(self, model_id: str) -> bool:
        entry = self._store.folder_for(model_id)
        return (
            model_id == SHARED_TEXT_ENCODER
            or self._store.has(model_id)
            or self._store.is_bundled(model_id)
            or entry.exists()
            or entry.is_symlink()
        )

    def _usual_name(self) -> str:
        path = self._source
        if path.is_file():
            if path.stem.lower() not in _GENERAL_NAMES and path.suffix != ".json":
                return path.stem
            path = path.parent
        if path.parent.name == "snapshots" and _COMMIT.fullmatch(path.name):
            # the hub's own cache: models--owner--name/snapshots/commit
            return path.parent.parent.name.rpartition("--")[2]
        return path.name

    # --- its files --------------------------------------------------------------------------
    def _empty_staging(self, model_id: str) -> Path:
        """A place for the model that is not there yet; what a crashed import left goes.

        Raises:
            ModelError: an unfinished download of this name is there, which shall be kept.
        """
        staging = self._store.incoming(model_id)
        if staging.exists():
            record = InstallRecord.load(staging)
            if record is not None and record.revision:
                raise ModelError(
                    f"A download of {model_id} was begun and not finished",
                    "Finish or discard it, or choose another name for the import.",
                )
            shutil.rmtree(staging)
        return staging

    def _convert(
        self, staging: Path, meter: TransferMeter, cancel: threading.Event
    ) -> InstallRecord:
        # here, because it brings in torch
        with background_import():
            from sa_studio.engine.import_model import CheckedModel
            from sa_studio.engine.model_sources import open_autoencoder, open_model

        if self._is_text_encoder:
            return self._keep_text_encoder(staging, meter, cancel)
        source = open_model(self._source, self._config)
        if self._autoencoder_from is not None:
            lender = open_autoencoder(self._lender(self._autoencoder_from))
            source = source.with_autoencoder(lender)
        elif source.lacks_autoencoder:
            raise self._autoencoder_missing(source)
        model = CheckedModel(source, self._store.shared_text_encoder(), title=self._name)
        advance = self._begin(model.bytes, meter, cancel)
        return self._record(model.write(staging, advance), source.notes)

    def _keep_text_encoder(
        self, staging: Path, meter: TransferMeter, cancel: threading.Event
    ) -> InstallRecord:
        from sa_studio.engine.import_model import CheckedTextEncoder

        encoder = CheckedTextEncoder(self._source)
        advance = self._begin(encoder.bytes, meter, cancel)
        return self._record(encoder.write(staging, advance), ())

    def _begin(
        self, needed: int, meter: TransferMeter, cancel: threading.Event
    ) -> Callable[[str, int], None]:
        """Check the space for ``needed`` bytes; returns what is to be told about each of them."""
        self._check_space(needed)
        meter.expect(needed, 0)
        _stop_if(cancel)
        at_work = ""

        def advance(file: str, count: int) -> None:
            nonlocal at_work
            _stop_if(cancel)
            if file != at_work:
                at_work = file
                meter.begin(TransferPhase.CONVERTING, file)
            meter.advance(count)

        return advance

    def _record(self, files: Iterable[FileCheck], notes: tuple[str, ...]) -> InstallRecord:
        return InstallRecord(
            str(self._source),
            files={item.file: RecordedFile(item.bytes, item.sha256) for item in files},
            notes=notes,
        )

    def _link(self, staging: Path, meter: TransferMeter, cancel: threading.Event) -> InstallRecord:
        if self._config is not None or self._autoencoder_from is not None:
            raise ModelError(
                "What is used where it lies cannot be put together from several places",
                "Import a copy instead.",
            )
        if self._is_text_encoder or not self._source.is_dir():
            raise ModelError(
                f"{str(self._source)!r} is no model folder, and only those can be used where they "
                "lie",
                "Import a copy instead.",
            )
        from sa_studio.engine.import_model import check_loadable

        check_loadable(self._source)
        meter.expect(0, 0)
        _stop_if(cancel)
        staging.mkdir()
        return InstallRecord(str(self._source), linked=self._source)

    # --- what may be wrong ------------------------------------------------------------------
    def _lender(self, name: str) -> Path:
        path = Path(name).expanduser()
        return path if path.is_file() else self._store.locate(name)

    def _autoencoder_missing(self, source: ModelSource) -> ModelError:
        wanted = source.config.pretransform.autoencoder
        fitting = [model_id for model_id, config in self._autoencoders() if config == wanted]
        message = f"The model in {str(self._source)!r} comes without its autoencoder"
        if fitting:
            return ModelError(
                message,
                f"Take that of an installed model: {', '.join(fitting)} would do "
                f"(--autoencoder-from {fitting[0]}).",
            )
        return ModelError(
            f"{message}, and no installed model has one that fits",
            "Install the model that it was fine-tuned from first. Most came from Stable Audio "
            "Open: sa-studio models download stable-audio-open-small brings its autoencoder.",
        )

    def _autoencoders(self) -> Iterator[tuple[str, object]]:
        """The installed models with the configurations of their autoencoders."""
        for model_id, folder in self._store.installed():
            try:
                yield model_id, read_model_folder(folder).pretransform.autoencoder
            except ModelError as error:
                log.info("%s lends nothing: %s", model_id, error.one_line())

    def _check_space(self, needed: int) -> None:
        free = shutil.disk_usage(self._store.own).free
        if needed + SPARE_BYTES > free:
            raise ModelError(
                f"The disk has too little space: {bytes_text(needed)} are needed, "
                f"{bytes_text(free)} are free at {str(self._store.own)!r}",
                "Free some space there, choose a data folder on another disk with --data-dir, or "
                "use the model where it lies.",
            )

    def _disk_error(self, error: OSError) -> ModelError:
        where = str(self._store.own)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return ModelError(
                f"The disk is full at {where!r}",
                "Nothing of the import is left there; free some space and try again.",
            )
        return ModelError(
            f"{str(error.filename or where)!r} cannot be used ({error.strerror or error})",
            "Check the permissions and the disk, and try again.",
        )


def model_id_for(name: str) -> str:
    """A folder's name on every system for the name that somebody gave; empty if there is none."""
    text = _UNUSABLE.sub("-", name).strip("-. ")[:_LONGEST_ID]
    # whole characters only
    text = text.encode(errors="ignore")[:_MOST_BYTES].decode(errors="ignore").strip("-. ")
    return f"{text}-model" if _RESERVED.fullmatch(text) else text


def is_t5(folder: Path) -> bool:
    """Whether a folder is that of a T5 alone: the text encoder that models share, maybe."""
    try:
        content = read_json(folder / "config.json")
        return isinstance(content, dict) and content.get("model_type") == "t5"
    except (OSError, ValueError):
        return False


def _stop_if(cancel: threading.Event) -> None:
    if cancel.is_set():
        raise TransferCancelled(
            "The import was stopped", "Nothing of it is left; start it again when you like."
        )
