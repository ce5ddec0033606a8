"""What a frozen folder needs of the system, read from the programs in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installer import system_needs
from installer.build import Stop
from installer.elf import is_elf
from installer.system_needs import (
    compare_versions,
    dependencies,
    linked_with,
    needed_packages,
    oldest_with,
)
from tests.installer.checkers import require


@pytest.fixture(autouse=True)
def programs() -> None:
    require("objdump", "dpkg")


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
    assert dependencies(needed)[0] == f"libc6 (>= {needed['libc6']})"
    inside = next(name for name in system_needs.needed_by(folder / "program") if "pcre" in name)
    shutil.copy(folder / "program", folder / inside)
    assert not any(package.startswith("libpcre") for package in needed_packages(folder))


def test_a_library_that_nobody_has_stops_the_build(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_needs, "LOADED_BY_NAME", ("libnobody.so.9",))
    with pytest.raises(Stop, match=r"libnobody\.so\.9"):
        needed_packages(folder)


def test_the_oldest_glibc_that_will_do_is_that_of_the_newest_symbol(folder: Path) -> None:
    """As dpkg-shlibdeps has it, without a source package."""
    asked = linked_with(folder / "program").versions["libc.so.6"]
    numbers = [tuple(map(int, name.split("_")[1].split("."))) for name in asked if "2." in name]
    assert oldest_with("libc6", asked) == ".".join(map(str, max(numbers)[:2]))


def test_versions_of_symbols_are_looked_up_in_dpkg_s_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_needs, "SYMBOLS", tmp_path)
    (tmp_path / "libsound2:amd64.symbols").write_text(
        "libsound.so.2 libsound2 #MINVER#\n"
        "| libsound2 #MINVER#, libsound2-plugins\n"
        " SOUND_1@SOUND_1 1.9\n"
        " SOUND_2@SOUND_2 1.10~rc1\n"
        " SOUND_3@SOUND_3 2.0\n"
        " play@SOUND_3 3.0\n"
    )
    assert oldest_with("libsound2", {"SOUND_1", "SOUND_2"}) == "1.10~rc1"
    assert oldest_with("libsound2", {"SOUND_9"}) == ""
    assert oldest_with("libsilent0", {"SOUND_1"}) == ""


def test_versions_are_compared_as_dpkg_does() -> None:
    assert compare_versions("1.10", "1.9") == 1
    assert compare_versions("1.0~rc1", "1.0") == -1
    assert compare_versions("2.36", "2.36") == 0


def test_packages_that_were_renamed_are_named_by_both_names() -> None:
    assert dependencies({"libasound2": "1.0.16", "libgl1": "", "libc6": "2.35"}) == [
        "libc6 (>= 2.35)",
        "libasound2t64 (>= 1.0.16) | libasound2 (>= 1.0.16)",
        "libgl1",
    ]
