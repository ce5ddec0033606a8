from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio import __version__
from sa_studio.audio.files import write_audio
from sa_studio.audio.metadata import recipe
from sa_studio.audio.plain_text import one_line
from sa_studio.audio.read_facts import read_recipe
from sa_studio.errors import AudioFileError
from sa_studio.generation import MAX_PROMPT_CHARACTERS, GenerationRequest

SILENCE = np.zeros((2, 100), np.float32)


@pytest.mark.parametrize(
    "prompt",
    [
        "kick drum",
        'say "hello", it\'s \\ here',
        "two\nlines\r\nand\ttabs",
        "Regen über Bäumen, 雨, дождь",
        "🥁" * MAX_PROMPT_CHARACTERS,
        "x" * MAX_PROMPT_CHARACTERS,
        "\x01\x1f{}[]",
    ],
)
def test_any_prompt_survives_in_the_file(tmp_path: Path, prompt: str) -> None:
    request = GenerationRequest(prompt, negative_prompt=prompt, seconds=1.5, seed=7, steps=8)
    path = tmp_path / "a.wav"
    write_audio(path, SILENCE, 44_100, recipe=recipe(request, "clip-1"))
    content = read_recipe(path)
    assert content is not None
    assert content["prompt"] == prompt
    assert content["negative_prompt"] == prompt
    assert (content["seconds"], content["seed"], content["steps"]) == (1.5, 7, 8)
    assert content["clip_id"] == "clip-1"
    assert content["application"] == f"SA Studio {__version__}"
    with soundfile.SoundFile(path) as file:
        assert file.frames == 100
        assert file.read(dtype="float32").tolist() == SILENCE.T.tolist()
        assert file.software == "SA Studio"
        assert file.title == one_line(prompt)[:256]


def test_the_file_is_a_well_formed_riff_file(tmp_path: Path) -> None:
    for prompt in ("odd", "even"):
        path = tmp_path / f"{prompt}.wav"
        write_audio(path, SILENCE[:, :3], 44_100, recipe=recipe(GenerationRequest(prompt), "c"))
        content = path.read_bytes()
        assert content[:4] == b"RIFF"
        assert int.from_bytes(content[4:8], "little") == len(content) - 8
        assert len(content) % 2 == 0


def test_a_recipe_says_everything_that_decides_the_sound(tmp_path: Path) -> None:
    request = GenerationRequest(
        "kick",
        init_audio=Path("in.wav"),
        init_noise_level=0.5,
        loras=(("warm", 0.5),),
        template="{kick|snare}",
        negative_template="{hiss|hum}",
    )
    where_and_how_often = {"count", "device", "dtype"}
    said = set(recipe(request, "c"))
    assert {item.name for item in fields(GenerationRequest)} - said == where_and_how_often
    assert recipe(request, "c")["init_audio"] == "in.wav"
    assert recipe(request, "c")["loras"] == (("warm", 0.5),)
    plain = set(recipe(GenerationRequest("kick"), "c"))
    assert not {"init_audio", "loras", "template", "negative_template"} & plain


def test_files_made_elsewhere_have_no_recipe(tmp_path: Path) -> None:
    for number, comment in enumerate(("", "recorded by hand", "[1]", '{"application": "Other"}')):
        path = tmp_path / f"{number}.wav"
        with soundfile.SoundFile(path, "w", 44_100, 2, "PCM_16") as file:
            if comment:
                file.comment = comment
            file.write(SILENCE.T)
        assert read_recipe(path) is None


def test_what_is_no_sound_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no sound", encoding="utf-8")
    for name in ("a.wav", "missing.wav"):
        with pytest.raises(AudioFileError) as caught:
            read_recipe(tmp_path / name)
        assert caught.value.hint
