from __future__ import annotations

from collections.abc import Callable

import pytest

from sa_studio.errors import NotFinite
from sa_studio.events import ClipFinished, JobFailed, JobFinished, ModelReady, PlanChanged
from sa_studio.generation import DecodedChunk, PipelineEvent, SamplingStep
from tests.jobs.conftest import Workshop

OUT_OF_MEMORY = RuntimeError("CUDA out of memory. Tried to allocate 1.21 GiB.")


def fails_while(
    condition: Callable[[], bool], kind: type[PipelineEvent], error: Exception
) -> Callable[[PipelineEvent], None]:
    def before(event: PipelineEvent) -> None:
        if isinstance(event, kind) and condition():
            raise error

    return before


def changes(workshop: Workshop) -> list[tuple[str, str]]:
    return [(e.plan, e.reason) for e in workshop.events if isinstance(e, PlanChanged)]


@pytest.mark.parametrize("kind", [SamplingStep, DecodedChunk])
def test_out_of_memory_is_answered_with_the_next_smaller_plan(
    workshop: Workshop, kind: type[PipelineEvent]
) -> None:
    pipeline = workshop.pipeline
    pipeline.plans = ["large", "medium", "small", "smallest"]
    pipeline.before = fails_while(lambda: pipeline.plan in ("large", "medium"), kind, OUT_OF_MEMORY)
    job = workshop.submit(count=2)
    workshop.run()
    (ready,) = (event for event in workshop.events if isinstance(event, ModelReady))
    assert ready.plan == "large"
    reason = "There was too little memory"
    assert changes(workshop) == [("medium", reason), ("small", reason)]
    assert isinstance(workshop.events[-1], JobFinished)
    assert workshop.states(job) == ["finished", "finished"]
    assert workshop.loads == 1, "nothing is loaded anew"
    finished = [e.clip.request.seed for e in workshop.events if isinstance(e, ClipFinished)]
    assert finished == [1, 2]


def test_the_smaller_plan_stays_for_the_next_job(workshop: Workshop) -> None:
    pipeline = workshop.pipeline
    pipeline.plans = ["large", "small"]
    pipeline.before = fails_while(lambda: pipeline.plan == "large", SamplingStep, OUT_OF_MEMORY)
    workshop.submit()
    workshop.submit()
    workshop.run()
    assert len(changes(workshop)) == 1


def test_out_of_memory_under_the_smallest_plan_fails_the_job_with_a_way_out(
    workshop: Workshop,
) -> None:
    workshop.pipeline.plans = ["large", "small"]
    workshop.pipeline.before = fails_while(lambda: True, SamplingStep, OUT_OF_MEMORY)
    workshop.submit()
    workshop.run()
    assert [plan for plan, _ in changes(workshop)] == ["small"]
    failure = workshop.events[-1]
    assert isinstance(failure, JobFailed)
    assert failure.message == "There is too little memory for this sound"
    assert failure.hint


@pytest.mark.parametrize(("kind", "what"), [(SamplingStep, "latents"), (DecodedChunk, "audio")])
def test_values_that_are_no_numbers_are_tried_once_more_in_full_precision(
    workshop: Workshop, kind: type[PipelineEvent], what: str
) -> None:
    pipeline = workshop.pipeline
    pipeline.dtype = "torch.float16"
    pipeline.before = fails_while(lambda: not pipeline.is_full_precision, kind, NotFinite(what))
    job = workshop.submit(count=2, dtype="float16")
    workshop.run()
    assert changes(workshop) == [
        ("all at once", f"The model made {what} with values that are no numbers")
    ]
    assert workshop.loads == 2
    assert workshop.states(job) == ["finished", "finished"]


def test_what_stays_no_number_in_full_precision_is_reported_and_never_written(
    workshop: Workshop,
) -> None:
    pipeline = workshop.pipeline
    pipeline.dtype = "torch.float16"
    pipeline.before = fails_while(lambda: True, DecodedChunk, NotFinite("audio"))
    job = workshop.submit()
    workshop.run()
    failure = workshop.events[-1]
    assert isinstance(failure, JobFailed)
    assert failure.message == "The model made audio with values that are no numbers"
    assert workshop.loads == 2
    assert workshop.states(job) == ["failed"]
    assert workshop.files() == []


def test_a_cancel_during_the_second_attempt_is_heeded(workshop: Workshop) -> None:
    pipeline = workshop.pipeline
    pipeline.plans = ["large", "small"]
    job = workshop.submit()

    def before(event: PipelineEvent) -> None:
        if pipeline.plan == "large":
            raise OUT_OF_MEMORY
        workshop.queue.cancel(job.id)

    pipeline.before = before
    workshop.run()
    assert workshop.states(job) == ["cancelled"]
