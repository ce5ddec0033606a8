"""What becomes a gate reached or not reached."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from sa_studio.evaluation.attack import AttackError
from sa_studio.evaluation.faults import CLIPPED
from sa_studio.evaluation.gates_autoencoder import autoencoder_rows
from sa_studio.evaluation.gates_judge import agreement_row, frechet_row
from sa_studio.evaluation.gates_meters import (
    fault_row,
    length_row,
    pitch_row,
    tempo_row,
    tone_row,
)
from sa_studio.evaluation.held_out import RoundTrip
from sa_studio.evaluation.measured import Measured, Wanted
from sa_studio.evaluation.report import Report, Row, share_row
from sa_studio.evaluation.spectral_error import SpectralError


def sound(
    embedding: Any = (0.0,),
    *,
    of: int = 0,
    note: float | None = None,
    beat: float | None = None,
    **found: Any,
) -> Measured:
    facts: dict[str, Any] = {
        "is_as_long": True,
        "centroid": 1000.0,
        "correlation": 1.0,
        "is_stereo": False,
        "pitch": None,
        "tempo": None,
        "tempo_near": None,
        **found,
    }
    return Measured(Wanted(of, 1.0, True, note, beat), np.array(embedding), **facts)


def trip(index: int, embedding: Any, error: float = 5.0, rise: float = 3.0) -> RoundTrip:
    spectrum = SpectralError(error, 13.0, 1.0)
    return RoundTrip(index, np.array(embedding), spectrum, AttackError(1.0, rise))


def test_the_autoencoder_passes_below_its_limits() -> None:
    rows = autoencoder_rows([trip(0, [0.0]), trip(1, [0.0], error=6.9)], 0.8, 0.73)
    assert [row.passed for row in rows] == [True, True, True]
    rows = autoencoder_rows([trip(0, [0.0], error=6.1, rise=30), trip(1, [0.0])], 0.8, 0.7)
    assert [row.passed for row in rows] == [True, False, False]
    assert rows[1].figures["worst_median"] == pytest.approx(16.5)
    assert rows[2].figures["ratio"] == pytest.approx(0.875)
    assert autoencoder_rows([trip(0, [0.0], error=6.0)], 0.8, 0.8)[0].passed is False


def test_agreement_is_held_against_the_round_trip() -> None:
    assert agreement_row([True, True, True, False, False], [True] * 5, 0.8).passed
    assert not agreement_row([True, True, False, False, False], [True] * 5, 0.8).passed
    assert not agreement_row([False], [False], 0.0).passed


def test_the_frechet_distance_is_larger_for_sounds_that_are_elsewhere() -> None:
    rng = np.random.default_rng(0)
    held_out = [sound(rng.standard_normal(6), of=index % 2) for index in range(80)]
    trips = [trip(index, held_out[index].embedding + 0.1) for index in range(80)]
    made = [sound(rng.standard_normal(6) + 3, of=index % 2) for index in range(30)]
    row = frechet_row(held_out, trips, made)
    assert row.figures["clips"] == 30
    assert row.figures["generated"] > 5 * row.figures["round_trip"]
    assert row.passed is None
    assert frechet_row(held_out[:2], trips[:2], made).verdict == "reported"


def test_meters() -> None:
    notes = [sound(note=69, pitch=hertz) for hertz in (440.0, 446.0, 880.0, None)]
    row = pitch_row(notes, [sound(note=69, pitch=440.0)])
    assert (row.figures["share"], row.figures["any_octave"]) == (0.5, 0.75)
    assert row.figures["held_out"] == 1.0
    assert row.passed is False

    loops = [sound(beat=100, tempo=50.0, tempo_near=101.0), sound(beat=100, tempo_near=110.0)]
    row = tempo_row(loops, [])
    assert (row.figures["share"], row.figures["blind"]) == (0.5, 0.0)
    assert row.figures["blind_any_octave"] == 0.5
    assert row.figures["held_out"] is None

    assert tone_row([(2.0, 1.0)] * 9 + [(1.0, 1.0)]).passed
    assert not tone_row([(2.0, 1.0)] * 8 + [(1.0, 1.0)] * 2).passed
    assert length_row([sound()] * 9 + [sound(is_as_long=False)], []).passed
    assert not length_row([sound(), sound(is_as_long=False)], []).passed


def test_one_fault_is_too_many() -> None:
    assert fault_row(Counter(), 500).passed
    row = fault_row(Counter({CLIPPED: 1}), 500)
    assert row.passed is False
    assert row.measured == "0 silent, 1 clipped, 0 not finite of 500"


def test_the_report_says_which_gates_were_not_reached() -> None:
    rows = [
        share_row("good", [True, True], 0.9),
        share_row("bad", [True, False], 0.9),
        share_row("empty", [], 0.9),
        Row("only said", "", "a | b"),
    ]
    report = Report(rows, {"classes": [{"class": "kick", "share": 0.5, "none": None}]}, [], {})
    lines = report.markdown().splitlines()
    assert "| good | ≥ 90 % | 100.0 % of 2 | passed |" in lines
    assert "| bad | ≥ 90 % | 50.0 % of 2 | not reached |" in lines
    assert "| empty | ≥ 90 % | nothing to measure | not measured |" in lines
    assert "| only said | — | a \\| b | reported |" in lines
    assert "| kick | 0.50 | — |" in lines
    assert report.values()["gates"][1]["figures"]["share"] == 0.5
