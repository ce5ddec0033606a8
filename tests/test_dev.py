"""The bootstrap script: what it installs, when, and what it says when it cannot."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

DEV_PY = Path(__file__).parents[1] / "dev.py"


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """dev.py as a module whose root is an empty folder."""
    spec = importlib.util.spec_from_file_location("dev", DEV_PY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("torch==2.13.0\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "sa-studio-installed")
    return module


def test_unknown_command_is_one_usage_line() -> None:
    done = subprocess.run([sys.executable, DEV_PY, "dance"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("dev.py: usage:")
    assert done.stderr.count("\n") == 1


def test_second_install_does_nothing(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    dev.STAMP.write_text(dev.wanted_hash("dev") + "\n")
    monkeypatch.setattr(dev.subprocess, "call", lambda *a, **k: pytest.fail("ran pip again"))
    dev.install("dev")


def test_changed_pins_or_extras_are_installed_anew(dev: ModuleType) -> None:
    before = dev.wanted_hash("dev")
    assert dev.wanted_hash("") != before
    (dev.ROOT / "constraints.txt").write_text("torch==2.14.0\n")
    assert dev.wanted_hash("dev") != before


def test_failed_pip_says_what_to_do_and_is_tried_again(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "see_to_system_libraries", lambda: None)
    monkeypatch.setattr(dev.subprocess, "call", lambda *a, **k: 1)
    dev.venv_program("python").parent.mkdir()
    dev.venv_program("python").touch()
    with pytest.raises(SystemExit, match="network"):
        dev.install("")
    assert dev.installed_hashes() == set()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian's packages")
class TestSystemLibraries:
    @pytest.fixture(autouse=True)
    def not_root(self, dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dev, "missing_system_packages", lambda: ["libegl1", "libportaudio2"])
        monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(dev.shutil, "which", lambda name, **_: f"/usr/bin/{name}")

    def test_command_is_printed_when_sudo_would_ask(
        self,
        dev: ModuleType,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(dev.subprocess, "call", lambda *a, **k: 1)
        monkeypatch.setattr(dev.subprocess, "run", lambda *a, **k: pytest.fail("ran apt-get"))
        dev.see_to_system_libraries()
        assert (
            "sudo apt-get install -y --no-install-recommends libegl1 libportaudio2"
            in capsys.readouterr().err
        )

    def test_installed_with_sudo_that_needs_no_prompt(
        self, dev: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        commands: list[list[str]] = []

        def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
            commands.append(command)
            return subprocess.CompletedProcess(command, 0)

        monkeypatch.setattr(dev.subprocess, "call", lambda *a, **k: 0)
        monkeypatch.setattr(dev.subprocess, "run", run)
        dev.see_to_system_libraries()
        assert commands[0][:4] == ["sudo", "-n", "apt-get", "update"]
        assert commands[1][-2:] == ["libegl1", "libportaudio2"]
