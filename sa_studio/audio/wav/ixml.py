"""The chunk ``iXML`` (version 3.01), with UCS's ``USER`` fields and Sony's ``ASWG`` (version 1.1).

``ASWG`` holds no tag that its schema does not have, in the order of the schema:
https://github.com/Sony-ASWG/iXML-Extension
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from xml.parsers import expat

from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.audio.tags.fields import TEXTS, fields_of
from sa_studio.audio.wav.riff import chunk

VERSION = "3.01"
ASWG_VERSION = "1.1"
# what iXML's dictionary of functions calls the channels of a mix
TRACKS = {1: (("Mono", "MIX"),), 2: (("Left", "L-MIX"), ("Right", "R-MIX"))}
CHANNELS = {1: "Mono", 2: "Stereo"}
# our field: the name that UCS tools give it in USER
USER_NAMES = {TEXTS["title"]: "TRACKTITLE"}


def ixml(facts: SoundFacts, channels: int) -> bytes:
    """The chunk, in UTF-8.

    Args:
        facts: cleaned.
        channels: 1 or 2.
    """
    tracks = TRACKS[channels]
    listed = "".join(
        "<TRACK>"
        + _elements({"CHANNEL_INDEX": str(place), "INTERLEAVE_INDEX": str(place)})
        + _elements({"NAME": name, "FUNCTION": function})
        + "</TRACK>"
        for place, (name, function) in enumerate(tracks, start=1)
    )
    user = {USER_NAMES.get(name, name): text for name, text in fields_of(facts).items()}
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML>'
        + _elements({"IXML_VERSION": VERSION, "PROJECT": facts.project})
        + _elements({"NOTE": facts.notes or facts.description, "FILE_UID": facts.clip_id})
        + f"<TRACK_LIST><TRACK_COUNT>{len(tracks)}</TRACK_COUNT>{listed}</TRACK_LIST>"
        + f"<USER>{_elements(user)}</USER>"
        + f"<ASWG>{_elements(_aswg(facts, channels))}</ASWG></BWFXML>\n"
    )
    return chunk(b"iXML", text.encode())


def read_ixml(content: bytes) -> dict[str, str]:
    """Texts by their path, as ``USER/CATID``; empty if it is no XML or declares entities."""
    reader = _Texts()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(content.rstrip(b"\0"), True)
    except (expat.ExpatError, ValueError):
        return {}
    return reader.found


def user_fields(texts: Mapping[str, str]) -> dict[str, str]:
    """Our fields among the texts that :func:`read_ixml` found."""
    ours = {theirs: ours for ours, theirs in USER_NAMES.items()}
    names = (path.removeprefix("USER/") for path in texts if path.startswith("USER/"))
    return {ours.get(name, name): texts[f"USER/{name}"] for name in names}


def _aswg(facts: SoundFacts, channels: int) -> dict[str, str]:
    loudness = facts.loudness
    generated = "true" if facts.is_generated else ""
    lufs, peak = (loudness.lufs, loudness.peak_db) if loudness else (math.nan, math.nan)
    return {
        "contentType": "sfx",
        "project": facts.project,
        "originator": facts.designer,
        "notes": facts.notes,
        # of a recording that is passed on, nobody here knows
        "isGenerated": generated,
        "originationDate": f"{facts.created:%Y-%m-%d}" if facts.created else "",
        "channelConfig": CHANNELS[channels],
        "isDesigned": generated,  # and not a raw recording
        "category": _ucs(facts.category),
        "subCategory": _ucs(facts.subcategory),
        "catId": _ucs(facts.cat_id),
        "fxName": _ucs(facts.fx_name),
        "library": facts.library,
        "creatorId": _ucs(facts.creator_id),
        "sourceId": facts.source_id,
        "loudness": f"{lufs:.2f}" if math.isfinite(lufs) else "",
        "maxPeak": f"{peak:.2f}" if math.isfinite(peak) else "",
        "isLoop": "false" if facts.loop is None else "true",
        "tempo": "" if facts.tempo is None else str(round(facts.tempo)),  # digits alone
        "schemaVersion": ASWG_VERSION,
    }


def _ucs(text: str) -> str:
    """Without what separates the blocks of UCS names, which the schema forbids within them."""
    return " ".join(re.sub("[_-]", " ", text).split())


def _elements(texts: Mapping[str, str]) -> str:
    """Elements, one a line; what is empty is left out, as iXML's guidelines want it."""
    return "".join(
        f"\n<{name}>{html.escape(text, quote=False)}</{name}>"
        for name, text in texts.items()
        if text
    )


class _Texts:
    """Collects the first text of every path below the root."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 (expat's)
        self._path.append(name)
        self._text = []

    def end(self, name: str) -> None:  # noqa: ARG002
        if self._text:
            self.found.setdefault("/".join(self._path[1:]), "".join(self._text))
        self._path.pop()
        self._text = []

    def text(self, text: str) -> None:
        self._text.append(text)

    def refuse(self, *declaration: object) -> None:  # noqa: ARG002
        raise ValueError("no iXML has a document type: entities could grow without end")
