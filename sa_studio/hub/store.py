"""Which models are installed, and where: folders alone, nothing is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sa_studio.errors import ModelError

STARTER = "starter"
# a model folder has one of these: the native layout or that of diffusers
MARKERS = ("model_config.json", "transformer/config.json")


class ModelStore:
    """Models that ship with the application and those in the data folder.

    Args:
        bundled: the folder of the former.
        own: the folder of the latter.
    """

    def __init__(self, bundled: Path, own: Path) -> None:
        self._bundled, self._own = bundled, own

    def installed(self) -> Iterator[tuple[str, Path]]:
        """Id and folder of every model, the starter first, then alphabetical."""
        seen = set()
        for root in (self._bundled, self._own):
            found = (path for path in root.glob("*") if is_model_folder(path))
            for path in sorted(found, key=lambda path: (path.name != STARTER, path.name.lower())):
                if path.name not in seen:
                    seen.add(path.name)
                    yield path.name, path

    def locate(self, model: str) -> Path:
        """The folder of the model with this id, or at this path.

        Raises:
            ModelError: there is none.
        """
        for model_id, folder in self.installed():
            if model_id == model:
                return folder
        # os.path says False to names that no file system takes, where Path would raise
        path = os.path.expanduser(model)  # noqa: PTH111
        if os.path.isdir(path):  # noqa: PTH112
            return Path(path).absolute()
        names = ", ".join(model_id for model_id, _ in self.installed()) or "none"
        raise ModelError(
            f"There is no model {model!r}",
            f"Give the path of a model folder, or one of the installed models: {names}.",
        )


def is_model_folder(path: Path) -> bool:
    """Whether ``path`` looks like a model folder."""
    return any((path / marker).is_file() for marker in MARKERS)
