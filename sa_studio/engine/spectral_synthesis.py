"""From bands of sinusoids and noise to stereo samples.

Sinusoids: each band says how strong its tone is and where it lies; tones that lie in the same
band are one partial, and a partial continues the phase of the one before that is nearest to it
(McAulay & Quatieri 1986, "Speech analysis/synthesis based on a sinusoidal representation", §III).
Frames of cosines overlap by half under a Hann window. Noise: white noise, shaped.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from sa_studio.engine.spectra import Spectra
from sa_studio.engine.spectral_analysis import HOP
from sa_studio.engine.spectral_bands import RATE, centres, edges, spreading, stereo_weights

SEED = 1
# bands on each side among which a partial looks for the one that it continues
REACH = 6
# how often a band asks on where the tone lies whose skirt it sees
STEPS_TO_PEAK = 4
# power against its own from which on another band knows better
KNOWING = 0.3
# semitones between partials that no window tells apart
TOO_CLOSE = 0.6
# semitones by which a partial moves in a hop without being taken for another
GLIDE = 1.0
# power against what it becomes, below which there was nothing to continue
FRESH = 1e-3
# amplitude against the loudest, below which a partial is not drawn
INAUDIBLE = 1e-4
NOISE_WINDOW, NOISE_HOP = 1024, 256
# amplitude steps between two frames are bent no more than this: 50 dB
STEEPEST = 1 / 300


class Synthesis:
    """The sound of some spectra; any stretch of it can be drawn by itself, in any order.

    Args:
        spectra: on the CPU, where small transforms are fast.
    """

    def __init__(self, spectra: Spectra) -> None:
        self.frames = spectra.power.shape[1]
        width = (stereo_weights() @ spectra.width).clamp(0, 1)
        pan = (stereo_weights() @ spectra.pan).clamp(-1, 1)
        self.mid_share = (1 - width.square()).sqrt()
        self.side_share = width * pan
        self.apart_share = width * (1 - pan.square()).sqrt()
        generator = torch.Generator("cpu").manual_seed(SEED)
        tonal = spectra.power * spectra.tonality
        self._trace(tonal, spectra.deviation, generator)
        self.noise_power = spectra.power - tonal
        # a window more, for the frames at both ends
        count = self.frames * HOP + NOISE_WINDOW
        self.white = torch.randn(2, count, generator=generator)

    def samples(self, start: int, stop: int) -> Tensor:
        """Of the frames ``start`` … ``stop - 1``: [2, (stop - start)·hop], left and right."""
        mid, side = self._tones(start, stop) + self._noise(start, stop)
        return torch.stack((mid + side, mid - side))

    def _trace(self, tonal: Tensor, deviation: Tensor, generator: torch.Generator) -> None:
        """Gather tones into partials, one a band, and give each its phase."""
        bands, frames = tonal.shape
        octaves, home = _at_their_peaks(tonal, centres().log2()[:, None] + deviation / 12)
        power = torch.zeros_like(tonal).scatter_add_(0, home, tonal)
        total = torch.zeros_like(tonal).scatter_add_(0, home, tonal * octaves)
        power, total = _merged(power, total)
        empty = power < 1e-14
        octaves = torch.where(empty, centres().log2()[:, None], total / power.clamp_min(1e-14))
        turns = (2**octaves) * (HOP / RATE)  # cycles a hop
        candidates = torch.arange(bands)[:, None] + torch.arange(-REACH, REACH + 1)
        outside = (candidates < 0) | (candidates >= bands)
        candidates = candidates.clamp(0, bands - 1)
        strength = (power + 1e-16).log()
        rows = torch.arange(bands)
        fresh = torch.rand(bands, frames, generator=generator)
        phase = fresh.clone()  # in cycles
        rise = torch.zeros_like(turns)  # cycles a hop, in a hop
        for now in range(1, frames):
            away = (octaves[:, now, None] - octaves[candidates, now - 1]) * (12 / GLIDE)
            score = strength[candidates, now - 1] - away.square()
            source = candidates[rows, score.masked_fill(outside, -math.inf).argmax(dim=1)]
            advanced = phase[source, now - 1] + (turns[source, now - 1] + turns[:, now]) / 2
            known = power[source, now - 1] >= FRESH * power[:, now]
            phase[:, now] = torch.where(known, advanced % 1, fresh[:, now])
            rise[:, now] = torch.where(known, turns[:, now] - turns[source, now - 1], 0.0)
        self.turns, self.phase, self.rise = turns, phase, rise
        self.amplitude = (2 * power).sqrt()
        # in which direction the part of the side signal that is not the mid's is turned
        self.turned = torch.rand(bands, generator=generator).sub(0.5).sign()

    def _tones(self, start: int, stop: int) -> Tensor:
        """Mid and side, [2, samples]."""
        out = torch.zeros(2, (stop - start + 2) * HOP)
        window = torch.hann_window(2 * HOP)
        time = torch.arange(-HOP, HOP) / HOP
        audible = self.amplitude > self.amplitude.max() * INAUDIBLE
        # sample 0 of frame k lies at its centre; the frame before reaches into the stretch too
        for frame in range(start, min(stop + 1, self.frames)):
            on = audible[:, frame]
            cycles = self.phase[on, frame, None] + self.turns[on, frame, None] * time
            angle = 2 * math.pi * (cycles + self.rise[on, frame, None] / 2 * time.square())
            amplitude = self.amplitude[on, frame]
            straight = torch.cos(angle)
            apart = amplitude * self.apart_share[on, frame] * self.turned[on]
            gains = torch.stack(
                (amplitude * self.mid_share[on, frame], amplitude * self.side_share[on, frame])
            )
            drawn = gains @ straight
            drawn[1] += apart @ torch.sin(angle)
            first = (frame - start) * HOP
            out[:, first : first + 2 * HOP] += drawn * window
        return out[:, HOP:-HOP]

    def _noise(self, start: int, stop: int) -> Tensor:
        """Mid and side, [2, samples]."""
        per_frame = HOP // NOISE_HOP
        around = NOISE_WINDOW // 2 // NOISE_HOP
        # windows centred on multiples of their hop, from before the stretch to behind it
        first, last = start * per_frame - around + 1, stop * per_frame + around - 1
        numbers = torch.arange(first, last + 1).clamp(0, self.frames * per_frame)
        window = torch.hann_window(NOISE_WINDOW)
        begin, end = int(numbers[0]), int(numbers[-1])
        piece = self.white[:, begin * NOISE_HOP : end * NOISE_HOP + NOISE_WINDOW]
        spectra = torch.fft.rfft(piece.unfold(-1, NOISE_WINDOW, NOISE_HOP) * window)
        places = torch.arange(begin, end + 1) / per_frame
        spread = spreading(NOISE_WINDOW)
        # power of each band to that of white noise in its bins
        gains = (spread @ self._between(self.noise_power, places) * (NOISE_WINDOW / 2)).sqrt().T
        fold = spread / spread.sum(dim=1, keepdim=True).clamp_min(1e-9)
        middle, along, apart = (
            (fold @ _linear(share, places)).T
            for share in (self.mid_share, self.side_share, self.apart_share)
        )
        mid = spectra[0] * gains * middle
        side = gains * (spectra[0] * along + spectra[1] * apart)
        drawn = torch.fft.irfft(torch.stack((mid, side)), n=NOISE_WINDOW) * window
        count = end - begin
        out = torch.zeros(2, count * NOISE_HOP + NOISE_WINDOW)
        norm = torch.zeros(count * NOISE_HOP + NOISE_WINDOW)
        for number in range(count + 1):
            place = slice(number * NOISE_HOP, number * NOISE_HOP + NOISE_WINDOW)
            out[:, place] += drawn[:, number]
            norm[place] += window.square()
        skip = NOISE_WINDOW // 2 + start * HOP - begin * NOISE_HOP
        wanted = slice(skip, skip + (stop - start) * HOP)
        return out[:, wanted] / norm[wanted].clamp_min(1e-3)

    def _between(self, power: Tensor, places: Tensor) -> Tensor:
        """Power [bands, frames] at fractional frames, along straight lines in decibels."""
        low, high, share = _neighbours(places, self.frames)
        before, after = power[:, low], power[:, high]
        most = torch.maximum(before, after) * STEEPEST**2
        before, after = torch.maximum(before, most), torch.maximum(after, most)
        mixed = (before + 1e-14).log() * (1 - share) + (after + 1e-14).log() * share
        return (mixed.exp() - 1e-14).clamp_min(0)


def _at_their_peaks(tonal: Tensor, octaves: Tensor) -> tuple[Tensor, Tensor]:
    """Where the tone that each band sees really lies, as log2 Hz, and the band that it lies in.

    A band beside a strong partial sees its skirt, and says roughly where to look; the band there
    knows better, unless hardly any of the tone lies in it.
    """

    def home_of(octaves: Tensor) -> Tensor:
        return (torch.bucketize(2**octaves, edges().float()) - 1).clamp(0, tonal.shape[0] - 1)

    home = home_of(octaves)
    for _ in range(STEPS_TO_PEAK):
        knows = tonal.gather(0, home) > tonal * KNOWING
        octaves = torch.where(knows, octaves.gather(0, home), octaves)
        home = home_of(octaves)
    return octaves, home


def _merged(power: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
    """Partials in neighbouring bands that are too close to be two, as one in the stronger's.

    Args:
        power, total: of each band's partial its power, and that times log2 of its frequency.
    """
    for upwards in (True, False):
        octaves = total / power.clamp_min(1e-14)
        near = octaves.diff(dim=0).abs() < TOO_CLOSE / 12
        low, high = power[:-1], power[1:]
        both = near & (low > 1e-14) & (high > 1e-14)
        moves = both & ((low < high) if upwards else (low >= high))
        source = nn.functional.pad(moves, (0, 0, 0, 1) if upwards else (0, 0, 1, 0))
        shift = 1 if upwards else -1

        def moved(values: Tensor, source: Tensor = source, shift: int = shift) -> Tensor:
            going = torch.where(source, values, 0.0)
            return values - going + going.roll(shift, dims=0)

        power, total = moved(power), moved(total)
    return power, total


def _neighbours(places: Tensor, frames: int) -> tuple[Tensor, Tensor, Tensor]:
    low = places.floor().long().clamp(0, frames - 1)
    return low, (low + 1).clamp(max=frames - 1), places - places.floor()


def _linear(values: Tensor, places: Tensor) -> Tensor:
    low, high, share = _neighbours(places, values.shape[1])
    return values[:, low] * (1 - share) + values[:, high] * share
