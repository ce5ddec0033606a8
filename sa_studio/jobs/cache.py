"""The model that was used last stays loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sa_studio.engine.background_import import background_import

if TYPE_CHECKING:
    from sa_studio.engine import AudioPipeline

Load = Callable[..., "AudioPipeline"]


def engine_loader(text_encoder: Callable[[], Path | None]) -> Load:
    """Loads models with the engine.

    Args:
        text_encoder: tells where the text encoder is that models without their own share.
    """

    def load(path: Path, *, device: str, dtype: str) -> AudioPipeline:
        # torch comes in here, on the thread that generates, not when the window opens; parts of
        # transformers only with the first model
        with background_import():
            from sa_studio.engine import load_model

            return load_model(path, device=device, dtype=dtype, text_encoder=text_encoder())

    return load


class ModelCache:
    """Holds one loaded model. Used by the thread that runs jobs alone."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._key: tuple[Path, str, str] | None = None
        self._pipeline: AudioPipeline | None = None

    def has(self, path: Path, device: str, dtype: str) -> bool:
        """Whether :meth:`get` would return at once."""
        return self._key == (path, device, dtype)

    def get(self, path: Path, device: str, dtype: str) -> AudioPipeline:
        """The model in this folder, loaded now unless it was the last one that was asked for.

        Raises:
            ModelError: it cannot be loaded.
        """
        if self._pipeline is None or not self.has(path, device, dtype):
            self.clear()  # first, so that two models are never in memory at once
            self._pipeline = self._load(path, device=device, dtype=dtype)
            self._key = (path, device, dtype)
        return self._pipeline

    def reload_in_full_precision(self) -> AudioPipeline:
        """The loaded model, loaded anew in float32; it stands in for the one that was asked for.

        Raises:
            OutOfMemory: it does not fit.
        """
        if self._key is None:
            raise ValueError("no model is loaded")
        path, device, _ = key = self._key
        self.clear()
        self._pipeline = self._load(path, device=device, dtype="float32")
        self._key = key
        return self._pipeline

    def clear(self) -> None:
        """Let go of the model, and of its memory."""
        if self._pipeline is None:
            return
        self._pipeline, self._key = None, None
        from sa_studio.engine.devices import release_memory  # the model has brought torch in

        release_memory()
