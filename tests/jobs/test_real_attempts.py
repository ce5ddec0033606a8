"""The answer to values that are no numbers, with a real model that overflows in half precision."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from safetensors.torch import load_file, save_file

from sa_studio.events import JobEvent, JobFailed, JobFinished, ModelReady, PlanChanged
from sa_studio.generation import GenerationRequest
from sa_studio.service import Studio
from tests.tiny_model import make_tiny_model

WEIGHTS = "model.safetensors"


@pytest.fixture
def overflowing(data_dir: Path) -> Path:
    """A model with weights that float16 cannot hold, and bfloat16 and float32 can."""
    folder = make_tiny_model(data_dir / "models" / "loud")
    tensors = load_file(folder / WEIGHTS)
    tensors["model.model.transformer.project_out.weight"] *= 1e6
    save_file(tensors, folder / WEIGHTS)
    return folder


def run(data_dir: Path, dtype: str) -> tuple[list[JobEvent], list[Path]]:
    events: list[JobEvent] = []
    with Studio(data_dir) as studio:
        request = GenerationRequest(
            "kick", model="loud", seconds=0.5, seed=1, steps=2, dtype=dtype, device="cpu"
        )
        studio.submit(request)
        studio.run_until_empty(events.append)
        return events, [clip.path for clip in studio.clips() if clip.path is not None]


def test_half_precision_that_overflows_is_made_good_in_full_precision(
    overflowing: Path, data_dir: Path
) -> None:
    events, (path,) = run(data_dir, "float16")
    (ready,) = (event for event in events if isinstance(event, ModelReady))
    (changed,) = (event for event in events if isinstance(event, PlanChanged))
    assert ready.dtype == "float16"
    assert "values that are no numbers" in changed.reason
    assert changed.plan.startswith("float32")
    assert isinstance(events[-1], JobFinished)
    audio, _ = soundfile.read(path)
    assert np.isfinite(audio).all()
    assert np.abs(audio).max() > 0


def test_what_no_precision_can_hold_fails_and_leaves_no_file(
    overflowing: Path, data_dir: Path
) -> None:
    tensors = load_file(overflowing / WEIGHTS)
    tensors["model.model.transformer.project_out.weight"].fill_(float("nan"))
    save_file(tensors, overflowing / WEIGHTS)
    events, paths = run(data_dir, "bfloat16")
    assert [type(event) for event in events if isinstance(event, PlanChanged)] == [PlanChanged]
    failure = events[-1]
    assert isinstance(failure, JobFailed)
    assert "values that are no numbers" in failure.message
    assert paths == []
    assert list((data_dir / "clips").iterdir()) == []
