"""Which models are installed, and where: folders and their records, no weights are opened."""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from sa_studio.errors import ModelError
from sa_studio.hub.record import RECORD, InstallRecord
from sa_studio.json_file import read_json

log = logging.getLogger(__name__)

STARTER = "starter"
# a model folder has one of these: the native layout or that of diffusers
MARKERS = ("model_config.json", "transformer/config.json")
# the piece that models share, and what makes it complete
SHARED_TEXT_ENCODER = "t5-base"
TEXT_ENCODER_FILES = ("config.json", "model.safetensors")
# a model that brings its own text encoder has it in one of these
OWN_TEXT_ENCODERS = ("t5", "text_encoder")
INCOMING = ".incoming"
REMOVED = ".removed-"
# what one file system or the other refuses in a name
_FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


class ModelStore:
    """Models that ship with the application and those in the data folder.

    Args:
        bundled: the folder of the former.
        own: the folder of the latter.
    """

    def __init__(self, bundled: Path, own: Path) -> None:
        self._bundled, self._own = bundled, own

    # --- finding ----------------------------------------------------------------------------
    def installed(self) -> Iterator[tuple[str, Path]]:
        """Id and folder of every model, the starter first, then alphabetical.

        The folder of a linked model is the one where it really lies, which may be gone.
        """
        seen = set()
        for root in (self._bundled, self._own):
            found = [path for path in root.glob("*") if not path.name.startswith(".")]
            for path in sorted(found, key=lambda path: (path.name != STARTER, path.name.lower())):
                folder = _real_folder(path)
                if folder is not None and path.name not in seen:
                    seen.add(path.name)
                    yield path.name, folder

    def locate(self, model: str) -> Path:
        """The folder of the model with this id, or at this path.

        Raises:
            ModelError: there is none.
        """
        for model_id, folder in self.installed():
            if model_id == model:
                return folder
        path = existing_path(model)
        if path is not None and path.is_dir():
            return path
        raise self._no_such(model, "Give the path of a model folder, or")

    def find(self, model_id: str) -> Path:
        """The folder of an installed model or shared piece; unlike :meth:`locate`, no paths.

        Raises:
            ModelError: there is none of this id.
        """
        shared = self.shared_text_encoder()
        if model_id == SHARED_TEXT_ENCODER and shared is not None:
            return shared
        for installed, folder in self.installed():
            if installed == model_id:
                return folder
        raise self._no_such(model_id, "Name")

    def _no_such(self, model: str, advice: str) -> ModelError:
        names = ", ".join(model_id for model_id, _ in self.installed()) or "none"
        return ModelError(
            f"There is no model {model!r}", f"{advice} one of the installed models: {names}."
        )

    def has(self, model_id: str) -> bool:
        """Whether a model or shared piece of this id is installed."""
        if model_id == SHARED_TEXT_ENCODER:
            return self.shared_text_encoder() is not None
        return any(installed == model_id for installed, _ in self.installed())

    def shared_text_encoder(self) -> Path | None:
        """The folder of the T5-base that models share, or ``None`` if it is not installed."""
        for root in (self._own, self._bundled):
            folder = root / SHARED_TEXT_ENCODER
            if all((folder / name).is_file() for name in TEXT_ENCODER_FILES):
                return folder
        return None

    def is_bundled(self, model_id: str) -> bool:
        """Whether it ships with the application."""
        return is_model_id(model_id) and (self._bundled / model_id).is_dir()

    def record(self, model_id: str) -> InstallRecord | None:
        """The install record of a model of the data folder; ``None`` for all others.

        Raises:
            ModelError: it is damaged.
        """
        if not is_model_id(model_id) or self.is_bundled(model_id):
            return None
        return InstallRecord.load(self._own / model_id)

    # --- adding -----------------------------------------------------------------------------
    @property
    def own(self) -> Path:
        """The folder of the models that are not bundled."""
        return self._own

    def folder_for(self, model_id: str) -> Path:
        """Where a model of this id belongs, whether it is there or not.

        Raises:
            ModelError: it cannot be the name of a folder.
        """
        if not is_model_id(model_id):
            raise ModelError(
                f"{model_id!r} cannot be the name of a model",
                "Use letters, digits, spaces, dots and hyphens, and no dot at either end.",
            )
        return self._own / model_id

    def incoming(self, model_id: str) -> Path:
        """Where a model of this id is put together before it is installed; ModelError as above."""
        return self._own / INCOMING / self.folder_for(model_id).name

    def check_vacant(self, model_id: str) -> None:
        """Raise ModelError if something that is no such model lies where it would be put."""
        target = self.folder_for(model_id)
        if target.exists() or target.is_symlink():
            raise ModelError(
                f"{str(target)!r} is in the way of the model {model_id}",
                "Move or rename it, and try again.",
            )

    def install(self, model_id: str) -> Path:
        """Move what is complete in :meth:`incoming` into its place, by one rename.

        Returns:
            Its folder.

        Raises:
            ModelError: something of this name is in the way.
            OSError: it cannot be moved.
        """
        # whatever the system would do about it: nothing that is there is written over
        self.check_vacant(model_id)
        return self.incoming(model_id).rename(self.folder_for(model_id))

    # --- removing ---------------------------------------------------------------------------
    def remove(self, model_id: str) -> None:
        """Delete a model or shared piece; of a linked one, only the entry.

        It goes by one rename first, so that half a model never looks like a whole one. No link
        is followed: what it leads to stays.

        Raises:
            ModelError: there is none, it is bundled or needed, or it cannot be deleted.
        """
        self._sweep()
        self.find(model_id)
        if self.is_bundled(model_id):
            raise ModelError(
                f"The model {model_id} ships with the application and cannot be removed",
                "Models that were added later can be.",
            )
        if model_id == SHARED_TEXT_ENCODER and (users := self.users_of_text_encoder()):
            raise ModelError(
                f"{model_id} is needed by {', '.join(users)}",
                "Remove these first, or keep it.",
            )
        entry = self.folder_for(model_id)
        try:
            if entry.is_symlink():
                entry.unlink()
                return
            removed = self._own / f"{REMOVED}{uuid.uuid4().hex}"
            entry.rename(removed)
        except OSError as error:
            raise ModelError(
                f"The model {model_id} cannot be removed ({error.strerror or error})",
                f"Close whatever uses it, or check the permissions of {str(entry)!r}.",
            ) from error
        self._sweep()

    def _sweep(self) -> None:
        """Delete what was removed, now or by a program that was ended while it did so."""
        for path in self._own.glob(f"{REMOVED}*"):
            try:
                shutil.rmtree(path)
            except OSError as error:
                # it is no model any more; the next removal tries again
                log.warning("%s is left over and cannot be deleted: %s", path, error)

    def users_of_text_encoder(self) -> list[str]:
        """The models that would lack their text encoder without the shared one."""
        return [model_id for model_id, folder in self.installed() if _needs_shared(folder)]


def is_model_folder(path: Path) -> bool:
    """Whether ``path`` looks like a model folder."""
    return any((path / marker).is_file() for marker in MARKERS)


def existing_path(text: str) -> Path | None:
    """The path from the root that somebody means by ``text``; ``None`` if nothing is there."""
    # os.path says False to names that no file system takes, where Path would raise
    path = os.path.expanduser(text)  # noqa: PTH111
    return Path(path).absolute() if os.path.exists(path) else None  # noqa: PTH110


def is_model_id(text: str) -> bool:
    """Whether a folder can be called this on every system, and is listed."""
    return (
        0 < len(text.encode(errors="replace")) <= 200
        and text == text.strip(". ")
        and _FORBIDDEN.isdisjoint(text)
    )


def _real_folder(entry: Path) -> Path | None:
    """Where the model of this entry lies: there, or elsewhere if it is linked."""
    if is_model_folder(entry):
        return entry
    if not (entry / RECORD).is_file():
        return None
    try:
        record = InstallRecord.load(entry)
    except ModelError as error:
        log.warning("%s is left out: %s", entry, error.one_line())
        return None
    return None if record is None else record.linked


def _needs_shared(folder: Path) -> bool:
    """Whether a model speaks to T5 and does not bring one."""
    if any((folder / name).is_dir() for name in OWN_TEXT_ENCODERS):
        return False
    try:
        config = read_json(folder / "model_config.json")
        conditioners = config["model"]["conditioning"]["configs"]
        return any(item["type"] == "t5" for item in conditioners)
    except (OSError, ValueError, TypeError, KeyError):
        return False  # it cannot be used, whatever lies beside it
