"""Files on their way from the hidden folder to their place, and what a kill leaves of that."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sa_studio.delivery.batch_row import format_text, runs
from sa_studio.delivery.batch_state import DeliveredFile
from sa_studio.delivery.placing import PREFIX, Placing
from sa_studio.vocabulary.delivery import DeliveryProfile, Depth, FileFormat


@pytest.fixture
def placing(tmp_path: Path) -> Placing:
    placing = Placing(tmp_path / "out")
    placing.open()
    return placing


def staged(placing: Placing, place: str) -> DeliveredFile:
    path = placing.stage / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("sound", encoding="utf-8")
    assert placing.place_of(path) == place
    return DeliveredFile(place, staged=path.relative_to(placing.folder).as_posix())


def never() -> None:
    raise AssertionError("there is nothing to note")


def test_a_file_comes_to_its_place(placing: Placing) -> None:
    file = staged(placing, "doors/slam.wav")
    assert not placing.is_there(file)
    placing.place(file, never)
    assert placing.is_there(file)
    assert (placing.folder / "doors" / "slam.wav").read_text(encoding="utf-8") == "sound"
    placing.close()
    assert [path.name for path in placing.folder.iterdir()] == ["doors"]


def test_a_file_of_somebody_else_keeps_its_place(placing: Placing) -> None:
    file = staged(placing, "slam.wav")
    for name in ("slam.wav", "slam_2.wav"):
        (placing.folder / name).write_text("mine", encoding="utf-8")
    noted: list[str] = []
    placing.place(file, lambda: noted.append(file.path))
    assert noted == ["slam_3.wav"]
    assert (placing.folder / "slam_3.wav").read_text(encoding="utf-8") == "sound"
    assert (placing.folder / "slam.wav").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.name == "nt", reason="there files are moved in one step")
def test_a_kill_between_link_and_removal_is_finished(placing: Placing) -> None:
    file = staged(placing, "slam.wav")
    os.link(placing.folder / file.staged, placing.folder / "slam.wav")
    placing.place(file, never)
    assert placing.is_there(file)
    assert not (placing.stage / "slam.wav").exists()


def test_a_file_that_was_moved_before_a_kill_is_known(placing: Placing) -> None:
    file = staged(placing, "slam.wav")
    (placing.folder / file.staged).rename(placing.folder / "slam.wav")
    placing.place(file, never)
    assert placing.is_there(file)


def test_what_killed_programs_have_left_is_taken_away(placing: Placing) -> None:
    ours = staged(placing, "slam.wav")
    left = placing.folder / f"{PREFIX}{2**30}" / "slam.wav"
    left.parent.mkdir()
    left.touch()
    kept = [f".{os.getpid()}-1.part", ".notes", "notes.part"]
    for name in (*kept, f".{2**29}-1.part"):
        (placing.folder / name).touch()
    placing.clear_others()
    found = {path.name for path in placing.folder.iterdir()}
    assert found == {*kept, placing.stage.name}
    assert (placing.folder / ours.staged).is_file()


def test_numbers_are_made_in_as_few_jobs_as_can_be() -> None:
    assert list(runs([])) == []
    assert list(runs(range(20))) == [(0, 16), (16, 4)]
    assert list(runs([0, 1, 3, 7, 8])) == [(0, 2), (3, 1), (7, 2)]


def test_formats_are_told_in_words() -> None:
    assert format_text(DeliveryProfile()) == "48 kHz, 24-bit WAV"
    assert format_text(DeliveryProfile(depth=Depth.FLOAT32)) == "48 kHz, 32-bit float WAV"
    assert format_text(DeliveryProfile(format=FileFormat.OGG)) == "48 kHz, OGG"
