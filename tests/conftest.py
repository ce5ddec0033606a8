"""Tests never touch the real data folder, keyring, a network, a display or a sound device."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sa_studio.generation import GenerationRequest
    from sa_studio.service import Studio

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ["TRANSFORMERS_OFFLINE"] = "1"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, chosen by the environment variable."""
    folder = tmp_path / "data"
    monkeypatch.setenv("SA_STUDIO_DATA_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread of ours running."""
    before = set(threading.enumerate())
    yield
    leaked = [
        thread
        for thread in set(threading.enumerate()) - before
        if thread.name.startswith("sa-studio")
    ]
    for thread in leaked:
        thread.join(timeout=2)
    alive = [thread.name for thread in leaked if thread.is_alive()]
    assert not alive, f"the test left threads running: {alive}"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny model that really generates; not to be changed."""
    from tests.tiny_model import make_tiny_model

    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def studio() -> Iterator[Studio]:
    """The application without a face, on the test's own data folder."""
    from sa_studio.service import Studio

    with Studio() as opened:
        yield opened


@pytest.fixture
def request_for(tiny_model: Path) -> GenerationRequest:
    """What the tiny model makes quickly."""
    from sa_studio.generation import GenerationRequest

    return GenerationRequest("kick", seconds=0.5, seed=5, steps=2, model=str(tiny_model))
