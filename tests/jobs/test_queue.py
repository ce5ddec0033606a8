from __future__ import annotations

import threading
from typing import Any

import pytest

from sa_studio.events import JobEvent, JobFinished
from sa_studio.generation import Clip, ClipState, GenerationRequest
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


def test_stop_interrupts_what_runs_and_what_waits_and_reports_both() -> None:
    started = threading.Event()
    seen: list[tuple[str, bool]] = []

    def run(running: Job, emit: Emit) -> None:
        started.set()
        seen.append((running.id, running.interrupt.wait(5)))
        assert not running.cancel.is_set()

    queue = JobQueue(run)
    for name in "ab":
        queue.submit(job(name))
    worker = threading.Thread(target=queue.run, args=(lambda event: None,))
    worker.start()
    assert started.wait(5)
    queue.stop()
    worker.join(5)
    assert seen == [("a", True), ("b", True)]


def test_a_job_that_comes_after_the_stop_is_interrupted() -> None:
    interrupted: list[Any] = []
    queue = JobQueue(lambda running, emit: interrupted.append(running.interrupt.is_set()))
    queue.stop()
    queue.submit(job("late"))
    queue.run(lambda event: None)
    assert interrupted == [True]


# putting in order, clearing, dropping


def filled(names: str, run: Any = finish) -> JobQueue:
    queue = JobQueue(run)
    for name in names:
        queue.submit(job(name))
    return queue


def ran(queue: JobQueue) -> str:
    done: list[str] = []
    queue.run_until_empty(lambda event: done.append(event.job_id))
    return "".join(done)


@pytest.mark.parametrize(
    ("name", "position", "order"),
    [
        ("c", 0, "cabd"),
        ("a", 3, "bcda"),
        ("a", 1, "bacd"),
        ("d", 2, "abdc"),
        ("b", 1, "abcd"),
        ("b", 99, "acdb"),
        ("c", -5, "cabd"),
    ],
)
def test_a_moved_job_runs_at_its_new_place(name: str, position: int, order: str) -> None:
    queue = filled("abcd")
    assert queue.move(name, position)
    assert "".join(job.id for job in queue.waiting()) == "".join(queue.order()) == order
    assert ran(queue) == order


def test_only_waiting_jobs_are_moved() -> None:
    seen: list[tuple[str, bool, tuple[str, ...]]] = []

    def run(running: Job, emit: Emit) -> None:
        seen.append((running.id, queue.move(running.id, 1), queue.order()))

    queue = filled("abc", run)
    assert not queue.move("unknown", 0)
    queue.run_until_empty(lambda event: None)
    assert seen == [
        ("a", False, ("a", "b", "c")),
        ("b", False, ("b", "c")),
        ("c", False, ("c",)),
    ]
    assert not queue.move("a", 0), "it is done"


def test_clear_takes_out_what_waits_and_leaves_what_runs() -> None:
    def run(running: Job, emit: Emit) -> None:
        cleared.extend(queue.clear())
        emit(JobFinished(running.id))
        assert not running.cancel.is_set()

    cleared: list[Job] = []
    queue = filled("abc", run)
    assert ran(queue) == "a"
    assert [job.id for job in cleared] == ["b", "c"]
    assert all(job.cancel.is_set() for job in cleared)
    assert queue.clear() == ()


def test_every_job_runs_once_however_much_is_moved_meanwhile() -> None:
    names = [str(number) for number in range(300)]
    queue, done = JobQueue(finish), []
    for name in names:
        queue.submit(job(name))
    stop = threading.Event()

    def shuffle() -> None:
        number = 0
        while not stop.is_set():
            number += 7
            queue.move(names[number % 300], number % 11)

    movers = [threading.Thread(target=shuffle) for _ in range(2)]
    for mover in movers:
        mover.start()
    queue.run_until_empty(lambda event: done.append(event.job_id))
    stop.set()
    for mover in movers:
        mover.join(5)
    assert sorted(done) == sorted(names)


def test_a_dropped_take_is_not_made_and_the_last_one_stays() -> None:
    def clip(number: int) -> Clip:
        request = GenerationRequest("kick", seed=number)
        return Clip(str(number), "a", number, request, ClipState.QUEUED, 0.0)

    made: list[tuple[str, ...]] = []
    queue = JobQueue(lambda running, emit: made.append(tuple(c.id for c in running.clips)))
    queue.submit(job("first"))
    queue.submit(Job("a", GenerationRequest("kick"), tuple(clip(n) for n in range(3))))
    assert queue.drop_take("a", "1")
    assert not queue.drop_take("a", "1"), "it is gone"
    assert not queue.drop_take("b", "0")
    assert queue.drop_take("a", "0")
    assert not queue.drop_take("a", "2")
    queue.run_until_empty(lambda event: None)
    assert made == [(), ("2",)]


def test_a_call_is_done_between_two_jobs_on_their_thread() -> None:
    order: list[str] = []
    threads: list[int] = []

    def run(running: Job, emit: Emit) -> None:
        order.append(running.id)
        if running.id == "a":
            queue.call(lambda: order.append("call"))
            queue.call(lambda: threads.append(threading.get_ident()))
            order.append("a ends")

    queue = JobQueue(run)
    queue.submit(job("a"))
    queue.submit(job("b"))
    queue.run_until_empty(lambda event: None)
    assert order == ["a", "a ends", "call", "b"]
    assert threads == [threading.get_ident()]


def test_a_call_wakes_a_queue_that_waits_and_may_submit_jobs() -> None:
    done = threading.Event()
    queue = JobQueue(lambda _job, _emit: done.set())
    thread = threading.Thread(target=queue.run, args=(lambda event: None,))
    thread.start()
    queue.call(lambda: queue.submit(job("a")))
    assert done.wait(30)
    queue.stop()
    thread.join(30)
    assert not thread.is_alive()
