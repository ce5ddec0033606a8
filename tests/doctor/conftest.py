from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.doctor import nvidia


@pytest.fixture(autouse=True)
def no_devices_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is tested must not depend on what this machine has."""
    monkeypatch.setattr("sa_studio.doctor.sound.output_devices", list)
    monkeypatch.setattr(nvidia, "DRIVER_FILES", tmp_path / "no driver")
    monkeypatch.setattr(nvidia, "PCI_DEVICES", tmp_path / "no devices")
    monkeypatch.setattr("sa_studio.doctor.graphics.AMD_COMPUTE", tmp_path / "no kfd")
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
