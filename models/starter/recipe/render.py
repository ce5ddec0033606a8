"""Render the clips and describe them in bands; may be stopped, and goes on where it was.

    python models/starter/recipe/render.py --work DIR [--jobs 2] [--only LABEL]

writes DIR/clips/CLASS.pt for each class, and the clips that the evaluation listens to, as FLAC,
into DIR/evaluation. A class of our own synthesis alone needs no files of others.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
import torch
from clips import (
    HELD_OUT_SEED,
    MIXTURE_SEED,
    TRAINING_SEED,
    Clip,
    clip,
    generator,
    slug,
    useful_length,
)
from config import PATCH, SPECTRAL
from measured import earned, facts
from tqdm import tqdm

from sa_studio.engine.spectral_analysis import analyse
from sa_studio.engine.spectral_features import to_features
from sounds import CLASSES
from sounds.dsp import RATE
from sounds.instruments import prepare as prepare_instruments
from sounds.recordings import prepare as prepare_recordings

REFERENCES, SAMPLES = 12, 12
MIXTURES = "mixtures"
MIXTURE_SECONDS = (1.0, 6.0)


def frames(seconds: float) -> int:
    """Latent frames that hold ``seconds``, a multiple of the patch."""
    samples = int(np.ceil(seconds * RATE))
    return -(-samples // (SPECTRAL.downsampling_ratio * PATCH)) * PATCH


def described(audio: np.ndarray, seconds: float) -> torch.Tensor:
    """Features [features, frames] of a clip [2, n] on its canvas, float16."""
    canvas = torch.zeros(2, frames(seconds) * SPECTRAL.downsampling_ratio)
    canvas[:, : audio.shape[1]] = torch.from_numpy(audio)
    return to_features(analyse(canvas)).half()


def write(folder: Path, number: int, made: Clip) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / f"{number:02}.flac", made.audio.T, RATE, subtype="PCM_16")


def render_class(index: int, count: int, work: Path) -> None:
    """All clips of a class."""
    torch.set_num_threads(1)
    item = CLASSES[index]
    target = work / "clips" / f"{slug(item.label)}.pt"
    if target.exists():
        return
    evaluation = work / "evaluation"
    made, features, rows = [], [], []
    for number in range(count):
        one = clip(item, number, TRAINING_SEED)
        features.append(described(one.audio, one.seconds))
        rows.append(facts(one.audio))
        if number < SAMPLES:
            write(evaluation / "training" / slug(item.label), number, one)
        made.append(one)
    references = [clip(item, number, HELD_OUT_SEED) for number in range(REFERENCES)]
    for number, one in enumerate(references):
        write(evaluation / "reference" / slug(item.label), number, one)
    notes = np.array([np.nan if one.note is None else one.note for one in made])
    words = earned(item, np.array(rows), notes)
    content = {
        "label": item.label,
        "features": features,
        "seconds": [one.seconds for one in made],
        "words": [{**own, **one.words} for own, one in zip(words, made, strict=True)],
        "notes": [one.note for one in made],
        "tempos": [one.tempo for one in made],
        "reference_notes": [one.note for one in references],
        "reference_tempos": [one.tempo for one in references],
    }
    save(content, target)


def render_mixtures(count: int, work: Path) -> None:
    """Clips of two classes at once."""
    torch.set_num_threads(1)
    target = work / "clips" / f"{MIXTURES}.pt"
    if target.exists():
        return
    features, lengths, pairs = [], [], []
    for number in range(count):
        rng = generator(MIXTURE_SEED, MIXTURES, number)
        seconds = useful_length(MIXTURE_SECONDS, rng)
        fitting = [k for k, item in enumerate(CLASSES) if item.seconds[0] <= seconds]
        first, second = (int(k) for k in rng.choice(fitting, 2, replace=False))
        total = np.zeros((2, round(seconds * RATE)), np.float32)
        for k, gain in ((first, 1.0), (second, rng.uniform(0.4, 0.9))):
            item = CLASSES[k]
            own = min(seconds, item.seconds[1])
            audio = np.asarray(item.make(rng, own).audio, dtype=np.float32)
            start = int(rng.integers(0, total.shape[1] - audio.shape[1] + 1))
            total[:, start : start + audio.shape[1]] += gain * audio / np.abs(audio).max()
        features.append(described(total * (0.89 / np.abs(total).max()), seconds))
        lengths.append(seconds)
        pairs.append((first, second))
    content = {
        "features": features,
        "seconds": lengths,
        "pairs": [(CLASSES[a].label, CLASSES[b].label) for a, b in pairs],
    }
    save(content, target)


def rendered(work: Path, name: str) -> dict:
    """What was saved of the class of that label, or of the mixtures."""
    return torch.load(work / "clips" / f"{slug(name)}.pt", weights_only=True, mmap=True)


def save(content: dict, target: Path) -> None:
    """Whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    torch.save(content, temporary)
    temporary.replace(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=120, help="clips a class")
    parser.add_argument("--mixtures", type=int, default=600)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", help="the one class to render")
    arguments = parser.parse_args()
    chosen = [k for k, item in enumerate(CLASSES) if arguments.only in (None, item.label)]
    if not chosen:
        parser.error(f"no class is called {arguments.only!r}")
    labels = [CLASSES[index].label for index in chosen]
    prepare_instruments(labels)
    prepare_recordings(labels)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        running = [
            pool.submit(render_class, index, arguments.clips, arguments.work) for index in chosen
        ]
        if arguments.only is None:
            running.append(pool.submit(render_mixtures, arguments.mixtures, arguments.work))
        for done in tqdm(running, desc="render"):
            done.result()


if __name__ == "__main__":
    main()
