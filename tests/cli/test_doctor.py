from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sa_studio import __version__
from tests.cli.command_line import Run, start
from tests.doctor.fake_nvidia import install_nvidia_smi


def test_the_doctor_reports_as_text_and_as_json(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sa_studio.doctor.sound.output_devices", list)
    _, out, err = run("doctor", "--json")
    findings = json.loads(out)
    assert err == ""
    keys = ["name", "ok", "state", "text", "hint", "details"]
    assert all(list(finding) == keys for finding in findings)
    assert f"ok  SA Studio: {__version__}" in run("doctor")[1].splitlines()
    (tmp_path / "file").touch()
    status, out, err = run("--data-dir", tmp_path / "file", "doctor")
    assert (status, err) == (2, "")
    assert "NO  Data folder: " in out


def test_a_card_that_is_not_used_is_found_by_a_real_process(tmp_path: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("torch computes on the card of this computer")
    folder = install_nvidia_smi(tmp_path / "smi", "NVIDIA GeForce RTX 4070, 580.65.06, 12282, 8.9")
    environment = {**os.environ, "PATH": os.pathsep.join((str(folder), os.environ["PATH"]))}
    environment.pop("CUDA_VISIBLE_DEVICES", None)
    process = start("doctor", "--json", env=environment)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (2, "")
    finding = {finding["name"]: finding for finding in json.loads(out)}["Graphics card"]
    assert (finding["ok"], finding["state"]) == (False, "problem")
    assert "RTX 4070" in finding["text"]
    assert ("pip install" in finding["hint"]) is (torch.version.cuda is None)


def test_files_that_differ_and_a_hub_that_is_not_there_are_problems_when_asked(
    run: Run, tiny_model: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sa_studio.doctor.sound.output_devices", list)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    run("models", "import", tiny_model, "--name", "mine")
    weights = data_dir / "models" / "mine" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    names = {finding["name"] for finding in json.loads(run("doctor", "--json")[1]) if finding["ok"]}
    assert {"Model mine", "Hub login"} <= names
    # the tests' environment switches the network off
    status, out, err = run("doctor", "--verify", "--online")
    assert (status, err) == (2, "")
    assert "NO  Model mine: mine, up to " in out
    assert "NO  Hub login: " in out
    assert "hf_secret" not in out
