from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from sa_studio.bench.ui import as_text
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
    command += ["--seconds", "0.5", "--idle", "0.5", "--clip-seconds", "1", "--steps", "3"]
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


def test_a_model_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sa_studio", "bench", "ui", "--model", "no-such-model"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "no-such-model" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
