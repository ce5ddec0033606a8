from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sa_studio.engine import AudioPipeline, load_model
from tests.tiny_model import make_tiny_model


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model with the objective v; not to be changed."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], AudioPipeline]:
    """A loaded tiny model of the objective asked for, on the CPU."""

    @cache
    def load(objective: str) -> AudioPipeline:
        folder = make_tiny_model(tmp_path_factory.mktemp(objective), objective=objective)
        return load_model(folder, device="cpu")

    return load
