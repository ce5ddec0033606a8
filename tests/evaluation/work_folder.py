"""The recipe's work folder, with three classes of two kinds of clips."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.evaluation.signals import RATE, drum_loop, hertz, noise, tone

CLIPS = 3


def content() -> dict[str, Any]:
    """What ``evaluation.json`` holds."""

    def item(label: str, *, sustained: bool, pitched: bool) -> dict[str, Any]:
        return {"label": label, "category": "Test", "sustained": sustained, "pitched": pitched}

    def prompt(label: str, asks: str, text: str, **facts: float) -> dict[str, Any]:
        own = {"prompt": text, "label": label, "seconds": 0.5, "asks": asks}
        return {**own, "note": None, "tempo": None, **facts}

    return {
        "classes": [
            item("steady noise", sustained=True, pitched=False),
            item("Test tone", sustained=False, pitched=True),
            item("beat", sustained=True, pitched=False),
        ],
        "prompts": [
            prompt("steady noise", "synonym", "a rush"),
            prompt("steady noise", "pair", "a bright rush"),
            prompt("Test tone", "synonym", "a beep"),
            prompt("Test tone", "note", "a beep in A4", note=69),
            prompt("beat", "synonym", "drumming"),
            prompt("beat", "tempo", "drumming, 120 bpm", tempo=120),
        ],
        "tones": [{"label": "beat", "bright": "bright beat", "dark": "dark beat", "seconds": 0.5}],
        "references": [
            {"label": "Test tone", "file": "01.flac", "note": 61, "tempo": None},
            {"label": "beat", "file": "00.flac", "note": None, "tempo": 120},
        ],
    }


def write_work(work: Path) -> Path:
    """Write it into ``work`` and return that."""
    folder = work / "evaluation"
    for kind, start in (("reference", 0), ("training", CLIPS)):
        for number in range(CLIPS):
            seed = start + number
            sounds = {
                "steady-noise": noise(0.6, seed),
                "test-tone": 0.5 * tone(hertz(60 + seed), 0.6, 4),
                "beat": drum_loop(120 + seed, 2.0),
            }
            for slug, audio in sounds.items():
                path = folder / kind / slug / f"{number:02}.flac"
                path.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(path, np.clip(audio, -1, 1).T, RATE, subtype="PCM_16")
    (folder / "evaluation.json").write_text(json.dumps(content()), encoding="utf-8")
    return work
