from __future__ import annotations

import io
import json
import random
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.audio.files import write_audio
from sa_studio.audio.metadata import recipe
from sa_studio.audio.read_facts import read_facts, read_recipe
from sa_studio.audio.sound_facts import Marker, SoundFacts
from sa_studio.audio.sound_file import encode
from sa_studio.audio.tags.ogg import read_ogg
from sa_studio.errors import AudioFileError
from sa_studio.generation import GenerationRequest
from sa_studio.vocabulary.delivery import Depth, FileFormat

NOISE = (0.1 * np.random.default_rng(3).standard_normal((2, 3_001))).astype(np.float32)
REQUEST = GenerationRequest(
    "rain on\ntin, 雨", seconds=1.5, seed=7, steps=8, loras=(("warm", 0.5),)
)
FACTS = SoundFacts(
    title="Rain",
    cat_id="RAINMetl",
    loop=(10, 3_000),
    markers=(Marker(5, "drop"),),
    tempo=90.0,
    recipe=recipe(REQUEST, "clip-1"),
)
OTHERS = [kind for kind in FileFormat if kind is not FileFormat.WAV]


def made(kind: FileFormat, facts: SoundFacts = FACTS) -> bytes:
    return encode(NOISE, 48_000, format=kind, depth=Depth.INT16, facts=facts)


@pytest.mark.parametrize("kind", FileFormat)
def test_the_recipe_comes_back_whatever_the_format_and_the_name(
    tmp_path: Path, kind: FileFormat
) -> None:
    path = tmp_path / "renamed.bin"
    path.write_bytes(made(kind))
    assert read_recipe(path) == json.loads(json.dumps(FACTS.recipe))


@pytest.mark.parametrize("kind", FileFormat)
def test_a_file_without_a_recipe_has_none(tmp_path: Path, kind: FileFormat) -> None:
    (tmp_path / "a").write_bytes(made(kind, SoundFacts(title="Rain")))
    (tmp_path / "b").write_bytes(encode(NOISE, 48_000, format=kind, depth=Depth.INT16))
    assert read_recipe(tmp_path / "a") is None
    assert read_facts(tmp_path / "a")["title"] == "Rain"
    assert read_facts(tmp_path / "b") == {}


def test_takes_made_before_there_were_deliveries_are_read(tmp_path: Path) -> None:
    """Their recipe is the comment of the INFO list, behind the samples."""
    content = json.dumps(recipe(REQUEST, "clip-1")).encode() + b"\0"
    body = b"INFO" + b"".join(
        name + len(text).to_bytes(4, "little") + text + b"\0" * (len(text) % 2)
        for name, text in ((b"ISFT", b"SA Studio\0"), (b"INAM", b"rain\0"), (b"ICMT", content))
    )
    buffer = io.BytesIO()
    soundfile.write(buffer, NOISE.T, 44_100, subtype="PCM_24", format="WAV")
    whole = buffer.getvalue() + b"LIST" + len(body).to_bytes(4, "little") + body
    path = tmp_path / "old.wav"
    path.write_bytes(b"RIFF" + (len(whole) - 8).to_bytes(4, "little") + whole[8:])
    assert read_recipe(path) == json.loads(json.dumps(recipe(REQUEST, "clip-1")))
    assert "description" not in read_facts(path)


def test_plain_takes_say_what_they_are(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", NOISE, 44_100, recipe=recipe(REQUEST, "clip-1"))
    said = read_facts(tmp_path / "a.wav")
    assert (said["title"], said["description"]) == ("rain on tin, 雨", "rain on\ntin, 雨")
    assert (said["clip_id"], said["software"]) == ("clip-1", "SA Studio")
    assert said["recipe"]["seed"] == 7


@pytest.mark.parametrize("kind", FileFormat)
def test_damaged_files_are_read_as_far_as_they_go_or_refused(
    tmp_path: Path, kind: FileFormat
) -> None:
    whole, draw = made(kind), random.Random(1)  # noqa: S311 (a test's)
    # where the metadata is: behind the samples of WAV and AIFF, before those of the others
    near = range(max(len(whole) - 6_000, 0), len(whole))
    if kind in (FileFormat.FLAC, FileFormat.OGG, FileFormat.MP3):
        near = range(4, min(4_000, len(whole)))
    path = tmp_path / "damaged"
    for number in range(60):
        damaged = bytearray(whole)
        for place in draw.sample(near, 4):
            damaged[place] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))
        if number % 3 == 0:
            del damaged[draw.choice(near) :]
        path.write_bytes(damaged)
        try:
            said = read_facts(path)
        except AudioFileError:
            continue
        assert set(said) <= {item.name for item in fields(SoundFacts)}


@pytest.mark.parametrize(
    "xml",
    [
        b"<BWFXML><USER><CATID>A</USER></BWFXML>",
        b'<!DOCTYPE a [<!ENTITY b "bomb">]><BWFXML><USER><CATID>&b;</CATID></USER></BWFXML>',
        b"\xff\xfe\0",
        b"",
    ],
)
def test_xml_that_is_broken_or_declares_entities_says_nothing(tmp_path: Path, xml: bytes) -> None:
    whole = encode(NOISE, 48_000, format=FileFormat.WAV, depth=Depth.INT16)
    added = b"iXML" + len(xml).to_bytes(4, "little") + xml + b"\0" * (len(xml) % 2)
    size = len(whole) + len(added) - 8
    (tmp_path / "a.wav").write_bytes(b"RIFF" + size.to_bytes(4, "little") + whole[8:] + added)
    assert read_facts(tmp_path / "a.wav") == {}


def test_fields_of_others_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(made(FileFormat.OGG))
    text = path.read_bytes()
    for ours, theirs in ((b"LOOPSTART=10", b"LOOPSTART=no"), (b"TEMPO=90", b"TEMPO=xx")):
        assert ours in text
        text = text.replace(ours, theirs)
    # libsndfile would refuse pages whose checksums do not fit
    said = read_ogg(io.BytesIO(text))
    assert "loop" not in said
    assert "tempo" not in said
    assert said["title"] == "Rain"


def test_what_is_no_sound_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no sound", encoding="utf-8")
    for name in ("a.wav", "missing.wav", "."):
        with pytest.raises(AudioFileError) as caught:
            read_facts(tmp_path / name)
        assert caught.value.hint
