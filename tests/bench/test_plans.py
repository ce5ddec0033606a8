from __future__ import annotations

import json
from pathlib import Path

import pytest

from sa_studio.bench import plans
from sa_studio.bench.models import find_model
from sa_studio.engine import load_model
from sa_studio.errors import ModelError


def test_an_official_model_is_described_without_its_weights(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert plans.main(["--like", "small", "--device", "cuda", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["plan"] == "bfloat16, 128 frames decoded at once"
    assert rows[0]["network"] == pytest.approx(2 * 341_127_232, rel=1e-3)
    assert rows[0]["peak"] > rows[-1]["peak"]
    assert "parts wait in main memory" in rows[-1]["plan"]


def test_an_installed_model_has_the_plans_that_it_is_loaded_by(
    tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plans.main([str(tiny_model)]) == 0
    header, first, *_ = capsys.readouterr().out.splitlines()
    assert header.split()[-2:] == ["plan", "(MB)"]
    assert first.endswith(str(load_model(tiny_model, device="cpu").plan))


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(ModelError, match="There is no model 'nothing'"):
        find_model("nothing")
