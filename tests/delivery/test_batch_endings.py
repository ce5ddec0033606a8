"""However a batch ends, the next call goes on, and in the end every sound is there once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sa_studio import service
from sa_studio.audio.read_facts import read_recipe
from sa_studio.delivery.sheet import Cue, parse_sheet
from sa_studio.library.history import History
from sa_studio.service import Studio
from tests.delivery.batches import format_of, read_report, sounds_in
from tests.delivery.hits import HitPipeline, loader_of

ROWS = 200
ANY = np.random.default_rng()
FORMATS = {
    "Studio": ("WAV", 48_000, "PCM_24"),
    "Original": ("WAV", 44_100, "PCM_24"),
    "Web": ("OGG", None, "VORBIS"),
    "Game": ("WAV", 48_000, None),
}
SUBJECTS = ("wooden door slam", "heavy rain", "glass breaks", "dog barks", "car engine, idle")
posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


def write_sheet(path: Path, rows: int) -> str:
    """A sheet of many rows: sets, folders, profiles, and texts that need quotation marks."""
    lines = ["name;prompt;seconds;category;count;profile;folder"]
    for number in range(rows):
        subject = SUBJECTS[number % len(SUBJECTS)]
        count = 3 if number % 20 == 2 else ""
        folder = f"part {number % 4}/inner" if number % 3 else ""
        profile = list(FORMATS)[number % 7 % 4]
        seconds = f"0,{1 + number % 3}"
        lines.append(
            f'Cue {number:03};"{subject}; take ""{number}""";{seconds};DOORWood;{count};{profile};'
            f"{folder}"
        )
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path.read_text(encoding="utf-8")


def assert_right(text: str, out: Path, data_dir: Path) -> None:
    """Every row is in the report once, and its files are there and are what it asks for."""
    cues = parse_sheet(text, "cues").cues
    report = read_report(out, ";")
    assert [int(row["row"]) for row in report] == [cue.row for cue in cues]
    files = []
    for cue, row in zip(cues, report, strict=True):
        assert row["state"] in ("made", "unchanged"), row
        assert row["name"] == cue.name
        names = row["files"].split("; ")
        assert len(names) == cue.count
        seeds = row["seeds"].split("; ")
        for number, (name, seed) in enumerate(zip(names, seeds, strict=True), 1):
            assert_is_of(cue, number, out / name, out)
            recipe = read_recipe(out / name)
            assert recipe is not None
            assert (recipe["prompt"], str(recipe["seed"])) == (cue.prompt, seed)
        files += names
    assert sorted(files) == sounds_in(out), "nothing is there twice, or half"
    history = History(data_dir / "library.sqlite3")
    states = [clip.state.value for clip in history.list("", 10_000)]
    history.close()
    assert states == ["finished"] * len(files), "no take was made twice or left unmade"


def assert_is_of(cue: Cue, number: int, path: Path, out: Path) -> None:
    kind, rate, subtype = FORMATS[cue.profile]
    found = format_of(path)
    assert found == (kind, rate or found[1], subtype or found[2])
    folder = path.parent.relative_to(out).as_posix()
    assert folder.startswith(cue.folder or "."), path
    letters = re.sub(r"[\W_]+", "", path.stem).casefold()
    assert re.sub(r"[\W_]+", "", cue.name).casefold() in letters, path
    if cue.count > 1:
        assert path.stem.endswith(f"{number:02}"), path


@posix_only
def test_200_rows_are_interrupted_killed_and_finished(tmp_path: Path, data_dir: Path) -> None:
    sheet, out = tmp_path / "cues.csv", tmp_path / "out"
    text = write_sheet(sheet, ROWS)
    command = [sys.executable, "-m", "tests.delivery.batch_process", "batch", sheet, "--out", out]
    there: dict[str, int] = {}
    for ending, status in ((signal.SIGINT, 130), (signal.SIGKILL, -9)):
        lines = int(ANY.integers(1, ROWS // 4))
        process = subprocess.Popen(
            command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            assert process.stdout is not None
            for _ in range(lines):
                assert process.stdout.readline(), f"it ended before {lines} files were there"
            process.send_signal(ending)
            _, error = process.communicate(timeout=120)
        finally:
            process.kill()
        assert process.returncode == status, error
        if ending is signal.SIGINT:
            assert error == "sa-studio: interrupted\n"
            states = [row["state"] for row in read_report(out, ";")]
            assert len(states) == ROWS
            assert set(states) == {"made", "not made"}
        kept = {name: (out / name).stat().st_mtime_ns for name in sounds_in(out) if name[0] != "."}
        assert there.items() <= kept.items(), "what was there stays as it was"
        assert len(kept) > len(there)
        there = kept
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    assert_right(text, out, data_dir)
    kept = {name: (out / name).stat().st_mtime_ns for name in there}
    assert kept == there


def killed_at(step: int, work: Callable[[], None]) -> bool:
    """Do ``work`` in a process that ends at its ``step``-th change of a folder; whether it did."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & 3
            if is_write or event in ("os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"):
                left -= 1
                if left < 0:
                    os._exit(9)

        status = 1
        try:
            sys.addaudithook(count)
            work()
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(ended)
    assert status in (0, 9)
    return status == 9


@posix_only
@pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.slow)])
def test_a_batch_may_be_killed_at_any_change_of_a_folder(
    every: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "engine_loader", loader_of(HitPipeline()))
    text = write_sheet(tmp_path / "cues.csv", 4)
    for step in range(int(ANY.integers(every)), 10_000, every):
        data_dir, out = tmp_path / f"data {step}", tmp_path / f"out {step}"

        def work(data_dir: Path = data_dir, out: Path = out) -> None:
            with Studio(data_dir) as studio:
                batch = studio.batch(parse_sheet(text, "cues"), out, show=lambda row: None)
                batch.begin()
                studio.run_until_empty(batch.handle)
                batch.stop()
                batch.write_report()

        was_killed = killed_at(step, work)
        work()
        assert_right(text, out, data_dir)
        if not was_killed:
            assert step > 50, "so many changes are made"
            return
    raise AssertionError("it never came to its end")


KILLED_QUEUEING = """
import os, signal, sys
from sa_studio.cli import main
from sa_studio.library.history import History

add, left = History.add, {calls}

def add_and_die(self, job_id, takes, clip_ids=()):
    global left
    left -= 1
    if left == 0 and {before}:
        os.kill(os.getpid(), signal.SIGKILL)
    clips = add(self, job_id, takes, clip_ids)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return clips

History.add = add_and_die
from sa_studio import service
from tests.delivery.hits import HitPipeline, loader_of
service.engine_loader = loader_of(HitPipeline())
sys.exit(main())
"""


@posix_only
@pytest.mark.parametrize("before", [True, False])
def test_takes_of_a_batch_killed_while_queueing_are_not_offered_twice(
    before: bool, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "engine_loader", loader_of(HitPipeline()))
    sheet, out = tmp_path / "cues.csv", tmp_path / "out"
    text = write_sheet(sheet, 8)
    killed = KILLED_QUEUEING.format(calls=3, before=before)
    command = [sys.executable, "-c", killed, "batch", sheet, "--out", out]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Studio(data_dir) as studio:
        waited = {clip.id for clip in studio.interrupted_clips()}
        assert waited, "some takes were in the library already"
        batch = studio.batch(parse_sheet(text, "cues"), out, show=lambda row: None)
        noted = {clip_id for row in batch.rows for clip_id in row.entry.clips.values()}
        assert waited <= noted, "the batch knows every take that was queued for it"
        batch.begin()
        studio.run_until_empty(batch.handle)
        batch.stop()
        batch.write_report()
        assert not studio.interrupted_clips(), "nothing of it is offered for resuming any more"
    assert_right(text, out, data_dir)
