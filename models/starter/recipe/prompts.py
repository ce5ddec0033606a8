"""Write what the evaluation asks for: prompts that were never trained, and what is true of clips.

    python models/starter/recipe/prompts.py --work DIR

reads DIR/clips and writes DIR/evaluation/evaluation.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from captions import is_held_out, note_name, phrase
from clips import LENGTHS, generator, slug
from render import REFERENCES, rendered

from sounds import CLASSES
from sounds.sound_class import SoundClass

PROMPT_SEED = 5
# no clip longer than this is asked for, so that hundreds can be made in minutes
LONGEST = 4.0
PITCHES, TEMPOS = 2, 4
TONES = ("bright", "dark")


def usual_length(item: SoundClass) -> float:
    """Seconds in the middle of what is useful, from the grid of lengths."""
    middle = min(float(np.sqrt(item.seconds[0] * item.seconds[1])), LONGEST)
    return round(min(LENGTHS, key=lambda length: abs(length - middle)), 2)


def prompts_of(item: SoundClass, content: dict) -> list[dict]:
    """Everything that is asked about one class."""
    rng = generator(PROMPT_SEED, item.label, 0)
    seconds = usual_length(item)

    def ask(prompt: str, asks: str, note: int | None = None, tempo: int | None = None) -> dict:
        return {
            "prompt": prompt,
            "label": item.label,
            "seconds": seconds,
            "asks": asks,
            "note": note,
            "tempo": tempo,
        }

    asked = [ask(name, "synonym") for name in item.held_out]
    kinds = {(kind, word) for words in content["words"] for kind, word in words.items()}
    asked += [
        ask(phrase(item.label, {kind: word}), "pair")
        for kind, word in sorted(kinds)
        if is_held_out(item.label, word)
    ]
    notes = sorted({round(note) for note in content["notes"] if note is not None})
    if item.pitched and notes:
        for name in item.held_out[:PITCHES]:
            note = int(rng.choice(notes))
            asked.append(ask(phrase(name, {"note": note_name(note)}), "note", note=note))
    tempos = sorted({round(tempo) for tempo in content["tempos"] if tempo is not None})
    if item.category == "Loops":
        for number in range(TEMPOS):
            tempo = int(rng.choice(tempos))
            name = item.held_out[number % len(item.held_out)]
            asked.append(ask(phrase(name, {"tempo": f"{tempo} bpm"}), "tempo", tempo=tempo))
    return asked


def tones_of(item: SoundClass, content: dict) -> list[dict]:
    """A pair of prompts that differ in brightness, if the class was taught both words."""
    taught = {words.get("tone") for words in content["words"]}
    if not taught.issuperset(TONES) or any(is_held_out(item.label, tone) for tone in TONES):
        return []
    prompts = {tone: phrase(item.held_out[1], {"tone": tone}) for tone in TONES}
    return [{"label": item.label, "seconds": usual_length(item), **prompts}]


def references_of(item: SoundClass, content: dict) -> list[dict]:
    rows = zip(content["reference_notes"], content["reference_tempos"], strict=True)
    return [
        {"label": item.label, "file": f"{number:02}.flac", "note": note, "tempo": tempo}
        for number, (note, tempo) in enumerate(rows)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    work: Path = parser.parse_args().work
    classes, prompts, tones, references = [], [], [], []
    for item in CLASSES:
        content = rendered(work, item.label)
        classes.append(
            {
                "label": item.label,
                "category": item.category,
                "sustained": item.sustained,
                "pitched": item.pitched,
                "folder": slug(item.label),
            }
        )
        prompts += prompts_of(item, content)
        tones += tones_of(item, content)
        references += references_of(item, content)
    sheet = {"classes": classes, "prompts": prompts, "tones": tones, "references": references}
    target = work / "evaluation" / "evaluation.json"
    target.write_text(json.dumps(sheet, indent=1) + "\n", encoding="utf-8")
    print(f"{len(classes)} classes, {len(prompts)} prompts, {len(tones)} pairs of tones")
    assert len(references) == REFERENCES * len(CLASSES)


if __name__ == "__main__":
    main()
