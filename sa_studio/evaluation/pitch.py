"""The pitch of a sound: YIN (de Cheveigné and Kawahara 2002), and where it is most certain."""

from __future__ import annotations

import numpy as np

from sa_studio.evaluation.arrays import RATE, TINY, Array, mid

LOWEST, HIGHEST = 25.0, 4500.0
WINDOW, HOP = 2304, 1024
MAX_LAG = round(RATE / LOWEST)
# what counts as periodic: the share of the energy that does not repeat
CLEAR, DOUBTFUL = 0.12, 0.4
# dB under the loudest frame from which on nothing is measured
QUIET = 30.0
CENTS = 1200
SILENT = 1e-5
# the spectrum: samples a frame; what a partial rises above its surroundings, in dB and in bins;
# how many dB below the strongest one it is strong, or audible at all; how near is the same pitch
LONG = 16384
PROMINENT, NEIGHBOURHOOD = 10.0, 80
STRONG, AUDIBLE = 15.0, 30.0
NEAR = 1.04


def difference(frames: Array) -> Array:
    """The normalised difference function of [n, 2·WINDOW …]: [n, MAX_LAG + 1].

    d(lag) over the mean of d up to there: 1 where nothing repeats, 0 at a perfect period.
    """
    size = 1 << (frames.shape[1] - 1).bit_length()
    head = np.fft.rfft(frames[:, :WINDOW], size)
    product = np.fft.irfft(np.conj(head) * np.fft.rfft(frames, size), size)[:, : MAX_LAG + 1]
    passed = np.pad(np.cumsum(frames**2, axis=1), ((0, 0), (1, 0)))
    energy = passed[:, WINDOW : WINDOW + MAX_LAG + 1] - passed[:, : MAX_LAG + 1]
    raw = np.maximum(energy[:, :1] + energy - 2 * product, 0)
    raw[:, 0] = 0
    mean = np.cumsum(raw, axis=1)[:, 1:] / np.arange(1, MAX_LAG + 1)
    found: Array = np.ones_like(raw)
    found[:, 1:] = raw[:, 1:] / np.maximum(mean, TINY)
    return found


def period(row: Array) -> tuple[float, float]:
    """The period in samples and how aperiodic it is, from one row of :func:`difference`."""
    first = int(RATE / HIGHEST)
    inner = row[first:-1]
    dips = first + np.flatnonzero((inner <= row[first - 1 : -2]) & (inner < row[first + 1 :]))
    if not dips.size:
        return 0.0, 1.0
    # between samples, a dip of a high note lies deeper than at them
    before, at, after = row[dips - 1], row[dips], row[dips + 1]
    bend = np.maximum(before + after - 2 * at, TINY)
    shift = 0.5 * (before - after) / bend
    depth = np.maximum(at - 0.25 * (before - after) * shift, 0)
    clear = np.flatnonzero(depth < max(CLEAR, 1.5 * float(depth.min())))
    chosen = clear[0] if clear.size else int(depth.argmin())
    return float(dips[chosen] + shift[chosen]), float(depth[chosen])


def periodicity(signal: Array) -> float | None:
    """The pitch in Hz by which ``signal`` [samples] repeats; ``None`` where nothing does.

    Every frame of 93 ms votes with its loudness and its periodicity; the pitch is the mean of the
    votes within half a semitone of the fullest place.
    """
    frames = _loud(_frames(signal, WINDOW + MAX_LAG))
    level = np.sqrt((frames**2).mean(axis=1))
    frames = frames - frames.mean(axis=1, keepdims=True)
    pitches, weights = [], []
    for row, loudness in zip(difference(frames), level, strict=True):
        lag, aperiodic = period(row)
        if lag and aperiodic < DOUBTFUL:
            pitches.append(CENTS * np.log2(RATE / lag))
            weights.append(float(loudness) * (1 - aperiodic) ** 4)
    if not pitches:
        return None
    cents, votes = np.array(pitches), np.array(weights)
    support = [float(votes[np.abs(cents - centre) <= 50].sum()) for centre in cents]
    near = np.abs(cents - cents[int(np.argmax(support))]) <= 50
    return float(2 ** (np.average(cents[near], weights=votes[near]) / CENTS))


def partials(signal: Array) -> tuple[Array, Array]:
    """Frequencies in Hz and levels in dB below the strongest of what stands out of the spectrum.

    Of ``signal`` [samples] over all its loud frames of 0.37 s.
    """
    frames = _loud(_frames(signal, LONG)) * np.hanning(LONG)
    level = 10 * np.log10((np.abs(np.fft.rfft(frames, axis=1)) ** 2).mean(axis=0) + TINY)
    low, high = (round(limit * LONG / RATE) for limit in (LOWEST, HIGHEST))
    inner = level[low:high]
    at = low + np.flatnonzero(
        (inner > level[low - 1 : high - 1]) & (inner >= level[low + 1 : high + 1])
    )
    around = [np.median(level[max(0, k - NEIGHBOURHOOD) : k + NEIGHBOURHOOD]) for k in at]
    at = at[level[at] > np.array(around) + PROMINENT]
    if not at.size:
        return np.zeros(0), np.zeros(0)
    before, here, after = level[at - 1], level[at], level[at + 1]
    shift = 0.5 * (before - after) / np.minimum(before - 2 * here + after, -TINY)
    return (at + shift) * RATE / LONG, here - here.max()


def fundamental(audio: Array) -> float | None:
    """The pitch in Hz of ``audio`` [channels, samples]; ``None`` if it has none.

    By its periodicity, unless the spectrum contradicts. Where something strong sounds below, the
    pitch is the lowest of that: bars and bells are not periodic, and an arpeggio goes on above its
    root. Where hardly anything sounds at the pitch itself, too: a chord repeats octaves below.
    """
    signal = mid(audio)
    if np.abs(signal).max() < SILENT:
        return None
    found = periodicity(signal)
    frequencies, levels = partials(signal)
    strong = frequencies[levels > -STRONG]
    if not strong.size:
        return found
    lowest = float(strong[0])
    if found is None or lowest < found / NEAR:
        return lowest
    here = np.abs(np.log(frequencies / found)) < np.log(NEAR)
    return found if levels[here].max(initial=-np.inf) > -AUDIBLE else lowest


def _frames(signal: Array, span: int) -> Array:
    signal = np.pad(signal, (0, max(0, span - signal.size)))
    frames: Array = np.lib.stride_tricks.sliding_window_view(signal, span)[::HOP]
    return frames


def _loud(frames: Array) -> Array:
    level = np.sqrt((frames**2).mean(axis=1))
    loud: Array = frames[level >= level.max() * 10 ** (-QUIET / 20)]
    return loud


def cents_off(found: float, note: float) -> float:
    """How far a pitch in Hz is above a MIDI note, in cents."""
    return float(CENTS * np.log2(found / 440.0) - 100 * (note - 69))


def is_right(found: float | None, note: float, *, any_octave: bool = False) -> bool:
    """Whether a pitch in Hz is within 50 cents of a MIDI note, or of one octaves away."""
    if found is None:
        return False
    off = cents_off(found, note)
    if any_octave:
        off = (off + CENTS / 2) % CENTS - CENTS / 2
    return abs(off) <= 50
