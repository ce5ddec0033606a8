"""A pipeline that makes a struck noise at once, other ones for other seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sa_studio.generation import (
    GeneratedAudio,
    GenerationRequest,
    PipelineEvent,
    SamplingStep,
)
from tests.delivery.takes import hit
from tests.fake_pipeline import RATE, FakePipeline

STEPS = 2


@dataclass
class HitPipeline(FakePipeline):
    """Its ``before`` may raise where a test wants something to go wrong.

    Attributes:
        requests: what it was asked for, take by take.
    """

    requests: list[GenerationRequest] = field(default_factory=list)

    def generate(
        self,
        request: GenerationRequest,
        init_audio: np.ndarray | None = None,
        lora_files: Sequence[Path] | None = None,
        previews: bool = False,
    ) -> Iterator[PipelineEvent]:
        for take, single in enumerate(request.takes()):
            self.requests.append(single)
            for event in _events(take, single):
                self.before(event)
                yield event


def _events(take: int, request: GenerationRequest) -> Iterator[PipelineEvent]:
    assert request.seconds is not None
    assert request.seed is not None
    for step in range(1, STEPS + 1):
        yield SamplingStep(take, step, STEPS)
    level = 0.1 + 0.4 * np.random.default_rng(request.seed).random()
    sound = hit(0.02, level=level, seed=request.seed, seconds=request.seconds)
    yield GeneratedAudio(take, request, sound, RATE)


def loader_of(pipeline: HitPipeline) -> Callable[..., Any]:
    """What takes the place of ``engine_loader`` in the service."""

    def load(path: Path, *, device: str, dtype: str) -> HitPipeline:
        return pipeline

    return lambda text_encoder: load
