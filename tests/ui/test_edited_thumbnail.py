"""The small waveform of an edited take is that of what is heard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sa_studio.audio.edit import apply_edit
from sa_studio.audio.thumbnail import thumbnail
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.ui.edited_thumbnail import edited_thumbnail, heard_thumbnail
from sa_studio.vocabulary.sound_edit import SoundEdit

RATE = 12_000
SECONDS = 4.0


def swell() -> np.ndarray:
    """Noise that swells up to two thirds and falls again, float32 [2, samples]."""
    place = np.arange(round(SECONDS * RATE)) / RATE
    shape = np.interp(place, [0, 2.7, SECONDS], [0.05, 0.6, 0.1])
    noise = np.random.default_rng(3).uniform(-1, 1, (2, place.size))
    return (shape * noise).astype(np.float32)


def peaks(data: bytes, places: int = 20) -> np.ndarray:
    """The highest peak at so many places."""
    high = np.frombuffer(data, np.int8).reshape(-1, 2)[:, 1] / 127
    found = [part.max() for part in np.array_split(high, places)]
    return np.array(found)


@pytest.mark.parametrize(
    "values",
    [
        {"start": 1.0},
        {"stop": 2.0},
        {"start": 0.7, "stop": 3.1, "reverse": True},
        {"gain_db": -12.0},
        {"gain_db": 24.0},
        {"fade_in": 1.5, "fade_out": 2.0},
        {"reverse": True, "fade_in": 1.0},
        {"start": 0.5, "loop_crossfade": 0.5},
        {"loop_crossfade": 9.0},
    ],
)
def test_it_looks_as_the_edited_sound_does(values: dict[str, Any]) -> None:
    audio, edit = swell(), SoundEdit(**values)
    found = edited_thumbnail(thumbnail(audio), SECONDS, edit)
    wanted = thumbnail(apply_edit(audio, RATE, edit).audio)
    assert peaks(found) == pytest.approx(peaks(wanted), abs=0.13)


def test_what_has_no_peaks_or_is_cut_off_has_none() -> None:
    assert edited_thumbnail(b"", SECONDS, SoundEdit(start=1.0)) == b""
    assert edited_thumbnail(thumbnail(swell()), SECONDS, SoundEdit(start=9.0)) == b""
    assert edited_thumbnail(thumbnail(swell()), SECONDS, SoundEdit(start=3.999)) != b""


def test_a_take_that_is_not_edited_keeps_its_own() -> None:
    data = thumbnail(swell())
    clip = Clip(
        "id", "job", 0, GenerationRequest("x"), ClipState.FINISHED, 0.0,
        seconds=SECONDS, thumbnail=data,
    )  # fmt: skip
    assert heard_thumbnail(clip) is data
