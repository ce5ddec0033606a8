from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sa_studio.bench import model
from sa_studio.bench.peak_memory import PeakMemory, _sample


@pytest.fixture
def report(tiny_model: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert model.main([str(tiny_model), "--steps", "2", "--json"]) == 0
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    return content


def test_everything_is_measured_beside_its_prediction(report: dict[str, Any]) -> None:
    run = report["run"]
    assert run["peak_mb"] == max(run["loading_mb"], run["sampling_mb"], run["decoding_mb"])
    assert report["forecast_mb"]["peak"] > 0
    assert report["load"]["seconds"] > 0
    assert run["seconds_per_step"] > 0
    assert run["decode_seconds"] > 0
    assert report["plan"].startswith("float32")


def test_the_table_shows_the_same_figures(report: dict[str, Any]) -> None:
    text = model.as_text(report)
    assert f"{report['run']['peak_mb']:,.0f}" in text
    assert report["plan"] in text


def test_the_peak_is_that_of_what_happens_meanwhile() -> None:
    before = np.ones(10_000_000, np.uint8)
    with PeakMemory("cpu") as peak:
        large = torch.ones(100_000_000, dtype=torch.uint8)
        del large
    assert 95e6 < peak.bytes < 120e6
    del before


def test_where_the_system_keeps_no_peak_it_is_sampled() -> None:
    end = _sample()
    large = torch.ones(200_000_000, dtype=torch.uint8)
    for _ in range(20):
        large.add_(1)
    with_large = end()
    del large
    assert with_large >= 200_000_000
