"""The one module that knows the folders.

Everything the application writes lies under one data folder; ``--data-dir`` or
``SA_STUDIO_DATA_DIR`` moves it all at once.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sa_studio.errors import DataFolderError

DATA_DIR_VARIABLE = "SA_STUDIO_DATA_DIR"


def bundle_root() -> Path:
    """The folder that holds ``models/`` and ``resources/``: checkout, wheel or frozen app."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen)
    package = Path(__file__).resolve().parent
    checkout = package.parent
    if (checkout / "resources").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout
    return package / "_bundle"


def bundled_models() -> Path:
    """Where the models that ship with the application lie."""
    return bundle_root() / "models"


def resources() -> Path:
    """Icons, fonts and built-in presets."""
    return bundle_root() / "resources"


def default_data_dir() -> Path:
    """The user's data folder by the platform's custom."""
    return platformdirs.user_data_path("SA Studio", appauthor=False)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folders and files below one data folder."""

    root: Path

    @classmethod
    def choose(cls, data_dir: str | os.PathLike[str] | None = None) -> DataFolder:
        """The folder named, else ``SA_STUDIO_DATA_DIR``, else the platform's own."""
        chosen = data_dir or os.environ.get(DATA_DIR_VARIABLE) or default_data_dir()
        return cls(Path(chosen).expanduser().absolute())

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def library(self) -> Path:
        return self.root / "library.sqlite3"

    @property
    def clips(self) -> Path:
        return self.root / "clips"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def presets(self) -> Path:
        return self.root / "presets"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def create(self) -> None:
        """Make the folders and prove that they can be written.

        Raises:
            DataFolderError: with the operating system's reason.
        """
        try:
            for folder in (self.root, self.clips, self.models, self.presets, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
                probe = folder / f".write-test-{os.getpid()}"
                probe.write_bytes(b"")
                probe.unlink()
        except OSError as error:
            reason = error.strerror or str(error)
            raise DataFolderError(
                f"The data folder {str(self.root)!r} cannot be written ({reason})",
                "Choose another with --data-dir, or change its permissions.",
            ) from error
