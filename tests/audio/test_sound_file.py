from __future__ import annotations

import io
import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import wavinfo

from sa_studio.audio.plain_text import ascii_text, cut
from sa_studio.audio.read_facts import read_facts
from sa_studio.audio.sound_facts import NO_FACTS, ONE_LINE, Marker, SoundFacts
from sa_studio.audio.sound_file import encode
from sa_studio.errors import AudioFileError
from sa_studio.vocabulary.delivery import Depth, FileFormat
from tests.audio import libsndfile
from tests.audio.combinations import LENGTHS, TEXTS, Combination, combination

WAVS = 500
OF_OTHERS = 50  # of each format
OTHERS = [kind for kind in FileFormat if kind is not FileFormat.WAV]
WHOLE = {Depth.INT16: 2**15, Depth.INT24: 2**23}
SUBTYPES = {Depth.INT16: "PCM_16", Depth.INT24: "PCM_24", Depth.FLOAT32: "FLOAT"}
# the order that delivery specifications name
ORDER = [
    b"bext", b"fmt ", b"fact", b"data", b"cue ", b"adtl", b"smpl", b"acid", b"INFO", b"iXML",
    b"sast",
]  # fmt: skip
# https://github.com/Sony-ASWG/iXML-Extension, aswg_ixml_1_1.xsd: what it has of ours, in its order
ASWG = [
    "contentType", "project", "originator", "notes", "isGenerated", "originationDate",
    "channelConfig", "isDesigned", "category", "subCategory", "catId", "fxName", "library",
    "creatorId", "sourceId", "loudness", "maxPeak", "isLoop", "tempo", "schemaVersion",
]  # fmt: skip
TONE = (0.5 * np.sin(np.arange(2 * 4_801) / 7)).astype(np.float32).reshape(2, -1)


def encoded(case: Combination, facts: SoundFacts | None = None) -> bytes:
    said = case.facts if facts is None else facts
    return encode(case.audio, case.rate, format=case.format, depth=case.depth, facts=said)


def chunks(content: bytes) -> dict[bytes, bytes]:
    """The chunks of a RIFF file, lists by their type; fails where sizes do not add up."""
    assert content[:4] == b"RIFF"
    assert struct.unpack_from("<I", content, 4)[0] == len(content) - 8
    assert content[8:12] == b"WAVE"
    found, place = {}, 12
    while place < len(content):
        name, size = struct.unpack_from("<4sI", content, place)
        body = content[place + 8 : place + 8 + size]
        assert len(body) == size
        if size % 2:
            assert content[place + 8 + size] == 0
        if name == b"LIST":
            name = body[:4]
        assert name not in found
        found[name] = body
        place += 8 + size + size % 2
    assert place == len(content)
    return found


def samples(content: bytes) -> tuple[np.ndarray, int]:
    return soundfile.read(io.BytesIO(content), dtype="float64", always_2d=True)


def check_wav(case: Combination) -> None:
    content, plain = encoded(case), encoded(case, NO_FACTS)
    found = chunks(content)
    assert list(found) == [name for name in ORDER if name in found]
    assert found[b"data"] == chunks(plain)[b"data"]
    assert list(chunks(plain)) in ([b"fmt ", b"data"], [b"fmt ", b"fact", b"data"])
    check_samples(case, content)
    facts = case.facts.cleaned()
    reader = wavinfo.WavInfoReader(io.BytesIO(content), info_encoding="utf-8")
    assert reader.data.frame_count == case.audio.shape[1]
    assert (reader.fmt.channel_count, reader.fmt.sample_rate) == (case.audio.shape[0], case.rate)
    check_bext(reader.bext, facts, case)
    check_info(reader.info, facts)
    check_ixml(reader.ixml, facts, case)
    check_places(reader, facts)
    check_libsndfile(content, facts)
    recipe = found.get(b"sast")
    assert (recipe and json.loads(recipe.decode("ascii"))) == case.facts.recipe


def check_samples(case: Combination, content: bytes) -> None:
    back, rate = samples(content)
    assert rate == case.rate
    expected = case.audio.T.astype(np.float64)
    if steps := WHOLE.get(case.depth):
        expected = np.clip(np.rint(expected * steps), -steps, steps - 1) / steps
    np.testing.assert_array_equal(back, expected)
    info = soundfile.info(io.BytesIO(content))
    assert (info.subtype, info.frames) == (SUBTYPES[case.depth], case.audio.shape[1])


def check_bext(
    bext: wavinfo.wave_reader.WavBextReader, facts: SoundFacts, case: Combination
) -> None:
    assert bext.version == 2
    assert bext.umid == bytes(64)
    assert bext.time_reference == 0
    assert bext.description == ascii_text(facts.description[:1_024])[:256]
    assert bext.originator == ascii_text(facts.software[:128])[:32]
    assert bext.originator_ref == ascii_text(facts.clip_id[:128])[:32]
    when = facts.created
    assert bext.originator_date == (when.strftime("%Y-%m-%d") if when else "")
    assert bext.originator_time == (when.strftime("%H:%M:%S") if when else "")
    loudness = facts.loudness
    for level, written in (
        (loudness and loudness.lufs, bext.loudness_value),
        (loudness and loudness.true_peak_db, bext.max_true_peak),
    ):
        if level is None or abs(level) > 99.99:  # of silence it is -inf
            assert written == 327.67
        else:
            assert written == pytest.approx(level, abs=0.0051)
    history = bext.coding_history
    bits = {"16": 16, "24": 24, "32f": 32}[case.depth]
    mode = "mono" if case.audio.shape[0] == 1 else "stereo"
    assert history.startswith(f"A=PCM,F={case.rate},W={bits},M={mode},T=")
    assert history.endswith("\r\n")
    assert history.count("\n") == 1
    assert ascii_text(facts.model[:200]).replace(",", " ")[:200] in history


def check_info(info: wavinfo.wave_reader.WavInfoChunkReader | None, facts: SoundFacts) -> None:
    expected = {
        "title": facts.title,
        "comment": facts.description,
        "artist": facts.designer,
        "product": facts.library or facts.project,
        "genre": facts.category,
        "keywords": ", ".join(facts.keywords),
        "copyright": facts.copyright,
        "software": cut(facts.software, 100),
        "created_date": facts.created.strftime("%Y-%m-%d") if facts.created else "",
    }
    for name, text in expected.items():
        assert (info and getattr(info, name)) == (cut(text, 2_000) or None)


def check_ixml(
    ixml: wavinfo.wave_reader.WavIXMLFormat, facts: SoundFacts, case: Combination
) -> None:
    root = ixml.raw_xml
    channels = case.audio.shape[0]
    assert root.findtext("IXML_VERSION") == "3.01"
    assert ixml.project == (facts.project or None)
    assert root.findtext("NOTE") == (facts.notes or facts.description or None)
    assert root.findtext("FILE_UID") == (facts.clip_id or None)
    assert root.findtext("TRACK_LIST/TRACK_COUNT") == str(channels)
    functions = [track.function for track in ixml.track_list]
    assert functions == (["MIX"] if channels == 1 else ["L-MIX", "R-MIX"])
    user = {item.tag: item.text for item in root.find("USER")}
    expected = {
        "TRACKTITLE": facts.title,
        "DESCRIPTION": facts.description,
        "DESIGNER": facts.designer,
        "LIBRARY": facts.library,
        "CATID": facts.cat_id,
        "CATEGORY": facts.category,
        "SUBCATEGORY": facts.subcategory,
        "FXNAME": facts.fx_name,
        "SOURCE": facts.source_id,
        "CREATORID": facts.creator_id,
        "NOTES": facts.notes,
        "KEYWORDS": ", ".join(facts.keywords),
        "MODELLICENSE": facts.licence,
        "COPYRIGHT": facts.copyright,
        "MODEL": facts.model,
    }
    assert {name: user.get(name, "") for name in expected} == expected
    aswg = {item.tag: item.text for item in root.find("ASWG")}
    assert list(aswg) == [name for name in ASWG if name in aswg]
    made = "true" if facts.model or facts.recipe else None
    assert aswg.get("isGenerated") == aswg.get("isDesigned") == made
    assert aswg["contentType"] == "sfx"
    assert aswg["schemaVersion"] == "1.1"
    assert aswg["isLoop"] == ("true" if facts.loop else "false")
    assert aswg.get("originator", "") == facts.designer
    assert aswg.get("sourceId", "") == facts.source_id
    assert aswg.get("tempo") == (None if facts.tempo is None else str(round(facts.tempo)))
    for name in ("category", "subCategory", "catId", "fxName", "creatorId"):
        assert not set(aswg.get(name, "")) & set("_-")
    assert ("loudness" in aswg) == bool(facts.loudness and np.isfinite(facts.loudness.lufs))


def check_places(reader: wavinfo.WavInfoReader, facts: SoundFacts) -> None:
    markers = [(marker.sample, cut(marker.label, 255)) for marker in facts.markers]
    found = [
        (sample, reader.cues.label_and_note(name)[0]) for name, sample in reader.cues.each_cue()
    ]
    assert found == markers
    if facts.loop is None:
        assert reader.smpl is None
        return
    assert reader.smpl.midi_note == (60 if facts.root_note is None else facts.root_note)
    assert [(item.start, item.end, item.loop_type) for item in reader.smpl.sample_loops] == [
        (*facts.loop, 0)
    ]


def check_libsndfile(content: bytes, facts: SoundFacts) -> None:
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        texts = file.copy_metadata()
        assert texts.get("title", "") == cut(facts.title, 2_000)
        assert texts.get("comment", "") == cut(facts.description, 2_000)
        assert texts.get("artist", "") == cut(facts.designer, 2_000)
        assert texts.get("genre", "") == cut(facts.category, 2_000)
        assert texts.get("copyright", "") == cut(facts.copyright, 2_000)
        assert texts.get("software", "") == cut(facts.software, 100)
        bext = libsndfile.broadcast_info(file)
        assert bext is not None
        assert bext["description"] == ascii_text(facts.description[:1_024])[:256]
        assert bext["originator"] == ascii_text(facts.software[:128])[:32]
        assert bext["reference"] == ascii_text(facts.clip_id[:128])[:32]
        assert bext["version"] == 2
        assert bext["levels"] == struct.unpack_from("<5h", chunks(content)[b"bext"], 412)
        assert libsndfile.cues(file) == [
            (marker.sample, cut(marker.label, 255)) for marker in facts.markers
        ]
        note = 60 if facts.root_note is None else facts.root_note
        assert libsndfile.loop(file) == (facts.loop and (note, *facts.loop))
        expected = facts.tempo if facts.loop and facts.tempo else None
        assert libsndfile.tempo(file) == (expected and pytest.approx(expected, abs=1e-4))


def check_read_back(case: Combination, path: Path) -> None:
    """Every fact of ours comes back from a file, whatever its format."""
    facts = case.facts.cleaned()
    path.write_bytes(encoded(case))
    said = read_facts(path)
    for name in (*ONE_LINE, "description", "notes"):
        assert said.get(name, "") == getattr(facts, name), name
    assert said.get("keywords", []) == list(facts.keywords)
    assert said.get("created") == (facts.created and facts.created.isoformat(timespec="seconds"))
    assert said.get("loop") == (facts.loop and list(facts.loop))
    size = 255 if case.format is FileFormat.WAV else 40_000
    assert said.get("markers", []) == [[m.sample, cut(m.label, size)] for m in facts.markers]
    assert said.get("tempo") == facts.tempo
    assert said.get("root_note") == facts.root_note
    assert said.get("recipe") == case.facts.recipe
    levels = said.get("loudness", {})
    for name in ("lufs", "true_peak_db", "peak_db"):
        level = getattr(facts.loudness, name, -np.inf)
        if np.isfinite(level):
            assert levels[name] == pytest.approx(level, abs=0.0051)
        else:
            assert name not in levels


def test_every_field_of_500_wav_files_is_read_back_by_wavinfo_and_libsndfile() -> None:
    for number in range(WAVS):
        case = combination(number, FileFormat.WAV)
        try:
            check_wav(case)
        except Exception as error:
            error.add_note(f"combination {number}")
            raise


def test_the_combinations_are_of_every_kind() -> None:
    cases = [combination(number, FileFormat.WAV) for number in range(WAVS)]
    assert {case.audio.shape[1] for case in cases} == set(LENGTHS)
    assert {(case.audio.shape[0], case.depth) for case in cases} == {
        (channels, depth) for channels in (1, 2) for depth in Depth
    }
    assert {case.facts.description for case in cases} == set(TEXTS)
    assert any(len(case.facts.markers) > 2 and case.facts.loop for case in cases)


@pytest.mark.parametrize("kind", OTHERS)
def test_other_formats_hold_the_same_facts_and_the_same_samples(
    tmp_path: Path, kind: FileFormat
) -> None:
    for number in range(OF_OTHERS):
        case = combination(number, kind)
        tagged, plain = samples(encoded(case)), samples(encoded(case, NO_FACTS))
        np.testing.assert_array_equal(tagged[0], plain[0])
        assert (tagged[0].shape, tagged[1]) == (case.audio.T.shape, case.rate)
        if kind in (FileFormat.FLAC, FileFormat.AIFF):
            check_samples(case, encoded(case))
        check_read_back(case, tmp_path / f"sound.{kind}")


def test_facts_come_back_from_wav_files(tmp_path: Path) -> None:
    for number in range(OF_OTHERS):
        check_read_back(combination(number, FileFormat.WAV), tmp_path / "sound.wav")


@pytest.mark.parametrize("kind", OTHERS)
def test_libsndfile_shows_the_tags(kind: FileFormat) -> None:
    facts = SoundFacts(
        title="Bäm 🥁", designer="Zoë", library="Lib", category="IMPACTS", description="a\nb",
        copyright="© me", recipe={"application": "SA Studio"},
    )  # fmt: skip
    content = encode(TONE, 48_000, format=kind, depth=Depth.INT24, facts=facts)
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        texts = file.copy_metadata()
    if kind is FileFormat.AIFF:  # its own chunks are ASCII
        expected = {"title": "Bam ?", "artist": "Zoe", "comment": "a\nb", "copyright": "(c) me"}
    else:
        expected = {
            "title": "Bäm 🥁", "artist": "Zoë", "album": "Lib", "genre": "IMPACTS",
            "comment": "a\nb", "copyright": "© me",
        }  # fmt: skip
    assert {name: texts.get(name) for name in expected} == expected


def test_markers_and_loops_of_aiff_files_are_found_by_libsndfile() -> None:
    marked = SoundFacts(markers=(Marker(0, "Anfäng"), Marker(99)))
    looped = SoundFacts(markers=marked.markers, loop=(10, 4_800), root_note=61)
    for depth in Depth:
        content = encode(TONE, 48_000, format=FileFormat.AIFF, depth=depth, facts=marked)
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            assert libsndfile.cues(file) == [(0, "Anfang"), (99, "")]
            assert libsndfile.loop(file) is None
        content = encode(TONE, 48_000, format=FileFormat.AIFF, depth=depth, facts=looped)
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            assert libsndfile.loop(file) == (61, 10, 4_800)


def opened_by_others(cases: list[Combination], folder: Path) -> None:
    """ffprobe and sox open the files without complaint and find the samples."""
    files = {folder / f"{number}.{case.format}": case for number, case in enumerate(cases)}
    for path, case in files.items():
        path.write_bytes(encoded(case))
        probed = subprocess.run(
            ["ffprobe", "-v", "error", "-of", "json", "-show_streams", path],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        samples = case.audio.shape[1]
        assert probed.stderr == "" or samples == 0, (path, probed.stderr)
        stream = json.loads(probed.stdout)["streams"][0]
        assert int(stream["sample_rate"]) == case.rate
        assert stream["channels"] == case.audio.shape[0]
        if case.format is not FileFormat.MP3 and samples:
            seconds = samples / case.rate
            assert float(stream["duration"]) == pytest.approx(seconds, abs=2 / case.rate)
    if cases[0].format is FileFormat.MP3 and not sox_reads_mp3():
        return
    for path, case in list(files.items()):
        # sox takes an empty chunk of samples, whoever made it, for a missing one
        if case.format is FileFormat.AIFF and case.audio.shape[1] == 0:
            del files[path]
    found = subprocess.run(
        ["sox", "--i", "-s", *files], capture_output=True, text=True, check=True, timeout=600
    )
    counts = [int(line) for line in found.stdout.split()]
    assert len(counts) == len(files)
    if cases[0].format is not FileFormat.MP3:  # which is whole frames for sox
        assert found.stderr == ""
        assert counts == [case.audio.shape[1] for case in files.values()]


def sox_reads_mp3() -> bool:
    """An own package in Debian: libsox-fmt-mp3, which .ci/run installs."""
    text = subprocess.run(["sox", "-h"], capture_output=True, text=True, timeout=60).stdout
    return any("mp3" in line for line in text.splitlines() if line.startswith("AUDIO FILE FORMATS"))


needs_programs = pytest.mark.skipif(
    not (shutil.which("ffprobe") and shutil.which("sox")) and "CI" not in os.environ,
    reason="ffmpeg and sox are not installed",
)


@needs_programs
@pytest.mark.parametrize("kind", FileFormat)
def test_ffprobe_and_sox_open_some_of_every_format(tmp_path: Path, kind: FileFormat) -> None:
    opened_by_others([combination(number, kind) for number in (0, 1, 4, 7)], tmp_path)


@needs_programs
@pytest.mark.slow
@pytest.mark.parametrize("kind", FileFormat)
def test_ffprobe_and_sox_open_all_of_them(tmp_path: Path, kind: FileFormat) -> None:
    """python3 dev.py test -m slow tests/audio/test_sound_file.py -k open_all"""
    count = WAVS if kind is FileFormat.WAV else OF_OTHERS
    opened_by_others([combination(number, kind) for number in range(count)], tmp_path)


@pytest.mark.parametrize(
    "kind",
    [
        FileFormat.WAV,
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in OTHERS if kind != FileFormat.MP3),
    ],
)
def test_ten_minutes_go_into_a_file(tmp_path: Path, kind: FileFormat) -> None:
    rate = 44_100
    audio = np.resize(TONE[:1], (1, 600 * rate + 1))
    facts = SoundFacts(title="long", loop=(5, 600 * rate), markers=(Marker(600 * rate, "end"),))
    path = tmp_path / f"long.{kind}"
    path.write_bytes(encode(audio, rate, format=kind, depth=Depth.INT24, facts=facts))
    with soundfile.SoundFile(path) as file:
        assert file.frames == audio.shape[1]
        file.seek(-1_000, soundfile.SEEK_END)
        last = file.read(dtype="float64")
    if kind is not FileFormat.OGG:
        np.testing.assert_allclose(last, audio[0, -1_000:], atol=2**-23)
    assert read_facts(path)["loop"] == [5, 600 * rate]


@pytest.mark.parametrize("kind", [FileFormat.WAV, FileFormat.AIFF])
def test_what_is_longer_than_a_file_can_be_is_refused(kind: FileFormat) -> None:
    endless = np.broadcast_to(np.zeros((1, 1), np.float32), (2, 2**30))
    with pytest.raises(AudioFileError, match="too long") as caught:
        encode(endless, 48_000, format=kind, depth=Depth.INT16)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("kind", "depth", "rate", "samples", "message"),
    [
        (FileFormat.FLAC, Depth.FLOAT32, 48_000, 9, "whole numbers"),
        (FileFormat.MP3, Depth.INT16, 96_000, 9, "96000"),
        (FileFormat.MP3, Depth.INT16, 48_000, 0, "without samples"),
        (FileFormat.FLAC, Depth.INT16, 48_000, 0, "without samples"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(
    kind: FileFormat, depth: Depth, rate: int, samples: int, message: str
) -> None:
    with pytest.raises(AudioFileError, match=message) as caught:
        encode(np.zeros((2, samples), np.float32), rate, format=kind, depth=depth)
    assert caught.value.hint


@pytest.mark.parametrize("kind", FileFormat)
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers_are_refused(kind: FileFormat, wrong: float) -> None:
    audio = np.zeros((2, 100_000), np.float32)
    audio[1, -1] = wrong
    with pytest.raises(ValueError, match="no numbers"):
        encode(audio, 48_000, format=kind, depth=Depth.INT16)


@pytest.mark.parametrize(
    "facts",
    [
        SoundFacts(loop=(0, 4_801)),
        SoundFacts(loop=(-1, 5)),
        SoundFacts(loop=(6, 5)),
        SoundFacts(markers=(Marker(4_802),)),
        SoundFacts(tempo=0.0),
        SoundFacts(tempo=float("nan")),
        SoundFacts(tempo=1e30),
        SoundFacts(root_note=128),
    ],
)
def test_impossible_facts_are_refused(facts: SoundFacts) -> None:
    with pytest.raises(ValueError, match=r"within|tempo|note"):
        encode(TONE, 48_000, format=FileFormat.WAV, depth=Depth.INT16, facts=facts)


@pytest.mark.parametrize("shape", [(5,), (0, 5), (3, 5), (2, 5, 1)])
def test_what_is_no_sound_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a sound is"):
        encode(np.zeros(shape, np.float32), 48_000, format=FileFormat.WAV, depth=Depth.INT16)
