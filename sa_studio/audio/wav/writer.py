"""A WAV file made in memory: where no disk can be full half-way through."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from sa_studio.audio import pcm
from sa_studio.audio.loudness_course import measure_course
from sa_studio.audio.sound_facts import NO_FACTS, SoundFacts
from sa_studio.audio.tags.fields import recipe_text
from sa_studio.audio.wav.acid import acid
from sa_studio.audio.wav.bext import bext
from sa_studio.audio.wav.cue import cue
from sa_studio.audio.wav.info_list import info_list
from sa_studio.audio.wav.ixml import ixml
from sa_studio.audio.wav.riff import HEADER, chunk
from sa_studio.audio.wav.sampler import sampler
from sa_studio.vocabulary.delivery import Depth

# coding, channels, rate, bytes a second, bytes of a sample of all channels, bits of one
FORMAT = struct.Struct("<HHIIHH")
WHOLE, FLOAT = 1, 3
RECIPE = b"sast"
"""Our own chunk: the recipe as JSON in ASCII."""


def wav(audio: NDArray[np.float32], rate: int, depth: Depth, facts: SoundFacts) -> bytes:
    """The whole file; ``facts`` are cleaned, ``NO_FACTS`` leaves every chunk of metadata out."""
    channels, samples = audio.shape
    before = _format(rate, channels, samples, depth)
    after = b""
    if facts != NO_FACTS:
        course = measure_course(audio, rate) if facts.loudness and samples else None
        before = bext(facts, course, rate=rate, channels=channels, depth=depth) + before
        after = _after(facts, rate, channels, samples)
    size = channels * samples * pcm.BYTES[depth]
    head = before + HEADER.pack(b"data", size)
    padding = b"\0" * (size % 2)
    whole = 4 + len(head) + size + len(padding) + len(after)
    return b"".join(
        (HEADER.pack(b"RIFF", whole), b"WAVE", head, _data(audio, depth), padding, after)
    )


def _after(facts: SoundFacts, rate: int, channels: int, samples: int) -> bytes:
    """What follows the samples, in the order that delivery specifications name."""
    # of sounds that are no loops, a tempo is said in the iXML chunk alone
    tempo = facts.tempo if facts.loop else None
    return b"".join(
        (
            cue(facts.markers),
            sampler(facts.loop, facts.root_note, rate),
            acid(tempo, facts.root_note, samples / rate),
            info_list(facts),
            ixml(facts, channels),
            chunk(RECIPE, recipe_text(facts.recipe).encode()) if facts.recipe else b"",
        )
    )


def _format(rate: int, channels: int, samples: int, depth: Depth) -> bytes:
    """``fmt ``, and ``fact`` behind it, which only other codings than whole numbers need."""
    block = channels * pcm.BYTES[depth]
    bits = 8 * pcm.BYTES[depth]
    if depth is not Depth.FLOAT32:
        return chunk(b"fmt ", FORMAT.pack(WHOLE, channels, rate, rate * block, block, bits))
    coding = FORMAT.pack(FLOAT, channels, rate, rate * block, block, bits)
    no_extension = struct.pack("<H", 0)
    return chunk(b"fmt ", coding, no_extension) + chunk(b"fact", struct.pack("<I", samples))


def _data(audio: NDArray[np.float32], depth: Depth) -> bytearray:
    """The samples as they lie in the file: interleaved, little-endian."""
    size = pcm.BYTES[depth]
    content = bytearray(audio.size * size)
    place = 0
    for part in pcm.blocks(audio, depth):
        if depth is Depth.FLOAT32:
            written = part.astype("<f4").tobytes()
        else:
            # the lower bytes of whole numbers of 32 bits
            rows = part.astype("<i4").reshape(-1, 1).view(np.uint8)
            written = np.ascontiguousarray(rows[:, :size]).tobytes()
        content[place : place + len(written)] = written
        place += len(written)
    return content
