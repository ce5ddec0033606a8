"""Pack the trained starter into a model folder: shards of at most 16 MiB, manifest, tokenizer.

python models/starter/recipe/pack.py --work DIR --minilm DIR --out models/starter
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch
from captions import KINDS, is_held_out
from config import MODEL_CONFIG
from minilm_source import load_full
from render import MIXTURES, rendered
from safetensors.torch import save_file
from torch import Tensor

from sa_studio.engine.minilm import quantise
from sounds import CLASSES

SHARD_BYTES = 15 * 2**20
TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
)


# prompts that show what the model can do, those for a first look spread evenly over the list
EXAMPLES = (
    "deep 808 bass",
    "120 bpm techno loop",
    "heavy rain on a tin roof",
    "sci-fi door",
    "punchy kick drum",
    "wide stereo warm pad in A minor",
    "cinematic impact in a large hall",
    "bright riser",
    "distant thunder",
    "piano C4",
    "fast whoosh",
    "footsteps on gravel",
    "laser",
    "success sound",
    "90 bpm hip hop beat",
    "big explosion",
)


def knowledge(work: Path) -> dict[str, object]:
    """What the model says of itself: its classes, the words that it heeds, and examples."""
    words: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for item in CLASSES:
        for told in rendered(work, item.label)["words"]:
            for kind, word in told.items():
                words[kind][word] = None
    return {
        "example_prompts": list(EXAMPLES),
        "classes": [
            {"label": item.label, "category": item.category, "synonyms": list(item.synonyms)}
            for item in CLASSES
        ],
        "words": sorted({word for group in words.values() for word in group}),
    }


def class_table(work: Path) -> str:
    """Markdown: every class, how much of it was heard, and the words that it heeds."""
    lines = [
        "# What the starter was trained on",
        "",
        "Written by `recipe/pack.py`. Words that were held out of a class are left out; "
        "notes and tempi are not listed.",
        "",
        "| class | category | clips | minutes | words |",
        "|---|---|---|---|---|",
    ]
    total = 0.0
    for item in CLASSES:
        content = rendered(work, item.label)
        minutes = sum(content["seconds"]) / 60
        total += minutes
        words = sorted({word for told in content["words"] for word in told.values()})
        taught = [word for word in words if not is_held_out(item.label, word)]
        lines.append(
            f"| {item.label} | {item.category} | {len(content['seconds'])} | {minutes:.1f} "
            f"| {', '.join(taught)} |"
        )
    mixed = sum(rendered(work, MIXTURES)["seconds"]) / 60
    lines += [f"| mixtures of two | | | {mixed:.1f} | |", ""]
    lines.append(f"In all {(total + mixed) / 60:.1f} hours.")
    return "\n".join(lines) + "\n"


def native_weights(work: Path) -> dict[str, Tensor]:
    """The averaged weights under the names of a native checkpoint, float16."""
    code = torch.load(work / "dataset.pt", weights_only=True, mmap=True)["code"]
    average = torch.load(work / "training.pt", weights_only=True, map_location="cpu")["average"]
    # the code stays in float32: its scales span three decades
    weights = {f"pretransform.model.{name}": value for name, value in code.items()}
    for name, value in average.items():
        part, rest = name.split(".", 1)
        prefix = {"network": "model.model", "conditioner": "conditioner"}[part]
        weights[f"{prefix}.{rest}"] = value.to(torch.float16)
    return {name: value.contiguous() for name, value in weights.items() if "inv_freq" not in name}


def save_shards(weights: dict[str, Tensor], folder: Path, *, index: bool) -> None:
    for old in folder.glob("model*.safetensors*"):
        old.unlink()
    shards: list[dict[str, Tensor]] = [{}]
    size = 0
    for name in sorted(weights):
        count = weights[name].nbytes
        if shards[-1] and size + count > SHARD_BYTES:
            shards.append({})
            size = 0
        shards[-1][name] = weights[name]
        size += count
    if len(shards) == 1:
        save_file(shards[0], folder / "model.safetensors", metadata={"format": "pt"})
        return
    places = {}
    for number, shard in enumerate(shards, start=1):
        file = f"model-{number:05}-of-{len(shards):05}.safetensors"
        save_file(shard, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(shard, file)
    if index:
        total = sum(value.nbytes for value in weights.values())
        content = {"metadata": {"total_size": total}, "weight_map": places}
        text = json.dumps(content, indent=1, sort_keys=True)
        (folder / "model.safetensors.index.json").write_text(text + "\n")


def manifest(folder: Path) -> None:
    """Name, size and SHA-256 of every file of the model."""
    rows = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] != "recipe" and path.name != "MANIFEST.json":
            if path.suffix in (".md",) or "__pycache__" in relative.parts:
                continue
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            rows.append(
                {"file": relative.as_posix(), "bytes": path.stat().st_size, "sha256": digest}
            )
    (folder / "MANIFEST.json").write_text(json.dumps(rows, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minilm", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    out: Path = arguments.out
    (out / "text_encoder").mkdir(parents=True, exist_ok=True)
    (out / "tokenizer").mkdir(exist_ok=True)
    config = {
        **MODEL_CONFIG,
        "sa_studio": {**MODEL_CONFIG["sa_studio"], **knowledge(arguments.work)},
    }
    (out / "model_config.json").write_text(json.dumps(config, indent=1) + "\n")
    (out / "CLASSES.md").write_text(class_table(arguments.work))
    save_shards(native_weights(arguments.work), out, index=True)
    encoder = load_full(arguments.minilm, max_length=8).model
    save_shards(quantise(encoder.state_dict()), out / "text_encoder", index=False)
    shutil.copyfile(arguments.minilm / "config.json", out / "text_encoder" / "config.json")
    for name in TOKENIZER_FILES:
        shutil.copyfile(arguments.minilm / name, out / "tokenizer" / name)
    manifest(out)


if __name__ == "__main__":
    main()
