"""Cue sheets of all kinds, and what is said about those that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.delivery.sheet import Cue, Sheet, parse_sheet, read_sheet
from sa_studio.errors import SheetError

PLAIN = 'name,prompt,seconds\nDoor,"door, slammed",2.5\nHum,hum,10\n'
CUES = (Cue(2, "Door", "door, slammed", 2.5), Cue(3, "Hum", "hum", 10.0))


def problems(text: str) -> list[str]:
    return [problem.one_line() for problem in parse_sheet(text, "cues").problems]


def only_cue(text: str) -> Cue:
    sheet = parse_sheet(text, "cues")
    assert sheet.problems == ()
    (cue,) = sheet.cues
    return cue


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        'Name;Prompt;Seconds\nDoor;"door, slammed";2,5\nHum;hum;10\n',
        "name\tprompt\tseconds\nDoor\tdoor, slammed\t2.5\nHum\thum\t10",
        'PROMPT,Length (s),File Name\n"door,  slammed ",2.5 s,Door\nhum,0:10,Hum\n',
        'Description,duration [sec],cue,,\n"door,\nslammed",2.50,Door,,\nhum,10.0,Hum,,\n,,,,\n',
        '"Prompt","Name","secs"\n"door, slammed","Door","2.5"\n"hum","Hum","10"',
    ],
    ids=["plain", "crlf", "semicolons", "pasted", "synonyms", "excel", "quoted"],
)
def test_every_usual_kind_of_sheet_says_the_same(text: str) -> None:
    sheet = parse_sheet(text, "cues")
    assert (sheet.problems, sheet.cues) == ((), CUES)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"], ids=lambda name: str(name)
)
def test_every_encoding_of_excel_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cues.csv"
    path.write_bytes("name;prompt\nTür;große Tür, zu\n".encode(encoding))
    sheet = read_sheet(path)
    assert sheet == Sheet("cues", (Cue(2, "Tür", "große Tür, zu"),), (), ";")


def test_a_big_endian_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cues.txt"
    path.write_bytes(b"\xfe\xff" + "prompt\tnotes\nhum\tlow\n".encode("utf-16-be"))
    assert read_sheet(path).cues == (Cue(2, "hum", "hum", notes="low"),)


@pytest.mark.parametrize(("delimiter", "mark"), [(";", "sep=;\n"), ("\t", "SEP=\t\r\n")])
def test_excels_own_line_names_the_delimiter_and_is_no_row(delimiter: str, mark: str) -> None:
    sheet = parse_sheet(mark + f"prompt{delimiter}count\nhum, low{delimiter}3\n", "cues")
    assert sheet.cues == (Cue(2, "hum, low", "hum, low", count=3),)


def test_all_columns_are_read() -> None:
    text = (
        "Prompt,Name,Seconds,CatID,Variations,Profile,Negative prompt,Seed,Model,Steps,CFG,"
        "Collection,Subfolder,Comment,Round robin\n"
        'a kick,Kick,1.5,DRUMPerc,4,Game,hiss,4294967295.0,starter,20,"3,5",Drums,kit/low,'
        "dry,yes\n"
    )
    assert only_cue(text) == Cue(
        2, "Kick", "a kick", 1.5, "DRUMPerc", 4, "Game", "hiss", 4294967295, "starter", 20, 3.5,
        "Drums", "kit/low", "dry", is_round_robin=True,
    )  # fmt: skip


def test_empty_rows_count_as_rows_and_are_passed_over() -> None:
    sheet = parse_sheet("\n\nprompt,seconds\n\n,\nhum,1\n , \nbuzz,2\n", "cues")
    assert [(cue.row, cue.name) for cue in sheet.cues] == [(6, "hum"), (8, "buzz")]


def test_copied_cells_keep_their_quotation_marks() -> None:
    sheet = parse_sheet('prompt\tcount\n"boom" hit\t2\n7" pipe\t1\n', "cues")
    assert [cue.prompt for cue in sheet.cues] == ['"boom" hit', '7" pipe']


def test_all_problems_are_named_at_once_with_their_rows() -> None:
    text = (
        "name,promt,prompt,seconds,count,seed,steps,guidance,round robin\n"
        "a,x,hum,soon,0,4E+09,many,1.2.3,perhaps\n"
        "b,x,,1,1,1,1,1,no\n"
        "A!,x,buzz,-1,1,,,,\n"
        "c,x,door, slammed,1\n"
    )
    found = problems(text)
    assert [line.partition(". ")[0] for line in found] == [
        "row 1, promt: Unknown column",
        "row 2, seconds: 'soon' cannot be used here",
        "row 2, seed: '4E+09' cannot be used here",
        "row 2, steps: 'many' cannot be used here",
        "row 2, guidance: '1.2.3' cannot be used here",
        "row 2, set: 'perhaps' cannot be used here",
        "row 2, count: 0 variations cannot be made",
        "row 3, prompt: The prompt is empty",
        "row 4, name: 'A!' is the name in row 2 already",
        "row 5, seconds: 'slammed' cannot be used here",
    ]
    assert "Did you mean prompt?" in found[0]


def test_a_prompt_with_commas_but_no_quotation_marks_is_explained() -> None:
    (found,) = problems("name,prompt\ndoor,slam, wood\n")
    assert found.startswith("row 2: 'wood' stands in a column without a title. ")
    assert "quotation marks" in found


def test_names_may_come_again_in_another_folder() -> None:
    assert problems("name,prompt,folder\nhit,a,wood\nhit,b,metal\n") == []
    assert len(problems("name,prompt,folder\nhit,a,Wood\nHit,b,wood\n")) == 1
    assert len(problems("prompt\nhum\nhum\n")) == 1, "the prompt is the name of what has none"
    assert problems("name,prompt\n雨,rain\n風,wind\n") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,seconds\na,1\n", "row 1: There is no column for the prompt"),
        ("prompt,description\na,b\n", "row 1, description: A second column says the prompt"),
        ("prompt,count\n", "the sheet: There are no rows below the first"),
    ],
)
def test_a_sheet_that_lacks_something_is_refused(text: str, said: str) -> None:
    assert problems(text)[0].partition(". ")[0] == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n , ,\n", "is empty"),
        (b"PK\x03\x04...", "is a workbook"),
        (b"RIFF\x00\x00\x00\x00WAVE", "is no text"),
        (b"\xff\xfeo\xd8", "is damaged"),
        (b'prompt,name\n"never closed,a\nb,c\n', "Row 2 of the sheet cannot be read"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "cues.csv"
    path.write_bytes(content)
    with pytest.raises(SheetError) as caught:
        read_sheet(path)
    assert said in caught.value.message
    assert caught.value.hint


def test_a_missing_file_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv")
