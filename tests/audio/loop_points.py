"""Loop points as programs read them that know nothing of our writers."""

from __future__ import annotations

import io

import soundfile
import wavinfo

from sa_studio.audio.render import RenderedSound
from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.sound_file import encode
from sa_studio.vocabulary.delivery import Depth, FileFormat
from tests.audio import libsndfile

MIDDLE_C = 60


def assert_loop_is_read_back(sound: RenderedSound) -> None:
    """libsndfile finds the loop in WAV and AIFF files, and wavinfo in WAV files."""
    assert sound.loop is not None
    facts = SoundFacts(loop=sound.loop, loudness=sound.loudness)
    for kind in (FileFormat.WAV, FileFormat.AIFF):
        content = encode(sound.audio, sound.rate, format=kind, depth=Depth.INT24, facts=facts)
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            assert file.frames == sound.audio.shape[1]
            assert libsndfile.loop(file) == (MIDDLE_C, *sound.loop), kind
        if kind is FileFormat.WAV:
            (found,) = wavinfo.WavInfoReader(io.BytesIO(content)).smpl.sample_loops
            assert (found.start, found.end) == sound.loop
