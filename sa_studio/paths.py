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
        # unlike Path.expanduser, this leaves the ~ of an unknown user as it is
        return cls(Path(os.path.expanduser(chosen)).absolute())  # noqa: PTH111

    @property
    def settings(self) -> Path:
        """The user's settings."""
        return self.root / "settings.json"

    @property
    def library(self) -> Path:
        """The database of everything that was made."""
        return self.root / "library.sqlite3"

    @property
    def clips(self) -> Path:
        """Finished sounds."""
        return self.root / "clips"

    @property
    def rendered(self) -> Path:
        """Sounds as they were dragged out."""
        return self.root / "rendered"

    @property
    def models(self) -> Path:
        """Models beside those that ship with the application."""
        return self.root / "models"

    @property
    def loras(self) -> Path:
        """LoRAs that requests can name."""
        return self.root / "loras"

    @property
    def presets(self) -> Path:
        """The user's own presets."""
        return self.root / "presets"

    @property
    def logs(self) -> Path:
        """What to send with a report."""
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
