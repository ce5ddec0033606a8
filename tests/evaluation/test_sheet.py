from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sa_studio.errors import StudioError
from sa_studio.evaluation.sheet import FILE, read_sheet
from sa_studio.evaluation.spread import spread
from tests.evaluation.work_folder import content, write_work


def test_a_sheet_and_its_clips_are_read(tmp_path: Path) -> None:
    sheet = read_sheet(write_work(tmp_path))
    assert [item.folder for item in sheet.classes] == ["steady-noise", "test-tone", "beat"]
    assert [item.sound for item in sheet.prompts] == [0, 0, 1, 1, 2, 2]
    assert sheet.prompts[3].note == 69
    assert len(sheet.reference) == len(sheet.training) == 9
    known = {clip.path.name: clip.note for clip in sheet.reference if clip.sound == 1}
    assert known == {"00.flac": None, "01.flac": 61, "02.flac": None}
    assert [clip.tempo for clip in sheet.reference if clip.sound == 2] == [120, None, None]


def test_a_folder_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    write_work(tmp_path)
    sheet = content()
    sheet["classes"][0]["folder"] = "rush"
    (tmp_path / FILE).write_text(json.dumps(sheet), encoding="utf-8")
    base = tmp_path / "evaluation" / "reference"
    (base / "steady-noise").rename(base / "rush")
    assert read_sheet(tmp_path).reference[0].path.parent.name == "rush"


def test_what_is_no_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"There is no .*evaluation\.json"):
        read_sheet(tmp_path)
    path = write_work(tmp_path) / FILE
    whole = content()
    for damaged in (
        "{",
        "[]",
        json.dumps({**whole, "prompts": [{**whole["prompts"][0], "label": "unheard of"}]}),
        json.dumps({name: part for name, part in whole.items() if name != "tones"}),
        json.dumps({**whole, "prompts": []}),
    ):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(StudioError, match=r"evaluation\.json"):
            read_sheet(tmp_path)
    path.write_text(json.dumps(whole), encoding="utf-8")
    shutil.rmtree(path.parent / "training")
    with pytest.raises(StudioError, match="There are no training clips"):
        read_sheet(tmp_path)


def test_spread() -> None:
    assert spread(range(10), 3) == [0, 3, 6]
    assert spread("ab", 5) == ["a", "b"]
