from __future__ import annotations

import importlib.metadata
import platform
import sys
from typing import Any

import pytest

from sa_studio import __version__
from sa_studio.doctor import State
from sa_studio.doctor.installation import examine_application, examine_packages
from tests.doctor.report import by_name


def test_versions_are_told() -> None:
    found = by_name(examine_application())
    assert found["SA Studio"].text == __version__
    assert found["Python"].text == f"{platform.python_version()} ({sys.executable})"
    assert platform.system() in found["System"].text
    assert all(finding.state is State.OK for finding in found.values())


def test_an_old_python_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.python_version", lambda: "3.10.14")
    finding = by_name(examine_application())["Python"]
    assert finding.state is State.PROBLEM
    assert "3.11" in finding.hint
    monkeypatch.setattr("platform.python_version", lambda: "3.15.0rc1")
    assert by_name(examine_application())["Python"].state is State.OK


def test_a_python_of_32_bits_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert "64-bit" in by_name(examine_application())["Python"].hint


def test_what_is_required_is_looked_at_and_nothing_else() -> None:
    found = by_name(examine_packages())
    assert found["torch"].text == importlib.metadata.version("torch")
    assert {"PySide6-Essentials", "transformers", "huggingface-hub"} <= set(found)
    assert "pytest" not in found, "what developers need is not the user's business"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Versions that are told instead of the true ones; ``None`` for what is not there."""
    versions: dict[str, str | None] = {}
    true_version, true_metadata = importlib.metadata.version, importlib.metadata.metadata

    def version(name: str) -> str:
        return versions.get(name) or true_version(name)

    def metadata(name: str) -> Any:
        if name in versions and versions[name] is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return true_metadata(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "metadata", metadata)
    return versions


def test_a_missing_package_is_named_with_the_command(installed: dict[str, str | None]) -> None:
    installed["soundfile"] = None
    finding = by_name(examine_packages())["soundfile"]
    assert (finding.state, finding.text) == (State.PROBLEM, "not installed")
    assert "-m pip install 'soundfile>=0.13'" in finding.hint.replace('"', "'")


@pytest.mark.parametrize(
    ("name", "version", "shown"),
    [("torch", "2.1.0", "torch"), ("pyside6-essentials", "6.12.0", "PySide6-Essentials")],
)
def test_a_version_that_does_not_work_is_a_problem(
    installed: dict[str, str | None], name: str, version: str, shown: str
) -> None:
    installed[name] = version
    finding = by_name(examine_packages())[shown]
    assert finding.state is State.PROBLEM
    assert finding.text.startswith(f"{version}, but SA Studio needs ")
    assert f"{name}" in finding.hint


def test_a_build_for_a_device_is_the_version_it_is_built_from(
    installed: dict[str, str | None],
) -> None:
    installed["torch"] = "2.13.0+cu130"
    assert by_name(examine_packages())["torch"].state is State.OK


def test_a_packaged_application_has_no_record_of_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", unknown)
    assert by_name(examine_packages()) == {}
