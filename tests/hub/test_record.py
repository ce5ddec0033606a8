from __future__ import annotations

import json
from pathlib import Path

import pytest

from sa_studio.errors import ModelError
from sa_studio.hub.record import RECORD, InstallRecord, RecordedFile


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = {"vae/ä.json": RecordedFile(3, "ab" * 32)}
    record = InstallRecord(
        "owner/name", "c0ffee", "A licence", files, linked=tmp_path / "elsewhere"
    )
    record.save(tmp_path)
    assert InstallRecord.load(tmp_path) == record
    assert record.full_source == "owner/name@c0ffee"
    assert InstallRecord("a folder").full_source == "a folder"


def test_no_record_is_no_error(tmp_path: Path) -> None:
    assert InstallRecord.load(tmp_path) is None
    assert InstallRecord.load(tmp_path / "none") is None


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", "null", '"x"', "\udcff",
        '{"version": 99, "source": "", "revision": "", "licence": "", "files": {}}',
        '{"version": 1, "source": "", "revision": "", "licence": "", "files": {"a": 1}}',
        '{"version": 1, "source": "", "revision": "", "licence": "", "files": {"a": {"bytes": 1}}}',
    ],
)  # fmt: skip
def test_a_damaged_record_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ModelError) as caught:
        InstallRecord.load(tmp_path)
    assert RECORD in caught.value.hint


def test_it_is_json_that_people_can_read(tmp_path: Path) -> None:
    InstallRecord("owner/name", "c0ffee", "L", {"a": RecordedFile(1, "00")}).save(tmp_path)
    content = json.loads((tmp_path / RECORD).read_text(encoding="utf-8"))
    assert content == {
        "version": 1,
        "source": "owner/name",
        "revision": "c0ffee",
        "licence": "L",
        "files": {"a": {"bytes": 1, "sha256": "00"}},
    }
