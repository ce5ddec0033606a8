"""A new file is there whole or not at all, and takes nobody's place."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sa_studio.delivery import new_file
from sa_studio.delivery.new_file import FOREIGN_SECONDS, PREFIX, SUFFIX, sweep, write_new

needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows renames without replacing")


def names(folder: Path) -> Iterator[Path]:
    yield folder / "door.wav"
    for number in itertools.count(2):
        yield folder / f"door {number}.wav"


@pytest.fixture(params=["as this system does it", "hidden first", "no links"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ways in which systems let a file come into being."""

    def no_link(*arguments: object, **options: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    if request.param != "as this system does it":
        monkeypatch.setattr(new_file, "_write_nameless", lambda path, content: False)
    if request.param == "no links":
        if os.name == "nt":
            pytest.skip("links are not used there")
        monkeypatch.setattr(os, "link", no_link)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_the_first_free_name_is_taken_and_nothing_is_replaced(tmp_path: Path) -> None:
    written = [write_new(names(tmp_path), content) for content in (b"first", b"second", b"")]
    assert [path.name for path in written] == ["door.wav", "door 2.wav", "door 3.wav"]
    assert [path.read_bytes() for path in written] == [b"first", b"second", b""]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    with pytest.raises(FileExistsError):
        write_new(written, b"again")
    assert written[0].read_bytes() == b"first"


@needs_posix
@pytest.mark.usefixtures("way")
def test_a_link_to_nowhere_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "door.wav").symlink_to(tmp_path / "gone.wav")
    assert write_new(names(tmp_path), b"new").name == "door 2.wav"
    assert not (tmp_path / "gone.wav").exists()


@pytest.mark.usefixtures("way")
def test_threads_that_want_the_same_name_get_one_each(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    written: list[Path] = []

    def write(number: int) -> None:
        together.wait()
        written.append(write_new(names(tmp_path), bytes([number]) * 1000))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(written)) == 8
    contents = {path.read_bytes() for path in written}
    assert contents == {bytes([number]) * 1000 for number in range(8)}
    assert sorted(tmp_path.iterdir()) == sorted(written)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_goes_wrong_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(descriptor: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(error)):
        write_new(names(tmp_path), b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("way")
def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_new(names(tmp_path / "gone"), b"new")


@needs_posix
@pytest.mark.usefixtures("way")
def test_the_user_s_mask_decides_who_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = write_new(names(tmp_path), b"new")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_a_killed_program_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    computer = new_file._computer()
    left = tmp_path / f"{PREFIX}{computer}-{ended.pid}-0a{SUFFIX}"
    kept = [
        tmp_path / f"{PREFIX}{computer}-{os.getpid()}-0b{SUFFIX}",
        tmp_path / f"{PREFIX}00000000-{ended.pid}-0c{SUFFIX}",
        tmp_path / ".hidden.part",
        tmp_path / f"{PREFIX}notes{SUFFIX}",
        tmp_path / "door.wav",
    ]
    old = tmp_path / f"{PREFIX}00000000-{ended.pid}-0d{SUFFIX}"
    for path in (left, old, *kept):
        path.write_bytes(b"half")
    long_ago = old.stat().st_mtime - FOREIGN_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
    sweep(tmp_path / "gone")
