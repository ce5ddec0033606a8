"""A pack of variations: they begin alike, are equally loud, and are numbered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sa_studio.audio.files import read_audio
from sa_studio.audio.loudness import measure
from sa_studio.audio.read_facts import read_facts
from sa_studio.delivery.onset import find_onset
from sa_studio.errors import AudioFileError
from sa_studio.service import Studio
from sa_studio.vocabulary.delivery import DeliveryProfile, LevelPolicy, Naming
from sa_studio.vocabulary.sound_edit import SoundEdit
from tests.delivery.takes import add_takes, hit

STARTS = (0.05, 0.0, 0.31, 0.12)
LEVELS = (0.6, 0.1, 0.03, 0.3)


def pack(studio: Studio) -> list[str]:
    """The ids of four hits that begin at different times and are differently loud."""
    sounds = [
        hit(start, level=level, seed=seed)
        for seed, (start, level) in enumerate(zip(STARTS, LEVELS, strict=True))
    ]
    return [clip.id for clip in add_takes(studio, sounds, "metal hit")]


@pytest.mark.parametrize("naming", list(Naming))
def test_variations_begin_alike_and_are_equally_loud(
    studio: Studio, tmp_path: Path, naming: Naming
) -> None:
    profile = DeliveryProfile(naming=naming, level=LevelPolicy.AS_IS)
    ids = pack(studio)
    delivered = list(studio.export_round_robin(ids, tmp_path, profile, cat_id="METLImpt"))
    assert [one.sound.clip_id for one in delivered] == ids
    sounds = [read_audio(one.path) for one in delivered]
    onsets = [find_onset(*sound) for sound in sounds]
    begins = [onset.seconds for onset in onsets if onset is not None]
    assert len(begins) == 4
    assert max(begins) - min(begins) < 0.001
    assert max(begins) < 0.01, "what is silent in front is gone"
    (marked,) = {read_facts(one.path)["markers"][0][0] for one in delivered}
    for _, rate in sounds:
        assert marked / rate == pytest.approx(begins[0], abs=0.001), "the onset is marked"
    heard = [measure(*sound) for sound in sounds]
    assert max(one.lufs for one in heard) - min(one.lufs for one in heard) < 0.1
    assert max(one.true_peak_db for one in heard) <= profile.ceiling_db + 0.01
    assert [read_facts(one.path)["clip_id"] for one in delivered] == ids


def test_variations_are_numbered_from_one_and_are_called_alike(
    studio: Studio, tmp_path: Path
) -> None:
    for naming in Naming:
        folder = tmp_path / naming
        profile = DeliveryProfile(naming=naming)
        names = [
            one.path.stem
            for one in studio.export_round_robin(pack(studio), folder, profile, cat_id="METLImpt")
        ]
        for place, name in enumerate(names, start=1):
            assert f"{place:02}" in name, names
        # nothing but the number tells them apart
        assert len({name.replace(f"{n:02}", "NN", 1) for n, name in enumerate(names, 1)}) == 1


def test_edits_count_before_the_sounds_are_brought_together(studio: Studio, tmp_path: Path) -> None:
    ids = pack(studio)
    studio.edit_clips(ids[:1], SoundEdit(start=0.04, stop=0.5))
    delivered = list(studio.export_round_robin(ids, tmp_path, DeliveryProfile()))
    assert delivered[0].seconds < 0.5
    onsets = [find_onset(*read_audio(one.path)) for one in delivered]
    begins = [onset.seconds for onset in onsets if onset is not None]
    assert max(begins) - min(begins) < 0.001


def test_a_silent_variation_does_not_hold_the_others_up(studio: Studio, tmp_path: Path) -> None:
    silence = np.zeros((2, 4410), np.float32)
    clips = add_takes(studio, [hit(0.1), silence, hit(0.2, level=0.05)])
    delivered = list(
        studio.export_round_robin([clip.id for clip in clips], tmp_path, DeliveryProfile())
    )
    first, _, third = (measure(*read_audio(one.path)) for one in delivered)
    assert first.lufs == pytest.approx(third.lufs, abs=0.1)
    assert not read_audio(delivered[1].path)[0].any()


def test_a_damaged_variation_is_found_before_anything_is_written(
    studio: Studio, tmp_path: Path
) -> None:
    clips = add_takes(studio, [hit(0.1), hit(0.2)])
    assert clips[1].path is not None
    clips[1].path.write_bytes(b"no sound")
    with pytest.raises(AudioFileError):
        list(
            studio.export_round_robin(
                [clip.id for clip in clips], tmp_path / "out", replace(DeliveryProfile())
            )
        )
    assert not list(tmp_path.glob("out/*"))
