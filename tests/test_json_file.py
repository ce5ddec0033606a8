"""JSON of others is read whole, or refused before it fills the memory."""

from pathlib import Path

import pytest

from sa_studio.json_file import MAX_BYTES, read_json


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_reads_utf_8_with_and_without_a_mark(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(f'{mark}{{"name": "Ü"}}', encoding="utf-8")
    assert read_json(path) == {"name": "Ü"}


@pytest.mark.parametrize("content", [b"", b"{", b'"\xff"', b"[" * 100_000, b"1" * 5000])
def test_refuses_what_is_no_json(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"."):
        read_json(path)


def test_does_not_read_gigabytes_that_were_named_by_mistake(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ValueError, match="too large"):
        read_json(path)
