from __future__ import annotations

import json
from pathlib import Path

import pytest

from sa_studio.cli import preset_trial
from tests.cli.command_line import Run, assert_one_line, copy_model


def test_presets_are_saved_listed_shown_and_deleted(run: Run) -> None:
    assert run("presets", "save", "Mine", "--prompt", "kick", "--steps", 3) == (0, "", "")
    assert run("presets", "list")[1].splitlines()[-1] == "Mine"
    assert json.loads(run("presets", "show", "Mine")[1]) == {"prompt": "kick", "steps": 3}
    assert run("presets", "delete", "Mine")[0] == 0
    assert "Mine" not in run("presets", "list")[1].splitlines()


def test_a_preset_is_renamed_exported_and_imported(run: Run, tmp_path: Path) -> None:
    run("presets", "save", "Mine", "--prompt", "kick")
    assert run("presets", "rename", "Mine", "Yours") == (0, "", "")
    out = tmp_path / "new folder"
    status, printed, _ = run("presets", "export", "Yours", "Nature - Campfire", "--out", out)
    assert status == 0
    assert printed.splitlines() == [
        str(out / "Yours.json"),
        str(out / "Nature - Campfire.json"),
    ]
    status, _, error = run("presets", "export", "Yours", "--out", out / "Yours.json")
    assert status == 2
    assert "exists already" in error
    run("presets", "delete", "Yours")
    assert run("presets", "import", out / "Yours.json") == (0, "Yours\n", "")
    assert json.loads(run("presets", "show", "Yours")[1]) == {"prompt": "kick"}


def test_what_is_there_is_replaced_only_when_told(run: Run, tmp_path: Path) -> None:
    run("presets", "save", "Mine", "--prompt", "kick")
    run("presets", "export", "Mine", "--out", tmp_path)
    run("presets", "save", "Mine", "--prompt", "snare", "--overwrite")
    file = tmp_path / "Mine.json"
    status, printed, error = run("presets", "import", file)
    assert (status, printed) == (2, "")
    assert_one_line(error)
    assert "--taken" in error
    assert run("presets", "import", file, "--taken", "skip") == (0, "", "")
    assert run("presets", "import", file, "--taken", "keep-both") == (0, "Mine 2\n", "")
    assert json.loads(run("presets", "show", "Mine")[1]) == {"prompt": "snare"}
    assert run("presets", "import", file, "--taken", "replace") == (0, "Mine\n", "")
    assert json.loads(run("presets", "show", "Mine")[1]) == {"prompt": "kick"}


def test_a_foreign_file_does_not_hold_up_the_others(run: Run, tmp_path: Path) -> None:
    run("presets", "export", "Nature - Campfire", "--out", tmp_path / "Fire.json")
    (tmp_path / "foreign.json").write_text("{}", encoding="utf-8")
    files = (tmp_path / "foreign.json", tmp_path / "Fire.json")
    status, printed, error = run("presets", "import", *files)
    assert (status, printed) == (2, "Fire\n")
    assert "'foreign.json' is no preset" in error
    assert_one_line(error)


@pytest.fixture
def only_tiny_models(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_model(tiny_model, tmp_path / "models" / "starter")
    monkeypatch.setattr("sa_studio.service.bundled_models", lambda: tmp_path / "models")


def test_presets_are_tried(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only_tiny_models: None
) -> None:
    for name, prompt in (("One", "a {short|long} kick"), ("Two", "rain")):
        run("presets", "save", name, "--prompt", prompt, "--seconds", "0.5", "--steps", "2")
    out = tmp_path / "tried"
    status, printed, error = run("presets", "try", "One", "Two", "--out", out)
    assert (status, error) == (0, "")
    first, second = printed.splitlines()
    assert "dBFS" in first and "0.50 s" in first and first.endswith("One: a long kick")
    assert second.endswith("Two: rain")
    assert sorted(path.name for path in out.iterdir()) == ["One.wav", "Two.wav"]
    monkeypatch.setattr(preset_trial, "SILENCE_DBFS", 20.0)
    status, _, error = run("presets", "try", "Two", "--out", out)
    assert status == 2
    assert "1 of 1 presets made no sound: Two" in error
