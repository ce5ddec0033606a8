from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
import soundfile

from sa_studio import service
from sa_studio.audio.read_facts import read_facts
from sa_studio.errors import StudioError
from sa_studio.generation import PipelineEvent
from sa_studio.library.history import History
from tests.cli.command_line import Run, assert_one_line, converse
from tests.delivery.batches import read_report, sounds_in
from tests.delivery.hits import HitPipeline, loader_of

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "cues.csv"
KEYS = [
    *("row", "name", "state", "files", "clip_ids", "seeds", "seconds", "lufs", "true_peak_db"),
    *("prompt", "category", "profile", "model", "problem", "remark"),
]


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> HitPipeline:
    """What makes the sounds of every test here that does not ask for a real model."""
    pipeline = HitPipeline()
    monkeypatch.setattr(service, "engine_loader", loader_of(pipeline))
    return pipeline


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "cues.csv"
    path.write_text("name,prompt,seconds\nHum,hum,0.2\nBuzz,buzz,0.2\n", encoding="utf-8")
    return path


def test_plain_output_is_the_new_files_alone(
    run: Run, pipeline: HitPipeline, sheet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    status, printed, error = run("batch", sheet, "--out", out)
    assert (status, error) == (0, "")
    assert sorted(printed.splitlines()) == [str(out / name) for name in sounds_in(out)]
    assert len(printed.splitlines()) == 2
    assert run("batch", sheet, "--out", out) == (0, "", "")


def test_json_has_an_object_for_every_row(
    run: Run, pipeline: HitPipeline, sheet: Path, tmp_path: Path, data_dir: Path
) -> None:
    out = tmp_path / "out"
    _, printed, _ = run("batch", sheet, "--out", out, "--json")
    rows = [json.loads(line) for line in printed.splitlines()]
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert [(row["row"], row["name"], row["state"]) for row in rows] == [
        (2, "Hum", "made"),
        (3, "Buzz", "made"),
    ]
    history = History(data_dir / "library.sqlite3")
    clip = history.get(rows[0]["clip_ids"][0])
    history.close()
    assert (clip.request.prompt, clip.request.seed) == ("hum", rows[0]["seeds"][0])
    assert soundfile.info(rows[0]["files"][0]).samplerate == 48_000
    _, printed, _ = run("batch", sheet, "--out", out, "--json")
    assert [json.loads(line)["state"] for line in printed.splitlines()] == ["unchanged"] * 2
    assert json.loads(printed.splitlines()[0])["files"] == rows[0]["files"]


def test_a_dry_run_says_what_would_be_made_and_writes_nothing(
    run: Run, pipeline: HitPipeline, sheet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    status, printed, error = run("batch", sheet, "--out", out, "--dry-run")
    assert (status, error) == (0, "")
    assert [line.split(":")[:2] for line in printed.splitlines()] == [
        ["2", " to make"],
        ["3", " to make"],
    ]
    assert not out.exists()
    run("batch", sheet, "--out", out)
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("buzz", "fizz"), encoding="utf-8")
    _, printed, _ = run("batch", sheet, "--out", out, "--dry-run", "--json")
    assert [json.loads(line)["state"] for line in printed.splitlines()] == ["unchanged", "to make"]


def test_the_profile_of_the_command_line_is_that_of_rows_without_one(
    run: Run, pipeline: HitPipeline, sheet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    sheet.write_text("prompt,seconds,profile\nhum,0.2,\nbuzz,0.2,Original\n", encoding="utf-8")
    run("batch", sheet, "--out", out, "--profile", "web")
    assert sorted(Path(name).suffix for name in sounds_in(out)) == [".ogg", ".wav"]
    status, _, error = run("batch", sheet, "--out", out, "--profile", "nosuch")
    assert status == 2
    assert_one_line(error)


def test_all_problems_come_line_by_line_with_status_2(
    run: Run, pipeline: HitPipeline, sheet: Path, tmp_path: Path, data_dir: Path
) -> None:
    sheet.write_text("prompt,seconds,volume\nhum,soon,3\n,1,\n", encoding="utf-8")
    status, printed, error = run("batch", sheet, "--out", tmp_path / "out")
    assert (status, printed) == (2, "")
    lines = error.splitlines()
    assert [line.split(":")[1] for line in lines[:3]] == [
        " row 1, volume",
        " row 2, seconds",
        " row 3, prompt",
    ]
    assert lines[3].startswith("sa-studio: The sheet 'cues' has 3 problems. ")
    assert len(lines) == 4
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"name\nHum\n"])
def test_what_is_no_sheet_is_status_2(run: Run, sheet: Path, content: bytes) -> None:
    sheet.write_bytes(content)
    status, printed, error = run("batch", sheet, "--out", sheet.with_name("out"))
    assert (status, printed) == (2, "")
    assert "Traceback" not in error


def test_failed_rows_are_status_2_with_the_report(
    run: Run, pipeline: HitPipeline, sheet: Path, tmp_path: Path
) -> None:
    def fail(event: PipelineEvent) -> None:
        if pipeline.requests[-1].prompt == "hum":
            raise StudioError("No hum today", "Come back tomorrow.")

    pipeline.before = fail
    out = tmp_path / "out"
    status, printed, error = run("batch", sheet, "--out", out)
    assert status == 2
    assert printed.splitlines() == [str(out / name) for name in sounds_in(out)]
    first, second = error.splitlines()
    assert first == "sa-studio: row 2, Hum: No hum today. Come back tomorrow."
    assert second.startswith("sa-studio: 1 of 2 rows failed. See ")
    assert "cues report.html" in second
    assert [row["state"] for row in read_report(out)] == ["failed", "made"]


def test_a_pasted_table_is_read_from_the_standard_input(
    run: Run, pipeline: HitPipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pasted = io.TextIOWrapper(io.BytesIO("Name\tPrompt\tLength\nÜ\thum\t0,2\n".encode()))
    monkeypatch.setattr(sys, "stdin", pasted)
    out = tmp_path / "out"
    status, printed, _ = run("batch", "-", "--out", out)
    assert status == 0
    assert len(printed.splitlines()) == 1
    assert (out / "pasted report.html").is_file()


def test_a_terminal_shows_progress_and_how_it_ended(
    tiny_model: Path, sheet: Path, tmp_path: Path
) -> None:
    status, printed, shown = converse(
        "batch", sheet, "--out", tmp_path / "out", "--model", tiny_model
    )
    assert status == 0
    assert len(printed.splitlines()) == 2
    assert "Buzz: sampling" in shown
    assert "2 rows: 2 made" in shown
    assert "Traceback" not in shown


def test_the_example_of_the_guide_is_delivered(
    run: Run, pipeline: HitPipeline, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    status, printed, error = run("batch", EXAMPLE, "--out", out, "--json")
    assert (status, error) == (0, "")
    rows = {row["name"]: row for row in map(json.loads, printed.splitlines())}
    assert {name: len(row["files"]) for name, row in rows.items()} == {
        "Door Slam": 1,
        "Footstep Gravel": 4,
        "Rain Roof": 1,
        "Thunder Far": 2,
        "UI Success": 3,
        "Laser": 2,
    }
    assert len(sounds_in(out)) == 13
    assert read_facts(Path(rows["Door Slam"]["files"][0]))["cat_id"] == "DOORWood"
    assert rows["Rain Roof"]["category"] == "RAINMetl"
    assert rows["Thunder Far"]["category"] == "THUN"
    assert rows["UI Success"]["category"] == "UIAlert", "the prompt tells it"


@pytest.mark.slow
def test_the_starter_makes_a_few_rows(run: Run, tmp_path: Path) -> None:
    sheet, out = tmp_path / "cues.csv", tmp_path / "out"
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    sheet.write_text("\n".join([*lines[:2], lines[-1]]), encoding="utf-8")
    status, printed, error = run("batch", sheet, "--out", out)
    assert (status, error) == (0, "")
    found = [soundfile.read(line)[0] for line in printed.splitlines()]
    assert len(found) == 3
    assert all(abs(sound).max() > 0.01 for sound in found)
    assert run("batch", sheet, "--out", out) == (0, "", ""), "nothing is left to be made"
