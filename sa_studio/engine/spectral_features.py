"""Spectra as numbers on scales on which equal differences are equally audible, and back.

The order within a frame's column: level, tone and pitch of the first hop's bands and so on; what
moves slowly is told once for both hops of a latent frame.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from sa_studio.engine.spectra import Spectra
from sa_studio.engine.spectral_bands import STEREO_BANDS, band_count, centres, tonal_count

HOPS = 2
# decades of amplitude: below the floor, -94 dB, there is silence
FLOOR = -4.7
# decades above the floor between which the tones of a band begin to count, for what is said of
# a tone that is hardly there is mostly noise
GATE = (0.5, 1.0)
# decades above the floor between which a band is faded in; lower, for quiet tails are heard
FADE_IN = (0.1, 0.3)
LOUDEST = 0.3
# decades of amplitude by which tones and noise may differ; beyond it, one of them is alone
CLEAREST = 1.5
# Hz that a long window lets a tone be seen from
SPILL = 25.0
# units a semitone, where a tone is seen no further than a semitone away
PITCH_SCALE = 2.5
PAN_SCALE = 3.0
# tones count in full from this share on when their pitch is averaged
LEAST_CERTAIN = 0.3


def feature_count() -> int:
    """Numbers in a column."""
    return HOPS * band_count() + 2 * tonal_count() + 2 * STEREO_BANDS


def to_features(spectra: Spectra) -> Tensor:
    """Spectra of 2·T frames to [features, T]."""
    level = (spectra.power * 2 + 1e-16).log10() / 2
    level = level.clamp(FLOOR, LOUDEST)
    pairs = _by_latent(level)
    tonal = tonal_count()
    power = _by_latent(spectra.power[:tonal])
    tone_power = power * _by_latent(spectra.tonality[:tonal])
    total = power.sum(-1) + 1e-16
    tones = tone_power.sum(-1)
    share = tones / total
    gate = _gate((total / HOPS * 2).log10() / 2)
    clarity = ((share + 1e-4) / (1 - share + 1e-4)).log10() / 2
    deviation = _by_latent(spectra.deviation[:tonal])
    furthest = _furthest().to(level)
    pitch = (tone_power * deviation).sum(-1) / (tones + 1e-16)
    return torch.cat(
        (
            *pairs.unbind(-1),
            clarity.clamp(-CLEAREST, CLEAREST) * gate,
            pitch.clamp(-furthest, furthest) * share * gate * (PITCH_SCALE / furthest),
            _by_latent(spectra.width).mean(-1),
            _by_latent(spectra.width.mul(spectra.pan)).mean(-1) * PAN_SCALE,
        )
    )


def from_features(features: Tensor) -> Spectra:
    """[features, T] to spectra of 2·T frames."""
    bands, tonal = band_count(), tonal_count()
    *levels, clarity, pitch, width, side = torch.split(
        features, [*(bands,) * HOPS, tonal, tonal, STEREO_BANDS, STEREO_BANDS]
    )
    level = torch.stack(levels, dim=-1)
    gate = _gate(level.logsumexp(-1) - math.log(HOPS))[:tonal]
    share = torch.sigmoid(clarity / gate.clamp_min(LEAST_CERTAIN) * (2 * math.log(10)))
    furthest = _furthest().to(level)
    deviation = pitch * (furthest / PITCH_SCALE) / (share * gate).clamp_min(LEAST_CERTAIN)
    deviation = deviation.clamp(-furthest, furthest)
    width = width.clamp(0, 0.95)
    power = 10 ** (2 * level.clamp(max=LOUDEST)) / 2 * _gate(level, FADE_IN).square()
    return Spectra(
        power.flatten(1),
        _over_hops(share, bands),
        _over_hops(deviation, bands),
        _over_hops(width, STEREO_BANDS),
        _over_hops((side / PAN_SCALE / width.clamp_min(0.05)).clamp(-1, 1), STEREO_BANDS),
    )


def _by_latent(values: Tensor) -> Tensor:
    """[rows, 2·T] to [rows, T, 2]."""
    return values.reshape(values.shape[0], -1, HOPS)


def _over_hops(values: Tensor, rows: int) -> Tensor:
    """Each column twice, [rows, 2·T], with zeros in the rows that ``values`` lacks."""
    full = nn.functional.pad(values, (0, 0, 0, rows - values.shape[0]))
    return full.repeat_interleave(HOPS, dim=1)


def _furthest() -> Tensor:
    """Semitones from the centre of a band that its tone may lie, [tonal bands, 1]."""
    semitones = 12 * (1 + SPILL / centres()[: tonal_count()]).log2()
    return semitones.clamp_min(1)[:, None]


def _gate(level: Tensor, between: tuple[float, float] = GATE) -> Tensor:
    """0 near the floor, 1 well above it."""
    low, high = between
    return ((level - FLOOR - low) / (high - low)).clamp(0, 1)
