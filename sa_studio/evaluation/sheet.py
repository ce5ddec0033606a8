"""What a model is asked for: ``evaluation.json`` and the clips beside it, as the recipe builds it.

The file holds three lists, ``classes``, ``prompts`` and ``tones``, and may hold a fourth,
``references``, which says what is true of held-out clips: ``{"label", "file", "note", "tempo"}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sa_studio.errors import StudioError

FILE = Path("evaluation") / "evaluation.json"
HINT = "Build the recipe's data first and give its work folder with --work."


@dataclass(frozen=True, slots=True)
class SoundClass:
    """A class that the model knows; ``folder`` is the name of its folders of clips."""

    label: str
    folder: str
    category: str
    sustained: bool
    pitched: bool


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that was never trained.

    Attributes:
        text: what is typed.
        sound: number of the class.
        seconds: the length asked for.
        asks: "synonym", "pair", "note" or "tempo": why it is here.
        note: the MIDI number that it names, if any.
        tempo: the beats a minute that it names, if any.
    """

    text: str
    sound: int
    seconds: float
    asks: str
    note: float | None = None
    tempo: float | None = None


@dataclass(frozen=True, slots=True)
class Tone:
    """A pair of prompts that differ in "bright" and "dark" alone."""

    sound: int
    bright: str
    dark: str
    seconds: float


@dataclass(frozen=True, slots=True)
class StoredClip:
    """A clip in a file, of the class number ``sound``, and what is known of it."""

    path: Path
    sound: int
    note: float | None = None
    tempo: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it."""

    classes: tuple[SoundClass, ...]
    prompts: tuple[Prompt, ...]
    tones: tuple[Tone, ...]
    reference: tuple[StoredClip, ...]
    training: tuple[StoredClip, ...]


def read_sheet(work: Path) -> Sheet:
    """The sheet and the clips in the recipe's work folder.

    Raises:
        StudioError: there is none, or it is damaged, or clips are missing.
    """
    path = work / FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StudioError(f"There is no {str(path)!r}", HINT) from error
    except (OSError, ValueError) as error:
        raise StudioError(f"{str(path)!r} cannot be read ({error})", HINT) from error
    try:
        sheet = _sheet(content, path.parent)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StudioError(f"{str(path)!r} is not as it should be ({error!r})", HINT) from error
    for name, clips in (("reference", sheet.reference), ("training", sheet.training)):
        if len(clips) < 2:
            raise StudioError(f"There are no {name} clips beside {str(path)!r}", HINT)
    if not sheet.prompts:
        raise StudioError(f"{str(path)!r} holds no prompts", HINT)
    return sheet


def _sheet(content: Mapping[str, Any], folder: Path) -> Sheet:
    classes = tuple(
        SoundClass(
            label=item["label"],
            folder=item.get("folder") or item["label"].lower().replace(" ", "-").replace("/", "-"),
            category=item["category"],
            sustained=bool(item["sustained"]),
            pitched=bool(item["pitched"]),
        )
        for item in content["classes"]
    )
    numbers = {item.label: number for number, item in enumerate(classes)}
    facts = {(numbers[item["label"]], item["file"]): item for item in content.get("references", [])}
    return Sheet(
        classes=classes,
        prompts=tuple(
            Prompt(
                item["prompt"],
                numbers[item["label"]],
                float(item["seconds"]),
                item["asks"],
                item["note"],
                item["tempo"],
            )
            for item in content["prompts"]
        ),
        tones=tuple(
            Tone(numbers[item["label"]], item["bright"], item["dark"], float(item["seconds"]))
            for item in content["tones"]
        ),
        reference=tuple(_clips(folder / "reference", classes, facts)),
        training=tuple(_clips(folder / "training", classes, {})),
    )


def _clips(
    folder: Path,
    classes: Sequence[SoundClass],
    facts: Mapping[tuple[int, str], Mapping[str, Any]],
) -> Iterator[StoredClip]:
    for number, item in enumerate(classes):
        for path in sorted((folder / item.folder).glob("*.flac")):
            known = facts.get((number, path.name), {})
            yield StoredClip(path, number, known.get("note"), known.get("tempo"))
