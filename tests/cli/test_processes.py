from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from sa_studio.library.history import History
from tests.cli.command_line import KEYS, QUICK, converse, start, states


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for other processes")
def test_ctrl_c_while_generating_is_status_130_and_the_take_is_cancelled(
    tiny_model: Path, data_dir: Path
) -> None:
    arguments = ("generate", "kick", "--model", tiny_model, "--steps", 200, "--count", 16)
    process = start(*arguments)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "the first take is done"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130
    assert err == "sa-studio: interrupted\n"
    found = states(data_dir)
    assert set(found) == {"finished", "cancelled"}
    assert len(list(data_dir.glob("clips/*"))) == found.count("finished")


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
