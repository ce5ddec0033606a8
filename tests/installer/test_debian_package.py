"""The Debian package, made of a small folder: lintian, dpkg and apt take it as it is."""

from __future__ import annotations

import gzip
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from installer.build import NOBODY, Build
from installer.debian_package import METAINFO, control_text, filled, lay_out_package
from tests.installer.checkers import check, require
from tests.installer.conftest import make_build
from tests.installer.small_build import make_small_build

EDITIONS = {"cpu": "sa-studio", "cuda": "sa-studio-cuda"}


@pytest.fixture(scope="module", params=EDITIONS)
def packed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, Path]:
    """The package's name, its tree and its file, of either edition."""
    require("dpkg-deb", "dpkg", "objdump")
    folder = tmp_path_factory.mktemp("package")
    build = make_small_build(folder, request.param)
    tree, package = folder / "tree", folder / f"{EDITIONS[request.param]}_0.deb"
    said: list[str] = []
    lay_out_package(build, tree, said.append)
    assert said[0].startswith("it needs: libc6 (>= 2.")
    assert said[1].startswith("it names no maintainer")
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, package],
        check=True,
        capture_output=True,
    )
    return EDITIONS[request.param], tree, package


def test_lintian_finds_no_error_and_no_warning(packed: tuple[str, Path, Path]) -> None:
    name, tree, package = packed
    said = check("lintian", "--no-cfg", "--fail-on", "none", "--show-overrides", package)
    assert re.findall(r"^[EW]: .+", said, re.MULTILINE) == []
    # the overrides are of tags that lintian has, and hide what they are meant to
    assert "O: " in said
    assert f"{name}: embedded-library" in said
    assert "unstripped-binary-or-object" in said
    assert "malformed-override" not in said
    overrides = tree / "usr/share/lintian/overrides" / name
    for line in overrides.read_text(encoding="utf-8").splitlines():
        assert line.startswith(("# ", f"{name}: ")), line


def test_dpkg_reads_back_what_was_said(packed: tuple[str, Path, Path]) -> None:
    name, tree, package = packed
    fields = check("dpkg-deb", "--field", package)
    assert f"Package: {name}\n" in fields
    assert f"Maintainer: {NOBODY}\n" in fields
    listed = check("dpkg-deb", "--contents", package)
    for place in (
        "./usr/bin/sa-studio -> ../lib/sa-studio/sa-studio",
        "./usr/lib/sa-studio/_internal/licences/sa-studio/LICENSE",
        "./usr/share/applications/sa-studio.desktop",
        f"./usr/share/doc/{name}/copyright",
        "./usr/share/icons/hicolor/256x256/apps/sa-studio.png",
    ):
        assert place in listed
    sums = (tree / "DEBIAN" / "md5sums").read_text()
    files = [path for path in (tree / "usr").rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(sums.splitlines()) == len(files)
    subprocess.run(["md5sum", "--check", "--quiet", "DEBIAN/md5sums"], cwd=tree, check=True)


def test_only_programs_can_be_run(packed: tuple[str, Path, Path]) -> None:
    _, tree, _ = packed
    runs = {path.name for path in tree.rglob("*") if path.is_file() and path.stat().st_mode & 0o100}
    assert runs == {"sa-studio", "postrm"}


def test_the_changes_are_those_of_this_version(packed: tuple[str, Path, Path]) -> None:
    name, tree, _ = packed
    folder = tree / "usr/share/doc" / name
    entry = gzip.decompress((folder / "changelog.gz").read_bytes()).decode()
    assert entry.startswith(f"{name} (")
    assert gzip.decompress((folder / "CHANGELOG.md.gz").read_bytes()).startswith(b"# Changelog")


def test_software_centres_read_the_metainfo(packed: tuple[str, Path, Path]) -> None:
    _, tree, _ = packed
    check("appstreamcli", "validate", "--no-net", tree / "usr/share/metainfo" / METAINFO)


def test_the_page_of_the_manual_is_set_without_a_warning(packed: tuple[str, Path, Path]) -> None:
    _, tree, _ = packed
    page = tree / "usr/share/man/man1/sa-studio.1.gz"
    said = check("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page)
    assert "warning" not in said


def test_a_build_may_be_dated(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert filled(build, "changelog").endswith(f" -- {NOBODY}  Tue, 14 Nov 2023 22:13:20 +0000\n")
    assert 'date="2023-11-14"' in filled(build, METAINFO)


def test_who_answers_for_it_is_named(build: Build) -> None:
    somebody = "Some Body <some@body.org>"
    named = replace(build, maintainer=somebody)
    assert f"Maintainer: {somebody}\n" in control_text(named, ["libc6"], 1)
    assert f" -- {somebody}  " in filled(named, "changelog")


def test_both_editions_replace_each_other(tmp_path: Path) -> None:
    text = control_text(make_build(tmp_path, torch="cuda"), ["libc6"], 1025)
    assert text.startswith("Package: sa-studio-cuda\n")
    assert "Conflicts: sa-studio\nReplaces: sa-studio\n" in text
    assert "Installed-Size: 2\n" in text
