from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sa_studio import doctor
from sa_studio.doctor import State
from sa_studio.service import Studio
from tests.doctor.report import by_name


def test_everything_is_looked_at(data_dir: Path) -> None:
    found = by_name(doctor.examine())
    assert {
        *("SA Studio", "Python", "System", "torch", "Graphics card", "Compute", "Memory"),
        *("Sound output", "Data folder", "Free space", "Dragged-out files", "Models"),
    } <= set(found)
    assert found["Data folder"].text == str(data_dir)


def test_the_window_has_its_own_studio_examined(tmp_path: Path) -> None:
    with Studio(tmp_path / "other") as studio:
        studio.settings.dtype = "bfloat16"
        found = by_name(doctor.examine(studio=studio))
        assert studio.clips() == [], "it is still open"
    assert found["Data folder"].text == str(tmp_path / "other")
    assert "bfloat16" in found["Compute"].text


def test_settings_that_this_computer_cannot_follow_are_a_problem(data_dir: Path) -> None:
    with Studio() as studio:
        studio.settings.device = "cuda:99"
        finding = by_name(doctor.examine(studio=studio))["Compute"]
    assert finding.state is State.PROBLEM
    assert "cuda:99" in finding.text


def test_a_data_folder_that_cannot_be_used_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = by_name(doctor.examine(tmp_path / "file"))
    assert found["Data folder"].state is State.PROBLEM
    assert "--data-dir" in found["Data folder"].hint
    assert found["Compute"].ok


def test_a_library_that_is_none_is_a_problem(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "library.sqlite3").write_text("no database" * 100, encoding="utf-8")
    assert by_name(doctor.examine())["Data folder"].state is State.PROBLEM


def test_without_torch_everything_else_is_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    found = by_name(doctor.examine())
    assert found["Compute"].state is State.PROBLEM
    assert "Graphics card" not in found
    assert found["Data folder"].ok


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("sa_studio.doctor.nvidia.shutil.which", "Graphics card"),
        ("sa_studio.doctor.compute.psutil.virtual_memory", "Memory"),
        ("sa_studio.doctor.data_folder.psutil.process_iter", "Other SA Studio"),
        ("sa_studio.doctor.data_folder.shutil.disk_usage", "Data folder"),
    ],
)
def test_a_check_that_breaks_keeps_no_other_from_being_made(
    monkeypatch: pytest.MonkeyPatch, place: str, name: str
) -> None:
    def broken(*arguments: object) -> Callable[[], None]:
        raise PermissionError("not for you")

    monkeypatch.setattr(place, broken)
    findings = doctor.examine()
    (problem,) = [finding for finding in findings if not finding.ok]
    assert problem.name == name
    assert "not for you" in problem.text


def test_no_models_is_a_problem_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sa_studio.service.bundled_models", lambda: tmp_path)
    finding = by_name(doctor.examine())["Models"]
    assert (finding.state, finding.text) == (State.PROBLEM, "none")
