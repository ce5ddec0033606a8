"""What the live preview takes of a run, with the engine alone."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.generation import GenerationRequest, SamplingStep

if TYPE_CHECKING:
    from sa_studio.engine.pipeline import AudioPipeline

RUNS = 7
PROMPT = "heavy wooden door slam"


def measure(
    folder: Path, *, seconds: float | None = None, steps: int | None = None, runs: int = RUNS
) -> dict[str, Any]:
    """Sample with and without previews in turns.

    Args:
        folder: of the model.
        seconds: length of the sound; as long as it can be if ``None``.
        steps: sampler steps; the model's own number if ``None``.
        runs: how many of each.
    """
    from sa_studio.engine import load_model

    pipeline = load_model(folder)
    request = GenerationRequest(
        PROMPT, seconds=seconds or pipeline.info.max_seconds, seed=1, steps=steps
    )
    times: dict[bool, list[float]] = {True: [], False: []}
    shown = 0
    for run in range(runs + 1):
        for previews in (True, False):
            duration, envelopes = _sample(pipeline, request, previews=previews)
            shown = max(shown, envelopes)
            if run > 0:  # the first is for warming up
                times[previews].append(duration)
    with_previews, without = (statistics.median(times[on]) for on in (True, False))
    return {
        "runs": runs,
        "previews": shown,
        "sampling_seconds": round(without, 3),
        "share": round(with_previews / without - 1, 4),
    }


def _sample(
    pipeline: AudioPipeline, request: GenerationRequest, *, previews: bool
) -> tuple[float, int]:
    """The seconds that the steps take, and how many of them carry a preview."""
    events = pipeline.generate(request, previews=previews)
    envelopes = 0
    began = last = time.perf_counter()
    for event in events:
        if not isinstance(event, SamplingStep):
            break  # the sampling is over
        envelopes += event.envelope is not None
        last = time.perf_counter()
    events.close()
    return last - began, envelopes
