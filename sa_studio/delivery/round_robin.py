"""Round-robin packs: variations of one sound that a game or a sampler plays in turn.

They begin in the same moment, are equally loud, and are numbered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sa_studio.audio.edit import apply_edit
from sa_studio.audio.files import read_audio
from sa_studio.audio.level import set_loudness
from sa_studio.audio.render import Samples, loudness_before
from sa_studio.delivery.deliver import Delivered, Delivery
from sa_studio.delivery.deliverable import Deliverable
from sa_studio.delivery.onset import Onset, find_onset, moved
from sa_studio.vocabulary.delivery import LevelPolicy
from sa_studio.vocabulary.sound_edit import UNTOUCHED

MIN_PRE_ROLL = 0.001
"""Seconds in front of the sound at least: nothing begins at full swing."""


def deliver_round_robin(delivery: Delivery, sounds: Sequence[Deliverable]) -> Iterator[Delivered]:
    """Deliver variations as a pack: all of them are measured before the first is written.

    Each begins as long before its onset as the one that rises slowest needs; what is cut off in
    front of the others is not heard. The onset is marked in the files. They share the loudness
    that all of them reach below the ceiling, whatever level the profile asks for. All are called as
    the first is, and numbered in their order. Variations are one-shots: of loops, the loop points
    are left out.

    Raises:
        AudioFileError: a file is gone or damaged.
        DeliveryError: a sound has no UCS category, but the names want one; or the folder cannot
            be written.
    """
    delivery.check(sounds)
    pack = replace(delivery.profile, level=LevelPolicy.MATCH)
    onsets = [find_onset(*_edited(sound)) for sound in sounds]
    pre_roll = max((onset.lead for onset in onsets if onset), default=0.0) + MIN_PRE_ROLL
    loudness = []
    for sound, onset in zip(sounds, onsets, strict=True):
        audio, rate = _aligned(sound, onset, pre_roll)
        loudness.append(loudness_before(audio, rate, UNTOUCHED, pack))
    shared = set_loudness(loudness, pack)
    for number, (sound, onset) in enumerate(zip(sounds, onsets, strict=True), start=1):
        audio, rate = _aligned(sound, onset, pre_roll)
        yield delivery.deliver_audio(
            replace(sound, name=sounds[0].title, number=number),
            audio,
            rate,
            edit=UNTOUCHED,
            level=LevelPolicy.MATCH,
            set_lufs=shared,
            onset=pre_roll if onset else None,
        )


def _edited(sound: Deliverable) -> tuple[Samples, int]:
    audio, rate = read_audio(sound.path)
    return apply_edit(audio, rate, sound.edit).audio, rate


def _aligned(sound: Deliverable, onset: Onset | None, pre_roll: float) -> tuple[Samples, int]:
    audio, rate = _edited(sound)
    if onset is None:  # silence begins nowhere
        return audio, rate
    return moved(audio, rate, onset.seconds, pre_roll), rate
