"""``sa-studio export``, ``library show FILE`` and ``library ledger``, as a person types them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from sa_studio.audio.files import write_audio
from sa_studio.generation import Clip
from sa_studio.service import Studio
from tests.cli.command_line import Run, assert_one_line, start
from tests.delivery.takes import RATE, add_takes, hit

KEYS = [
    *("clip_id", "source", "path", "prompt", "seed", "seconds", "sample_rate", "channels"),
    *("format", "depth", "cat_id", "lufs", "true_peak_db", "loop", "profile"),
]


@pytest.fixture
def takes() -> list[Clip]:
    """Two finished takes of one click."""
    with Studio() as studio:
        return add_takes(studio, [hit(0.02, level=0.4), hit(0.3, level=0.05, seed=1)])


def test_a_real_process_delivers_and_says_where(takes: list[Clip], tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start("export", takes[0].id, "--out", out, "--profile", "studio", "--json")
    told, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    facts = json.loads(told)
    assert list(facts) == KEYS
    info = soundfile.info(facts["path"])
    assert (info.samplerate, info.subtype, info.format) == (48_000, "PCM_24", "WAV")
    assert facts["clip_id"] == takes[0].id
    assert facts["seconds"] == pytest.approx(1.0)
    assert facts["profile"] == "Studio"
    assert Path(facts["path"]).parent == out


def test_options_change_the_profile(run: Run, takes: list[Clip], tmp_path: Path) -> None:
    recording = tmp_path / "recording.wav"
    write_audio(recording, hit(0.1, level=0.2)[:1], RATE)
    sounds = (takes[0].id, takes[1].id, recording)
    options = ("--rate", 96000, "--depth", 16, "--format", "flac", "--level", "lufs=-30")
    status, out, err = run(
        *("export", *sounds, "--out", tmp_path / "out", *options),
        *("--naming", "ucs", "--catid", "doorwood", "--json"),
    )
    assert (status, err) == (0, "")
    delivered = [json.loads(line) for line in out.splitlines()]
    assert [one["clip_id"] for one in delivered] == [takes[0].id, takes[1].id, None]
    for one in delivered:
        info = soundfile.info(one["path"])
        assert (info.samplerate, info.subtype, info.format) == (96_000, "PCM_16", "FLAC")
        assert one["lufs"] == pytest.approx(-30, abs=0.1)
        assert one["cat_id"] == "DOORWood"
        assert Path(one["path"]).name.startswith("DOORWood_")


@pytest.mark.parametrize("more", [("--level", "match"), ("--round-robin",)])
def test_sets_share_their_loudness(
    run: Run, takes: list[Clip], tmp_path: Path, more: tuple[str, ...]
) -> None:
    ids = [clip.id for clip in takes]
    status, out, _ = run("export", *ids, "--out", tmp_path / "out", *more, "--json")
    assert status == 0
    first, second = (json.loads(line)["lufs"] for line in out.splitlines())
    assert first == pytest.approx(second, abs=0.1)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("unknown", "--out", "OUT"), "neither a take nor a sound file"),
        (("ID",), "--out"),
        (("ID", "--out", "OUT", "--profile", "Radio"), "no delivery profile 'Radio'"),
        (("ID", "--out", "OUT", "--rate", "22050"), "22050"),
        (("ID", "--out", "OUT", "--depth", "8"), "--depth"),
        (("ID", "--out", "OUT", "--level", "peak=-1"), "--level"),
        (("ID", "--out", "OUT", "--level", "lufs=nan"), "--level"),
        (("ID", "--out", "OUT", "--level", "lufs=4"), "target lufs"),
        (("ID", "--out", "OUT", "--naming", "ucs"), "no UCS category"),
        (("ID", "--out", "OUT", "--catid", "DOORSoft"), "DOORSoft"),
        (("ID", "--out", "OUT", "--format", "flac", "--depth", "32f"), "FLAC"),
        (("ID", "--out", "OUT", "--format", "mp3", "--rate", "96000"), "MP3"),
        (("ID", "--out", "FILE"), "cannot be written"),
    ],
)
def test_what_cannot_be_delivered_is_one_line(
    run: Run, takes: list[Clip], tmp_path: Path, options: tuple[str, ...], problem: str
) -> None:
    file = tmp_path / "a file"
    file.write_text("mine")
    places = {"ID": takes[0].id, "OUT": str(tmp_path / "out"), "FILE": str(file)}
    status, out, err = run("export", *(places.get(part, part) for part in options))
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert problem in err
    assert not list(tmp_path.glob("out/*"))
    assert file.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_full_disk_is_one_line_and_status_2(takes: list[Clip], tmp_path: Path) -> None:
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000,) * 2); "
        "from sa_studio.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    long = tmp_path / "long.wav"
    write_audio(long, hit(seconds=3.0), RATE)
    sounds = ("export", takes[0].id, takes[1].id, long, "--out", tmp_path / "out")
    command = [sys.executable, "-c", limited, *map(str, sounds), "--rate=96000", "--depth=32f"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2
    assert_one_line(result.stderr)
    assert "There is no room" in result.stderr
    delivered = result.stdout.splitlines()
    assert len(delivered) == 2, "what was delivered before stays"
    assert sorted(map(str, (tmp_path / "out").iterdir())) == sorted(delivered)


def test_a_delivered_file_tells_how_it_was_made(
    run: Run, takes: list[Clip], tmp_path: Path
) -> None:
    path = run("export", takes[0].id, "--out", tmp_path, "--format", "ogg")[1].strip()
    facts = json.loads(run("library", "show", path, "--json")[1])
    assert facts["prompt"] == "wooden door slam"
    assert (facts["seed"], facts["steps"], facts["sampler"]) == (7, 16, "euler")
    assert "'warm'" in facts["missing"][0]
    shown = run("library", "show", path)[1]
    assert "seed: 7\n" in shown
    assert "sa-studio loras import" in shown
    recording = tmp_path / "recording.wav"
    write_audio(recording, hit(), RATE)
    status, out, err = run("library", "show", recording)
    assert (status, out) == (2, "")
    assert_one_line(err)


def test_the_ledger_is_printed_or_written(run: Run, takes: list[Clip], tmp_path: Path) -> None:
    status, out, err = run("library", "ledger")
    assert (status, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["clip"] for row in rows] == [clip.id for clip in takes]
    assert [row["seed"] for row in rows] == ["7", "8"]
    assert {row["model_licence"] for row in rows} == {"Apache-2.0"}
    file = tmp_path / "ledger.json"
    assert run("library", "ledger", "--format", "json", "--out", file) == (0, f"{file}\n", "")
    assert [row["clip"] for row in json.loads(file.read_text())] == [clip.id for clip in takes]
    for problem in (("--collection", "Film"), ("--out", tmp_path / "gone" / "ledger.csv")):
        status, out, err = run("library", "ledger", *problem)
        assert (status, out) == (2, "")
        assert_one_line(err)
