"""A pipeline that makes silence, step by step, where a test says how it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sa_studio.generation import (
    DecodedChunk,
    GeneratedAudio,
    GenerationRequest,
    ModelInfo,
    PipelineEvent,
    SamplingDefaults,
    SamplingStep,
)

RATE = 44_100
CHUNK = 100
CHUNKS = 5


def fake_info(path: Path = Path("fake")) -> ModelInfo:
    return ModelInfo(
        id="fake",
        title="Fake",
        path=path,
        objective="v",
        samplers=("dpmpp", "euler"),
        defaults=SamplingDefaults("dpmpp", steps=8, guidance_scale=3.0, seconds=1.0),
        max_seconds=47.554,
        sample_rate=RATE,
        channels=2,
    )


@dataclass
class FakePipeline:
    """Keeps an account of how far it was asked to go.

    Attributes:
        before: called before every event is made; may wait, cancel or raise.
        made: events in the order in which they were made.
        closed: how many generators were closed or ran to their end.
        init_audio: what the last generation started from.
        lora_files: the LoRAs that it had.
        plans: how it is run now, and behind it what takes less memory.
    """

    before: Callable[[PipelineEvent], None] = lambda event: None
    info: ModelInfo = field(default_factory=fake_info)
    device: str = "cpu"
    dtype: str = "torch.float32"
    made: list[PipelineEvent] = field(default_factory=list)
    closed: int = 0
    init_audio: np.ndarray | None = None
    lora_files: Sequence[Path] | None = None
    plans: list[str] = field(default_factory=lambda: ["all at once"])

    @property
    def plan(self) -> str:
        return self.plans[0]

    @property
    def can_shrink(self) -> bool:
        return len(self.plans) > 1

    @property
    def is_full_precision(self) -> bool:
        return self.dtype == "torch.float32"

    def shrink(self) -> None:
        del self.plans[0]

    def generate(
        self,
        request: GenerationRequest,
        init_audio: np.ndarray | None = None,
        lora_files: Sequence[Path] | None = None,
        previews: bool = False,
    ) -> Iterator[PipelineEvent]:
        self.init_audio, self.lora_files = init_audio, lora_files
        try:
            for take, single in enumerate(request.takes()):
                for event in _events(take, single, previews):
                    self.before(event)
                    self.made.append(event)
                    yield event
        finally:
            self.closed += 1


def _events(take: int, request: GenerationRequest, previews: bool) -> Iterator[PipelineEvent]:
    assert request.steps is not None
    for step in range(1, request.steps + 1):
        # as from a pipeline that can afford every second one
        envelope = np.zeros((2, 2, 7), np.float32) if previews and step % 2 == 0 else None
        yield SamplingStep(take, step, request.steps, envelope)
    total = CHUNK * CHUNKS
    for index in range(1, CHUNKS + 1):
        chunk = np.zeros((2, CHUNK), np.float32)
        yield DecodedChunk(take, index, CHUNKS, CHUNK * (index - 1), total, chunk)
    yield GeneratedAudio(take, request, np.zeros((2, total), np.float32), RATE)
