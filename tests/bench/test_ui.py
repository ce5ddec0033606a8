from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sa_studio.bench import crowded_library, ui
from sa_studio.bench.big_library import QUERIES, typed
from sa_studio.bench.ui import as_text
from sa_studio.generation import ClipFilter, Verdict
from sa_studio.paths import DataFolder
from sa_studio.service import Studio
from tests.tiny_model import make_tiny_model

LAG = {"samples": 900, "p50": 0.4, "p95": 1.0, "p99": 2.0, "max": 151.0}
REPORT: dict[str, Any] = {
    "machine": {"processor": "P", "cores": 2, "system": "S", "python": "3.11"},
    "qt_platform": "offscreen",
    "model": "starter",
    "clips": 3,
    "work_seconds": 60.0,
    "window_visible": {
        "from_process_start_ms": None,
        "from_command_ms": 700.0,
        "torch_imported": False,
    },
    "click_to_row_ms": [12.0],
    "lag_ms": {"idle (baseline)": {**LAG, "max": 3.0}, "sampling": LAG, "decoding": None},
}


def test_the_table_says_what_was_missed_and_what_was_not_reached() -> None:
    lines = as_text(REPORT).splitlines()
    verdicts = {line.split()[0]: line for line in lines if line}
    assert "above" not in verdicts["idle"]
    assert "above the target" in verdicts["sampling"]
    assert "not reached" in verdicts["decoding"]
    assert "torch imported by then: no" in verdicts["window"]


def test_the_command_measures_the_real_window(tmp_path: Path) -> None:
    model = make_tiny_model(tmp_path / "tiny")
    command = [sys.executable, "-m", "sa_studio", "bench", "ui", "--model", str(model)]
    command += [
        "--only",
        "session",
        "--seconds",
        "0.5",
        "--idle",
        "0.5",
        "--clip-seconds",
        "1",
        "--steps",
        "3",
    ]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["clips"] >= 1
    assert report["machine"]["torch_threads"] >= 1
    assert report["window_visible"]["from_command_ms"] > 0
    assert not report["window_visible"]["torch_imported"]
    assert len(report["click_to_row_ms"]) >= 1
    for phase in ("idle (baseline)", "loading", "loading and generating"):
        figures = report["lag_ms"][phase]
        assert figures["samples"] > 10
        assert 0 <= figures["p50"] <= figures["p99"] <= figures["max"]


FIGURES = {"samples": 50, "p50": 1.0, "p95": 2.0, "p99": 3.0, "max": 16.0}
LIBRARY: dict[str, Any] = {
    "takes": 100_000,
    "listed": 75_000,
    "start_ms": {"empty": [900, 1000, 1100], "full": [1200, 1400, 1300]},
    "start_ratio": 1.3,
    "search_ms": {**FIGURES, "max": 50.1},
    "paging_ms": FIGURES,
    "paging_complete_ms": {**FIGURES, "max": 100.0},
    "jumps_ms": {**FIGURES, "max": 16.1},
    "jumps_complete_ms": {**FIGURES, "max": 100.1},
    "drag_ms": FIGURES,
}
SOUND: dict[str, Any] = {
    "seconds": 600.0,
    "waveform_frames_ms": FIGURES,
    "both_frames_ms": {**FIGURES, "max": 17.0},
    "spectrogram_of_seconds": 47.0,
    "spectrogram_ms": {**FIGURES, "p50": 300.0, "max": 501.0},
}
PREVIEW = {"runs": 7, "previews": 12, "sampling_seconds": 2.0, "share": 0.051}


def verdict_of(line: str, text: str) -> bool:
    (found,) = [shown for shown in text.splitlines() if shown.startswith(line)]
    return "above the target" not in found


def test_every_part_stands_beside_its_target() -> None:
    parts = {"library": LIBRARY, "sound": SOUND, "preview": PREVIEW}
    text = as_text({"machine": REPORT["machine"], "qt_platform": "offscreen", **parts})
    assert "1300 ms (1200, 1400, 1300); with an empty library 1000 ms" in text
    assert verdict_of("ratio of the medians 1.30 (target 1.3)", text)
    assert not verdict_of("letter typed to rows", text)
    assert verdict_of("list, page by page", text)
    assert not verdict_of("list, to anywhere", text)
    assert verdict_of("list, dragged through", text)
    assert verdict_of("rows stand after a page", text)
    assert not verdict_of("rows stand after a jump", text)
    assert verdict_of("waveform  ", text)
    assert not verdict_of("waveform and spectrogram", text)
    assert not verdict_of("spectrogram of 47 s ready after 300 ms, at worst 501 ms", text)
    assert not verdict_of("live preview: sampling takes +5.1% with it", text)


def test_every_letter_that_is_typed_asks_for_something_new() -> None:
    assert list(typed(("a bc", "d"))) == ["a", "a b", "a bc", "d"]


def measured(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert ui.main([*arguments, "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_a_large_library_is_opened_searched_and_scrolled(
    application: object, only_tiny_models: None, no_sound_output: None,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    few = ["--takes", "500", "--starts", "1", "--rows", "60"]
    report = measured(capsys, "--only", "library", *few)
    found = report["library"]
    assert 200 < found["listed"] < 500
    for starts in found["start_ms"].values():
        assert len(starts) == 1
        assert starts[0] > 0
    assert found["start_ratio"] > 0
    assert found["search_ms"]["samples"] == len(list(typed(QUERIES)))
    assert found["paging_ms"]["samples"] > 2
    assert found["jumps_ms"]["samples"] > 50
    assert found["jumps_complete_ms"]["samples"] <= found["jumps_ms"]["samples"]
    assert found["jumps_complete_ms"]["max"] >= found["jumps_ms"]["p50"]
    assert found["drag_ms"]["samples"] > 50
    assert "lag_ms" not in report


def test_frames_of_a_sound_and_its_spectrogram_are_timed(
    application: object, capsys: pytest.CaptureFixture[str]
) -> None:
    short = ["--file-seconds", "12", "--spectrogram-seconds", "0.5"]
    found = measured(capsys, "--only", "sound", *short)["sound"]
    for name in ("waveform_frames_ms", "both_frames_ms"):
        assert found[name]["samples"] > 200
        assert 0 < found[name]["p50"] <= found[name]["max"]
    assert found["spectrogram_ms"]["max"] > 0


def test_the_cost_of_previews_is_measured(
    tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measured(capsys, "--only", "preview", "--model", str(tiny_model), "--steps", "3")
    assert found["preview"]["sampling_seconds"] > 0
    assert -1 < found["preview"]["share"] < 100


def test_the_made_up_library_is_one_that_the_application_understands(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    data.create()
    crowded_library.fill(data, 400)
    with Studio(tmp_path) as studio:
        shown = studio.clips(ClipFilter(with_rejected=True), limit=400)
        assert len(shown) == 400
        assert {clip.verdict for clip in shown} == set(Verdict)
        assert studio.tags() == sorted(crowded_library.TAGS)
        tagged = studio.clips(ClipFilter(tag="Metal", with_rejected=True), limit=400)
        assert tagged
        assert all("metal" in clip.tags for clip in tagged)
        assert len(tagged) == sum("metal" in clip.tags for clip in shown)
        found = studio.clips(ClipFilter("anna tail", with_rejected=True), limit=400)
        assert found
        assert all("Anna" in clip.notes for clip in found)
        assert set(studio.collections()) <= set(crowded_library.COLLECTIONS)


def test_a_model_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sa_studio", "bench", "ui"]
    command += ["--only", "session", "--model", "no-such-model"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "no-such-model" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
