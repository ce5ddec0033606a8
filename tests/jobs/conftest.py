from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sa_studio.events import JobEvent
from sa_studio.generation import GenerationRequest
from sa_studio.hub.lora_store import LoraStore
from sa_studio.hub.store import ModelStore
from sa_studio.jobs.cache import ModelCache
from sa_studio.jobs.job import Job
from sa_studio.jobs.pace import PaceBook
from sa_studio.jobs.queue import JobQueue
from sa_studio.jobs.runner import JobRunner
from sa_studio.library.history import History
from tests.fake_pipeline import FakePipeline, fake_info


@dataclass
class Workshop:
    """A queue with a real runner and library around a pipeline that a test controls."""

    folder: Path
    history: History
    pipeline: FakePipeline = field(default_factory=FakePipeline)
    events: list[JobEvent] = field(default_factory=list)
    loads: int = 0

    def __post_init__(self) -> None:
        models = self.folder / "models"
        (models / "fake").mkdir(parents=True)
        (models / "fake" / "model_config.json").write_text("{}", encoding="utf-8")
        self.clips = self.folder / "clips"
        self.clips.mkdir()
        store = ModelStore(models, self.folder / "none")
        self.loras = LoraStore(self.folder / "loras")
        cache = ModelCache(self._load)
        self.runner = JobRunner(store, cache, self.history, self.clips, self.loras, PaceBook())
        self.queue = JobQueue(self.runner.run)

    def _load(self, path: Path, *, device: str, dtype: str) -> Any:
        self.loads += 1
        if dtype == "float32":
            self.pipeline.dtype = "torch.float32"
        return self.pipeline

    def submit(self, prompt: str = "kick", **values: Any) -> Job:
        asked = GenerationRequest(prompt, **{"model": "fake", "seed": 1, "steps": 8, **values})
        request = fake_info().resolved(asked, seed=1)
        job_id = uuid.uuid4().hex
        job = Job(job_id, request, self.history.add(job_id, list(request.takes())))
        self.queue.submit(job)
        return job

    def run(self) -> list[JobEvent]:
        self.queue.run_until_empty(self.events.append)
        return self.events

    def states(self, job: Job) -> list[str]:
        return [self.history.get(clip.id).state.value for clip in job.clips]

    def files(self) -> list[str]:
        return sorted(path.name for path in self.clips.iterdir())


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    history = History(tmp_path / "library.sqlite3")
    yield Workshop(tmp_path, history)
    history.close()
