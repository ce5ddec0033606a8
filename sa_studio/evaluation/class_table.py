"""What was found class by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sa_studio.evaluation.measured import Measured
from sa_studio.evaluation.report import mean
from sa_studio.evaluation.sheet import SoundClass

NAMED = 2


def class_rows(
    classes: Sequence[SoundClass],
    held_out: Sequence[Measured],
    original_hits: Sequence[bool],
    trip_sounds: Sequence[int],
    trip_hits: Sequence[bool],
    made: Sequence[Measured],
    rankings: Sequence[Sequence[int]],
) -> list[dict[str, Any]]:
    """A row a class: agreements as shares, correlation between channels, what it is taken for."""
    rows = []
    for sound, item in enumerate(classes):
        own = [(one, ranks) for one, ranks in zip(made, rankings, strict=True)
               if one.wanted.sound == sound]  # fmt: skip
        real = [index for index, one in enumerate(held_out) if one.wanted.sound == sound]
        mistaken = Counter(classes[ranks[0]].label for _, ranks in own if ranks[0] != sound)
        rows.append(
            {
                "class": item.label,
                "category": item.category,
                "sounds": len(own),
                "originals": mean([original_hits[index] for index in real]),
                "round trip": mean(
                    [hit for hit, at in zip(trip_hits, trip_sounds, strict=True) if at == sound]
                ),
                "generated": mean([ranks[0] == sound for _, ranks in own]),
                "first three": mean([sound in ranks[:3] for _, ranks in own]),
                "duration": mean([one.is_as_long for one, _ in own]),
                "correlation": mean([one.correlation for one, _ in own]),
                "held-out correlation": mean([held_out[index].correlation for index in real]),
                "taken for": ", ".join(
                    f"{label} ({count})" for label, count in mistaken.most_common(NAMED)
                ),
            }
        )
    return rows
