"""Categories of the Universal Category System, and which of them a prompt is of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sa_studio.paths import bundled_models, resources
from sa_studio.vocabulary.ucs import PHRASES, UcsCategory, UcsList

LIST = resources() / "ucs" / "en.json"
CLASSES = bundled_models() / "starter" / "model_config.json"

# fmt: off
# what the starter's sounds are, by somebody who knows the list
EXPECTED = {
    "MUSCPerc": (
        "kick drum, snare drum, rimshot, hand clap, closed hi-hat, open hi-hat, "
        "crash cymbal, ride cymbal, tom drum, conga, taiko drum, timpani, tabla, wood block"
    ),
    "MUSCShake": "shaker, tambourine",
    "MUSCLoop": (
        "techno loop, house loop, hip hop beat, drum and bass loop, trap beat, breakbeat, "
        "hi-hat loop, percussion loop"
    ),
    "MUSCKeyd": "piano, electric piano, organ, harpsichord",
    "MUSCToy": "music box",
    "MUSCTnprc": "glockenspiel, vibraphone, marimba",
    "MUSCBell": "tubular bell",
    "MUSCPluck": (
        "nylon guitar, steel guitar, electric guitar, distorted guitar, acoustic bass, "
        "electric bass, slap bass, harp"
    ),
    "MUSCStr": "violin, strings",
    "MUSCChor": "choir",
    "MUSCBrass": "brass",
    "MUSCWind": "saxophone, flute",
    "MUSCSynth": (
        "808 bass, saw lead, square lead, arpeggio, FM bell, synth pluck, supersaw chord, "
        "warm pad, digital pad, reese bass, wobble bass, acid bass, sub bass, chiptune"
    ),
    "DSGNDron": "synth drone, tension drone",
    "DSGNRise": "riser",
    "DSGNImpt": "cinematic impact",
    "DSGNBoom": "boom",
    "DSGNBram": "braam",
    "WHSH": "whoosh",
    "SWSH": "swish",
    "LASRGun": "laser, blaster",
    "GAMEVideo": "power-up, jump, power-down",
    "OBJCoin": "coin",
    "SCIEnrg": "teleport, force field",
    "SCICmpt": "computer beeps",
    "ROBTVox": "robot chirp",
    "UIGlitch": "glitch",
    "EXPLReal": "explosion",
    "SCIDoor": "sci-fi door",
    "UIClick": "UI click, UI tick",
    "UIAlert": "notification chime, success sound, error sound",
    "MECHSwtch": "toggle switch",
    "UIMvmt": "swipe",
    "RAIN": "light rain, heavy rain",
    "THUN": "thunder",
    "WIND": "wind",
    "WATRWave": "ocean waves",
    "WATRFlow": "stream",
    "WATRDrip": "water drip",
    "FIREBurn": "campfire",
    "ANMLInsc": "crickets",
    "BIRDSong": "birds",
    "MOTRElec": "electric motor",
    "MACHFan": "ventilation fan",
    "ELECBuzz": "electric hum",
    "CLOCKTick": "clock ticking",
    "VEHSirn": "police siren",
    "ALRMSirn": "air-raid siren",
    "ALRMElec": "alarm beep",
    "COMTelph": "telephone ring",
    "AEROHeli": "helicopter",
    "BEEPVeh": "reversing beep",
    "FEETHmn": "footsteps on wood, footsteps on gravel, footsteps on snow, footsteps on metal",
    "DOORWood": "door open, door close, door slam",
    "DOORCreak": "creaking door",
    "GLASBrk": "glass breaking",
    "METLImpt": "metal clang",
    "DOORKnck": "knocking",
    "GUNPis": "gunshot",
    "COMPhono": "vinyl crackle",
    "COMStatic": "radio static",
    "CRWDApls": "applause",
    "DSGNRmbl": "low rumble",
    "VEHCar": "engine idle",
    "DSGNWhsh": "downlifter",
    "COMAv": "tape hiss",
    "SCIShip": "warp",
    "UIData": "scanner",
}
# prompts in the words of people
SENTENCES = {
    "old car engine starting and driving away": "VEHCar",
    "a dog barking in the distance on a quiet street at night": "ANMLDog",
    "heavy wooden door slams shut in a large stone hall": "DOORWood",
    "wind howling through an old window": "WINDTonl",
    "someone typing on a mechanical keyboard": "CMPTKey",
    "crowd cheering in a stadium after a goal": "CRWDCheer",
    "rain on a tin roof": "RAINMetl",
    "glass bottle shattering on concrete floor": "GLASBrk",
    "train passing by on a bridge": "TRNDiesl",
    "medieval sword fight": "WEAPSwrd",
    "water pouring into a glass": "WATRPour",
    "zombie groaning": "CREAHmn",
    "paper tearing slowly": "PAPRRip",
}
# fmt: on


@pytest.fixture(scope="module")
def ucs() -> UcsList:
    return UcsList.load(LIST)


def ids(ucs: UcsList, prompt: str, count: int = 3) -> list[str]:
    return [found.category.cat_id for found in ucs.suggest(prompt, count)]


def test_the_list_is_whole(ucs: UcsList) -> None:
    assert len(ucs.categories) == len({item.cat_id for item in ucs.categories}) == 752
    assert len({item.category for item in ucs.categories}) == 82
    door = ucs.find("DOORWood")
    assert door is not None
    assert (door.category, door.subcategory, door.title) == ("DOORS", "WOOD", "Doors, wood")
    assert "barn" in door.synonyms
    assert ucs.find(" doorwood ") is door
    assert ucs.find("DOOR") is ucs.find("") is None


def test_every_phrase_is_of_a_category_and_of_one_only(ucs: UcsList) -> None:
    phrases = json.loads((LIST.parent / PHRASES).read_text(encoding="utf-8"))
    assert all(ucs.find(cat_id) for cat_id in phrases)
    all_of_them = [phrase for some in phrases.values() for phrase in some]
    assert len(all_of_them) == len(set(all_of_them))


def test_the_starters_sounds_are_put_where_they_belong(ucs: UcsList) -> None:
    expected = {label: cat_id for cat_id, some in EXPECTED.items() for label in some.split(", ")}
    classes = json.loads(CLASSES.read_text(encoding="utf-8"))["sa_studio"]["classes"]
    assert expected.keys() <= {item["label"] for item in classes}
    assert len(expected) >= 120
    found = {label: ids(ucs, label) for label in expected}
    first = [label for label in expected if found[label][:1] == [expected[label]]]
    among = [label for label in expected if expected[label] in found[label]]
    assert len(first) >= 0.9 * len(expected), {x: found[x] for x in expected if x not in first}
    assert len(among) >= 0.95 * len(expected), {x: found[x] for x in expected if x not in among}


def test_other_names_of_these_sounds_are_mostly_put_there_and_confidence_tells(
    ucs: UcsList,
) -> None:
    """Their synonyms often mean another sound, too; a confidence says how often it is right."""
    expected = {label: cat_id for cat_id, some in EXPECTED.items() for label in some.split(", ")}
    classes = json.loads(CLASSES.read_text(encoding="utf-8"))["sa_studio"]["classes"]
    pairs = [
        (synonym, expected[item["label"]])
        for item in classes
        if item["label"] in expected
        for synonym in item["synonyms"]
    ]
    found = [(ucs.suggest(synonym), cat_id) for synonym, cat_id in pairs]
    among = [cat_id in [one.category.cat_id for one in some] for some, cat_id in found]
    assert sum(among) >= 0.75 * len(pairs)
    said = [
        (one.confidence, one.category.cat_id == cat_id) for some, cat_id in found for one in some
    ]
    for low, high in ((0.0, 0.3), (0.3, 0.6), (0.6, 0.9), (0.9, 1.01)):
        within = [(confidence, right) for confidence, right in said if low <= confidence < high]
        mean = sum(confidence for confidence, _ in within) / len(within)
        share = sum(right for _, right in within) / len(within)
        assert share == pytest.approx(mean, abs=0.06), (low, len(within))


@pytest.mark.parametrize("prompt", SENTENCES)
def test_whole_sentences_are_understood(ucs: UcsList, prompt: str) -> None:
    assert ids(ucs, prompt)[0] == SENTENCES[prompt]


def test_every_category_finds_itself_by_its_names(ucs: UcsList) -> None:
    """Its own category and subcategory are words for it; the general ones are of every name."""
    chosen = [item for item in ucs.categories if item.subcategory not in ("MISC", "GENERAL")]
    found = [item.cat_id in ids(ucs, item.words) for item in chosen]
    assert sum(found) >= 0.95 * len(chosen)


@pytest.mark.parametrize(
    "prompt",
    [
        *(
            "",
            " ",
            "asdf qwer zxcv",
            "blargh fnord",
            "the of and",
            "12345",
            "🥁",
            "雨の音",
            "\ud800",
        ),
        *(
            "lorem ipsum dolor",
            "\ud800",
            "my grandmother",
            "Anna says",
            "\0",
            "{|}",
            "sound",
            "C4 120",
        ),
    ],
)
def test_what_says_nothing_gets_no_suggestion(ucs: UcsList, prompt: str) -> None:
    assert ucs.suggest(prompt) == []


def test_suggestions_are_in_order_and_as_many_as_asked_for(ucs: UcsList) -> None:
    found = ucs.suggest("water pouring, rain, wind, fire and thunder", 5)
    assert 2 <= len(found) <= 5
    confidences = [one.confidence for one in found]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < confidence <= 1 for confidence in confidences)
    assert sum(confidences) <= 1
    assert len(ucs.suggest("water pouring, rain, wind, fire and thunder", 1)) == 1


def test_a_prompt_of_any_length_is_read(ucs: UcsList) -> None:
    assert ids(ucs, "heavy rain, " * 5000)[0] == "RAIN"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sci-fi door", "scifi door"),
        ("door slam", "slamming a door"),
        ("HEAVY RAIN!", "heavy rain"),
        ("wooden door", "wood door"),
        ("crickets", "cricket"),
    ],
)
def test_forms_of_words_mean_the_same(ucs: UcsList, one: str, other: str) -> None:
    assert ids(ucs, one)[0] == ids(ucs, other)[0]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("doorw", "DOORWood"),
        ("wood door", "DOORWood"),
        ("armoires", "DOORWood"),
        ("THUN", "THUN"),
    ],
)
def test_categories_are_found_by_what_is_typed(ucs: UcsList, typed: str, first: str) -> None:
    assert ucs.search(typed)[0].cat_id == first


def test_nothing_typed_finds_all_and_nonsense_finds_none(ucs: UcsList) -> None:
    assert ucs.search(" ") == list(ucs.categories)
    assert ucs.search("asdfgh") == []


def test_a_list_works_without_phrases_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "en.json"
    path.write_bytes(LIST.read_bytes())
    assert ids(UcsList.load(path), "riser", 1) == ["DSGNRise"]
    path.write_text('[{"CatID": "X"}]', encoding="utf-8")
    with pytest.raises(ValueError, match="no category"):
        UcsList.load(path)
    assert UcsList([]).suggest("rain") == []
    assert UcsList([UcsCategory("X", "XS", "MISC", "")]).suggest("rain") == []
