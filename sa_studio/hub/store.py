"""Which models are installed, and where: folders alone, nothing is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sa_studio.errors import ModelError

STARTER = "starter"
# a model folder has one of these: the native layout or that of diffusers
MARKERS = ("model_config.json", "model_index.json")


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
        path = Path(model).expanduser()
        if model and path.is_dir():
            return path
        names = ", ".join(model_id for model_id, _ in self.installed()) or "none"
        raise ModelError(
            f"There is no model {model!r}",
            f"Give the path of a model folder, or one of the installed models: {names}.",
        )


def is_model_folder(path: Path) -> bool:
    """Whether ``path`` looks like a model folder."""
    return any((path / marker).is_file() for marker in MARKERS)
