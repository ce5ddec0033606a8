from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sa_studio.cli import main
from tests.cli.command_line import Run
from tests.hub_server import HubServer, hub_server, stable_audio_repositories

SMALL_REPOSITORY = "stabilityai/stable-audio-open-small"
T5_REPOSITORY = "google-t5/t5-base"
TOKEN = "hf_of_a_designer"  # noqa: S105


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: exit status, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def generate(run: Run, tiny_model: Path) -> Run:
    return lambda *arguments: run("generate", "--model", tiny_model, *arguments)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_model: Path) -> Iterator[HubServer]:
    """The hub; what it has as Stable Audio Open Small and T5-base are those of a tiny model.

    TOKEN is of an account that has accepted the licences.
    """

    def files(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    with hub_server(monkeypatch, tmp_path) as server:
        server.repositories = stable_audio_repositories()
        server.repositories[SMALL_REPOSITORY].files = files(tiny_model)
        server.repositories[T5_REPOSITORY].files = {
            **files(tiny_model / "t5"),
            "spiece.model": b"sentence pieces",
        }
        server.accounts = {TOKEN: "designer", "hf_of_a_stranger": "stranger"}
        yield server


@pytest.fixture
def hub_environment(hub: HubServer, tmp_path: Path) -> dict[str, str]:
    """The environment for a process that shall use ``hub``; it has no keyring and no token."""
    return {
        **{name: value for name, value in os.environ.items() if "OFFLINE" not in name},
        "HF_HOME": str(tmp_path / "hub"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
