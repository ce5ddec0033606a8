from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from sa_studio.errors import DataFolderError
from sa_studio.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def names(path: Path) -> set[str]:
    return {item.name for item in path.parent.iterdir()}


def test_without_a_file_the_defaults_hold_and_nothing_is_written(path: Path) -> None:
    settings = Settings.load(path)
    assert (settings.volume, settings.loop, settings.device) == (0.8, False, "auto")
    assert names(path) == set()


def test_what_is_saved_comes_back(path: Path) -> None:
    settings = Settings.load(path)
    settings.volume = 0.25
    settings.loop = True
    settings.seed_locked = True
    settings.device = "cpu"
    settings.last_request = {"prompt": "Ü 🥁\n\ud800", "seconds": 2.5, "seed": None}
    settings.save()
    assert Settings.load(path) == settings
    assert names(path) == {"settings.json"}


def test_keys_of_a_newer_version_survive(path: Path) -> None:
    path.write_text('{"version": 7, "later": [1, 2], "volume": 0.5}', encoding="utf-8")
    settings = Settings.load(path)
    settings.loop = True
    settings.save()
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["later"] == [1, 2]
    assert (content["volume"], content["loop"]) == (0.5, True)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "5", '{"version": "one"}', '{"version": null}', '{"version": 0}'),
        '{"volume": 0.5',
    ],
)
def test_a_broken_file_is_set_aside_whole(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    settings = Settings.load(path)
    assert settings == Settings(path=path)
    assert (path.parent / "settings.broken.json").read_text(encoding="utf-8") == text
    settings.save()
    assert Settings.load(path).volume == 0.8


def test_bytes_that_are_no_text_are_set_aside(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    assert Settings.load(path).volume == 0.8
    assert names(path) == {"settings.broken.json"}


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        *(("5", 1.0), ("-1", 0.0), ("1", 1.0), ("NaN", 0.8), ("Infinity", 1.0)),
        *(('"loud"', 0.8), ("true", 0.8), ("null", 0.8), ("1" + 400 * "0", 0.8)),
    ],
)
def test_a_volume_is_always_between_0_and_1(path: Path, text: str, volume: float) -> None:
    path.write_text(f'{{"version": 1, "volume": {text}, "loop": true}}', encoding="utf-8")
    settings = Settings.load(path)
    assert settings.volume == volume
    assert settings.loop, "one bad value does not spoil the others"


def test_a_full_disk_keeps_the_old_settings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(path=path, volume=0.5).save()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataFolderError, match="No space left"):
        Settings(path=path, volume=0.1).save()
    assert Settings.load(path).volume == 0.5
    assert names(path) == {"settings.json"}


def test_settings_without_a_path_are_not_saved() -> None:
    Settings().save()


@pytest.mark.parametrize(
    ("name", "value", "default"),
    [("theme", "sepia", "dark"), ("interface_percent", 130, 100), ("interface_percent", 0, 100)],
)
def test_a_look_that_does_not_exist_becomes_the_usual_one(
    path: Path, name: str, value: object, default: object
) -> None:
    path.write_text(json.dumps({name: value}), encoding="utf-8")
    assert getattr(Settings.load(path), name) == default
