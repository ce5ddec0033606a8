from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sa_studio.errors import HubError
from sa_studio.hub.catalog import Catalog
from sa_studio.paths import resources

TABLE = resources() / "catalog.json"
STABILITY = "Stability AI Community License"


@pytest.fixture
def catalog() -> Catalog:
    return Catalog(TABLE)


def test_the_official_models_are_on_offer(catalog: Catalog) -> None:
    rows = {
        entry.offer.id: (
            entry.offer.repository,
            entry.offer.licence.name,
            entry.offer.licence.must_accept_on_hub,
            entry.offer.max_seconds,
            entry.offer.needs,
        )
        for entry in catalog.entries()
    }
    open_1 = "stabilityai/stable-audio-open-1.0"
    small = "stabilityai/stable-audio-open-small"
    assert rows == {
        "stable-audio-open-1.0": (open_1, STABILITY, True, 47.5, ("t5-base",)),
        "stable-audio-open-1.0-diffusers": (open_1, STABILITY, True, 47.5, ()),
        "stable-audio-open-small": (small, STABILITY, True, 11.9, ("t5-base",)),
        "t5-base": ("google-t5/t5-base", "Apache License 2.0", False, None, ()),
    }


def test_every_offer_says_what_it_is(catalog: Catalog) -> None:
    for entry in catalog.entries():
        offer = entry.offer
        assert offer.title
        assert offer.description.endswith(".")
        assert offer.memory_hint
        assert offer.page.endswith(offer.repository)
        assert offer.licence.page.startswith("https://")
        assert offer.is_shared_piece is (offer.id == "t5-base")
    revenue = catalog.entry("stable-audio-open-1.0").offer.licence.summary
    assert "1 million" in revenue


def test_pickles_and_pictures_are_never_wanted(catalog: Catalog) -> None:
    for entry in catalog.entries():
        for path in ("model.ckpt", "pytorch_model.bin", "README.md", "text_encoder/x.bin", "a.png"):
            assert not entry.wants(path)


def test_what_is_not_on_offer_is_refused_with_what_is(catalog: Catalog) -> None:
    with pytest.raises(HubError, match="nonesuch") as caught:
        catalog.entry("nonesuch")
    assert "stable-audio-open-small" in caught.value.hint


def spoil(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda table: table["models"][0].update({key: value})


@pytest.mark.parametrize(
    "change",
    [
        spoil("id", "../evil"),
        spoil("id", "t5-base"),
        spoil("repository", "stabilityai"),
        spoil("download_bytes", 0),
        spoil("max_seconds", 0),
        spoil("files", []),
        spoil("files", ["model.ckpt"]),
        spoil("needs", ["t6-base"]),
        spoil("needs", ["stable-audio-open-small"]),
    ],
)
def test_a_table_that_is_not_sound_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    change(table)
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(ValueError, match=r".+"):
        Catalog(path)
