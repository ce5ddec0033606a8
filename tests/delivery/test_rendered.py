"""What is dragged out is in the profile, and stays as it was when it was dragged."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import soundfile

from sa_studio.audio.files import read_audio
from sa_studio.audio.loudness import measure
from sa_studio.delivery import matched_takes
from sa_studio.errors import AudioFileError, DataFolderError, DeliveryError, LibraryError
from sa_studio.service import Studio
from sa_studio.vocabulary.delivery import DeliveryProfile, FileFormat, LevelPolicy, Naming
from sa_studio.vocabulary.sound_edit import SoundEdit
from tests.delivery.takes import add_take, add_takes, hit


def choose(studio: Studio, **changes: object) -> None:
    """Have a profile of the user's own chosen."""
    profile = replace(DeliveryProfile(name="Mine"), **changes)  # type: ignore[arg-type]
    studio.save_profile(profile)
    studio.choose_profile("Mine")


def test_a_take_is_rendered_once_and_lies_in_the_data_folder(
    studio: Studio, data_dir: Path
) -> None:
    clip = add_take(studio)
    choose(studio)
    path = studio.dragged_file(clip.id)
    assert path.is_relative_to(data_dir / "rendered" / clip.id)
    info = soundfile.info(path)
    assert (info.samplerate, info.subtype) == (48_000, "PCM_24")
    written = path.stat().st_mtime_ns
    assert studio.dragged_file(clip.id) == path
    assert path.stat().st_mtime_ns == written
    path.unlink()
    assert studio.dragged_file(clip.id) == path, "made anew if somebody deleted it"


def test_another_profile_makes_another_file_and_keeps_the_first(studio: Studio) -> None:
    clip = add_take(studio)
    choose(studio)
    first = studio.dragged_file(clip.id)
    content = first.read_bytes()
    choose(studio, sample_rate=96_000, format=FileFormat.FLAC)
    second = studio.dragged_file(clip.id)
    assert second != first
    assert soundfile.info(second).samplerate == 96_000
    assert first.read_bytes() == content
    choose(studio)
    assert studio.dragged_file(clip.id) == first


def test_an_edit_makes_another_file_and_undo_brings_the_first_back(studio: Studio) -> None:
    clip = add_take(studio)
    choose(studio)
    first = studio.dragged_file(clip.id)
    content = first.read_bytes()
    studio.edit_clips([clip.id], SoundEdit(stop=0.5))
    second = studio.dragged_file(clip.id)
    assert soundfile.info(second).frames == 24_000
    assert first.read_bytes() == content
    studio.undo()
    assert studio.dragged_file(clip.id) == first


def test_what_the_file_says_makes_another_file_too(studio: Studio) -> None:
    clip = add_take(studio)
    choose(studio)
    first = studio.dragged_file(clip.id)
    studio.categorise_clips([clip.id], "DOORWood")
    assert studio.dragged_file(clip.id) != first
    assert first.is_file()


def test_a_set_that_is_matched_is_that_of_one_click(studio: Studio) -> None:
    quiet, loud = add_takes(studio, [hit(level=0.02), hit(level=0.5)])
    add_take(studio, "another click")
    choose(studio, level=LevelPolicy.MATCH)
    heard = [measure(*read_audio(studio.dragged_file(clip.id))) for clip in (quiet, loud)]
    assert heard[0].lufs == pytest.approx(heard[1].lufs, abs=0.1)


def test_a_set_is_measured_once_and_an_edited_take_anew(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[Path] = []

    def reading(path: Path) -> Any:
        measured.append(path)
        return read_audio(path)

    monkeypatch.setattr(matched_takes, "read_audio", reading)
    one, two, three = add_takes(studio, [hit(level=level) for level in (0.02, 0.1, 0.5)])
    choose(studio, level=LevelPolicy.MATCH)
    first = studio.dragged_file(one.id)
    studio.dragged_file(two.id)
    assert measured == [one.path, two.path, three.path]
    studio.edit_clips([two.id], SoundEdit(gain_db=-12.0))
    changed = studio.dragged_file(one.id)
    assert measured[3:] == [two.path]
    assert changed != first, "the set has another loudness"
    studio.undo()
    assert studio.dragged_file(one.id) == first
    assert len(measured) == 4
    choose(studio, level=LevelPolicy.MATCH, sample_rate=96_000)
    studio.dragged_file(one.id)
    assert len(measured) == 7


def age(path: Path, days: float) -> None:
    then = time.time() - days * 24 * 3600
    os.utime(path, (then, then))


def test_what_nobody_dragged_is_gone_a_day_later_and_nothing_else(data_dir: Path) -> None:
    with Studio() as studio:
        taken, ready, fresh = add_takes(studio, [hit(seed=seed) for seed in range(3)])
        choose(studio)
        paths = [studio.dragged_file(clip.id) for clip in (taken, ready, fresh)]
        studio.take_files(paths[:1])
        states = {file.clip_id: file.was_taken for file in studio.rendered_files()}
        assert states == {taken.id: True, ready.id: False, fresh.id: False}
    marks = list((data_dir / "rendered").glob("*/*.ready"))
    assert len(marks) == 2
    for mark in marks:
        age(mark, 2 if mark.parent.name == ready.id else 0.5)
    age(paths[0], 1000)
    with Studio() as studio:
        studio.dragged_file(fresh.id)  # the first file of a run
        assert [path.exists() for path in paths] == [True, False, True]
        assert not (data_dir / "rendered" / ready.id).exists()
        assert studio.dragged_file(ready.id) == paths[1], "it is made again"
        # what was dragged once and deleted by somebody is still what a project asks for
        paths[0].unlink()
        studio.dragged_file(taken.id)
        assert {file.clip_id for file in studio.rendered_files() if file.was_taken} == {taken.id}


def test_a_file_that_is_dragged_while_it_is_to_be_deleted_stays(studio: Studio) -> None:
    clip, other = add_takes(studio, [hit(seed=1), hit(seed=2)])
    choose(studio)
    path, gone = studio.dragged_file(clip.id), studio.dragged_file(other.id)
    listed = studio.rendered_files()
    studio.take_files([path])
    studio.delete_rendered(listed)
    assert path.is_file()
    assert not gone.exists()
    studio.delete_rendered(studio.rendered_files())
    assert studio.rendered_files() == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be written")
def test_what_cannot_be_noted_is_not_handed_out(studio: Studio) -> None:
    choose(studio)
    path = studio.dragged_file(add_take(studio).id)
    path.parents[1].chmod(0o500)
    try:
        with pytest.raises(DataFolderError, match="cannot be handed out"):
            studio.take_files([path])
    finally:
        path.parents[1].chmod(0o700)


def test_threads_that_want_the_same_file_get_it(studio: Studio) -> None:
    clip = add_take(studio)
    choose(studio)
    together = threading.Barrier(4)
    found: list[Path] = []

    def drag() -> None:
        together.wait()
        found.append(studio.dragged_file(clip.id))

    threads = [threading.Thread(target=drag) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert list(found[0].parent.iterdir()) == [found[0]]


def test_what_cannot_be_dragged_says_why(studio: Studio) -> None:
    clip = add_take(studio)
    assert clip.path is not None
    with pytest.raises(LibraryError, match="no clip"):
        studio.dragged_file("unknown")
    choose(studio, naming=Naming.UCS)
    with pytest.raises(DeliveryError, match="no UCS category"):
        studio.dragged_file(clip.id)
    studio.categorise_clips([clip.id], "DOORWood")
    assert studio.dragged_file(clip.id).name.startswith("DOORWood_")
    choose(studio)
    clip.path.unlink()
    with pytest.raises(AudioFileError):
        studio.dragged_file(clip.id)
