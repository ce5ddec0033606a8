"""A sheet becomes files, each once, whatever happens in between."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from sa_studio.audio.read_facts import read_recipe
from sa_studio.delivery.batch import STATE_FILE
from sa_studio.delivery.placing import PREFIX
from sa_studio.delivery.sheet import parse_sheet
from sa_studio.errors import SheetError, StudioError
from sa_studio.generation import PipelineEvent, SamplingStep
from sa_studio.vocabulary.delivery import DeliveryProfile
from tests.delivery.batches import BatchRun, batch_run, format_of, read_report, sounds_in

__all__ = ["batch_run"]

SHEET = """name,prompt,seconds,category,count,profile,folder,notes
Door,wooden door slam,0.3,DOORWood,2,Game,doors,heavy
Hum,"low hum, steady",0.5,,1,Original,,
Rain,heavy rain,0.4,RAIN,1,Web,wet/outside,
"""


def changed(row: str, before: str, after: str) -> str:
    lines = [line.replace(before, after) if line.startswith(row) else line for line in
             SHEET.splitlines()]  # fmt: skip
    assert lines != SHEET.splitlines()
    return "\n".join(lines)


def files_of(run: BatchRun) -> dict[str, list[str]]:
    return {
        row["name"]: row["files"].split("; ") if row["files"] else []
        for row in read_report(run.out)
    }


def prompt_of(path: Path) -> str:
    recipe = read_recipe(path)
    assert recipe is not None
    return str(recipe["prompt"])


def test_each_row_becomes_its_files_in_its_folder_and_profile(batch_run: BatchRun) -> None:
    batch = batch_run.run(SHEET)
    assert batch.failed == 0
    files = files_of(batch_run)
    assert sorted(name for names in files.values() for name in names) == batch_run.files()
    door, other = files["Door"]
    assert door.startswith("doors/")
    assert Path(door).stem.endswith("_01")
    assert Path(other).stem.endswith("_02")
    assert "/" not in files["Hum"][0]
    assert files["Rain"][0].startswith("wet/outside/")
    (game,) = (one for one in batch_run.studio.profiles() if one.name == "Game")
    assert format_of(batch_run.out / door)[:2] == ("WAV", game.sample_rate)
    assert format_of(batch_run.out / files["Hum"][0]) == ("WAV", 44_100, "PCM_24")
    assert format_of(batch_run.out / files["Rain"][0])[0] == "OGG"
    assert prompt_of(batch_run.out / other) == "wooden door slam"
    hidden = [path.name for path in batch_run.out.iterdir() if path.name.startswith(".")]
    assert hidden == []


def test_takes_are_in_the_library_with_what_the_sheet_says(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    clips = batch_run.studio.clips("wooden door")
    assert [clip.cat_id for clip in clips] == ["DOORWood"] * 2
    assert [clip.collections for clip in clips] == [("cues",)] * 2
    assert [clip.notes for clip in clips] == ["heavy"] * 2
    batch_run.run("prompt,collection\nzebra,Animals\n")
    (zebra,) = batch_run.studio.clips("zebra")
    assert zebra.collections == ("Animals",)


def test_the_report_tells_of_every_row_once(batch_run: BatchRun) -> None:
    batch_run.run(SHEET.replace("Hum", "<Hum & Ton>"))
    rows = read_report(batch_run.out)
    assert [row["row"] for row in rows] == ["2", "3", "4"]
    assert {row["state"] for row in rows} == {"made"}
    assert rows[0]["seconds"] == "0.300; 0.300"
    first, second = map(int, rows[0]["seeds"].split("; "))
    assert second == first + 1
    assert rows[0]["category"] == "DOORWood"
    assert all(float(level) < 0 for level in rows[0]["lufs"].split("; "))
    assert rows[1]["format"] == "44.1 kHz, 24-bit WAV"
    page = (batch_run.out / "cues report.html").read_text(encoding="utf-8")
    assert "3 rows: 3 made" in page
    assert "&lt;Hum &amp; Ton&gt;" in page
    for file in batch_run.files():
        assert page.count(f'href="{file}"'.replace(" ", "%20")) == 1


def test_the_report_is_a_table_as_the_sheet_is(batch_run: BatchRun) -> None:
    batch_run.run("prompt;name\nhum, low;Hum\n")
    (row,) = read_report(batch_run.out, ";")
    assert (row["prompt"], row["state"]) == ("hum, low", "made")


def test_a_second_call_makes_nothing(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    before = {name: (batch_run.out / name).stat() for name in batch_run.files()}
    batch_run.run(SHEET)
    assert batch_run.made == []
    assert set(batch_run.states().values()) == {"unchanged"}
    assert {name: (batch_run.out / name).stat() for name in batch_run.files()} == before
    assert {row["state"] for row in read_report(batch_run.out)} == {"unchanged"}


def test_rows_that_were_moved_are_not_made_again(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    header, *rows = SHEET.splitlines()
    batch_run.run("\n".join([header, "Buzz,a bee buzzes,0.2", *reversed(rows)]))
    assert batch_run.made == ["a bee buzzes"]
    assert [row["row"] for row in read_report(batch_run.out)] == ["2", "3", "4", "5"]


def test_a_changed_row_is_made_anew_beside_what_is_there(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    (before,) = files_of(batch_run)["Hum"]
    content = (batch_run.out / before).read_bytes()
    batch_run.run(changed("Hum", "steady", "wavering"))
    assert batch_run.made == ["low hum, wavering"]
    assert batch_run.states() == {"Door": "unchanged", "Hum": "made", "Rain": "unchanged"}
    (after,) = files_of(batch_run)["Hum"]
    assert prompt_of(batch_run.out / after) == "low hum, wavering"
    assert (batch_run.out / before).read_bytes() == content, "it may be in use"
    assert before in read_report(batch_run.out)[1]["remark"]
    batch_run.run(SHEET)
    assert batch_run.made == [], "the row is as it was"
    assert files_of(batch_run)["Hum"] == [before]


def test_a_row_with_another_name_is_the_same_sound(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    batch_run.run(changed("Hum", "Hum", "Drone"))
    assert batch_run.made == []
    (file,) = files_of(batch_run)["Drone"]
    assert prompt_of(batch_run.out / file) == "low hum, steady"
    assert "drone" in file.lower()


def test_another_profile_is_another_file_of_the_same_take(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    (before,) = files_of(batch_run)["Hum"]
    batch_run.run(changed("Hum", "Original", "Web"))
    assert batch_run.made == []
    (after,) = files_of(batch_run)["Hum"]
    assert {Path(before).suffix, Path(after).suffix} == {".wav", ".ogg"}
    assert (batch_run.out / before).is_file()


def test_more_variations_are_added_to_those_that_are_there(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    before = files_of(batch_run)["Door"]
    seeds = read_report(batch_run.out)[0]["seeds"].split("; ")
    batch_run.run(changed("Door", "DOORWood,2", "DOORWood,20"))
    assert len(batch_run.made) == 18, "more than one job can make"
    after = files_of(batch_run)["Door"]
    assert after[:2] == before
    assert [Path(name).stem[-2:] for name in after] == [f"{n:02}" for n in range(1, 21)]
    assert read_report(batch_run.out)[0]["seeds"].split("; ") == [
        str((int(seeds[0]) + n) % 2**32) for n in range(20)
    ]


def test_a_deleted_file_comes_back_from_its_take(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    before = batch_run.files()
    for name in files_of(batch_run)["Door"][1:] + files_of(batch_run)["Rain"]:
        (batch_run.out / name).unlink()
    batch_run.run(SHEET)
    assert batch_run.made == []
    assert batch_run.files() == before
    assert batch_run.states() == {"Door": "made", "Hum": "unchanged", "Rain": "made"}


def test_a_take_that_is_gone_is_made_again_from_its_seed(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    before, seeds = batch_run.files(), [row["seeds"] for row in read_report(batch_run.out)]
    (batch_run.out / files_of(batch_run)["Door"][1]).unlink()
    (take,) = (
        clip for clip in batch_run.studio.clips("door") if str(clip.request.seed) in seeds[0][5:]
        and str(clip.request.seed) == seeds[0].split("; ")[1]
    )  # fmt: skip
    assert take.path is not None
    take.path.unlink()
    batch_run.run(SHEET)
    assert batch_run.made == ["wooden door slam"]
    assert batch_run.files() == before
    assert [row["seeds"] for row in read_report(batch_run.out)] == seeds


def test_a_seed_in_the_sheet_is_used(batch_run: BatchRun) -> None:
    batch_run.run("prompt,seed,count\nhum,4294967295,2\n")
    assert read_report(batch_run.out)[0]["seeds"] == "4294967295; 0"


def test_a_row_that_fails_is_reported_and_the_others_go_on(batch_run: BatchRun) -> None:
    def fail(event: PipelineEvent) -> None:
        if batch_run.made[-1].startswith("low hum") and isinstance(event, SamplingStep):
            raise StudioError("The hum is too low", "Raise it.")

    batch_run.pipeline.before = fail
    batch = batch_run.run(SHEET)
    assert batch.failed == 1
    assert batch_run.states() == {"Door": "made", "Hum": "failed", "Rain": "made"}
    row = read_report(batch_run.out)[1]
    assert (row["state"], row["files"]) == ("failed", "")
    assert row["problem"] == "The hum is too low. Raise it."
    batch_run.pipeline.before = lambda event: None
    assert batch_run.run(SHEET).failed == 0
    assert batch_run.made == ["low hum, steady"]


def test_a_row_that_cannot_be_written_is_reported_and_the_others_go_on(
    batch_run: BatchRun,
) -> None:
    batch_run.out.mkdir()
    (batch_run.out / "wet").write_text("a file where a folder is to be", encoding="utf-8")
    assert batch_run.run(SHEET).failed == 1
    assert batch_run.states() == {"Door": "made", "Hum": "made", "Rain": "failed"}
    assert "cannot be written" in read_report(batch_run.out)[2]["problem"]
    (batch_run.out / "wet").unlink()
    assert batch_run.run(SHEET).failed == 0
    assert batch_run.made == [], "its take was kept"


def test_what_is_there_is_never_overwritten(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    names = batch_run.files()
    elsewhere = BatchRun(batch_run.studio, batch_run.pipeline, batch_run.out.with_name("other"))
    for name in names:
        path = elsewhere.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    # seeds are in some names
    seeds = [row["seeds"].split("; ")[0] for row in read_report(batch_run.out)]
    header, *rows = SHEET.splitlines()
    rows = [f"{row},{seed}" for row, seed in zip(rows, seeds, strict=True)]
    elsewhere.run("\n".join([f"{header},seed", *rows]))
    assert set(names) < set(elsewhere.files())
    assert len(elsewhere.files()) == 2 * len(names)
    for name in names:
        assert (elsewhere.out / name).read_text(encoding="utf-8") == "mine"


def test_several_rows_wait_and_one_model_is_loaded_once(batch_run: BatchRun) -> None:
    waiting: list[int] = []
    batch_run.pipeline.before = lambda event: waiting.append(
        len(batch_run.studio.clips("", limit=500)) - len(batch_run.shown)
    )
    rows = "".join(f"row {number},a hum {number},0.2\n" for number in range(12))
    batch_run.run("name,prompt,seconds\n" + rows)
    assert max(waiting) > 2
    assert max(waiting) < 8, "a killed batch leaves few takes behind that wait"
    assert batch_run.made == [f"a hum {number}" for number in range(12)]


def test_an_interrupted_batch_leaves_no_takes_that_wait(batch_run: BatchRun) -> None:
    def interrupt(event: PipelineEvent) -> None:
        if batch_run.made[-1].startswith("low hum"):
            raise KeyboardInterrupt

    batch_run.pipeline.before = interrupt
    batch = batch_run.open(SHEET)
    batch.begin()
    with pytest.raises(KeyboardInterrupt):
        batch_run.studio.run_until_empty(batch.handle)
    batch.stop()
    batch.write_report()
    assert [row["state"] for row in read_report(batch_run.out)] == ["made", "not made", "not made"]
    assert {clip.state.value for clip in batch_run.studio.clips()} == {"finished"}
    batch_run.pipeline.before = lambda event: None
    batch_run.run(SHEET)
    assert batch_run.made == ["low hum, steady", "heavy rain"]


def test_a_round_robin_is_a_set(batch_run: BatchRun) -> None:
    batch_run.run("name,prompt,seconds,count,round robin,profile\nHit,a hit,0.5,3,yes,Studio\n")
    (row,) = read_report(batch_run.out)
    levels = [float(level) for level in row["lufs"].split("; ")]
    assert max(levels) - min(levels) < 0.2, "struck noises are of different levels"
    assert [Path(name).stem[-2:] for name in files_of(batch_run)["Hit"]] == ["01", "02", "03"]


def test_a_clear_prompt_tells_the_category(batch_run: BatchRun) -> None:
    batch_run.run("prompt\nlight rain on glass window\nqwxyz\n")
    rows = read_report(batch_run.out)
    assert rows[0]["category"].startswith("RAIN")
    assert rows[1]["category"] == ""


@pytest.mark.parametrize(
    ("typed", "cat_id"),
    [("doorwood", "DOORWood"), ("Doors / Wood", "DOORWood"), ("weather thunder", "THUN")],
)
def test_categories_may_be_typed_in_words(batch_run: BatchRun, typed: str, cat_id: str) -> None:
    batch = batch_run.open(f"prompt,category\nhum,{typed}\n")
    assert [row.plan.cat_id for row in batch.rows] == [cat_id]


def test_a_main_category_takes_the_subcategory_from_the_prompt(batch_run: BatchRun) -> None:
    batch = batch_run.open("prompt,category\nwooden door slam,Doors\nqwxyz,doors\n")
    assert batch.rows[0].plan.cat_id.startswith("DOOR")
    assert batch.rows[0].plan.cat_id != "DOORMisc"
    assert batch.rows[1].plan.cat_id == "DOORMisc"


def test_all_problems_are_found_before_anything_is_made(batch_run: BatchRun) -> None:
    text = (
        "prompt,seconds,category,profile,model,folder,guidance,collection\n"
        "one,9999,,,,,\n"
        "two,1,DOORWod,,,,\n"
        "three,1,,Cinema,,,\n"
        "four,1,,,nosuchmodel,,\n"
        "five,1,,,,../elsewhere,\n"
        "six,1,,,,,99\n"
        ",1,,,,,\n"
        "{seven,1,,Library (UCS),,,\n"
        f"eight,1,,,,,,{'x' * 101}\n"
    )
    with pytest.raises(SheetError) as caught:
        batch_run.open(text)
    where = [problem.partition(":")[0] for problem in caught.value.problems]
    assert where == [
        "row 2, seconds",
        "row 3, category",
        "row 4, profile",
        "row 5, model",
        "row 6, folder",
        "row 7, guidance",
        "row 8, prompt",
        "row 9, category",
        "row 9, prompt",
        "row 10, collection",
    ]
    assert "DOORWood" in caught.value.problems[1]
    assert "Studio" in caught.value.problems[2]
    assert not batch_run.out.exists()
    assert batch_run.studio.clips() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"schema": 1}', b'{"schema": 1, "rows": [{}]}', b'{"schema": 99}', b"\xff"],
)
def test_a_damaged_state_is_an_error_and_stays(batch_run: BatchRun, content: bytes) -> None:
    batch_run.out.mkdir()
    (batch_run.out / STATE_FILE).write_bytes(content)
    with pytest.raises(SheetError, match=STATE_FILE):
        batch_run.open(SHEET)
    assert (batch_run.out / STATE_FILE).read_bytes() == content


def test_a_state_that_leads_out_of_the_folder_is_damaged(batch_run: BatchRun) -> None:
    batch_run.run(SHEET)
    path = batch_run.out / STATE_FILE
    content = json.loads(path.read_text(encoding="utf-8"))
    content["rows"][0]["files"]["0"]["path"] = "../mine.wav"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(SheetError, match="damaged"):
        batch_run.open(SHEET)


def test_a_folder_that_cannot_be_made_is_an_error(batch_run: BatchRun) -> None:
    batch_run.out.write_text("a file", encoding="utf-8")
    with pytest.raises(SheetError, match="cannot be"):
        batch_run.run(SHEET)


def test_a_changed_profile_of_the_same_name_is_delivered_anew(batch_run: BatchRun) -> None:
    studio = batch_run.studio
    studio.save_profile(DeliveryProfile("Mine", sample_rate=44_100))
    text = "name,prompt,seconds,profile\nHum,hum,0.2,mine\n"
    batch_run.run(text)
    profile = replace(DeliveryProfile("Mine"), sample_rate=96_000)
    studio.delete_profile("Mine")
    studio.save_profile(profile)
    batch_run.run(text)
    assert batch_run.made == []
    (file,) = files_of(batch_run)["Hum"]
    assert format_of(batch_run.out / file)[1] == 96_000
    assert len(sounds_in(batch_run.out)) == 2


def test_a_dry_look_writes_nothing(batch_run: BatchRun) -> None:
    batch = batch_run.open(SHEET)
    assert [row.report().state.value for row in batch.rows] == ["not made"] * 3
    assert not batch_run.out.exists()
    assert parse_sheet(SHEET, "cues").problems == ()


def test_two_batches_are_not_made_in_one_folder_at_once(batch_run: BatchRun) -> None:
    batch_run.out.mkdir()
    of_another = batch_run.out / f"{PREFIX}{os.getppid()}"
    of_another.mkdir()
    with pytest.raises(SheetError, match="Another batch is being made"):
        batch_run.run(SHEET)
    assert list(batch_run.out.iterdir()) == [of_another]
    of_another.rename(batch_run.out / f"{PREFIX}{2**30}")
    assert batch_run.run(SHEET).failed == 0
    assert not list(batch_run.out.glob(f"{PREFIX}*"))
