"""Deciding about takes, and taking it back."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from sa_studio.errors import LibraryError
from sa_studio.generation import ClipFilter, ClipState, GenerationRequest, Verdict
from sa_studio.library.history import History
from sa_studio.library.labels import MAX_CHARACTERS
from sa_studio.library.undo import DEPTH, UndoStack
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

ALL = ClipFilter(with_rejected=True)

KILLED = """
import os, sys
from pathlib import Path
from sa_studio.library.history import History
history = History(Path(sys.argv[1]))
history.edits.tag(sys.argv[2:], ["wet"])
history.edits.rate(sys.argv[2:], 4)
os._exit(9)
"""


def add(history: History, *prompts: str) -> list[str]:
    """The ids of finished takes."""
    clips = [history.add(prompt, [GenerationRequest(prompt, seed=1)])[0] for prompt in prompts]
    return [
        history.finish(
            clip.id,
            path=Path(f"/clips/{clip.request.prompt}.wav"),
            seconds=1.0,
            sample_rate=44_100,
            channels=2,
            elapsed_seconds=1.0,
            thumbnail=b"\x80\x7f",
        ).id
        for clip in clips
    ]


def everything(history: History) -> tuple[object, ...]:
    """All that can be seen of the library, through the rows and through the indexes."""
    clips = history.list(ALL)
    by_tag = {tag: history.list(ClipFilter(tag=tag, with_rejected=True)) for tag in history.tags()}
    return (
        clips,
        history.tags(),
        history.collections(),
        history.models(),
        by_tag,
        history.categories(),
        {word: history.list(ClipFilter(word, with_rejected=True)) for word in WORDS},
    )


def check_index(history: History) -> None:
    """The index of words says what the rows say; raises sqlite3.Error if not."""
    with history._database.transaction() as db:
        db.execute("INSERT INTO clip_words (clip_words, rank) VALUES ('integrity-check', 1)")


def undo_all(history: History) -> int:
    count = 0
    while history.edits.undo() is not None:
        count += 1
    return count


def redo_all(history: History) -> int:
    count = 0
    while history.edits.redo() is not None:
        count += 1
    return count


def test_what_was_decided_is_there_after_a_new_start(path: Path) -> None:
    first = History(path)
    rain, door = add(first, "rain", "door")
    first.edits.rate([rain, door], 4)
    first.edits.judge([rain], Verdict.KEEP)
    first.edits.tag([rain], ["wet", " Big  Hall "])
    first.edits.annotate(rain, "use the\nsecond half")
    first.edits.collect([rain], "Level 1")
    made = first.get(rain)
    first.close()
    second = History(path)
    assert second.get(rain) == made
    assert (made.stars, made.verdict, made.tags, made.notes, made.collections) == (
        4,
        Verdict.KEEP,
        ("Big Hall", "wet"),
        "use the\nsecond half",
        ("Level 1",),
    )
    assert second.get(door).stars == 4
    assert second.edits.undo_text is None, "the next start begins anew"
    assert second.edits.undo() is None
    second.close()


def test_what_was_decided_survives_a_crash(path: Path) -> None:
    first = History(path)
    ids = add(first, "rain", "door")
    first.close()
    crash = subprocess.run([sys.executable, "-c", KILLED, str(path), *ids], check=False)
    assert crash.returncode == 9
    second = History(path)
    assert [(clip.stars, clip.tags) for clip in second.list("wet")] == [(4, ("wet",))] * 2
    second.close()


def test_every_change_says_what_it_was(history: History) -> None:
    rain, door, kick = add(history, "rain", "door", "kick")
    edits = history.edits
    edits.rate([rain, door, kick], 3)
    edits.rate([rain], 0)
    edits.judge([rain, door], Verdict.KEEP)
    edits.judge([rain], Verdict.REJECT)
    edits.judge([rain], Verdict.NONE)
    edits.tag([rain, door], ["wet"])
    edits.tag([rain], remove=["WET"])
    edits.annotate(rain, "again")
    edits.collect([rain, door], "Level 1")
    edits.collect([door], "level 1", member=False)
    edits.categorise([rain, door], "RAIN", "RAIN GENERAL")
    edits.categorise([rain], "", "")
    edits.edit([rain, door], SoundEdit(stop=0.5))
    edits.edit([door], UNTOUCHED)
    edits.remove([rain, door])
    texts = [
        "remove 2 takes",
        "clear the edit of 1 take",
        "edit 2 takes",
        "clear the category of 1 take",
        "categorise 2 takes as RAIN",
        "take 1 take out of Level 1",
        "add 2 takes to Level 1",
        "annotate 1 take",
        "untag 1 take",
        "tag 2 takes",
        "clear the verdict on 1 take",
        "reject 1 take",
        "keep 2 takes",
        "clear the stars of 1 take",
        "rate 3 takes",
    ]
    for text in texts:
        assert edits.undo_text == text
        assert edits.undo() == text
        assert edits.redo_text == text
    assert (edits.undo(), edits.undo_text) == (None, None)
    for text in reversed(texts):
        assert edits.redo() == text
    assert (edits.redo(), edits.redo_text) == (None, None)


def test_what_changes_nothing_is_not_remembered(history: History) -> None:
    (rain,) = add(history, "rain")
    edits = history.edits
    edits.tag([rain], ["wet"])
    edits.rate([rain], 3)
    edits.undo()
    edits.rate([rain], 0)
    edits.rate(["unknown"], 5)
    edits.rate([], 5)
    edits.judge([rain], Verdict.NONE)
    edits.annotate(rain, "")
    edits.tag([rain], ["WET"], ["dry"])
    edits.tag([rain])
    edits.collect([rain], "Level 1", member=False)
    edits.categorise([rain, "unknown"], "", "")
    edits.edit([rain, "unknown"], SoundEdit(start=0.0))
    edits.remove(["unknown"])
    assert edits.discard(["unknown"]) == ()
    assert (edits.undo_text, edits.redo_text) == ("tag 1 take", "rate 1 take")


def test_only_takes_that_change_are_counted_and_taken_back(history: History) -> None:
    rain, door = add(history, "rain", "door")
    history.edits.rate([door], 3)
    history.edits.rate([rain, door, "unknown", rain], 3)
    assert history.edits.undo() == "rate 1 take"
    assert (history.get(rain).stars, history.get(door).stars) == (0, 3)


def test_a_new_change_ends_what_could_be_redone(history: History) -> None:
    (rain,) = add(history, "rain")
    history.edits.rate([rain], 3)
    history.edits.undo()
    history.edits.judge([rain], Verdict.KEEP)
    assert history.edits.redo() is None
    assert history.get(rain).stars == 0


def test_the_oldest_changes_are_forgotten_first(history: History) -> None:
    (rain,) = add(history, "rain")
    for number in range(DEPTH + 3):
        history.edits.annotate(rain, f"note {number}")
    assert undo_all(history) == DEPTH
    assert history.get(rain).notes == "note 2"


def test_tags_are_one_whatever_their_letters(history: History) -> None:
    rain, door = add(history, "rain", "door")
    history.edits.tag([rain], ["Wet", "wet ", "WET"])
    history.edits.tag([rain, door], ["  wet"])
    assert history.get(rain).tags == history.get(door).tags == ("Wet",)
    history.edits.tag([rain], remove=["wEt"])
    assert (history.get(rain).tags, history.get(door).tags) == ((), ("Wet",))
    history.edits.tag([door], remove=["wet"])
    history.edits.tag([door], ["über"])
    history.edits.tag([rain], ["ÜBER"])
    assert history.tags() == ("über",)
    history.edits.tag([rain, door], ["Über"], ["über"])
    assert history.get(rain).tags == ("über",), "taken off and given at once: it stays"
    history.edits.tag([rain, door], remove=["über"])
    history.edits.tag([rain], ["Über"])
    assert history.tags() == ("Über",), "nobody had it any more: spelled anew"
    assert undo_all(history) == 8
    assert history.tags() == ()


def test_a_tag_and_a_collection_of_one_name_are_two(history: History) -> None:
    rain, door = add(history, "rain", "door")
    history.edits.tag([rain], ["Door"])
    history.edits.collect([door], "door")
    assert (history.get(rain).collections, history.get(door).tags) == ((), ())
    assert (history.tags(), history.collections()) == (("Door",), ("door",))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "has no name"),
        (" \t\n", "has no name"),
        ("x" * (MAX_CHARACTERS + 1), "at most 100"),
        ("a\0b", "characters that are none"),
        ("a\ud800", "characters that are none"),
    ],
)
def test_a_name_that_is_none_is_refused_and_nothing_changes(
    history: History, name: str, message: str
) -> None:
    (rain,) = add(history, "rain")
    with pytest.raises(LibraryError, match=f"The tag .*{message}") as caught:
        history.edits.tag([rain], ["wet", name])
    assert caught.value.hint
    with pytest.raises(LibraryError, match="The collection"):
        history.edits.collect([rain], name)
    history.edits.tag([rain], remove=[name])
    assert (history.get(rain).tags, history.edits.undo_text) == ((), None)


@pytest.mark.parametrize("stars", [-1, 6])
def test_other_numbers_of_stars_are_refused(history: History, stars: int) -> None:
    (rain,) = add(history, "rain")
    with pytest.raises(LibraryError, match="cannot be given"):
        history.edits.rate([rain], stars)
    assert history.get(rain).stars == 0


def test_notes_that_cannot_be_kept_are_refused(history: History) -> None:
    (rain,) = add(history, "rain")
    history.edits.annotate(rain, "mine")
    for notes in ("x" * 20_001, "\ud800", "a\0b"):
        with pytest.raises(LibraryError):
            history.edits.annotate(rain, notes)
    with pytest.raises(LibraryError, match="no clip"):
        history.edits.annotate("unknown", "lost")
    assert history.get(rain).notes == "mine"


def test_a_category_and_an_edit_stay_after_a_new_start(path: Path) -> None:
    first = History(path)
    rain, door = add(first, "rain", "door")
    edit = SoundEdit(0.25, 0.75, True, -3.0, 0.01, 0.02, 0.1)
    first.edits.categorise([rain, door], "RAIN", "RAIN GENERAL")
    first.edits.edit([rain], edit)
    first.close()
    second = History(path)
    assert (second.get(rain).cat_id, second.get(rain).edit) == ("RAIN", edit)
    assert (second.get(door).cat_id, second.get(door).edit) == ("RAIN", UNTOUCHED)
    second.close()


@pytest.mark.parametrize("text", ["{", "[]", "5", '{"start": "x"}', '{"stop": -1}', "null"])
def test_an_edit_that_is_damaged_does_not_hide_the_take(
    path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    history = History(path)
    (rain,) = add(history, "rain")
    with history._database.transaction() as db:
        db.execute("UPDATE clip SET edit = ?", (text,))
    assert history.get(rain).edit == UNTOUCHED
    assert "cannot be read" in caplog.text
    history.close()


def test_an_edit_of_a_newer_version_keeps_what_is_known(history: History) -> None:
    (rain,) = add(history, "rain")
    with history._database.transaction() as db:
        db.execute("""UPDATE clip SET edit = '{"start": 0.5, "stretch": 2}'""")
    assert history.get(rain).edit == SoundEdit(start=0.5)


def test_removed_takes_come_back_complete_and_in_their_place(history: History) -> None:
    ids = add(history, "rain", "door", "kick")
    edits = history.edits
    edits.tag(ids[:2], ["wet", "Big Hall"])
    edits.collect(ids[1:2], "Level 1")
    edits.annotate(ids[1], "second half")
    edits.rate(ids[1:2], 5)
    edits.judge(ids[1:2], Verdict.REJECT)
    before = everything(history)
    edits.remove(ids[:2])
    assert [clip.request.prompt for clip in history.list(ALL)] == ["kick"]
    assert history.tags() == history.collections() == ()
    assert edits.undo() == "remove 2 takes"
    assert everything(history) == before
    check_index(history)


@pytest.mark.parametrize("state", ClipState)
def test_takes_that_are_being_made_are_not_removed(history: History, state: ClipState) -> None:
    (clip,) = history.add("job", [GenerationRequest("rain", seed=1)])
    history.set_state(clip.id, state)
    history.edits.remove([clip.id])
    assert (history.list() == []) is state.is_final
    history.edits.undo()
    history.edits.discard([clip.id])
    assert (history.list() == []) is state.is_final


def test_a_take_that_is_made_again_stays_when_its_removal_is_redone(history: History) -> None:
    (clip,) = history.add("job", [GenerationRequest("rain", seed=1)])
    (door,) = add(history, "door")
    history.fail([clip.id], ClipState.INTERRUPTED)
    history.edits.remove([clip.id, door])
    history.edits.undo()
    history.queue_again([clip.id])
    history.edits.redo()
    assert [left.state for left in history.list()] == [ClipState.QUEUED]
    history.edits.undo()
    assert {left.request.prompt for left in history.list()} == {"rain", "door"}


def test_what_became_of_a_take_meanwhile_stays_when_a_change_is_undone(history: History) -> None:
    (clip,) = history.add("job", [GenerationRequest("rain", seed=1)])
    history.edits.rate([clip.id], 3)
    history.set_state(clip.id, ClipState.RUNNING)
    history.edits.undo()
    assert (history.get(clip.id).state, history.get(clip.id).stars) == (ClipState.RUNNING, 0)


def test_binned_takes_leave_the_library_and_every_change(history: History) -> None:
    rain, door, kick = add(history, "rain", "door", "kick")
    edits = history.edits
    edits.judge([rain], Verdict.KEEP)
    edits.rate([rain, door, kick], 3)
    edits.tag([rain], ["wet"])
    edits.remove([kick])
    edits.tag([door], ["dry"])
    edits.undo()
    assert edits.discard([rain]) == (Path("/clips/rain.wav"),)
    assert edits.redo_text is None, "a change as any other"
    assert (history.tags(), history.list("rain")) == ((), [])
    assert edits.undo() == "remove 1 take"
    assert edits.undo() == "rate 2 takes"
    assert edits.undo() is None, "the others were of the binned take alone"
    assert {clip.request.prompt: clip.stars for clip in history.list()} == {"door": 0, "kick": 0}
    assert (edits.redo(), edits.redo(), edits.redo()) == ("rate 2 takes", "remove 1 take", None)
    assert [clip.request.prompt for clip in history.list(ALL)] == ["door"]
    with pytest.raises(LibraryError, match="no clip"):
        history.get(rain)


def test_an_undo_that_fails_has_not_happened(history: History) -> None:
    (rain,) = add(history, "rain")
    history.edits.tag([rain], ["wet"])
    with history._database.transaction() as db:
        db.execute("ALTER TABLE clip_label RENAME TO elsewhere")
    with pytest.raises(LibraryError):
        history.edits.undo()
    assert (history.edits.undo_text, history.edits.redo_text) == ("tag 1 take", None)
    with history._database.transaction() as db:
        db.execute("ALTER TABLE elsewhere RENAME TO clip_label")
    assert history.edits.undo() == "tag 1 take"
    assert history.get(rain).tags == ()


def test_takes_that_another_program_removed_are_passed_over(path: Path, history: History) -> None:
    rain, door = add(history, "rain", "door")
    history.edits.rate([rain, door], 3)
    history.edits.tag([rain, door], ["wet"])
    other = History(path)
    other.edits.remove([rain])
    other.close()
    assert undo_all(history) == 2
    assert redo_all(history) == 2
    assert [(clip.request.prompt, clip.stars) for clip in history.list()] == [("door", 3)]
    assert history.tags() == ("wet",)


# --- any sequence of changes -----------------------------------------------------------------
NAMES = ["wet", "Wet", "WET", "dry", "Big Hall", "big hall", "über", "Über"]
WORDS = ["wet", "hall", "uber", "second", "prompt", "doorw", "general"]
CATEGORIES = [("", ""), ("DOORWood", "DOORS WOOD"), ("RAIN", "RAIN GENERAL")]
NOTES = ["", "second half", "wet, not dry", 'say "no"\nOR not']


def random_change(draw: random.Random, history: History, ids: list[str]) -> None:
    some = draw.sample(ids, draw.randint(1, len(ids)))
    edits = history.edits

    def annotate() -> None:
        with suppress(LibraryError):  # the only change that needs a take that is there
            edits.annotate(some[0], draw.choice(NOTES))

    changes: list[Callable[[], object]] = [
        lambda: edits.rate(some, draw.randint(0, 5)),
        lambda: edits.judge(some, draw.choice(list(Verdict))),
        lambda: edits.tag(some, draw.sample(NAMES, 2), draw.sample(NAMES, 2)),
        lambda: edits.tag(some, remove=draw.sample(NAMES, 3)),
        lambda: edits.collect(some, draw.choice(NAMES), member=draw.random() < 0.7),
        lambda: edits.categorise(some, *draw.choice(CATEGORIES)),
        lambda: edits.edit(some, draw.choice([UNTOUCHED, SoundEdit(start=0.5, reverse=True)])),
        lambda: edits.remove(some[:1]),
        annotate,
    ]
    draw.choice(changes)()


@pytest.mark.parametrize("seed", range(4))
def test_undoing_all_restores_all_and_redoing_all_repeats_all(history: History, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 (no secret)
    ids = add(history, *(f"prompt {number}" for number in range(6)))
    history.edits.tag(ids[:3], ["wet", "Hall"])
    history.edits._stack = UndoStack()
    states = [everything(history)]
    for _ in range(40):
        random_change(draw, history, ids)
        now = everything(history)
        if now != states[-1]:
            states.append(now)
    for state in reversed(states[:-1]):
        assert history.edits.undo() is not None
        assert everything(history) == state
    assert history.edits.undo() is None
    check_index(history)
    for state in states[1:]:
        assert history.edits.redo() is not None
        assert everything(history) == state
    assert history.edits.redo() is None
    check_index(history)
    undo_all(history)
    assert everything(history) == states[0]


def test_two_threads_may_decide_at_once(history: History) -> None:
    ids = add(history, *(f"prompt {number}" for number in range(4)))
    before = everything(history)
    problems: list[BaseException] = []

    def work(seed: int) -> None:
        draw = random.Random(seed)  # noqa: S311 (no secret)
        try:
            for _ in range(25):
                random_change(draw, history, ids)
                if draw.random() < 0.3:
                    history.edits.undo()
                if draw.random() < 0.2:
                    history.edits.redo()
                history.list("wet")
        except (LibraryError, sqlite3.Error, RuntimeError) as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    check_index(history)
    redo_all(history)
    after = everything(history)
    assert undo_all(history) > 0
    assert everything(history) == before
    redo_all(history)
    assert everything(history) == after
