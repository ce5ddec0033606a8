"""30 loops of what the starter model generates: ``python3 dev.py test -m slow``, some minutes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sa_studio.audio.loop import best_loop, seam_score
from sa_studio.audio.render import render
from sa_studio.engine import load_model
from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.generation import GeneratedAudio, GenerationRequest
from sa_studio.vocabulary.delivery import DeliveryProfile
from sa_studio.vocabulary.sound_edit import SoundEdit
from tests.audio.loop_points import assert_loop_is_read_back

pytestmark = pytest.mark.slow

STARTER = Path(__file__).parents[2] / "models" / "starter"
RATE = 44_100
PROMPTS = (
    "heavy rain",
    "light rain",
    "wind",
    "ocean waves",
    "stream",
    "campfire",
    "crickets",
    "engine idle",
    "electric hum",
    "ventilation fan",
    "white noise",
    "tape hiss",
    "synth drone",
    "warm pad",
    "tension drone",
)


@pytest.fixture(scope="module")
def starter() -> AudioPipeline:
    return load_model(STARTER, device="cpu")


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_generated_texture_is_looped_without_a_step(
    starter: AudioPipeline, prompt: str, seed: int
) -> None:
    *_, last = starter.generate(GenerationRequest(prompt, seconds=5.0, seed=seed))
    assert isinstance(last, GeneratedAudio)
    points = best_loop(last.audio, RATE)
    edit = SoundEdit(start=points.start, stop=points.stop, loop_crossfade=points.crossfade)
    for rate in (44_100, 48_000, 96_000):
        found = render(last.audio, RATE, edit, DeliveryProfile(sample_rate=rate))
        assert found.loop == (0, found.audio.shape[1] - 1)
        assert_loop_is_read_back(found)
        inside = np.quantile(np.abs(np.diff(found.audio.astype(np.float64))), 0.999, axis=1)
        assert (np.abs(found.audio[:, 0] - found.audio[:, -1]) <= inside).all()
        assert seam_score(found.audio, rate, *found.loop) <= 1.1
