from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sa_studio.evaluation.known_embeddings import KnownEmbeddings
from tests.evaluation.work_folder import write_work


class CountingJudge:
    def __init__(self, fingerprint: str) -> None:
        self.fingerprint, self.asked = fingerprint, 0

    def embedding(self, audio: np.ndarray) -> np.ndarray:
        self.asked += 1
        return np.array([audio.shape[1], np.abs(audio).sum()])


def test_a_clip_is_judged_once_until_it_or_the_judge_changes(tmp_path: Path) -> None:
    clip, other = sorted((write_work(tmp_path) / "evaluation/reference/beat").iterdir())[:2]
    file = tmp_path / "known.npz"

    def ask(judge: CountingJudge) -> np.ndarray:
        known = KnownEmbeddings(judge, file)  # type: ignore[arg-type]
        found = known.of(clip)
        known.keep()
        return found

    first = CountingJudge("one")
    expected = ask(first)
    np.testing.assert_array_equal(ask(first), expected)
    assert first.asked == 1
    second = CountingJudge("two")
    ask(second)
    assert second.asked == 1
    clip.write_bytes(other.read_bytes())
    assert ask(second)[1] != pytest.approx(expected[1])
    assert second.asked == 2
    file.write_bytes(b"PK, not really")
    ask(second)
    assert second.asked == 3
