from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Any

import pytest

from sa_studio import __version__, doctor


def report(data_dir: Path | None = None) -> dict[str, doctor.Check]:
    checks = doctor.examine(None if data_dir is None else str(data_dir))
    assert len({check.name for check in checks}) == len(checks)
    return {check.name: check for check in checks}


@pytest.fixture(autouse=True)
def no_sound_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "output_devices", list)


def test_everything_is_looked_at(data_dir: Path) -> None:
    checks = report()
    assert checks["SA Studio"].text == __version__
    assert checks["torch"].text == importlib.metadata.version("torch")
    assert "float" in checks["Compute"].text
    assert checks["Data folder"].text == str(data_dir)
    assert checks["Free space"].text.endswith(" GB")
    assert all(check.text for check in checks.values())


def test_a_data_folder_that_cannot_be_used_is_one_failed_check(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    checks = report(tmp_path / "file")
    assert not checks["Data folder"].ok
    assert "--data-dir" in checks["Data folder"].hint
    assert checks["Compute"].ok


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    version = importlib.metadata.version

    def without_soundfile(name: str) -> str:
        if name == "soundfile":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", without_soundfile)
    check = report()["soundfile"]
    assert (check.ok, check.text, bool(check.hint)) == (False, "not installed", True)


@pytest.mark.parametrize("free", [10**9, 10**10])
def test_little_free_space_is_a_warning(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    usage = type("usage", (), {"free": free})
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage)
    check = report()["Free space"]
    assert check.ok == (free == 10**10)
    assert bool(check.hint) != check.ok


def test_no_models_is_a_failure_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sa_studio.service.bundled_models", lambda: tmp_path)
    check = report()["Models"]
    assert (check.ok, check.text, bool(check.hint)) == (False, "none", True)


@pytest.mark.parametrize(
    ("devices", "text"),
    [(["Speakers", "HDMI"], "Speakers, HDMI"), ([], "none found")],
)
def test_the_sound_output_is_never_a_failure(
    monkeypatch: pytest.MonkeyPatch, devices: list[str], text: str
) -> None:
    monkeypatch.setattr(doctor, "output_devices", lambda: devices)
    check = report()["Sound output"]
    assert (check.ok, check.text) == (True, text)


def test_a_missing_portaudio_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(doctor, "output_devices", missing)
    check = report()["Sound output"]
    assert check.ok
    assert "libportaudio2" in check.hint
