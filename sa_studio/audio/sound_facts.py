"""What a sound file says beside its samples."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sa_studio.audio.loudness import Loudness
from sa_studio.audio.plain_text import clean, one_line

HIGHEST_NOTE = 127  # of MIDI
MAX_TEMPO = 1_000


@dataclass(frozen=True, slots=True)
class Marker:
    """A named place in a sound; ``sample`` counts from 0, per channel."""

    sample: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """Everything that a delivered file says beside its samples; what is empty is not written.

    Attributes:
        title: a short name.
        description: what it sounds like: the prompt.
        designer: who made it.
        library: the collection that it is part of.
        project: the film, game or show that it is for.
        creator_id, source_id: of UCS names.
        cat_id, category, subcategory: of the UCS list.
        fx_name: of UCS names.
        keywords: for search.
        notes: whatever else is to be known.
        clip_id: of the take in the library.
        created: when it was generated.
        software: the application and its version.
        model: what generated it.
        copyright: who owns it.
        licence: of the model that generated it.
        loudness: of the samples as they are in the file.
        loop: the first and the last sample that are repeated, inclusive.
        markers: places, in order, such as the onset of a variation.
        tempo: beats per minute.
        root_note: the MIDI note at which it plays untransposed, 0 … 127.
        recipe: what makes it again (:func:`sa_studio.audio.metadata.recipe`).
    """

    title: str = ""
    description: str = ""
    designer: str = ""
    library: str = ""
    project: str = ""
    creator_id: str = ""
    source_id: str = ""
    cat_id: str = ""
    category: str = ""
    subcategory: str = ""
    fx_name: str = ""
    keywords: tuple[str, ...] = ()
    notes: str = ""
    clip_id: str = ""
    created: datetime | None = None
    software: str = ""
    model: str = ""
    copyright: str = ""
    licence: str = ""
    loudness: Loudness | None = None
    loop: tuple[int, int] | None = None
    markers: tuple[Marker, ...] = ()
    tempo: float | None = None
    root_note: int | None = None
    recipe: dict[str, Any] | None = field(default=None, hash=False)

    @property
    def is_generated(self) -> bool:
        """Whether a model made it; recordings of others are delivered too."""
        return bool(self.model or self.recipe)

    def cleaned(self) -> SoundFacts:
        """With texts that no program stumbles over; all but description and notes in one line."""
        lines: dict[str, Any] = {name: one_line(getattr(self, name)) for name in ONE_LINE}
        # keywords are written as one text, between commas
        words = (one_line(word.replace(",", " ").replace(";", " ")) for word in self.keywords)
        return replace(
            self,
            **lines,
            description=clean(self.description),
            notes=clean(self.notes),
            keywords=tuple(word for word in words if word),
            markers=tuple(Marker(mark.sample, one_line(mark.label)) for mark in self.markers),
        )

    def check(self, samples: int) -> None:
        """Raise ``ValueError`` unless places and numbers are possible in ``samples`` samples."""
        if self.loop is not None and not 0 <= self.loop[0] <= self.loop[1] < samples:
            raise ValueError(f"the loop {self.loop} is not within {samples} samples")
        for marker in self.markers:
            if not 0 <= marker.sample <= samples:
                raise ValueError(f"the marker {marker} is not within {samples} samples")
        if self.tempo is not None and not 0 < self.tempo <= MAX_TEMPO:
            raise ValueError(f"a tempo cannot be {self.tempo}")
        if self.root_note is not None and not 0 <= self.root_note <= HIGHEST_NOTE:
            raise ValueError(f"a MIDI note cannot be {self.root_note}")


NO_FACTS = SoundFacts()
"""Samples alone."""

ONE_LINE = (
    "title",
    "designer",
    "library",
    "project",
    "creator_id",
    "source_id",
    "cat_id",
    "category",
    "subcategory",
    "fx_name",
    "clip_id",
    "software",
    "model",
    "copyright",
    "licence",
)
"""The texts that never have line breaks."""
