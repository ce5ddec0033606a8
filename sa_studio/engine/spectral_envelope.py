"""How loud spectra are over time: what a waveform would look like, without drawing one."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sa_studio.engine.spectra import Spectra
from sa_studio.engine.spectral_bands import stereo_weights

# bands on each side over which the windows smear a single tone
SMEAR = 2
# the highest of a frame's normally distributed samples, in standard deviations
NOISE_CREST = 3.1


def envelope(spectra: Spectra) -> Tensor:
    """Peaks to be expected in each frame, left and right, 0 … 1: [2, frames]."""
    power = spectra.power
    width = (stereo_weights() @ spectra.width).clamp(0, 1)
    pan = (stereo_weights() @ spectra.pan).clamp(-1, 1)
    total = power.sum(dim=0).clamp_min(1e-12)
    # the part of the side signal that is in phase with mid moves power from right to left
    moved = (power * 2 * width * (1 - width.square()).sqrt() * pan).sum(dim=0)
    sides = torch.stack((total + moved, total - moved)).clamp_min(0)
    return (sides.sqrt() * _crest(power * spectra.tonality, total)).clamp_max(1.0)


def _crest(tones: Tensor, total: Tensor) -> Tensor:
    """Peak against r.m.s. value of each frame, by what tones and noise have of the power.

    Args:
        tones: power of each band's tone, [bands, frames].
        total: power of each frame.
    """
    around = 2 * SMEAR + 1
    near = nn.functional.avg_pool1d(tones.T[:, None], around, 1, SMEAR)[:, 0].T * around
    tonal = tones.sum(dim=0)
    count = tonal.square() / (tones * near).sum(dim=0).clamp_min(1e-24)
    # few tones are a sine each, many are like noise
    crest = (2**0.5 + 0.6 * count.clamp_min(1).log()).clamp_max(NOISE_CREST)
    share = (tonal / total).clamp(0, 1)
    return (share * crest.square() + (1 - share) * NOISE_CREST**2).sqrt()
