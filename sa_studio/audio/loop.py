"""Loops: where a sound can be repeated, the blend that closes it, and how well it closes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sa_studio.audio.fades import fade_ends, micro_fade
from sa_studio.audio.seam import level_jump, roughness, seam_score
from sa_studio.audio.silence import sound_end
from sa_studio.errors import RequestError

__all__ = ["LoopPoints", "audition", "best_loop", "looped", "seam_score"]

Samples = NDArray[np.float32]

SHORTEST_SOUND = 0.1  # seconds
SEARCHED_SECONDS = 60.0  # of longer sounds, only the beginning is searched
QUIET_DB = -50.0  # what dies away below this is not worth repeating
STARTS = 10  # beginnings that are tried
STOPS = 4  # ends that are tried for each of them
TRIED = 8  # of these matches, whose seam is measured, until one is good
WINDOW_SECONDS = 0.05  # what must match
# A wave that matches itself is hardly changed by a short blend; one that does not match needs time
# to become the other.
MATCHING = 0.7
MATCHING_SECONDS, TEXTURE_SECONDS = 0.05, 0.25
SHIFT_SECONDS = 0.01  # that the seam may be moved by, to where the wave is smooth
JUMP_DB = 6.0  # a change of level or spectrum that is as bad as no correlation at all
PAUSE_SECONDS = 0.3  # between the repetitions of an audition


@dataclass(frozen=True, slots=True)
class LoopPoints:
    """A part of a sound to be repeated: the values of a ``SoundEdit``.

    Attributes:
        start, stop: seconds; the last ``crossfade`` of them are blended into the first, so that a
            repetition takes ``stop - start - crossfade``.
        crossfade: seconds.
        seam: of the loop these make, from :func:`~sa_studio.audio.seam.seam_score`.
    """

    start: float
    stop: float
    crossfade: float
    seam: float


def looped(audio: Samples, crossfade: int) -> Samples:
    """One period of a sound: its end blended into its beginning.

    Behind the last sample, the sound would go on with what now begins the period, so the wrap is as
    smooth as the sound itself. The blend keeps the power constant, whatever the correlation ρ of
    what is blended: with ρ = 1 it is a linear crossfade (an equal-power one would swell by 3 dB),
    with ρ = 0 an equal-power one (a linear one would dip by 3 dB). Opposite phases count as ρ = 0.

    Args:
        audio: float32 [channels, samples]; not changed.
        crossfade: samples; at most half of the sound.

    Returns:
        float32 [channels, samples - crossfade].
    """
    samples = audio.shape[-1]
    crossfade = min(crossfade, samples // 2)
    period = audio[:, : samples - crossfade].copy()
    if crossfade:
        begin, end = audio[:, :crossfade], audio[:, samples - crossfade :]
        place = (np.arange(crossfade) + 0.5) / crossfade
        rise = np.sin(np.pi / 2 * place) ** 2  # no corner at either end
        alike = max(_correlation(begin, end), 0.0)
        power = rise**2 + (1 - rise) ** 2 + 2 * alike * rise * (1 - rise)
        period[:, :crossfade] = (begin * rise + end * (1 - rise)) / np.sqrt(power)
    return period


def best_loop(
    audio: Samples,
    rate: int,
    *,
    shortest: float | None = None,
    longest: float | None = None,
    crossfade: float | None = None,
) -> LoopPoints:
    """Find where a sound can be repeated with the least audible seam.

    Short stretches at several beginnings are looked for in the rest of the sound, in all channels
    together, by normalised correlation. Of the best matches the one is taken whose correlation is
    high and whose level and spectrum are alike around the seam. Then both points are moved together
    by at most 10 ms, to where the wave is smooth. If its seam is still worse than the sound itself,
    the next match is tried.

    Args:
        audio: float32 [channels, samples].
        rate: Hz.
        shortest, longest: seconds of a repetition; by default from half of the sound on.
        crossfade: seconds; by default 50 ms where the wave matches, 250 ms where it is a texture.

    Raises:
        RequestError: no such loop fits into the sound.
    """
    total = audio[:, : round(SEARCHED_SECONDS * rate)].shape[-1]
    end = sound_end(audio[:, :total], rate, threshold_db=QUIET_DB, tail_seconds=0.0)
    if end < SHORTEST_SOUND * rate:
        raise RequestError(
            "loop",
            f"The sound is too short for a loop: {end / rate:.2f} s, without the silence behind it",
            f"Use at least {SHORTEST_SOUND:g} s.",
        )
    window = min(round(WINDOW_SECONDS * rate), end // 8)
    wanted = TEXTURE_SECONDS if crossfade is None else crossfade
    blend = _samples("crossfade", wanted, rate, end // (8 if crossfade is None else 3))
    tail = max(window, blend)
    high = end if longest is None else _samples("longest", longest, rate, end)
    low = high // 2 if shortest is None else _samples("shortest", shortest, rate, end)
    if not 1 <= low <= min(high, end - tail):
        raise RequestError(
            "loop",
            f"No loop from {low / rate:.3f} to {high / rate:.3f} s fits into the {end / rate:.3f} "
            "s of the sound",
            "Ask for a shorter loop, or use a longer sound.",
        )
    shift = round(SHIFT_SECONDS * rate)
    found = []
    for match in _matches(audio[:, :end], window, tail, low, high)[:TRIED]:
        found.append(_closed(audio[:, :end], rate, match, blend, crossfade is None, shift))
        if found[-1].seam <= 1:
            return found[-1]
    return min(found, key=lambda points: points.seam)


def audition(
    audio: Samples, rate: int, loop: tuple[int, int], *, seconds: float = 1.0, times: int = 3
) -> Samples:
    """What a loop sounds like around its wrap, again and again, with pauses between.

    Args:
        audio: float32 [channels, samples].
        rate: Hz.
        loop: first and last sample, inclusive.
        seconds: before the wrap, and as much behind it; shorter loops come round several times.
        times: how often.
    """
    first, last = loop
    around = np.arange(-round(seconds * rate), round(seconds * rate))
    wrap = audio[:, around % (last - first + 1) + first]
    # where it is cut out of the loop, not where it wraps
    fade_ends(wrap, *(2 * [micro_fade(rate, wrap.shape[-1])]))
    pause = np.zeros((audio.shape[0], round(PAUSE_SECONDS * rate)), np.float32)
    return np.concatenate([wrap, *(times - 1) * [pause, wrap]], axis=1)


def _samples(name: str, seconds: float, rate: int, most: int) -> int:
    """Seconds from outside as samples, at most so many."""
    if not (math.isfinite(seconds) and seconds > 0):
        raise RequestError(name, f"{name} cannot be {seconds!r}", "Use seconds above 0.")
    return max(min(round(min(seconds, most / rate) * rate), most), 1)


def _correlation(one: Samples, other: Samples) -> float:
    """Normalised, of all channels together; 0 if one is silent."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    power = math.sqrt(np.square(a).sum() * np.square(b).sum())
    return float((a * b).sum()) / power if power else 0.0


@dataclass(frozen=True, slots=True, order=True)
class _Match:
    """Two samples where the sound goes on alike, the better one first in order."""

    cost: float
    start: int
    stop: int
    alike: float


def _closed(
    audio: Samples, rate: int, match: _Match, blend: int, may_be_shorter: bool, shift: int
) -> LoopPoints:
    """The loop that a match makes, at the smoothest place near it."""
    blend = min(blend, match.stop - match.start)
    if may_be_shorter and match.alike >= MATCHING:
        blend = min(blend, round(MATCHING_SECONDS * rate))
    shift = _to_smooth_place(audio, match.start, match.stop, blend, shift)
    start, stop = match.start + shift, match.stop + shift + blend
    period = looped(audio[:, start:stop], blend)
    seam = seam_score(period, rate, 0, period.shape[-1] - 1)
    return LoopPoints(start / rate, stop / rate, blend / rate, seam)


def _matches(audio: Samples, window: int, tail: int, low: int, high: int) -> list[_Match]:
    """Places from ``low`` to ``high`` samples apart that are alike, the best first.

    Behind the second place of each there are at least ``tail`` samples.
    """
    samples = audio.shape[-1]
    size = 1 << (samples + window - 1).bit_length()
    spectra = np.fft.rfft(audio, size)
    total = np.concatenate([[0.0], np.cumsum(np.square(audio, dtype=np.float64).sum(axis=0))])
    energy = np.maximum(total[window:] - total[:-window], 0)
    tiny = float(energy.max()) * 1e-9 + np.finfo(np.float64).tiny
    found = []
    for start in np.unique(np.linspace(0, samples - tail - low, STARTS).astype(int)).tolist():
        template = np.fft.rfft(audio[:, start : start + window], size)
        product = np.fft.irfft((spectra * template.conj()).sum(axis=0), size)
        begin = start + low
        stop = min(start + high, samples - tail) + 1
        power = np.sqrt(energy[begin:stop] + tiny) * math.sqrt(energy[start] + tiny)
        alike = product[begin:stop] / power
        for _ in range(STOPS):
            best = int(alike.argmax())
            score = float(alike[best])
            if score == -math.inf:
                break
            place = begin + best
            jump = _jump_at(audio, start, place, 4 * window)
            found.append(_Match(1 - max(score, 0) + jump / JUMP_DB, start, place, score))
            alike[max(best - window // 2, 0) : best + window // 2 + 1] = -math.inf
    return sorted(found)


def _jump_at(audio: Samples, start: int, stop: int, longest: int) -> float:
    """How much what ends at ``stop`` differs from what begins at ``start``, dB."""
    length = min(longest, stop - start)
    return level_jump(audio[:, stop - length : stop], audio[:, start : start + length])


def _to_smooth_place(audio: Samples, start: int, stop: int, tail: int, most: int) -> int:
    """By how many samples both points are best moved: the step to ``stop`` wraps."""
    least, most = -min(most, start), min(most, audio.shape[-1] - tail - stop)
    rough = roughness(audio)
    # with two samples to either side: at another rate, the period may wrap between them
    around = np.pad(rough, 2, constant_values=np.inf)
    rough = np.lib.stride_tricks.sliding_window_view(around, 5).max(axis=1)
    return int(rough[stop + least : stop + most + 1].argmin()) + least
