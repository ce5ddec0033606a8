from __future__ import annotations

import threading
from typing import Any

from sa_studio.events import JobEvent, JobFinished
from sa_studio.generation import GenerationRequest
from sa_studio.jobs.job import Job
from sa_studio.jobs.queue import Emit, JobQueue


def job(name: str) -> Job:
    return Job(name, GenerationRequest(name), ())


def finish(job: Job, emit: Emit) -> None:
    emit(JobFinished(job.id))


def test_jobs_run_in_the_order_in_which_they_came() -> None:
    queue, done = JobQueue(finish), []
    for name in "abc":
        queue.submit(job(name))
    queue.run_until_empty(lambda event: done.append(event.job_id))
    assert done == ["a", "b", "c"]


def test_an_empty_queue_returns_at_once() -> None:
    JobQueue(finish).run_until_empty(lambda event: None)


def test_cancel_stops_the_running_job_and_takes_out_waiting_ones() -> None:
    seen: list[tuple[str, bool]] = []

    def run(running: Job, emit: Emit) -> None:
        assert queue.cancel(running.id) is None  # whoever runs it reports it
        taken_out = queue.cancel("c")
        seen.append((running.id, running.cancel.is_set()))
        assert (taken_out is jobs[2]) == (running.id == "a")

    queue = JobQueue(run)
    jobs = [job(name) for name in "abc"]
    for item in jobs:
        queue.submit(item)
    assert queue.cancel("unknown") is None
    assert not any(item.cancel.is_set() for item in jobs)
    queue.run_until_empty(lambda event: None)
    assert queue.cancel("a") is None  # long done
    assert seen == [("a", True), ("b", True)]
    assert jobs[2].cancel.is_set()


def test_jobs_may_be_added_while_the_queue_works() -> None:
    done: list[str] = []

    def run(running: Job, emit: Emit) -> None:
        done.append(running.id)
        if running.id == "a":
            queue.submit(job("b"))

    queue = JobQueue(run)
    queue.submit(job("a"))
    queue.run_until_empty(lambda event: None)
    assert done == ["a", "b"]


def test_run_waits_for_jobs_until_it_is_stopped() -> None:
    queue = JobQueue(finish)
    done: list[JobEvent] = []
    first = threading.Event()

    def emit(event: JobEvent) -> None:
        done.append(event)
        first.set()

    worker = threading.Thread(target=queue.run, args=(emit,))
    worker.start()
    queue.submit(job("a"))
    assert first.wait(5)
    queue.stop()
    worker.join(5)
    assert not worker.is_alive()
    assert done == [JobFinished("a")]


def test_stop_cancels_what_runs_and_what_waits_and_reports_both() -> None:
    started = threading.Event()
    seen: list[tuple[str, bool]] = []

    def run(running: Job, emit: Emit) -> None:
        started.set()
        seen.append((running.id, running.cancel.wait(5)))

    queue = JobQueue(run)
    for name in "ab":
        queue.submit(job(name))
    worker = threading.Thread(target=queue.run, args=(lambda event: None,))
    worker.start()
    assert started.wait(5)
    queue.stop()
    worker.join(5)
    assert seen == [("a", True), ("b", True)]


def test_a_job_that_comes_after_the_stop_is_cancelled() -> None:
    cancelled: list[Any] = []
    queue = JobQueue(lambda running, emit: cancelled.append(running.cancel.is_set()))
    queue.stop()
    queue.submit(job("late"))
    queue.run(lambda event: None)
    assert cancelled == [True]
