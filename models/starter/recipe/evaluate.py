"""Judge what the starter makes of its own example prompts.

    python models/starter/recipe/evaluate.py [--model models/starter] [--takes 4] [--threads 1]

prints for every class how often held-out rendered clips (the judge's own ceiling), their round
trip through the autoencoder (the ceiling of any generator on these latents) and generated sounds
are taken for that class, and the medians of some measurements, as a Markdown table. Every prompt
is the label; lengths are drawn from the range that the class was trained with.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from classes import CLASSES, RATE, SoundClass, render
from dsp import Array
from judge import Judge, Measurements, features, measure
from tqdm import tqdm

from sa_studio.engine import load_model
from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.generation import GeneratedAudio, GenerationRequest

# the training clips come from seed 1
JUDGE_SEED, HELD_OUT_SEED = 2, 3
KINDS = ("held out", "round trip", "generated")


def rendered(seed: int, label: int, index: int) -> Array:
    """A clip [2, n] of the class, of a length that it was trained with."""
    rng = np.random.default_rng((seed, label, index))
    low, high = CLASSES[label].seconds
    audio, _ = render(CLASSES[label], rng, float(np.exp(rng.uniform(np.log(low), np.log(high)))))
    return audio


def round_trip(model: AudioPipeline, audio: Array) -> Array:
    """``audio`` [2, n] encoded and decoded."""
    ratio = model.autoencoder.downsampling_ratio
    count = audio.shape[1]
    canvas = np.pad(audio, ((0, 0), (0, -count % ratio))).astype(np.float32)
    with torch.inference_mode():
        latents = model.autoencoder.encode(torch.from_numpy(canvas)[None])
        return model.autoencoder.decode(latents)[0, :, :count].numpy()


def generated(
    model: AudioPipeline, item: SoundClass, seconds: float, seed: int, steps: int | None
) -> Array:
    """What the model makes of the label, [2, n]."""
    request = GenerationRequest(item.names[0], seconds=seconds, seed=seed, steps=steps)
    *_, last = model.generate(request)
    assert isinstance(last, GeneratedAudio)
    return last.audio


def fit_judge(clips: int) -> Judge:
    rows, labels = [], []
    for label in tqdm(range(len(CLASSES)), desc="judge"):
        for index in range(clips):
            rows.append(features(rendered(JUDGE_SEED, label, index)))
            labels.append(label)
    return Judge(np.stack(rows), np.array(labels))


def percent(hits: list[bool]) -> str:
    return f"{100 * np.mean(hits):.0f} %"


def medians(found: list[Measurements]) -> tuple[str, str, str]:
    return (
        f"{np.median([x.centroid for x in found]):,.0f}",
        f"{np.median([x.attack for x in found]):.2f}",
        f"{np.median([x.length for x in found]):.2f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument("--takes", type=int, default=4, help="sounds a class")
    parser.add_argument("--judge-clips", type=int, default=24, help="clips a class to fit it on")
    parser.add_argument("--steps", type=int, help="sampler steps; the model's default if left out")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    arguments = parser.parse_args()
    model = load_model(arguments.model, device="cpu")
    torch.set_num_threads(arguments.threads)
    judge = fit_judge(arguments.judge_clips)

    hits: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    near: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    figures: dict[str, dict[str, object]] = {}
    elapsed = made = 0.0
    print("| class | held out | round trip | generated | centroid Hz | attack s | 95 % energy s |")
    print("|---|---|---|---|---|---|---|")
    for label, item in enumerate(CLASSES):
        own: dict[str, list[bool]] = {kind: [] for kind in KINDS}
        facts: dict[str, list[Measurements]] = {kind: [] for kind in KINDS}
        taken_for: list[str] = []
        for index in range(arguments.takes):
            original = rendered(HELD_OUT_SEED, label, index)
            seconds = original.shape[1] / RATE
            before = time.perf_counter()
            made_now = generated(model, item, seconds, index, arguments.steps)
            elapsed += time.perf_counter() - before
            made += seconds
            sounds = dict(
                zip(KINDS, (original, round_trip(model, original), made_now), strict=True)
            )
            for kind, sound in sounds.items():
                ranking = judge.ranking(features(sound))
                own[kind].append(bool(ranking[0] == label))
                near[kind].append(label in ranking[:3])
                facts[kind].append(measure(sound))
                if kind == "generated":
                    taken_for.append(CLASSES[int(ranking[0])].names[0])
        for kind in KINDS:
            hits[kind] += own[kind]
        pairs = zip(medians(facts["held out"]), medians(facts["generated"]), strict=True)
        cells = [item.names[0], *(percent(own[kind]) for kind in KINDS)]
        print(f"| {' | '.join([*cells, *(f'{real} → {ours}' for real, ours in pairs)])} |")
        figures[item.names[0]] = {
            **{kind: float(np.mean(own[kind])) for kind in KINDS},
            "taken for": taken_for,
        }
    for kind in KINDS:
        print(f"{kind}: {percent(hits[kind])} first, {percent(near[kind])} among the first three")
    print(f"{made / elapsed:.1f} seconds of sound in a second, {arguments.threads} thread(s)")
    if arguments.json:
        summary = {kind: float(np.mean(hits[kind])) for kind in KINDS}
        content = {"summary": summary, "seconds per second": made / elapsed, "classes": figures}
        arguments.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
