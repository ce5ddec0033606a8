"""What the starter heard of others: every file has a row, and nothing else is read."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent.parent / "models" / "starter"


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(FOLDER / "recipe")
    return importlib.import_module("sources")


def test_every_row_is_complete_and_free(sources: ModuleType) -> None:
    rows = sources.table().values()
    assert {row.licence for row in rows} <= {"MIT", "CC0-1.0", "CC-BY-3.0"}
    for row in rows:
        assert row.package and row.version and row.author, row.path
        assert re.fullmatch(r"[0-9a-f]{64}", row.sha256), row.path
        assert row.url.startswith("http"), row.path


def test_the_attributions_are_those_of_the_table(sources: ModuleType) -> None:
    written = importlib.import_module("attribution").attribution(list(sources.table().values()))
    assert (FOLDER / "ATTRIBUTION.md").read_text(encoding="utf-8") == written


def test_a_file_without_a_row_is_not_read(sources: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "found.wav").write_bytes(b"sound")
    with pytest.raises(PermissionError, match="no row"):
        sources.open_source("found.wav", tmp_path)


def test_another_file_of_that_name_is_not_read(sources: ModuleType, tmp_path: Path) -> None:
    path = next(iter(sources.table()))
    with pytest.raises(FileNotFoundError, match="missing"):
        sources.open_source(path, tmp_path)
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_bytes(b"another sound")
    with pytest.raises(ValueError, match="is not the file"):
        sources.open_source(path, tmp_path)
