"""What is found, in which order, and how it is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.generation import Clip, ClipFilter, ClipSort, GenerationRequest, Verdict
from sa_studio.library.clip_query import CATEGORIES, number_of, page_of
from sa_studio.library.history import History

HOSTILE = [
    '"',
    "' OR 1=1 --",
    "'; DROP TABLE clip; --",
    "NEAR(rain door)",
    "rain AND",
    "tags:wet",
    "{prompt tags}: rain",
    "^rain",
    "*",
    "-",
    "%",
    "rain\0",
    "\0",
    "rain\ud800",
    "\ud800",
    "()",
    "🥁",
    "x" * 5000,
    "word " * 500,
]


def add(history: History, prompt: str, *, model: str = "starter", seconds: float = 0.0) -> Clip:
    """A take; finished if it has a length."""
    (clip,) = history.add(prompt, [GenerationRequest(prompt, seed=1, model=model)])
    if not seconds:
        return clip
    return history.finish(
        clip.id,
        path=Path(f"/clips/{prompt}.wav"),
        seconds=seconds,
        sample_rate=44_100,
        channels=2,
        elapsed_seconds=1.0,
        thumbnail=b"",
    )


@pytest.fixture
def takes(history: History) -> dict[str, Clip]:
    """Five takes, from the oldest to the newest, about which something was decided."""
    added = {
        "rain": add(history, "heavy rain", seconds=8.0),
        "door": add(history, "Door slam", model="open", seconds=2.0),
        "kick": add(history, "kick, long", seconds=1.0),
        "kick2": add(history, "kick, short", model="open"),
        "alarm": add(history, "alarm", seconds=2.0),
    }
    ids = {name: clip.id for name, clip in added.items()}
    edits = history.edits
    edits.rate([ids["rain"], ids["kick2"]], 3)
    edits.rate([ids["door"]], 5)
    edits.judge([ids["rain"]], Verdict.KEEP)
    edits.judge([ids["kick"]], Verdict.REJECT)
    edits.tag([ids["rain"], ids["door"]], ["Wet", "big hall"])
    edits.tag([ids["kick"]], ["Straße"])
    edits.annotate(ids["alarm"], "for the bathroom door, Übergang")
    edits.collect([ids["door"], ids["alarm"]], "Level 1")
    edits.categorise([ids["door"]], "DOORWood", "DOORS WOOD")
    edits.categorise([ids["rain"]], "RAIN", "RAIN GENERAL")
    edits.categorise([ids["kick"]], "RAINMetl", "RAIN METAL")
    return {name: history.get(clip_id) for name, clip_id in ids.items()}


def names(takes: dict[str, Clip], clips: list[Clip]) -> str:
    known = {clip.id: name for name, clip in takes.items()}
    return " ".join(known[clip.id] for clip in clips)


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (ClipFilter(), "alarm kick2 door rain"),
        (ClipFilter(with_rejected=True), "alarm kick2 kick door rain"),
        (ClipFilter(verdict=Verdict.REJECT), "kick"),
        (ClipFilter(verdict=Verdict.KEEP), "rain"),
        (ClipFilter(verdict=Verdict.NONE), "alarm kick2 door"),
        (ClipFilter(min_stars=1), "kick2 door rain"),
        (ClipFilter(min_stars=4), "door"),
        (ClipFilter(min_stars=6), ""),
        (ClipFilter(model="open"), "kick2 door"),
        (ClipFilter(model="none"), ""),
        (ClipFilter(tag="wet"), "door rain"),
        (ClipFilter(tag="  BIG  Hall "), "door rain"),
        (ClipFilter(tag="big"), ""),
        (ClipFilter(tag="strasse", with_rejected=True), "kick"),
        (ClipFilter(tag="Level 1"), ""),
        (ClipFilter(collection="level 1"), "alarm door"),
        (ClipFilter(collection="level 1", tag="wet"), "door"),
        (ClipFilter("door"), "alarm door"),
        (ClipFilter("door", collection="LEVEL 1", min_stars=5, model="open"), "door"),
        (ClipFilter("kick"), "kick2"),
        (ClipFilter("kick", verdict=Verdict.REJECT), "kick"),
        (ClipFilter("wet"), "door rain"),
        (ClipFilter("hall rain"), "rain"),
        (ClipFilter("bath uber"), "alarm"),
        (ClipFilter("level"), ""),
        (ClipFilter(cat_id="DOORWood"), "door"),
        (ClipFilter(cat_id=" doorw "), "door"),
        (ClipFilter(cat_id="RAIN", with_rejected=True), "kick rain"),
        (ClipFilter(cat_id="Wood"), ""),
        (ClipFilter(cat_id="DOOR", tag="wet", min_stars=5), "door"),
        (ClipFilter("doorwood"), "door"),
        (ClipFilter("doorw slam"), "door"),
        (ClipFilter("wood slam"), "door"),
        (ClipFilter("general"), "rain"),
    ],
)
def test_a_filter_finds_and_counts_what_passes(
    history: History, takes: dict[str, Clip], chosen: ClipFilter, found: str
) -> None:
    assert names(takes, history.list(chosen)) == found
    assert history.count(chosen) == len(found.split())


def test_a_text_alone_is_a_search(history: History, takes: dict[str, Clip]) -> None:
    assert history.list("door") == history.list(ClipFilter("door"))
    assert history.count("door") == 2


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        (ClipSort.NEWEST, "alarm kick2 kick door rain"),
        (ClipSort.OLDEST, "rain door kick kick2 alarm"),
        (ClipSort.STARS, "door kick2 rain alarm kick"),
        (ClipSort.LONGEST, "rain alarm door kick kick2"),
        (ClipSort.SHORTEST, "kick alarm door rain kick2"),
        (ClipSort.PROMPT, "alarm door rain kick kick2"),
    ],
)
def test_every_order_goes_on_from_page_to_page(
    history: History, takes: dict[str, Clip], sort: ClipSort, found: str
) -> None:
    chosen = ClipFilter(sort=sort, with_rejected=True)
    assert names(takes, history.list(chosen)) == found
    pages = [history.list(chosen, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert names(takes, [clip for page in pages for clip in page]) == found


def test_prompts_are_ordered_without_regard_to_case_in_every_alphabet(history: History) -> None:
    prompts = ["Ölfass", "дверь", "Zug", "ärger", "АБВ", "STRASSE 2", "straße 1", "zaun", "Дверь 2"]
    history.add("job", [GenerationRequest(prompt) for prompt in prompts])
    shown = [clip.request.prompt for clip in history.list(ClipFilter(sort=ClipSort.PROMPT))]
    assert shown == sorted(prompts, key=str.casefold)
    assert shown[:2] == ["straße 1", "STRASSE 2"]


@pytest.mark.parametrize("sort", ClipSort)
def test_a_page_that_is_reached_from_the_end_is_the_same(
    history: History, takes: dict[str, Clip], sort: ClipSort
) -> None:
    chosen = ClipFilter(sort=sort, with_rejected=True)
    for offset in range(len(takes) + 1):
        near = history.list(chosen, limit=2, offset=offset)
        assert history.list(chosen, limit=2, offset=offset, total=len(takes)) == near


@pytest.mark.parametrize("sort", ClipSort)
def test_the_takes_of_a_job_stay_in_their_order(history: History, sort: ClipSort) -> None:
    history.add("job", list(GenerationRequest("kick", seed=5, count=3).takes()))
    assert [clip.request.seed for clip in history.list(ClipFilter(sort=sort))] == [5, 6, 7]


@pytest.mark.parametrize("sort", ClipSort)
def test_no_list_reads_through_the_whole_table(history: History, sort: ClipSort) -> None:
    """What makes 100,000 takes fast: only the rows of the page are read, by their place."""
    full = ClipFilter("rain", 3, Verdict.KEEP, "wet", "open", "Level 1", sort, cat_id="RAIN")
    with history._database.transaction() as db:
        every = ClipFilter(sort=sort)
        for query, values in (
            page_of(full),
            page_of(every),
            page_of(every, from_end=True),
            number_of(full),
        ):
            page = (10, 0) if "LIMIT" in query else ()
            rows = db.execute(f"EXPLAIN QUERY PLAN {query}", [*values, *page])
            plan = [row["detail"] for row in rows]
            ways = [step for step in plan if step.split()[1] == "clip"]
            walks = [way for way in ways if "INTEGER PRIMARY KEY (rowid=?)" not in way]
            assert len(walks) == 1, plan
            assert "COVERING INDEX clip_" in walks[0], plan
            # the page is put in order, and nothing else
            assert sum("TEMP B-TREE FOR ORDER BY" in step for step in plan) <= 1, plan


def test_looking_for_categories_reads_an_index_of_those_that_have_one(history: History) -> None:
    with history._database.transaction() as db:
        rows = db.execute(f"EXPLAIN QUERY PLAN {CATEGORIES}").fetchall()
    steps = [row["detail"] for row in rows if " clip " in row["detail"]]
    assert len(steps) == 2
    assert all("COVERING INDEX clip_cat_id" in step for step in steps)


def test_looking_for_interrupted_takes_reads_nothing_else(history: History) -> None:
    statement = (
        "UPDATE clip SET state = '' "
        "WHERE state NOT IN ('finished', 'failed', 'cancelled', 'interrupted')"
    )
    with history._database.transaction() as db:
        (plan,) = db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    assert "clip_unfinished" in plan["detail"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_an_operator_or_an_error(
    history: History, takes: dict[str, Clip], text: str
) -> None:
    for chosen in (
        ClipFilter(text),
        ClipFilter(tag=text),
        ClipFilter(collection=text),
        ClipFilter(model=text),
        ClipFilter(cat_id=text),
    ):
        assert history.count(chosen) == len(history.list(chosen))
    assert history.count(ClipFilter(with_rejected=True)) == 5


def test_what_exists_is_listed(history: History, takes: dict[str, Clip]) -> None:
    assert history.tags() == ("big hall", "Straße", "Wet")
    assert history.collections() == ("Level 1",)
    assert history.models() == ("open", "starter")
    assert history.categories() == ("DOORWood", "RAIN", "RAINMetl")
    history.edits.remove([takes["rain"].id, takes["door"].id])
    assert history.tags() == ("Straße",)
    assert history.categories() == ("RAINMetl",)


def test_an_empty_library_has_nothing(history: History) -> None:
    assert history.tags() == history.collections() == history.models() == ()
    assert history.categories() == ()
    assert history.count() == 0
