from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sa_studio.errors import LibraryError
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.library.history import History

CRASH = """
import os, sys
from pathlib import Path
from sa_studio.generation import ClipState, GenerationRequest
from sa_studio.library.history import History
history = History(Path(sys.argv[1]))
takes = GenerationRequest("kick", seed=1, count=7).takes()
for clip, state in zip(history.add("job", list(takes)), ClipState):
    history.set_state(clip.id, state)
os._exit(9)
"""


def add(history: History, *prompts: str) -> list[Clip]:
    return [history.add(prompt, [GenerationRequest(prompt, seed=1)])[0] for prompt in prompts]


def prompts(clips: list[Clip]) -> list[str]:
    return [clip.request.prompt for clip in clips]


def finish(history: History, clip: Clip) -> Clip:
    return history.finish(
        clip.id,
        path=Path("/clips/a.wav"),
        seconds=1.5,
        sample_rate=44_100,
        channels=2,
        elapsed_seconds=3.0,
        thumbnail=b"\x80\x7f",
    )


REQUEST = GenerationRequest(
    'a "prompt"\nwith 🥁 and Ü',
    negative_prompt="none",
    seconds=1.5,
    seed=2**32 - 1,
    steps=8,
    guidance_scale=3.5,
    guidance_rescale=0.25,
    guidance_interval=(0.1, 0.9),
    sampler="dpmpp",
    sigma_min=0.3,
    sigma_max=500.0,
    rho=1.0,
    init_audio=Path("/sounds/in.wav"),
    init_noise_level=0.5,
    device="cpu",
    dtype="float32",
    loras=(("warm tape", 0.75), ("/loras/grit.safetensors", -1.0)),
)


def test_a_take_comes_back_as_it_was_after_a_new_start(path: Path) -> None:
    first = History(path)
    (added,) = first.add("job", [REQUEST])
    made = finish(first, added)
    first.close()
    second = History(path)
    assert second.get(added.id) == made
    second.close()
    assert made.request == REQUEST
    assert (made.state, made.path, made.seconds) == (
        ClipState.FINISHED,
        Path("/clips/a.wav"),
        1.5,
    )
    assert (made.sample_rate, made.channels, made.elapsed_seconds) == (44_100, 2, 3.0)
    assert made.thumbnail == b"\x80\x7f"
    assert made.created_at == added.created_at


def test_the_newest_come_first_and_the_takes_of_a_job_stay_in_order(history: History) -> None:
    add(history, "old")
    history.add("job", list(GenerationRequest("new", seed=5, count=3).takes()))
    assert [(c.request.prompt, c.request.seed) for c in history.list()] == [
        ("new", 5),
        ("new", 6),
        ("new", 7),
        ("old", 1),
    ]
    assert [c.request.seed for c in history.list(limit=2, offset=1)] == [6, 7]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["über den Wolken", 'say "hello" OR not', "heavy rain, metal roof", "a*b NEAR c-d"]),
        ("rain", ["heavy rain, metal roof"]),
        ("RAI", ["heavy rain, metal roof"]),
        ("metal heavy", ["heavy rain, metal roof"]),
        ("metal kick", []),
        ("ain", []),
        ("uber", ["über den Wolken"]),
        ("Über wolk", ["über den Wolken"]),
        ("OR", ['say "hello" OR not']),
        ("rain OR hello", []),
        ("NOT", ['say "hello" OR not']),
        ('"hello"', ['say "hello" OR not']),
        ('"', []),
        ('hel"lo', []),
        ("a*b", ["a*b NEAR c-d"]),
        ("NEAR(a c)", []),
        ("c-d", ["a*b NEAR c-d"]),
        ("prompt:rain", []),
        ("^rain", ["heavy rain, metal roof"]),
        ("rain)", ["heavy rain, metal roof"]),
        ("'; DROP TABLE clip; --", []),
        ("rain\0", ["heavy rain, metal roof"]),
        ("rain\ud800", ["heavy rain, metal roof"]),
        ("x" * 5000, []),
    ],
)
def test_search_takes_every_word_literally(history: History, search: str, found: list[str]) -> None:
    add(history, "a*b NEAR c-d", "heavy rain, metal roof", 'say "hello" OR not', "über den Wolken")
    assert prompts(history.list(search)) == found
    assert len(history.list()) == 4


def test_removed_takes_are_gone_from_list_and_search(history: History) -> None:
    kick, rain = add(history, "kick", "rain")
    finish(history, kick)
    history.edits.remove([kick.id, "unknown"])
    assert prompts(history.list()) == ["rain"]
    assert history.list("kick") == []
    with pytest.raises(LibraryError, match="no clip"):
        history.get(kick.id)
    history.edits.remove([rain.id])
    assert prompts(history.list()) == ["rain"], "takes that are being made stay"


def test_failed_and_cancelled_takes_keep_the_reason(history: History) -> None:
    kick, rain = add(history, "kick", "rain")
    failed, also = history.fail([kick.id, rain.id], ClipState.FAILED, "Too loud", "Be quiet.")
    assert (failed.state, failed.error, failed.hint) == (ClipState.FAILED, "Too loud", "Be quiet.")
    assert also.id == rain.id
    assert history.get(kick.id) == failed


def test_a_finished_take_has_no_error(history: History) -> None:
    (kick,) = add(history, "kick")
    history.fail([kick.id], ClipState.INTERRUPTED, "Crash", "Retry.")
    made = finish(history, kick)
    assert (made.error, made.hint) == ("", "")


def test_a_crash_leaves_interrupted_takes_and_keeps_the_others(path: Path) -> None:
    crash = subprocess.run([sys.executable, "-c", CRASH, str(path)], check=False)
    assert crash.returncode == 9
    history = History(path)
    states = {clip.take: clip.state for clip in history.list()}
    reasons = {clip.state: (clip.error, clip.hint) for clip in history.list()}
    history.close()
    left = [state for state in ClipState if state is not ClipState.INTERRUPTED]
    expected = [state if state.is_final else ClipState.INTERRUPTED for state in left]
    assert [states[take] for take in range(7)] == expected
    assert all(reasons[ClipState.INTERRUPTED])
    assert not any(reasons[ClipState.CANCELLED])


def test_a_second_program_does_not_interrupt_what_the_first_is_making(
    path: Path, history: History
) -> None:
    (kick,) = add(history, "kick")
    history.set_state(kick.id, ClipState.RUNNING)
    second = History(path)
    assert second.get(kick.id).state is ClipState.RUNNING
    second.close()
    assert finish(history, kick).state is ClipState.FINISHED


def test_two_threads_may_write_and_read_at_once(history: History) -> None:
    problems: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(50):
                (clip,) = add(history, f"{name} {number}")
                history.set_state(clip.id, ClipState.RUNNING)
                finish(history, clip)
                assert len(history.list(name)) == number + 1
        except (AssertionError, LibraryError, sqlite3.Error) as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("kick", "rain")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(history.list()) == 100
    assert {clip.state for clip in history.list()} == {ClipState.FINISHED}


def test_fields_of_a_newer_request_are_passed_over(history: History) -> None:
    (kick,) = add(history, "kick")
    with history._database.transaction() as db:
        db.execute("UPDATE clip SET request = json_set(request, '$.later', 1)")
    assert history.get(kick.id).request == kick.request


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"prompt": "x", "loras": [1]}'])
def test_a_request_that_is_damaged_hides_neither_its_sound_nor_other_takes(
    history: History, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    kick, rain = add(history, "kick", "rain")
    with history._database.transaction() as db:
        db.execute("UPDATE clip SET request = ? WHERE id = ?", (text, kick.id))
    found = {clip.id: clip.request.prompt for clip in history.list()}
    assert found == {kick.id: "", rain.id: "rain"}
    assert "cannot be read" in caplog.text
