from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sa_studio.errors import ModelError
from sa_studio.jobs.cache import ModelCache

A, B = Path("a"), Path("b")


class Loader:
    """Loads anything, and knows how many models are alive when it is called."""

    def __init__(self) -> None:
        self.calls: list[tuple[Path, str, str]] = []
        self.cache: ModelCache | None = None
        self.held: list[object] = []
        self.fails = False

    def __call__(self, path: Path, *, device: str, dtype: str) -> Any:
        self.calls.append((path, device, dtype))
        self.held.append(self.cache._pipeline if self.cache else None)
        if self.fails:
            raise ModelError("damaged")
        return object()


def test_the_last_model_stays_loaded() -> None:
    load = Loader()
    cache = ModelCache(load)
    assert not cache.has(A, "cpu", "auto")
    first = cache.get(A, "cpu", "auto")
    assert cache.has(A, "cpu", "auto")
    assert cache.get(A, "cpu", "auto") is first
    assert load.calls == [(A, "cpu", "auto")]


@pytest.mark.parametrize("other", [(B, "cpu", "auto"), (A, "cuda", "auto"), (A, "cpu", "float16")])
def test_another_model_device_or_precision_replaces_it(other: tuple[Path, str, str]) -> None:
    load = Loader()
    cache = ModelCache(load)
    load.cache = cache
    cache.get(A, "cpu", "auto")
    cache.get(*other)
    assert cache.has(*other)
    assert not cache.has(A, "cpu", "auto")
    assert load.held == [None, None], "the old model is let go before the new one is loaded"


def test_a_model_that_cannot_be_loaded_leaves_nothing_behind() -> None:
    load = Loader()
    cache = ModelCache(load)
    cache.get(A, "cpu", "auto")
    load.fails = True
    with pytest.raises(ModelError):
        cache.get(B, "cpu", "auto")
    assert not cache.has(A, "cpu", "auto")
    assert not cache.has(B, "cpu", "auto")


def test_clear_lets_go() -> None:
    cache = ModelCache(Loader())
    cache.get(A, "cpu", "auto")
    cache.clear()
    assert not cache.has(A, "cpu", "auto")
