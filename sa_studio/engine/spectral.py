"""An autoencoder of sinusoids and noise: a linear code of what is heard in bands.

Cheap to fit (in closed form) and to run on a CPU. A latent frame is the projection of level,
clarity and pitch of the bands onto the directions that matter most. It stores no phase, so the
decoded sound resembles the original without equalling it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn

from sa_studio.engine.autoencoder_base import Autoencoder, Context, stretches
from sa_studio.engine.config_fields import HINT
from sa_studio.engine.spectra import Spectra
from sa_studio.engine.spectral_analysis import WINDOWS, analyse
from sa_studio.engine.spectral_config import SpectralConfig
from sa_studio.engine.spectral_envelope import envelope
from sa_studio.engine.spectral_features import feature_count, from_features, to_features
from sa_studio.engine.spectral_synthesis import NOISE_HOP, NOISE_WINDOW, Synthesis
from sa_studio.errors import ModelError

# the foreseen peak that no sound exceeds; -1 dBFS, as in the training sounds
LOUDEST = 0.891
# samples above this are bent, so that none goes beyond full scale
KNEE = 0.8
# spectra around one that its choice of window depends on
SMOOTHING = 2


class SpectralAutoencoder(Autoencoder):
    """Bands of sinusoids and noise to latents and back."""

    decode_chunk_sizes = (43,)  # a second of sound

    def __init__(self, config: SpectralConfig, scale: float = 1.0) -> None:
        super().__init__(config, scale)
        if config.features != feature_count():
            raise ModelError(
                f"The autoencoder is made for {config.features} features, not {feature_count()}",
                HINT,
            )
        self.config = config
        self.mean = nn.Parameter(torch.zeros(config.features))
        self.analysis = nn.Parameter(torch.zeros(config.latent_channels, config.features))
        self.synthesis = nn.Parameter(torch.zeros(config.features, config.latent_channels))

    @property
    def encode_context(self) -> Context:
        """Half of the longest window on each side, and the frames it is compared with."""
        reach = max(size for size, *_ in WINDOWS) / 2 + SMOOTHING * self.config.hop
        frames = math.ceil(reach / self.downsampling_ratio)
        return Context(frames, frames)

    @property
    def decode_context(self) -> Context:
        """A partial's phase depends on all that came before; the next frame fades in."""
        return Context(0, 1)

    def features(self, audio: Tensor) -> Tensor:
        """What is heard in the bands, [B, features, T]; see ``spectral_features``."""
        return torch.stack([to_features(analyse(item)) for item in audio.float()])

    def latents(self, features: Tensor, noise: Tensor | None) -> Tensor:  # noqa: ARG002
        """The code, [B, latent_channels, T]; there is no bottleneck noise."""
        return self.analysis.float() @ (features - self.mean.float()[:, None])

    def spectra(self, latents: Tensor) -> Spectra:
        """Unscaled latents [c, T] to spectra of 2·T frames, no louder than full scale.

        The code is read where the weights are; the spectra are on the CPU, where small FFTs are
        fast.
        """
        features = self.synthesis.float() @ latents.float() + self.mean.float()[:, None]
        spectra = from_features(features.cpu())
        return replace(spectra, power=spectra.power * safe_gain(spectra.power) ** 2)

    @property
    def envelope_is_sketch(self) -> bool:
        """The code holds levels: nothing has to be guessed."""
        return False

    def envelope(self, latents: Tensor) -> Tensor:
        """The course of the loudness of latents [1, c, T], from the levels of their bands.

        Returns:
            Peaks to be expected in each of 2·T frames, 0 … 1: [2, 2·T], float32, on the CPU.
        """
        self._check_latents(latents)
        return envelope(self.spectra(latents[0].to(self.mean.device) * self.scale))

    def audio(self, latents: Tensor) -> Tensor:
        """Unscaled latents [B, c, T] to audio [B, 2, T·ratio]."""
        frames = latents.shape[-1] * self.config.frames_per_latent
        return torch.stack(
            [soft_clip(synthesis.samples(0, frames)) for synthesis in self._syntheses(latents)]
        )

    def decode_chunks(
        self, latents: Tensor, chunk_size: int | None = None
    ) -> Iterator[tuple[int, Tensor]]:
        """Decode as :meth:`decode` does, a chunk at a time.

        What the chunks share, the course of the partials, is found once for all of them.
        """
        self._check_latents(latents)
        syntheses = self._syntheses(latents * self.scale)
        size = self.decode_chunk_sizes[0] if chunk_size is None else chunk_size
        per_latent = self.config.frames_per_latent
        for first, last in stretches(latents.shape[-1], size):
            pieces = [item.samples(first * per_latent, last * per_latent) for item in syntheses]
            yield first * self.downsampling_ratio, soft_clip(torch.stack(pieces))

    def chunk_bytes(self, chunk_size: int) -> int:
        """Memory that a chunk takes, nearly all of it in the transforms of the noise."""
        windows = chunk_size * self.downsampling_ratio // NOISE_HOP
        # two channels: samples in windows, spectra, gains, shaped spectra, samples again
        return 2 * 5 * windows * NOISE_WINDOW * torch.float32.itemsize

    def _syntheses(self, latents: Tensor) -> list[Synthesis]:
        return [Synthesis(self.spectra(item)) for item in latents]


def safe_gain(power: Tensor) -> Tensor:
    """How much to turn spectra of this power [bands, frames] down, so that they fit full scale.

    Guidance pushes a sound away from the average sound, and that is also: louder. The peak is
    foreseen from the loudest frame: its r.m.s. value, times a crest factor between that of a sine
    and that of noise, by how many bands share the power.
    """
    total = power.sum(dim=0).clamp_min(1e-12)
    shared_by = total.square() / power.square().sum(dim=0).clamp_min(1e-24)
    crest = (2**0.5 + 0.45 * shared_by.log()).clamp_max(4.0)
    peak = total.sqrt() * crest
    return (LOUDEST / peak.max()).clamp_max(1.0)


def soft_clip(x: Tensor) -> Tensor:
    """``x`` as it is up to the knee, bent towards 1 above it."""
    over = (x.abs() - KNEE).clamp_min(0)
    bent = KNEE + (1 - KNEE) * torch.tanh(over / (1 - KNEE))
    return torch.where(over > 0, bent * x.sign(), x)
