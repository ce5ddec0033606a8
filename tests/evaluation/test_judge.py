from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from sa_studio.errors import StudioError
from sa_studio.evaluation.judge import WEIGHTS, Judge, blocks, log_mel
from tests.evaluation.judge_weights import WIDTH, write_judge
from tests.evaluation.signals import noise, times, tone

GOLDEN = Path(__file__).parents[1] / "golden" / "evaluation" / "judge_log_mel.json"


def test_the_front_end_is_that_of_librosa() -> None:
    t = times(3.0)
    first = np.exp(-3 * t) * np.sin(2 * np.pi * (220 * t + 600 * t * t))
    first += 0.2 * np.sign(np.sin(2 * np.pi * 55 * t)) * (t > 1)
    second = 0.5 * np.sin(2 * np.pi * 3000 * t) * np.exp(-8 * ((t * 4) % 1))
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    heard = log_mel(np.stack([first + second, first - second]).astype(np.float32))
    assert heard.shape == (130, 96)
    np.testing.assert_allclose(heard[golden["frames"]], golden["log_mel"], atol=5e-5)


def test_blocks_overlap_by_half_and_silent_ones_are_left_out() -> None:
    spectrogram = np.ones((210, 96))
    spectrogram[:, 0] = np.arange(210)
    found = blocks(spectrogram)
    assert found.shape == (3, 100, 96)
    assert found[:, 0, 0].tolist() == [0, 50, 100]
    spectrogram[100:] = 0
    assert blocks(spectrogram).shape[0] == 2
    short = blocks(np.ones((30, 96)))
    assert short.shape == (1, 100, 96)
    assert short.sum() == 30 * 96


def test_an_embedding_depends_on_the_sound_but_not_on_its_level(tmp_path: Path) -> None:
    judge = Judge.load(write_judge(tmp_path))
    one, other = noise(1.0), tone(400, 1.0, 5)
    found = judge.embedding(one)
    assert found.shape == (8 * WIDTH,)
    np.testing.assert_allclose(judge.embedding(0.1 * one), found, rtol=1e-3, atol=1e-5)
    assert np.abs(judge.embedding(other) - found).max() > 1e-3
    assert np.isfinite(judge.embedding(np.zeros((2, 100)))).all()


def test_what_is_no_judge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no judge"):
        Judge.load(tmp_path)
    path = tmp_path / WEIGHTS
    path.parent.mkdir()
    for content in ({"a": torch.zeros(2)}, ({"a": torch.zeros(2)}, {}), (print, {})):
        torch.save(content, path)
        with pytest.raises(StudioError, match="does not hold"):
            Judge.load(tmp_path)
    path.write_bytes(b"")
    with pytest.raises(StudioError, match="does not hold"):
        Judge.load(tmp_path)
