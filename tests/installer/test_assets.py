"""The guard of the size, and the checksums."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from installer.assets import PART, place, publish, write_sums
from installer.build import LARGEST_ASSET, Build, Stop


def test_a_file_that_hosts_take_stays_whole(tmp_path: Path) -> None:
    (tmp_path / "small.deb").write_bytes(b"x" * 10)
    (tmp_path / "out").mkdir()
    assert place(tmp_path / "small.deb", tmp_path / "out", largest=10) == [
        tmp_path / "out" / "small.deb"
    ]


def test_a_larger_one_is_cut_into_parts_that_make_it_again(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5
    (tmp_path / "large.tar.gz").write_bytes(content)
    (tmp_path / "out").mkdir()
    made = place(tmp_path / "large.tar.gz", tmp_path / "out", largest=1000, part=600)
    assert [file.name for file in made] == [f"large.tar.gz.part{n}" for n in (1, 2, 3)]
    assert [file.stat().st_size for file in made] == [600, 600, 80]
    assert b"".join(file.read_bytes() for file in made) == content


def test_a_part_is_small_enough_for_a_host() -> None:
    assert PART < LARGEST_ASSET == 2 * 2**30


def test_what_was_wrapped_is_published_and_what_was_there_is_not(build: Build) -> None:
    build.wrapped.mkdir(parents=True)
    build.asset(".deb").write_bytes(b"new")
    build.output.mkdir()
    (build.output / f"{build.name}.tar.gz.part1").write_bytes(b"of a build before")
    (build.output / "notes.txt").write_text("mine")
    publish(build, print)
    names = {file.name for file in build.output.iterdir()}
    assert names == {f"{build.name}.deb", "notes.txt"}


def test_nothing_wrapped_is_nothing_to_publish(build: Build) -> None:
    with pytest.raises(Stop, match="Nothing was wrapped"):
        publish(build, print)


def test_the_sums_are_those_of_sha256sum(tmp_path: Path) -> None:
    (tmp_path / "b.deb").write_bytes(b"b")
    (tmp_path / "a.tar.gz").write_bytes(b"a")
    for _ in range(2):  # its own sum is not among them
        write_sums(tmp_path, print)
    expected = [
        f"{hashlib.sha256(name[:1].encode()).hexdigest()}  {name}\n"
        for name in ("a.tar.gz", "b.deb")
    ]
    assert (tmp_path / "SHA256SUMS").read_text() == "".join(expected)
