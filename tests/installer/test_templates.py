"""What is filled in for each system parses, by that system's checker where there is one here."""

from __future__ import annotations

import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from installer.build import Build
from installer.linux import control_text, fill
from installer.windows import script_text
from tests.installer.conftest import make_build

CHECKERS = {
    "sh": "dash",
    "desktop-file-validate": "desktop-file-utils",
    "dpkg-deb": "dpkg",
}


def check(*command: str | Path) -> None:
    """Run a checker; a test without it is skipped."""
    program = str(command[0])
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed ({CHECKERS.get(program, program)})")
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_script_after_removing_is_shell(build: Build) -> None:
    check("sh", "-n", build.packaging / "linux" / "postrm")


def test_it_says_where_the_sounds_are(build: Build) -> None:
    script = build.packaging / "linux" / "postrm"
    for word, says in (("remove", True), ("purge", True), ("upgrade", False)):
        done = subprocess.run(["sh", script, word], capture_output=True, text=True, check=True)
        assert ("~/.local/share/SA Studio" in done.stdout) is says


def test_the_desktop_file(build: Build) -> None:
    check("desktop-file-validate", build.packaging / "linux" / "sa-studio.desktop")


def test_the_package_s_control_file(build: Build, tmp_path: Path) -> None:
    needs = ["libc6 (>= 2.36)", "libasound2t64 | libasound2"]
    text = control_text(build, needs, 1025)
    assert "Installed-Size: 2\n" in text
    assert "Conflicts: sa-studio-cuda\n" in text
    control = tmp_path / "deb" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text(text)
    package = tmp_path / "made.deb"
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is not installed")
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "--build", control.parents[1], package],
        check=True,
        capture_output=True,
    )
    shown = subprocess.run(
        ["dpkg-deb", "--field", package, "Package", "Depends", "Version"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert f"Package: sa-studio\nDepends: {', '.join(needs)}\n" in shown
    assert f"Version: {build.version}" in shown


def test_both_editions_of_the_package_replace_each_other(tmp_path: Path) -> None:
    text = control_text(make_build(tmp_path, torch="cuda"), ["libc6"], 1)
    assert text.startswith("Package: sa-studio-cuda\n")
    assert "Conflicts: sa-studio\nReplaces: sa-studio\n" in text


def test_the_note_in_the_folder(build: Build) -> None:
    words = {"version": "1", "glibc": "2.36", "packages": "libegl1"}
    text = fill(build.packaging / "linux" / "README.txt", **words)
    assert "glibc 2.36" in text
    assert "$" not in text


def test_the_script_for_inno_setup(tmp_path: Path) -> None:
    text = script_text(make_build(tmp_path, "windows"))
    assert "$" not in re.sub(r"#13#10|\$\$", "", text)
    sections = re.findall(r"^\[(\w+)\]$", text, re.MULTILINE)
    assert sections == ["Setup", "Tasks", "InstallDelete", "Files", "Icons", "Run", "Code"]
    body, _, code = text.partition("[Code]")
    for line in body.splitlines():
        if line and line[0] not in ";[":
            # a directive, or parameters that are quoted as they must be
            assert re.fullmatch(r'\w+=.+|(\w+: ("[^"]*"|[\w ]+)(; |$))+', line), line
    assert code.count("begin") == len(re.findall(r"\bend;", code))
    # what is removed is the program alone
    assert "[UninstallDelete]" not in text
    assert r"{localappdata}\SA Studio" in code


def test_the_entitlements(build: Build) -> None:
    with (build.packaging / "macos" / "entitlements.plist").open("rb") as file:
        entitlements = plistlib.load(file)
    assert all(value is True for value in entitlements.values())
    assert "com.apple.security.cs.disable-library-validation" in entitlements
