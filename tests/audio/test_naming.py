from __future__ import annotations

import random
import re
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from sa_studio.audio.claim import claim
from sa_studio.audio.latin import latin_text
from sa_studio.audio.naming import (
    RESERVED,
    NameValues,
    clip_file_name,
    file_stem,
    folder_of,
    fx_name,
    safe,
    slug,
)
from sa_studio.errors import AudioFileError
from sa_studio.generation import MAX_SEED, GenerationRequest
from sa_studio.vocabulary.delivery import FileFormat, Naming

FORBIDDEN = """.:*?!=+@#<>|\\/"'%^$[]{}"""
HOSTILE = [
    *(
        "",
        " ",
        ".",
        "..",
        "...",
        "../../etc/passwd",
        "C:\\Windows",
        "CON",
        "con.wav",
        "NUL ",
        "COM¹",
    ),
    *(
        "a\0b",
        "a\nb\r\nc\td",
        "\ud800",
        "🥁🥁",
        "雨の音",
        "雨の音が遠くから聞こえる" * 20,
        "дверь скрипит",
        "Ünïcödé Straße",
        "-rf",
        "~",
        " . .",
        "_",
        "__",
    ),
    *(
        "x" * 5000,
        "word " * 2000,
        "_" * 500,
        FORBIDDEN,
        "%00",
        "$(rm)",
        "a" * 95 + ".",
        "`id`",
        "& ;",
    ),
    *("{wood|metal} door", 'say "no"', "it's", "…", "a‮b", "-" * 200, "()", "100 %", "\x7f\x1b[0m"),
]
CLAIMING = """
import sys
from pathlib import Path
from sa_studio.audio.claim import claim
for _ in range(40):
    print(claim(Path(sys.argv[1]) / "kick.wav").name)
"""
DOOR = NameValues(
    title="heavy door slam, in a hall",
    seed=1234,
    cat_id="DOORWood",
    category="DOORS",
    subcategory="CRASH & DEBRIS",
    creator_id="ABC",
    source_id="Game One",
    library="My Library",
    collection="Level 1",
    date="2026-11-21",
    model="starter",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kick drum, dry!", "kick-drum-dry"),
        ("Über Äpfel", "uber-apfel"),
        ("../../etc/passwd", "etc-passwd"),
        ('a<b>c:d"e/f\\g|h?i*j', "a-b-c-d-e-f-g-h-i-j"),
        ("  --  ", "sound"),
        ("🥁", "sound"),
        ("雨", "sound"),
        ("", "sound"),
        ("CON", "con-sound"),
        ("ドアノック", "doanokku"),
        ("дверь скрипит", "dver-skripit"),
        ("Straße", "strasse"),
        ("lpt1", "lpt1-sound"),
        ("console", "console"),
        ("trailing dot.", "trailing-dot"),
        ("two\nlines", "two-lines"),
        ("\ud800", "sound"),
    ],
)
def test_slugs_are_plain_words(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_names_are_short_and_hold_nothing_that_windows_refuses() -> None:
    name = clip_file_name(GenerationRequest("very long words " * 200, seed=MAX_SEED))
    assert len(name) <= 100
    assert re.fullmatch(r"[a-z0-9-]+_4294967295\.wav", name)
    assert "-_" not in name


def test_a_claimed_name_is_never_given_twice(tmp_path: Path) -> None:
    names = [claim(tmp_path / "kick.wav").name for _ in range(3)]
    assert names == ["kick.wav", "kick 2.wav", "kick 3.wav"]


def test_threads_that_claim_at_once_get_different_names(tmp_path: Path) -> None:
    names: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: names.extend(claim(tmp_path / "a.wav").name for _ in range(20))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 80


def test_a_folder_that_is_gone_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="No such file"):
        claim(tmp_path / "none" / "a.wav")


def test_processes_that_claim_at_once_get_different_names(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CLAIMING, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    names = [name for process in processes for name in process.communicate()[0].splitlines()]
    assert len(set(names)) == len(names) == 120
    assert {path.name for path in tmp_path.iterdir()} == set(names)


@pytest.mark.parametrize(
    ("naming", "number", "expected"),
    [
        (Naming.PLAIN, 1, "heavy-door-slam-in-a-hall_1234"),
        (Naming.PLAIN, 2, "heavy-door-slam-in-a-hall_1234_02"),
        (Naming.UCS, 1, "DOORWood_Heavy Door Slam In A Hall 01_ABC_Game One"),
        (Naming.UCS, 12, "DOORWood_Heavy Door Slam In A Hall 12_ABC_Game One"),
        (Naming.UCS, 123, "DOORWood_Heavy Door Slam In A Hall 123_ABC_Game One"),
        (Naming.GAME, 1, "Doors_CrashDebris_HeavyDoorSlamInAHall_01"),
    ],
)
def test_a_name_follows_its_scheme(naming: Naming, number: int, expected: str) -> None:
    assert file_stem(naming, DOOR, number) == expected


def test_what_is_missing_in_a_name_is_filled_in_the_schemes_own_way() -> None:
    bare = NameValues("", cat_id="RAIN")
    assert file_stem(Naming.UCS, bare, 1) == "RAIN_Sound 01_NONE_NONE"
    assert file_stem(Naming.GAME, NameValues("", is_loop=True), 1) == "Sfx_Misc_Sound_01_lp"
    assert file_stem(Naming.PLAIN, NameValues("Gate"), 1) == "gate_01"
    with pytest.raises(ValueError, match="CatID"):
        file_stem(Naming.UCS, NameValues("rain"), 1)
    with pytest.raises(ValueError, match="from 1"):
        file_stem(Naming.PLAIN, DOOR, 0)
    user = NameValues("rain", cat_id="RAIN", creator_id="A_B", user_data="48k_wide")
    assert file_stem(Naming.UCS, user, 3) == "RAIN_Rain 03_A B_NONE_48k wide"


def check_name(name: str, *, ascii_only: bool = True) -> None:
    """A name that every operating system and every DAW takes."""
    assert name.isascii() or not ascii_only
    assert name.isprintable()
    assert len(name.encode()) <= 250, "file systems allow 255 bytes with the extension"
    assert not set(name) & set(FORBIDDEN), name
    assert name == name.strip()
    assert not name.startswith("-") and not name.endswith(".")
    assert name.lower() not in RESERVED
    assert len(name) > 0


def hostile_values(draw: random.Random) -> NameValues:
    def text() -> str:
        return draw.choice(HOSTILE)

    return NameValues(
        title=text(),
        seed=draw.choice([None, 0, MAX_SEED]),
        fx_name=draw.choice(["", text()]),
        cat_id=draw.choice(["DOORWood", "RAIN"]),
        category=text(),
        subcategory=text(),
        creator_id=text(),
        source_id=text(),
        user_data=text(),
        is_loop=draw.random() < 0.5,
        library=text(),
        collection=text(),
        date=text(),
        model=text(),
        ascii_only=draw.random() < 0.5,
    )


@pytest.mark.parametrize("naming", Naming)
def test_hostile_texts_make_good_names_and_every_number_another(naming: Naming) -> None:
    draw = random.Random(6)  # noqa: S311 (no secret)
    for _ in range(300):
        values = hostile_values(draw)
        names = [file_stem(naming, values, number) for number in (1, 2, 3, 99, 100, 1000)]
        assert len({name.lower() for name in names}) == len(names)
        for name in names:
            check_name(name, ascii_only=values.ascii_only)
            assert all(len(f"{name}.{kind}") <= 100 for kind in FileFormat)
        if naming is Naming.UCS:
            cat_id, name, creator, source, *_ = names[0].split("_")
            assert cat_id == values.cat_id
            assert re.fullmatch(r".+ 01", name)
            assert creator and source
        if naming is Naming.GAME:
            assert re.fullmatch(r"[^\W_]+_[^\W_]+_[^\W_]+_01(_lp)?", names[0])
            assert names[0].endswith("_lp") is values.is_loop


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_becomes_a_safe_name(text: str) -> None:
    check_name(safe(text))
    check_name(safe(text, ascii_only=False), ascii_only=False)
    assert len(safe(text)) <= 95
    assert len(safe(text, 10)) <= 10 + len("-sound")
    assert safe(safe(text)) == safe(text)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("heavy door slam", "Heavy Door Slam"),
        ("UI click, bright", "UI Click Bright"),
        ("FM bell C5", "FM Bell C5"),
        ("a dog's bark_in the hall", "A Dogs Bark In The Hall"),
        ("sci-fi door", "Sci-fi Door"),
        ("Übergang", "Ubergang"),
        ("🥁", ""),
        ("one two three four five six seven eight nine", "One Two Three Four Five Six Seven Eight"),
        ("x" * 99, "X" + "x" * 39),
    ],
)
def test_an_fx_name_is_short_and_in_capitals(title: str, expected: str) -> None:
    assert fx_name(title) == expected


RAIN = NameValues("雨の音", 7, cat_id="RAINGlas", category="RAIN", subcategory="GLASS")


@pytest.mark.parametrize(
    ("naming", "in_ascii", "as_typed"),
    [
        (Naming.PLAIN, "rain-glass_7", "雨の音_7"),
        (Naming.UCS, "RAINGlas_Rain Glass 01_NONE_NONE", "RAINGlas_雨の音 01_NONE_NONE"),
        (Naming.GAME, "Rain_Glass_Sound_01", "Rain_Glass_雨の音_01"),
    ],
)
def test_what_ascii_cannot_write_is_called_by_its_category_or_kept(
    naming: Naming, in_ascii: str, as_typed: str
) -> None:
    assert file_stem(naming, RAIN, 1) == in_ascii
    assert file_stem(naming, replace(RAIN, ascii_only=False), 1) == as_typed
    bare = NameValues("雨の音", 7, cat_id="RAIN")
    assert file_stem(Naming.PLAIN, bare, 1) == "sound_7"


def test_names_that_are_kept_as_typed_lose_what_is_no_letter() -> None:
    hindi = NameValues("हिन्दी/ध्वनि", 1, collection="Ночь: акт 1", ascii_only=False)
    assert file_stem(Naming.PLAIN, hindi, 1) == "हिन्दी-ध्वनि_1"
    assert folder_of("{collection}", hindi) == PurePath("Ночь акт 1")
    long = NameValues("雨" * 300, 1, ascii_only=False)
    assert len(file_stem(Naming.PLAIN, long, 1).encode()) > 180


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Щётка и дверь", "Shchetka i dver"),
        ("キャット シャワー ファン ティー", "kyatto shawa fan ti"),
        ("がっこう", "gakkou"),
        ("문을 닫는 소리", "muneul dadneun sori"),
        ("Θόρυβος πόρτας", "Thoryvos portas"),
        ("雨の音", "雨音"),
        ("100 µs é", "100 us é"),
    ],
)
def test_other_scripts_are_written_in_latin_letters(text: str, expected: str) -> None:
    assert latin_text(text) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", "."),
        ("{category}", "DOORS"),
        ("{category}/{subcategory}", "DOORS/CRASH & DEBRIS"),
        ("{library}/{date} {model}/{catid}", "My Library/2026-11-21 starter/DOORWood"),
        ("Delivery\\{collection}", "Delivery/Level 1"),
        ("/{category}//x/", "DOORS/x"),
        ("../{category}/./..", "DOORS"),
        ("C:\\{category}", "C/DOORS"),
        ("~/{category}", "~/DOORS"),
        ("con/aux", "con-sound/aux-sound"),
    ],
)
def test_a_template_makes_folders(template: str, expected: str) -> None:
    assert folder_of(template, DOOR) == PurePath(expected)


def test_what_is_empty_makes_no_folder() -> None:
    assert folder_of("{library}/{category}/x", NameValues("rain")) == PurePath("x")
    assert folder_of("{library}/{category}", NameValues("rain")) == PurePath()


def test_no_value_leads_out_of_the_destination(tmp_path: Path) -> None:
    draw = random.Random(7)  # noqa: S311 (no secret)
    template = "{library}/{category}/{subcategory}/../{collection}/{model}/{date}/{catid}"
    for _ in range(300):
        folder = folder_of(template, hostile_values(draw))
        assert not folder.is_absolute()
        assert len(folder.parts) <= 7
        for part in folder.parts:
            check_name(part, ascii_only=False)
            assert len(part) <= 70
        assert (tmp_path / folder).resolve().is_relative_to(tmp_path)
