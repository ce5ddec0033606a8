"""The documents' commands that ask the hub work, with a hub of the tests' own.

What it has as Stable Audio Open Small and T5-base are a tiny model's. What is asked on a terminal
is answered by an option: see ``handling.py``.
"""

from __future__ import annotations

import io
import shlex
import shutil
import sys
from pathlib import Path

import keyring
import pytest
import torch
from safetensors.torch import load_file, save_file

from sa_studio.cli import main
from tests.cli.conftest import TOKEN
from tests.docs.documents import DOCUMENTS, Command, commands
from tests.docs.handling import How, handling
from tests.hub_server import HubServer, MemoryKeyring


def asking(document: str) -> list[Command]:
    return [
        command
        for command in commands(document)
        if not command.is_synopsis and handling(command).how is How.HUB
    ]


@pytest.fixture
def home(hub: HubServer, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a LoRA for the hub's model, and a keyring to keep the token in."""
    folder = tmp_path / "home"
    folder.mkdir()
    weights = load_file(tiny_model / "model.safetensors")
    name = next(name for name in weights if name.endswith("self_attn.to_out.weight"))
    layer = f"base_model.model.{name.removesuffix('.weight')}"
    outputs, inputs = weights[name].shape
    save_file(
        {
            f"{layer}.lora_A.weight": torch.randn(2, inputs),
            f"{layer}.lora_B.weight": torch.randn(outputs, 2),
        },
        folder / "doors.safetensors",
    )
    keyring.set_keyring(MemoryKeyring())
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if asking(name)])
def test_commands_that_ask_the_hub_work_from_top_to_bottom(
    document: str, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for command in asking(document):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{TOKEN}\n"))
        program, *arguments = shlex.split(f"{command.words} {handling(command).more}")
        assert program == "sa-studio"
        status = main(arguments)
        assert status in ({0, 2} if arguments[0] == "doctor" else {0}), (
            f"{command.text}\n{capfd.readouterr().err}"
        )


def test_models_can_be_carried_to_a_computer_without_a_network(
    home: Path, data_dir: Path, hub: HubServer
) -> None:
    small = "stable-audio-open-small"
    assert main(["models", "download", small, "--accept-licence", "--token", TOKEN]) == 0
    other = home / "other computer"
    shutil.copytree(data_dir / "models", other / "models")
    hub.requests.clear()
    there = ["--data-dir", str(other)]
    assert main([*there, "models", "verify"]) == 0
    assert main([*there, "generate", "kick", "--model", small, "--seconds", "0.5"]) == 0
    assert hub.requests == []
