"""What is delivered is in the profile, says what is known, and takes nobody's place."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.audio.files import read_audio, write_audio
from sa_studio.audio.loudness import measure
from sa_studio.audio.read_facts import read_facts
from sa_studio.audio.render import render
from sa_studio.delivery.new_file import PREFIX
from sa_studio.errors import AudioFileError, DeliveryError, LibraryError
from sa_studio.generation import GenerationRequest
from sa_studio.service import Studio
from sa_studio.vocabulary.delivery import (
    DeliveryProfile,
    Depth,
    FileFormat,
    LevelPolicy,
    Naming,
)
from sa_studio.vocabulary.sound_edit import SoundEdit
from tests.delivery.takes import RATE, add_take, add_takes, hit

STUDIO = DeliveryProfile()
CODINGS = {
    (FileFormat.WAV, Depth.INT16): "PCM_16",
    (FileFormat.WAV, Depth.INT24): "PCM_24",
    (FileFormat.WAV, Depth.FLOAT32): "FLOAT",
    (FileFormat.AIFF, Depth.INT24): "PCM_24",
    (FileFormat.FLAC, Depth.INT24): "PCM_24",
    (FileFormat.OGG, Depth.INT24): "VORBIS",
    (FileFormat.MP3, Depth.INT24): "MPEG_LAYER_III",
}


@pytest.mark.parametrize(("kind", "depth"), CODINGS)
def test_a_take_is_delivered_in_the_profile(
    studio: Studio, tmp_path: Path, kind: FileFormat, depth: Depth
) -> None:
    clip = add_take(studio)
    profile = replace(STUDIO, format=kind, depth=depth)
    (delivered,) = studio.export_clips([clip.id], tmp_path / "out", profile)
    info = soundfile.info(delivered.path)
    assert (info.samplerate, info.channels, info.subtype) == (48_000, 2, CODINGS[kind, depth])
    assert delivered.path.suffix == f".{kind}"
    assert (delivered.sample_rate, delivered.channels) == (48_000, 2)
    assert delivered.seconds == pytest.approx(1.0, abs=1e-4)
    if not kind.is_lossy:
        assert info.frames == delivered.samples == 48_000


def test_the_samples_are_those_that_were_rendered(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio)
    assert clip.path is not None
    edit = SoundEdit(start=0.01, stop=0.6, gain_db=-3.0, fade_out=0.1)
    studio.edit_clips([clip.id], edit)
    (delivered,) = studio.export_clips([clip.id], tmp_path, STUDIO)
    found, rate = read_audio(delivered.path)
    source, source_rate = read_audio(clip.path)
    # the dither is the one thing that only the delivery decides
    expected = render(source, source_rate, edit, replace(STUDIO, depth=Depth.FLOAT32)).audio
    assert rate == 48_000
    assert np.abs(found - expected).max() <= 2.5 * 2.0**-23


def test_the_file_says_what_is_known(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio, "slow wooden door, 120 bpm, C4", loras=())
    studio.tag_clips([clip.id], ["wet", "Big Hall"])
    studio.annotate_clip(clip.id, "for the third scene")
    studio.categorise_clips([clip.id], "DOORWood")
    profile = replace(
        STUDIO, designer="Ada", library="Doors", creator_id="AL", project="Film", copyright="© Ada"
    )
    (delivered,) = studio.export_clips([clip.id], tmp_path, profile)
    facts = read_facts(delivered.path)
    expected = {
        "description": "slow wooden door, 120 bpm, C4",
        "designer": "Ada",
        "library": "Doors",
        "creator_id": "AL",
        "project": "Film",
        "copyright": "© Ada",
        "cat_id": "DOORWood",
        "category": "DOORS",
        "subcategory": "WOOD",
        "notes": "for the third scene",
        "clip_id": clip.id,
        "model": "SA Studio Starter",
        "licence": "Apache-2.0",
    }
    assert {name: facts.get(name) for name in expected} == expected
    assert sorted(facts["keywords"]) == ["Big Hall", "wet"]
    recipe = facts["recipe"]
    assert recipe["computed"] == "float32 on the CPU"
    assert recipe["cat_id"] == "DOORWood"
    assert len(recipe["model_sha256"]) == 64
    found, rate = read_audio(delivered.path)
    assert facts["loudness"]["lufs"] == pytest.approx(measure(found, rate).lufs, abs=0.02)


def test_a_loop_says_where_it_is_repeated(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio, "120 bpm techno loop")
    studio.edit_clips([clip.id], SoundEdit(loop_crossfade=0.1))
    profile = replace(STUDIO, naming=Naming.GAME)
    (delivered,) = studio.export_clips([clip.id], tmp_path, profile)
    assert delivered.path.stem.endswith("_01_lp")
    assert delivered.facts.tempo == 120.0
    assert read_facts(delivered.path)["loop"] == [0, delivered.samples - 1]
    assert soundfile.info(delivered.path).frames == delivered.samples
    # of several variations, each is a one-shot
    (shot,) = studio.export_round_robin([clip.id], tmp_path, profile)
    assert shot.facts.loop is None


def test_a_profile_may_keep_the_recipe_to_itself(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio)
    profile = replace(STUDIO, embeds_recipe=False)
    (delivered,) = studio.export_clips([clip.id], tmp_path, profile)
    assert "recipe" not in read_facts(delivered.path)


@pytest.mark.parametrize("naming", list(Naming))
def test_nothing_is_replaced(studio: Studio, tmp_path: Path, naming: Naming) -> None:
    clip = add_take(studio)
    profile = replace(STUDIO, naming=naming)
    written: list[tuple[Path, bytes]] = []
    for _ in range(3):
        for delivered in studio.export_clips([clip.id], tmp_path, profile, cat_id="DOORWood"):
            written.append((delivered.path, delivered.path.read_bytes()))
    assert len({path for path, _ in written}) == 3
    assert all(path.read_bytes() == content for path, content in written)
    assert len(list(tmp_path.glob("*.wav"))) == 3


def test_folders_below_are_made_of_what_is_known(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio)
    profile = replace(STUDIO, folder_template="{category}/{subcategory}")
    (delivered,) = studio.export_clips([clip.id], tmp_path, profile, cat_id="doorwood")
    assert [part.casefold() for part in delivered.path.relative_to(tmp_path).parts[:-1]] == [
        "doors",
        "wood",
    ]
    assert delivered.facts.cat_id == "DOORWood"


def test_names_that_want_a_category_are_not_guessed(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio, "wooden door slam")
    profile = replace(STUDIO, naming=Naming.UCS)
    with pytest.raises(DeliveryError, match="no UCS category") as caught:
        studio.export_clips([clip.id], tmp_path / "out", profile)
    assert "DOORWood" in caught.value.hint
    with pytest.raises(DeliveryError, match="no UCS category 'DOORSoft'"):
        studio.export_clips([clip.id], tmp_path / "out", STUDIO, cat_id="DOORSoft")
    assert not (tmp_path / "out").exists()


def test_a_set_that_is_matched_is_equally_loud_and_below_the_ceiling(
    studio: Studio, tmp_path: Path
) -> None:
    sounds = [hit(level=level, seed=place) for place, level in enumerate((0.9, 0.1, 0.02))]
    clips = add_takes(studio, sounds)
    profile = replace(STUDIO, level=LevelPolicy.MATCH)
    delivered = list(studio.export_clips([clip.id for clip in clips], tmp_path, profile))
    heard = [measure(*read_audio(one.path)) for one in delivered]
    assert max(one.lufs for one in heard) - min(one.lufs for one in heard) < 0.1
    assert max(one.true_peak_db for one in heard) <= profile.ceiling_db + 0.01


def test_files_of_others_are_delivered_and_not_said_to_be_generated(
    studio: Studio, tmp_path: Path
) -> None:
    path = tmp_path / "My Recording.wav"
    write_audio(path, hit()[:1], RATE)
    (delivered,) = studio.export_clips([path], tmp_path / "out", STUDIO, cat_id="DOORWood")
    assert soundfile.info(delivered.path).channels == 1
    facts = read_facts(delivered.path)
    assert facts["description"] == "My Recording"
    assert facts["cat_id"] == "DOORWood"
    assert "model" not in facts
    assert "recipe" not in facts
    assert b"isGenerated>true" not in delivered.path.read_bytes()


def test_a_delivered_file_is_delivered_again_with_all_that_it_says(
    studio: Studio, tmp_path: Path
) -> None:
    clip = add_take(studio)
    (first,) = studio.export_clips([clip.id], tmp_path, STUDIO, cat_id="DOORWood")
    profile = replace(STUDIO, format=FileFormat.FLAC)
    (second,) = studio.export_clips([str(first.path)], tmp_path, profile)
    assert second.facts.recipe == first.facts.recipe
    assert second.facts.clip_id == clip.id
    assert second.facts.cat_id == "DOORWood"


def test_sounds_of_many_channels_are_refused(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "surround.wav"
    soundfile.write(path, np.zeros((100, 6), np.float32), RATE)
    with pytest.raises(DeliveryError, match="6 channels"):
        list(studio.export_clips([path], tmp_path / "out", STUDIO))
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("named", ["unknown", "\0", "a/b.wav", "\udcff"])
def test_what_is_neither_a_take_nor_a_file(studio: Studio, tmp_path: Path, named: str) -> None:
    with pytest.raises(AudioFileError, match="neither a take nor a sound file"):
        studio.export_clips([named], tmp_path / "out", STUDIO)
    assert not (tmp_path / "out").exists()


def test_takes_that_are_not_finished_cannot_be_delivered(
    studio: Studio, tmp_path: Path, request_for: GenerationRequest
) -> None:
    studio.submit(request_for)
    (clip,) = studio.clips()
    with pytest.raises(LibraryError, match="not finished"):
        studio.export_clips([clip.id], tmp_path / "out", STUDIO)


def test_what_killed_programs_left_is_swept(studio: Studio, tmp_path: Path) -> None:
    from sa_studio.delivery.new_file import SUFFIX, _computer

    left = tmp_path / f"{PREFIX}{_computer()}-{2**22 + 1}-0a{SUFFIX}"
    left.write_bytes(b"half")
    clip = add_take(studio)
    (delivered,) = studio.export_clips([clip.id], tmp_path, STUDIO)
    assert [path for path in tmp_path.iterdir() if path.is_file()] == [delivered.path]


# --- disks that refuse ------------------------------------------------------------------------


def mounted(folder: Path, options: str) -> bool:
    """Whether a small file system could be made at ``folder``."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for one delivered second, and not for two."""
    folder = tmp_path / "small"
    folder.mkdir()
    if not mounted(folder, "size=400k"):
        pytest.skip("disks cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_one_message_and_leaves_whole_files(
    studio: Studio, small_disk: Path
) -> None:
    clip = add_take(studio)
    exported = studio.export_clips([clip.id] * 3, small_disk, STUDIO)
    first = next(exported)
    with pytest.raises(DeliveryError, match="There is no room") as caught:
        next(exported)
    assert "\n" not in caught.value.one_line()
    assert list(small_disk.iterdir()) == [first.path]
    assert soundfile.info(first.path).frames == 48_000


def test_a_limit_on_the_size_of_files_is_one_message(studio: Studio, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    clip = add_take(studio)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    exported = studio.export_clips([clip.id], tmp_path / "out", STUDIO)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, old[1]))
    try:
        with pytest.raises(DeliveryError, match="There is no room"):
            next(exported)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.fixture
def unwritable(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody may write to."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    if os.name != "nt" and os.geteuid() != 0:
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
    elif mounted(folder, "ro"):
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
    else:
        pytest.skip("permissions do not bind here")


def test_a_read_only_folder_is_one_message_before_anything_is_made(
    studio: Studio, unwritable: Path
) -> None:
    clip = add_take(studio)
    for folder in (unwritable, unwritable / "below"):
        with pytest.raises(DeliveryError, match="cannot be written") as caught:
            studio.export_clips([clip.id], folder, STUDIO)
        assert caught.value.hint
    assert list(unwritable.iterdir()) == []


def test_a_file_where_the_folder_should_be(studio: Studio, tmp_path: Path) -> None:
    clip = add_take(studio)
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(DeliveryError, match="cannot be written"):
        studio.export_clips([clip.id], tmp_path / "out", STUDIO)
    assert (tmp_path / "out").read_bytes() == b"mine"
