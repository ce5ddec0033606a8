"""What is dragged out is in the profile, and stays as it was when it was dragged."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from sa_studio.audio.files import read_audio
from sa_studio.audio.loudness import measure
from sa_studio.errors import AudioFileError, DeliveryError, LibraryError
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
