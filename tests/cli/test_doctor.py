from __future__ import annotations

import json
from pathlib import Path

import pytest

from sa_studio import __version__
from tests.cli.command_line import Run


def test_the_doctor_reports_as_text_and_as_json(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sa_studio.doctor.output_devices", list)
    _, out, err = run("doctor", "--json")
    checks = json.loads(out)
    assert err == ""
    assert all(set(check) == {"name", "ok", "text", "hint"} for check in checks)
    assert f"ok  SA Studio: {__version__}" in run("doctor")[1].splitlines()
    (tmp_path / "file").touch()
    status, out, err = run("--data-dir", tmp_path / "file", "doctor")
    assert (status, err) == (2, "")
    assert "NO  Data folder: " in out
