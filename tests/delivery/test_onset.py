"""One-shots are brought to begin in the same moment, and nothing that is heard is cut off."""

from __future__ import annotations

import numpy as np
import pytest

from sa_studio.delivery.onset import find_onset, moved

RATE = 44_100


def hit(start: float, *, rise: float = 0.002, level: float = 0.5, seed: int = 0) -> np.ndarray:
    """A struck noise that begins at ``start`` seconds of one second, float32 [2, samples]."""
    time = np.arange(RATE) / RATE - start
    shape = np.clip(time / rise, 0, 1) * np.exp(-np.maximum(time - rise, 0) / 0.08)
    noise = np.random.default_rng(seed).standard_normal((2, RATE)) / 4
    return (level * shape * noise).astype(np.float32)


@pytest.mark.parametrize("level", [0.9, 0.01])
@pytest.mark.parametrize("start", [0.0, 0.0123, 0.3])
def test_the_onset_is_where_it_begins_whatever_the_level(start: float, level: float) -> None:
    onset = find_onset(hit(start, level=level), RATE)
    assert onset is not None
    assert onset.seconds == pytest.approx(start, abs=0.003)
    assert 0 <= onset.lead < 0.003


def test_a_slow_beginning_has_a_lead_that_is_heard() -> None:
    onset = find_onset(hit(0.1, rise=0.3), RATE)
    assert onset is not None
    assert onset.lead > 0.03
    assert onset.seconds - onset.lead == pytest.approx(0.1, abs=0.01)


def test_silence_begins_nowhere() -> None:
    assert find_onset(np.zeros((2, 100), np.float32), RATE) is None


@pytest.mark.parametrize(("start", "wanted"), [(0.2, 0.005), (0.0, 0.05), (0.03, 0.03)])
def test_what_is_moved_begins_where_it_is_wanted(start: float, wanted: float) -> None:
    sound = hit(start)
    onset = find_onset(sound, RATE)
    assert onset is not None
    found = find_onset(moved(sound, RATE, onset.seconds, wanted), RATE)
    assert found is not None
    assert found.seconds == pytest.approx(wanted, abs=1 / RATE)


def test_moving_cuts_nothing_but_what_is_in_front() -> None:
    sound = hit(0.2)
    cut = moved(sound, RATE, 0.2, 0.01)
    fade = round(0.002 * RATE)
    np.testing.assert_array_equal(cut[:, fade:], sound[:, round(0.19 * RATE) + fade :])
    padded = moved(sound, RATE, 0.2, 0.3)
    np.testing.assert_array_equal(padded[:, round(0.1 * RATE) :], sound)
    assert not padded[:, : round(0.1 * RATE)].any()
