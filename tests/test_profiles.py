from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sa_studio.audio.sound_file import encode
from sa_studio.errors import ProfileError, RequestError
from sa_studio.profiles import BUILT_IN, Profiles
from sa_studio.settings import Settings
from sa_studio.vocabulary.delivery import (
    FOLDER_FIELDS,
    DeliveryProfile,
    Depth,
    FileFormat,
    LevelPolicy,
    Naming,
)

MINE = DeliveryProfile(
    name="Mine",
    format=FileFormat.FLAC,
    sample_rate=96_000,
    depth=Depth.INT16,
    level=LevelPolicy.LUFS,
    target_lufs=-18.5,
    ceiling_db=-2.0,
    trim_silence=True,
    trim_db=-50.0,
    tail_seconds=0.2,
    naming=Naming.UCS,
    folder_template="{category}/{date}",
    designer="Anna",
    library="Doors",
    creator_id="ANN",
    source_id="GAME",
    project="Game",
    ascii_names=False,
    copyright="© Anna",
    embeds_recipe=False,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def profiles(path: Path) -> Profiles:
    return Profiles(Settings.load(path))


def names(profiles: Profiles) -> list[str]:
    return [profile.name for profile in profiles.all()]


def again(path: Path) -> Profiles:
    """As the next start finds them."""
    return Profiles(Settings.load(path))


def test_built_in_profiles_are_there_without_being_stored(profiles: Profiles, path: Path) -> None:
    assert names(profiles) == ["Studio", "Game", "Library (UCS)", "Original", "Web"]
    studio = profiles.chosen
    assert (studio.name, studio.sample_rate, studio.depth) == ("Studio", 48_000, Depth.INT24)
    assert studio.format is FileFormat.WAV
    assert profiles.find("game").naming is Naming.GAME
    assert profiles.find("original").sample_rate == 44_100
    assert not path.exists()


def test_what_is_saved_is_there_at_the_next_start(profiles: Profiles, path: Path) -> None:
    assert profiles.save(MINE) == MINE
    profiles.save(replace(MINE, name="  another   One "))
    assert profiles.choose(" MINE ") == MINE
    found = again(path)
    assert names(found)[len(BUILT_IN) :] == ["another One", "Mine"]
    assert found.find("mine") == found.chosen == MINE


def test_a_profile_is_replaced_by_one_of_its_name(profiles: Profiles, path: Path) -> None:
    profiles.save(MINE)
    other = replace(MINE, name="MINE", sample_rate=44_100)
    profiles.save(other)
    assert again(path).all() == [*BUILT_IN, other]


def test_the_chosen_one_is_the_first_when_it_is_gone(profiles: Profiles, path: Path) -> None:
    profiles.save(MINE)
    profiles.choose("Mine")
    profiles.delete("mine")
    assert again(path).chosen == profiles.chosen == BUILT_IN[0]
    assert names(again(path)) == [profile.name for profile in BUILT_IN]


def test_another_ones_end_leaves_the_choice(profiles: Profiles) -> None:
    profiles.save(MINE)
    profiles.choose("Game")
    profiles.delete("Mine")
    assert profiles.chosen.name == "Game"


@pytest.mark.parametrize("name", ["Studio", "GAME", " library  (ucs) "])
def test_built_in_profiles_stay(profiles: Profiles, name: str) -> None:
    assert profiles.is_builtin(name)
    with pytest.raises(ProfileError, match="cannot be changed"):
        profiles.save(replace(MINE, name=name))
    with pytest.raises(ProfileError, match="cannot be deleted"):
        profiles.delete(name)
    assert profiles.all() == list(BUILT_IN)


@pytest.mark.parametrize("name", ["", " \n", "x" * 61, "a\0b", "\ud800"])
def test_names_that_are_none_are_refused(profiles: Profiles, path: Path, name: str) -> None:
    with pytest.raises(ProfileError) as caught:
        profiles.save(replace(MINE, name=name))
    assert caught.value.hint
    assert not path.exists()


def test_what_no_file_can_be_is_not_kept_and_old_ones_are_fitted(
    profiles: Profiles, path: Path
) -> None:
    impossible = replace(MINE, depth=Depth.FLOAT32)
    with pytest.raises(RequestError, match="whole numbers"):
        profiles.save(impossible)
    assert not path.exists()
    path.write_text(json.dumps({"version": 1, "profiles": [impossible.as_dict()]}))
    assert Profiles(Settings.load(path)).find("mine") == replace(MINE, depth=Depth.INT24)
    assert MINE.fitted() == MINE


@pytest.mark.parametrize("kind", FileFormat)
def test_a_fitted_profile_is_what_its_format_can_hold(kind: FileFormat) -> None:
    wanted = replace(MINE, format=kind, sample_rate=96_000, depth=Depth.FLOAT32)
    assert [item.field for item in wanted.conflicts()] == {
        FileFormat.FLAC: ["depth"],
        FileFormat.MP3: ["sample_rate"],
    }.get(kind, [])
    assert not wanted.fitted().conflicts()
    fitted = wanted.fitted()
    audio = np.zeros((2, 100), np.float32)
    assert encode(audio, fitted.sample_rate, format=kind, depth=fitted.depth)


def test_what_is_not_there_is_refused_and_the_others_named(profiles: Profiles) -> None:
    for refused in (profiles.find, profiles.choose, profiles.delete):
        with pytest.raises(ProfileError, match="no delivery profile 'none'") as caught:
            refused("none")
        assert "Library (UCS)" in caught.value.hint


@pytest.mark.parametrize(
    "broken",
    [
        *(5, None, [], "Mine", {"name": 5}, {"format": "wma"}, {"sample_rate": 12}),
        *(
            {"depth": 24},
            {"folder_template": "{nope}"},
            {"folder_template": "{"},
            {"tail_seconds": -1},
        ),
        *({"target_lufs": "loud"}, {"trim_silence": 1}, {"designer": "x" * 201}),
    ],
)
def test_a_broken_stored_profile_is_dropped_with_a_word_in_the_log(
    path: Path, broken: object, caplog: pytest.LogCaptureFixture
) -> None:
    if isinstance(broken, dict):
        broken = {"name": "Broken", **broken}
    content = {"profiles": [broken, MINE.as_dict()], "profile": "Broken", "loop": True}
    path.write_text(json.dumps(content), encoding="utf-8")
    found = again(path)
    assert found.all() == [*BUILT_IN, MINE]
    assert found.chosen == BUILT_IN[0]
    assert "dropped" in caplog.text
    found.choose("Mine")
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["loop"] is True
    assert stored["profiles"] == [MINE.as_dict()]


def test_a_stored_profile_without_a_name_or_with_a_built_in_one_is_not_shown(path: Path) -> None:
    content = {"profiles": [{"depth": "16"}, {"name": " "}, {"name": "game", "depth": "32f"}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    found = again(path)
    assert found.all() == list(BUILT_IN)
    found.save(MINE)
    assert again(path).all() == [*BUILT_IN, MINE]


def test_what_a_newer_version_wrote_into_a_profile_is_kept(path: Path) -> None:
    newer = {**MINE.as_dict(), "dolby": True}
    path.write_text(json.dumps({"profiles": [newer]}), encoding="utf-8")
    found = again(path)
    assert found.find("Mine") == MINE
    found.choose("Mine")
    assert json.loads(path.read_text(encoding="utf-8"))["profiles"] == [newer]


def test_a_folder_template_may_use_every_field_and_no_other() -> None:
    template = "/".join(f"{{{name}}}" for name in FOLDER_FIELDS)
    assert DeliveryProfile(folder_template=template).folder_template == template
    for wrong in ("{prompt}", "{category", "category}", "{}", "{category!r}", "{Category}"):
        with pytest.raises(RequestError) as caught:
            DeliveryProfile(folder_template=wrong)
        assert caught.value.field == "folder_template"
        assert "{collection}" in caught.value.hint
