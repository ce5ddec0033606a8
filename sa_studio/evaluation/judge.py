"""The independent judge: the network of aisfx 0.1.2, trained on professional sound libraries.

Its weights (CC-BY-4.0; Ma et al., "Representation Learning for the Automatic Indexing of Sound
Effects Libraries", ISMIR 2022) are unpacked from the package's wheel for development and never
shipped. Neither its code nor its dependencies are needed: front end and network are written here.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from sa_studio.errors import StudioError
from sa_studio.evaluation.arrays import Array, mid
from sa_studio.evaluation.spectra import magnitudes, mel_bands

WEIGHTS = Path("models") / "checkpoint.pth"
WINDOW, HOP, BANDS = 2048, 1024, 96
# frames that the network sees at once, 2.3 s, and how far apart such blocks begin
BLOCK, BLOCK_HOP = 100, 50
# the loudest value in the judge's own training data
SCALE = 9.457798957824707
PREFIX = "embedding_net."


def log_mel(audio: Array) -> Array:
    """What the judge hears of ``audio`` [channels, samples]: [frames, 96], 0 is silence.

    The mid, brought to full scale, as power in mel bands, log10(1 + 10⁴·power), scaled.
    """
    signal = mid(audio)
    signal = signal / (np.abs(signal).max() or 1.0)
    power = mel_bands(BANDS, WINDOW) @ magnitudes(signal, WINDOW, HOP) ** 2
    heard: Array = np.log10(power * 10_000.0 + 1).T / SCALE
    return heard


def blocks(spectrogram: Array) -> Array:
    """Stretches [blocks, 100, 96] of [frames, 96], overlapping by half.

    A last block that is not full is dropped unless it is the only one, as in the judge's own
    code. So are blocks that hold next to nothing: a short sound in a long file is judged by itself.
    """
    count = max(1, (len(spectrogram) - BLOCK) // BLOCK_HOP + 1)
    padded = np.pad(spectrogram, ((0, max(0, BLOCK - len(spectrogram))), (0, 0)))
    found = np.stack([padded[i * BLOCK_HOP : i * BLOCK_HOP + BLOCK] for i in range(count)])
    loudest = found.max(axis=(1, 2))
    kept: Array = found[loudest >= loudest.max() / 4]
    return kept


class ConvBlock(nn.Module):
    """Two convolutions with normalisation, then the maximum over ``pool`` × ``pool`` cells."""

    def __init__(self, inputs: int, outputs: int, pool: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, frames, bands] to [B, outputs, frames/pool, bands/pool]."""
        x = functional.relu(self.bn1(self.conv1(x)))
        x = functional.relu(self.bn2(self.conv2(x)))
        return functional.max_pool2d(x, self.pool)


class EmbeddingNetwork(nn.Module):
    """Spectrogram blocks to embeddings of ``8·width`` numbers (512 in the published weights)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv_block1 = ConvBlock(1, width, 2)
        self.conv_block2 = ConvBlock(width, 2 * width, 2)
        self.conv_block3 = ConvBlock(2 * width, 4 * width, 2)
        self.conv_block4 = ConvBlock(4 * width, 8 * width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[B, frames, bands] to [B, 8·width]."""
        x = x[:, None]
        for block in (self.conv_block1, self.conv_block2, self.conv_block3, self.conv_block4):
            x = block(x)
        return x.mean(dim=3).amax(dim=2)


class Judge:
    """Where sounds lie in the judge's space.

    Args:
        network: with its weights.
        fingerprint: tells judges with other weights apart.
    """

    def __init__(self, network: EmbeddingNetwork, fingerprint: str) -> None:
        self._network = network.eval().requires_grad_(False)
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, folder: Path) -> Judge:
        """The judge whose weights lie in ``folder``.

        Raises:
            StudioError: they do not, or cannot be used.
        """
        path = folder / WEIGHTS
        hint = "Unpack the wheel of aisfx 0.1.2 and give the folder aisfx in it with --judge."
        if not path.is_file():
            raise StudioError(f"There is no judge at {str(path)!r}", hint)
        try:
            network = _network(_state(path))
        except (pickle.UnpicklingError, RuntimeError, KeyError, ValueError, EOFError) as error:
            raise StudioError(f"{str(path)!r} does not hold the judge's weights", hint) from error
        return cls(network, hashlib.sha256(path.read_bytes()).hexdigest())

    def embedding(self, audio: Array) -> Array:
        """The mean embedding of the blocks of ``audio`` [channels, samples]: [512], float32."""
        heard = torch.from_numpy(blocks(log_mel(audio)).astype(np.float32))
        with torch.inference_mode():
            found: Array = self._network(heard).mean(dim=0).numpy()
        return found


def _state(path: Path) -> Mapping[str, Tensor]:
    """The weights, read without running anything; beside them lie class counts with numpy ints."""
    scalar: Any = np.int64(0).__reduce__()
    rebuild, (dtype, _) = scalar
    # called so before numpy 2
    old_name = (rebuild, "numpy.core.multiarray.scalar")
    allowed: list[Any] = [rebuild, old_name, np.dtype, type(dtype)]
    with torch.serialization.safe_globals(allowed):
        content = torch.load(path, map_location="cpu", weights_only=True)
    weights: Mapping[str, Tensor] = content[0]
    return weights


def _network(weights: Mapping[str, Tensor]) -> EmbeddingNetwork:
    own = {
        name.removeprefix(PREFIX): value
        for name, value in weights.items()
        if name.startswith(PREFIX)
    }
    network = EmbeddingNetwork(own["conv_block1.conv1.weight"].shape[0])
    network.load_state_dict(own)
    return network
