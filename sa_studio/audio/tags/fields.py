"""Facts as named texts: the fields of Vorbis comments, of ID3's TXXX and of iXML's USER."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from sa_studio.audio.metadata import SOFTWARE
from sa_studio.audio.sound_facts import SoundFacts

RECIPE = "SA_STUDIO_RECIPE"
MARKER = "MARKER"
TEXTS = {
    "title": "TITLE",
    "description": "DESCRIPTION",
    "designer": "DESIGNER",
    "library": "LIBRARY",
    "project": "PROJECT",
    "creator_id": "CREATORID",
    "source_id": "SOURCE",
    "cat_id": "CATID",
    "category": "CATEGORY",
    "subcategory": "SUBCATEGORY",
    "fx_name": "FXNAME",
    "notes": "NOTES",
    "clip_id": "CLIPID",
    "software": "SOFTWARE",
    "model": "MODEL",
    "copyright": "COPYRIGHT",
    "licence": "MODELLICENSE",
}
"""Fact: its field; UCS's names where it has one."""
LEVELS = {"lufs": "LOUDNESS", "true_peak_db": "TRUEPEAK", "peak_db": "PEAK"}


def fields_of(facts: SoundFacts) -> dict[str, str]:
    """Everything but the recipe, the markers and the loop; what is empty is left out.

    ``facts`` are cleaned.
    """
    fields = {field: getattr(facts, name) for name, field in TEXTS.items()}
    fields["KEYWORDS"] = ", ".join(facts.keywords)
    fields["CREATED"] = facts.created.isoformat(timespec="seconds") if facts.created else ""
    for name, field in LEVELS.items():
        level = getattr(facts.loudness, name, math.nan)
        fields[field] = f"{level:.2f}" if math.isfinite(level) else ""
    fields["TEMPO"] = "" if facts.tempo is None else f"{facts.tempo:.10g}"
    fields["ROOTNOTE"] = "" if facts.root_note is None else str(facts.root_note)
    fields["ISGENERATED"] = "true" if facts.is_generated else ""
    return {field: text for field, text in fields.items() if text}


def places_of(facts: SoundFacts) -> dict[str, str]:
    """Loop and markers, for formats that have no chunks for them. Samples count from 0."""
    fields = {}
    if facts.loop is not None:
        first, last = facts.loop
        # start and length are what game engines read; the last sample is part of the loop
        fields = {
            "LOOPSTART": str(first),
            "LOOPLENGTH": str(last - first + 1),
            "LOOPEND": str(last),
        }
    for number, marker in enumerate(facts.markers, start=1):
        fields[f"{MARKER}{number:03}"] = f"{marker.sample} {marker.label}".strip()
    return fields


def recipe_text(recipe: Mapping[str, Any]) -> str:
    """A recipe as JSON in ASCII, which goes through every format and every program."""
    return json.dumps(recipe, ensure_ascii=True)


def recipe_of(text: str | bytes) -> dict[str, Any] | None:
    """The recipe that a text is, or ``None`` if it is none of ours."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    made_here = isinstance(content, dict) and str(content.get("application")).startswith(SOFTWARE)
    return content if made_here else None


def facts_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The other way round: plain values under the names of :class:`SoundFacts`.

    Fields of other programs that happen to bear our names but no sense are passed over.
    """
    said: dict[str, Any] = {name: fields.get(field, "") for name, field in TEXTS.items()}
    said["created"] = fields.get("CREATED", "")
    said["keywords"] = [word for word in fields.get("KEYWORDS", "").split(", ") if word]
    levels = {name: _number(fields.get(field, "")) for name, field in LEVELS.items()}
    said["loudness"] = {name: level for name, level in levels.items() if level is not None}
    said["tempo"] = _number(fields.get("TEMPO", ""))
    note, first, last = (_number(fields.get(name, "")) for name in _PLACES)
    said["root_note"] = None if note is None else int(note)
    if first is not None and last is not None:
        said["loop"] = [int(first), int(last)]
    said["markers"] = [
        [int(found[1]), found[2]]
        for field in sorted(fields)
        if re.fullmatch(rf"{MARKER}\d{{3,9}}", field)
        and (found := re.fullmatch(r"(\d{1,15}) ?(.*)", fields[field], re.DOTALL))
    ]
    said["recipe"] = recipe_of(fields.get(RECIPE, ""))
    return {name: value for name, value in said.items() if value not in ("", [], {}, None)}


_PLACES = ("ROOTNOTE", "LOOPSTART", "LOOPEND")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
