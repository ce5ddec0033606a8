"""How much louder or softer a sound is delivered."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sa_studio.audio.loudness import Loudness
from sa_studio.errors import RequestError
from sa_studio.vocabulary.delivery import DeliveryProfile, LevelPolicy

# What is left below the ceiling, so that no other meter finds the sound above it: ours is right to
# 0.06 dB, and dither adds a step and a half, which is 0.0005 dB at 16 bits.
MARGIN_DB = 0.05
# What never reaches this is no sound that anything could be done about.
NOTHING_DB = -120.0


def gain_for(
    loudness: Loudness,
    policy: LevelPolicy,
    profile: DeliveryProfile,
    set_lufs: float | None = None,
) -> float:
    """The gain in dB that a policy asks for, as far as the ceiling allows it.

    The whole sound is turned up or down; nothing is limited or compressed.

    Args:
        loudness: of the sound as it is.
        policy: ``PEAK`` brings the true peak to the ceiling, less ``MARGIN_DB``; ``LUFS`` the
            loudness to the profile's target, ``MATCH`` to ``set_lufs``. ``AS_IS`` only turns down
            what is above the ceiling, and so does ``MATCH`` without a set. What lies below the
            gate of -70 LUFS has no loudness: it, too, is only turned down.
        profile: its ceiling and target.
        set_lufs: LUFS, from :func:`set_loudness`.

    Raises:
        RequestError: ``set_lufs`` is no level.
    """
    if set_lufs is not None and not math.isfinite(set_lufs):
        raise RequestError(
            "set_lufs",
            f"A set cannot be as loud as {set_lufs!r} LUFS",
            "Leave out the loudness of a set that is silent.",
        )
    if loudness.true_peak_db < NOTHING_DB:
        return 0.0
    room = profile.ceiling_db - MARGIN_DB - loudness.true_peak_db
    if policy is LevelPolicy.PEAK:
        return room
    target = {LevelPolicy.LUFS: profile.target_lufs, LevelPolicy.MATCH: set_lufs}.get(policy)
    if target is None or not math.isfinite(loudness.lufs):
        return min(0.0, room)
    return min(target - loudness.lufs, room)


def set_loudness(sounds: Sequence[Loudness], profile: DeliveryProfile) -> float | None:
    """The loudness in LUFS that all sounds of a set can share.

    It is their median, unless a sound would have to exceed the ceiling for that: then it is the
    most that this sound reaches, for sounds of one set must be equally loud before all else.

    Returns:
        ``None`` if no sound of the set has a loudness.
    """
    heard = [item for item in sounds if math.isfinite(item.lufs) and item.true_peak_db > NOTHING_DB]
    if not heard:
        return None
    ceiling = profile.ceiling_db - MARGIN_DB
    reached = min(item.lufs + ceiling - item.true_peak_db for item in heard)
    return min(float(np.median([item.lufs for item in heard])), reached)
