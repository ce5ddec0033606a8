"""The smoke test, from both of its sides: the application's, and the installer's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from installer.build import Stop
from installer.smoke import LINE, bare_environment, smoke_test
from sa_studio.cli import main
from sa_studio.cli.exit_status import BUG

GOOD = "SA Studio 0.1.0: made 1 s at 44100 Hz with starter; file and library agree"


def test_the_application_makes_a_second_of_sound_and_prints_one_line(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["--smoke-test"]) == 0
    said = capfd.readouterr().out
    assert said.count("\n") == 1
    assert LINE.match(said.strip())


def test_without_the_starter_it_fails(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sa_studio.service.bundled_models", lambda: tmp_path)
    assert main(["--smoke-test"]) != 0
    said = capfd.readouterr()
    assert said.out == ""
    assert "starter" in said.err


def test_a_silent_sound_is_a_failure(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np

    silence = (np.zeros((2, 44_100), np.float32), 44_100)
    monkeypatch.setattr("sa_studio.service.Studio.read_audio", lambda self, clip_id: silence)
    assert main(["--smoke-test"]) == BUG
    assert "the sound is silent" in capfd.readouterr().err


posix = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")


def make_program(folder: Path, script: str) -> Path:
    program = folder / "sa-studio"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


@posix
def test_the_line_is_said_on(tmp_path: Path) -> None:
    said: list[str] = []
    smoke_test(make_program(tmp_path, f'[ "$1" = --smoke-test ] && echo "{GOOD}"'), said.append)
    assert said == [GOOD]


@posix
@pytest.mark.parametrize(
    "script",
    [
        f'echo "{GOOD}"; exit 1',
        "echo hello",
        f'echo "{GOOD}"; echo more',
        "echo reason >&2; exit 1",
    ],
)
def test_anything_else_stops_the_build(tmp_path: Path, script: str) -> None:
    with pytest.raises(Stop, match="The smoke test failed with status"):
        smoke_test(make_program(tmp_path, script), print)


@posix
def test_a_program_that_does_not_start_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="does not run"):
        smoke_test(tmp_path / "nothing", print)


def test_nothing_of_this_checkout_is_in_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "LD_LIBRARY_PATH", "SA_STUDIO_DATA_DIR", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "here")
    kept = bare_environment(tmp_path)
    assert "here" not in kept.values()
    assert kept["HOME"] == str(tmp_path)
