from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.library.history import History
from tests.cli.command_line import KEYS, QUICK, assert_one_line, converse, start, states


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals for other processes")
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_being_asked_to_end_while_generating_cancels_the_take_and_leaves_no_halves(
    tiny_model: Path, data_dir: Path, name: str, status: int
) -> None:
    arguments = ("generate", "kick", "--model", tiny_model, "--steps", 200, "--count", 16)
    process = start(*arguments)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "the first take is done"
        process.send_signal(getattr(signal, name))
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == status
    assert err == "sa-studio: interrupted\n"
    found = states(data_dir)
    assert set(found) == {"finished", "cancelled"}
    assert len(list(data_dir.glob("clips/*"))) == found.count("finished")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals for other processes")
def test_ctrl_c_before_a_command_runs_ends_without_a_traceback() -> None:
    press_while_importing = (
        "import os, signal, sys\n"
        "class Presser:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'sa_studio.cli.generate': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Presser())\n"
        "sys.argv = ['sa-studio', '--version']\n"
        "from sa_studio.__main__ import main; sys.exit(main())"
    )
    command = [sys.executable, "-c", press_while_importing]
    process = subprocess.run(command, capture_output=True, timeout=180, check=False)
    assert (process.returncode, process.stdout, process.stderr) == (-signal.SIGINT, b"", b"")


def test_a_real_process_is_silent_but_for_its_results(tiny_model: Path) -> None:
    process = start("generate", "kick", "--model", tiny_model, *QUICK, "--json")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert list(json.loads(out)) == KEYS


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_has_seen_enough_is_no_error(tiny_model: Path, data_dir: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ("generate", "kick", "--model", tiny_model, *QUICK, "--count", 2)
    process = start(*arguments, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert states(data_dir) == ["finished", "finished"]


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("presets", "list")])
def test_short_outputs_may_be_cut_off_as_well(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*arguments, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_delivery_is_finished_even_if_nobody_reads_where_it_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        soundfile.write(tmp_path / f"{name}.wav", np.full(4410, 0.5), 44_100)
    reading, writing = os.pipe()
    os.close(reading)
    sounds = (tmp_path / "one.wav", tmp_path / "two.wav")
    process = start("export", *sounds, "--out", tmp_path / "out", stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="needs a device that is always full")
def test_an_output_that_is_full_is_one_line_and_every_take_is_made(
    tiny_model: Path, data_dir: Path
) -> None:
    arguments = ("generate", "kick", "--model", tiny_model, *QUICK, "--count", 2)
    with Path("/dev/full").open("w") as full:
        process = start(*arguments, stdout=full)
    _, err = process.communicate(timeout=180)
    assert process.returncode == 2
    assert_one_line(err)
    assert "No space left" in err
    assert states(data_dir) == ["finished", "finished"]


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes streams")
def test_streams_that_are_closed_are_no_error(tiny_model: Path, data_dir: Path) -> None:
    closed = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-m", "sa_studio"]
    command = [*closed, "generate", "kick", "--model", str(tiny_model), *QUICK]
    assert subprocess.run(command, timeout=180, check=False).returncode == 0
    assert states(data_dir) == ["finished"]


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes streams")
def test_errors_are_never_among_the_results() -> None:
    closed = ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "sa_studio"]
    command = [*closed, "library", "show", "nonesuch"]
    process = subprocess.run(command, stdout=subprocess.PIPE, timeout=180, check=False)
    assert (process.returncode, process.stdout) == (2, b"")


def test_an_output_that_lacks_letters_shows_them_escaped(data_dir: Path) -> None:
    data_dir.mkdir()
    history = History(data_dir / "library.sqlite3")
    from sa_studio.generation import GenerationRequest

    history.add("job", [GenerationRequest("Ü 🥁", seed=1)])
    history.close()
    process = start("library", "list", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "\\xdc \\U0001f941" in out


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
def test_a_terminal_shows_progress_and_stdout_stays_clean(tiny_model: Path) -> None:
    status, out, shown = converse("generate", "kick", "--model", tiny_model, *QUICK, "--json")
    assert status == 0
    assert list(json.loads(out)) == KEYS
    assert "take 1/1, sampling" in shown
    assert "Traceback" not in shown
