"""From a take to the samples of a delivered file.

The order: edit (and the silence behind the sound), sample rate, level, dither. The level comes
behind the sample rate, for a resampled wave has other peaks, and it is the delivered one that must
stay below the ceiling. Gain and resampling are linear: in which order they are done is not heard.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sa_studio.audio.dither import tpdf
from sa_studio.audio.edit import EditedSound, apply_edit, kept_samples
from sa_studio.audio.level import gain_for
from sa_studio.audio.loudness import Loudness, measure
from sa_studio.audio.resample import resample, resample_period
from sa_studio.audio.silence import sound_end
from sa_studio.audio.true_peak import TAPS, true_peak
from sa_studio.errors import AudioFileError
from sa_studio.vocabulary.delivery import DeliveryProfile, Depth, FileFormat
from sa_studio.vocabulary.sound_edit import SoundEdit

Samples = NDArray[np.float32]

BITS = {Depth.INT16: 16, Depth.INT24: 24}
# A louder sound has other blocks above the gates of the loudness: the gain is found in steps.
ROUNDS = 4
EXACT_DB = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class RenderedSound:
    """What goes into a file.

    Attributes:
        audio: float32 [channels, samples]; whole steps of the depth if that is an integer one.
        rate: Hz.
        loop: first and last sample of what is to be repeated, inclusive; ``None``: no loop.
        loudness: of ``audio``.
    """

    audio: Samples
    rate: int
    loop: tuple[int, int] | None
    loudness: Loudness


def render(
    audio: Samples,
    rate: int,
    edit: SoundEdit,
    profile: DeliveryProfile,
    *,
    set_lufs: float | None = None,
    seed: int = 0,
) -> RenderedSound:
    """Make of a take what its edit and a profile ask for.

    Args:
        audio: float32 [channels, samples] as generated; not changed.
        rate: Hz.
        edit: of the take.
        profile: of the delivery.
        set_lufs: what the set shares, from :func:`sa_studio.audio.level.set_loudness`.
        seed: of the dither; the same values give the same samples.

    Raises:
        RequestError: the edit begins behind the end of the sound.
        AudioFileError: the sound has samples that are no numbers.
    """
    sound = _at_rate(audio, rate, edit, profile)
    levelled, loudness = sound.audio, _levels(sound, profile.sample_rate)
    for _ in range(ROUNDS):
        gain = gain_for(loudness, profile.level, profile, set_lufs)
        if abs(gain) < EXACT_DB:
            break
        levelled = levelled * np.float32(10 ** (gain / 20))
        loudness = _levels(replace(sound, audio=levelled), profile.sample_rate)
    bits = dither_bits(profile)
    if bits is not None:
        levelled = tpdf(levelled, bits, seed)
    return RenderedSound(levelled, profile.sample_rate, sound.loop, loudness)


def loudness_before(
    audio: Samples, rate: int, edit: SoundEdit, profile: DeliveryProfile
) -> Loudness:
    """How loud :func:`render` finds a sound before it sets the level: what sets are matched by.

    Raises:
        RequestError: the edit begins behind the end of the sound.
        AudioFileError: the sound has samples that are no numbers.
    """
    return _levels(_at_rate(audio, rate, edit, profile), profile.sample_rate)


def dither_bits(profile: DeliveryProfile) -> int | None:
    """The bits of the integers that a file of this profile holds; ``None`` where it holds none."""
    if profile.format in (FileFormat.OGG, FileFormat.MP3):
        return None
    if profile.format is FileFormat.FLAC:
        return BITS.get(profile.depth, 24)  # it knows no floats
    return BITS.get(profile.depth)


def _at_rate(audio: Samples, rate: int, edit: SoundEdit, profile: DeliveryProfile) -> EditedSound:
    if not np.isfinite(audio).all():
        raise AudioFileError(
            "The sound holds samples that are no numbers", "Generate it again, or use another one."
        )
    sound = apply_edit(audio, rate, _without_silence(audio, rate, edit, profile))
    if sound.loop is None:
        return replace(sound, audio=resample(sound.audio, rate, profile.sample_rate))
    period = resample_period(sound.audio, rate, profile.sample_rate)
    return EditedSound(period, (0, period.shape[-1] - 1))


def _without_silence(
    audio: Samples, rate: int, edit: SoundEdit, profile: DeliveryProfile
) -> SoundEdit:
    """The edit that also cuts the silence off: before it is reversed, and faded out."""
    if not profile.trim_silence or edit.is_loop:
        return edit
    first, last = kept_samples(audio.shape[-1], rate, edit)
    length = sound_end(
        audio[:, first:last], rate, threshold_db=profile.trim_db, tail_seconds=profile.tail_seconds
    )
    return edit if length == last - first else replace(edit, stop=(first + length) / rate)


def _levels(sound: EditedSound, rate: int) -> Loudness:
    loudness = measure(sound.audio, rate)
    if sound.loop is None:
        return loudness
    # repeated, it has peaks between its last sample and its first that it has not on its own
    first, last = sound.loop
    around = np.arange(last - 2 * TAPS, last + 2 * TAPS + 1)
    wrap = sound.audio[:, (around - first) % (last - first + 1) + first]
    with np.errstate(divide="ignore"):
        peak_db = float(20 * np.log10(true_peak(np.ascontiguousarray(wrap))))
    return replace(loudness, true_peak_db=max(loudness.true_peak_db, peak_db))
