"""What a frozen folder needs of the system, read from the programs in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installer import system_needs
from installer.build import Stop
from installer.system_needs import is_elf, needed_packages

pytestmark = pytest.mark.skipif(
    shutil.which("readelf") is None or shutil.which("dpkg-query") is None,
    reason="readelf and dpkg are not installed",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a program of this system, a link to it, and a text."""
    shutil.copy(Path("/bin/grep").resolve(), tmp_path / "program")
    (tmp_path / "link").symlink_to("program")
    (tmp_path / "text").write_text("no program")
    return tmp_path


def test_only_programs_and_libraries_are_read(folder: Path) -> None:
    assert [file.name for file in sorted(folder.iterdir()) if is_elf(file)] == ["program"]


def test_packages_of_libraries_that_are_not_inside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_needs, "LOADED_BY_NAME", ())
    needed = needed_packages(folder)
    assert any(package.startswith("libpcre") for package in needed)
    assert "libc6" not in needed
    inside = next(name for name in system_needs.needed_by(folder / "program") if "pcre" in name)
    shutil.copy(folder / "program", folder / inside)
    assert not any(package.startswith("libpcre") for package in needed_packages(folder))


def test_a_library_that_nobody_has_stops_the_build(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_needs, "LOADED_BY_NAME", ("libnobody.so.9",))
    with pytest.raises(Stop, match=r"libnobody\.so\.9"):
        needed_packages(folder)
