"""Libraries of the frozen folder do not look into folders of the machine that froze them."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from PySide6 import QtCore

from installer.elf import END, KIND, RUNPATH, STRINGS, forget_search_paths, search_paths
from installer.system_needs import linked_with
from tests.installer.checkers import require

HOME = b"/home/builder/python/lib"


def make_library(file: Path, path: bytes) -> None:
    """The least that is a library with a search path: a header, two segments, a table, a text."""
    texts = b"\0" + path + b"\0"
    start, table = 64 + 2 * 56, 3 * 16
    entries = struct.pack("<qQqQqQ", STRINGS, 0x1000 + start + table, RUNPATH, 1, END, 0)
    size = start + table + len(texts)
    header = (
        KIND + bytes(10) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    )
    loaded = struct.pack("<IIQQQQQQ", 1, 4, 0, 0x1000, 0, size, size, 8)
    dynamic = struct.pack("<IIQQQQQQ", 2, 4, start, 0x1000 + start, 0, table, table, 8)
    file.write_bytes(header + loaded + dynamic + entries + texts)


def test_a_folder_of_the_building_machine_is_forgotten(tmp_path: Path) -> None:
    make_library(tmp_path / "lib.so", HOME)
    make_library(tmp_path / "beside.so", b"$ORIGIN/../lib")
    (tmp_path / "text").write_bytes(HOME)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    said: list[str] = []
    forget_search_paths(tmp_path, said.append)
    assert said == ["1 files looked for others in folders of this machine, and do so no more"]
    after = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert list(search_paths(after["lib.so"])) == []
    assert after.pop("lib.so") == before.pop("lib.so").replace(b"/home", b"\0home")
    assert after == before
    forget_search_paths(tmp_path, said.append)
    assert said[1].startswith("0 files")


def test_the_search_path_of_a_real_library_is_read(tmp_path: Path) -> None:
    """Qt's libraries find those beside them."""
    require("objdump")
    library = next(Path(QtCore.__file__).parent.glob("Qt/plugins/platforms/libqxcb.so"))
    (path,) = search_paths(library.read_bytes())
    assert path.text.startswith("$ORIGIN")
    copy = Path(shutil.copy(library, tmp_path))
    forget_search_paths(tmp_path, print)
    assert linked_with(copy) == linked_with(library)
    assert copy.read_bytes() == library.read_bytes()
