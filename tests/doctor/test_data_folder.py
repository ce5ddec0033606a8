from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from sa_studio.doctor import State
from sa_studio.doctor.data_folder import examine_data_folder, examine_other_instances
from sa_studio.errors import DataFolderError
from sa_studio.paths import DataFolder
from tests.doctor.report import by_name


def test_the_folder_and_the_room_in_it(data_dir: Path) -> None:
    found = by_name(examine_data_folder(DataFolder(data_dir)))
    assert found["Data folder"].text == str(data_dir)
    assert found["Data folder"].details == {"log_folder": str(data_dir / "logs")}
    assert found["Free space"].text.endswith(" GB")


@pytest.mark.parametrize(("free", "state"), [(10**9, State.PROBLEM), (10**10, State.OK)])
def test_little_free_space_is_a_problem(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=free))
    finding = by_name(examine_data_folder(DataFolder(data_dir)))["Free space"]
    assert (finding.state, finding.details) == (state, {"free_bytes": free})


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError):
        by_name(examine_data_folder(DataFolder(tmp_path / "file")))


@pytest.fixture(params=["module", "program"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process whose command line is that of SA Studio; it says when it is there, and waits."""
    program = tmp_path / "sa-studio"
    program.write_text("print('here', flush=True); input()", encoding="utf-8")
    command = [sys.executable, str(program)]
    environment = dict(os.environ)
    if request.param == "module":
        package = tmp_path / "sa_studio"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(program.read_text("utf-8"), encoding="utf-8")
        command = [sys.executable, "-m", "sa_studio"]
        environment["PYTHONPATH"] = str(tmp_path)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


def test_another_sa_studio_is_seen(other: subprocess.Popen[str]) -> None:
    finding = by_name(examine_other_instances())["Other SA Studio"]
    assert (finding.state, bool(finding.hint)) == (State.NOTE, True)
    assert other.pid in finding.details["processes"]
    assert os.getpid() not in finding.details["processes"]
    assert str(other.pid) in finding.text
