"""What the judge says: classes, distances between sets, copies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sa_studio.evaluation.arrays import Array
from sa_studio.evaluation.frechet import axes_for, frechet_distance, principal_axes
from sa_studio.evaluation.held_out import RoundTrip
from sa_studio.evaluation.measured import Measured
from sa_studio.evaluation.memorisation import Memorisation
from sa_studio.evaluation.report import NO_SOUNDS, Row, percent

MIN_AGREEMENT = 0.7


def agreement_row(first: Sequence[bool], third: Sequence[bool], round_trip: float) -> Row:
    """Whether sounds are taken for what was asked for, against what the round trip reaches."""
    top, top3 = float(np.mean(first)), float(np.mean(third))
    ratio = top / round_trip if round_trip else 0.0
    return Row(
        "class agreement, generated / round trip",
        f"≥ {100 * MIN_AGREEMENT:g} %",
        f"{percent(ratio)} ({percent(top)} / {percent(round_trip)}; among the first three "
        f"{percent(top3)}; {len(first)} sounds)",
        ratio >= MIN_AGREEMENT,
        {"ratio": ratio, "first": top, "first_three": top3, "sounds": len(first)},
    )


def frechet_row(
    held_out: Sequence[Measured], trips: Sequence[RoundTrip], made: Sequence[Measured]
) -> Row:
    """Fréchet distances of three sets of the same size and classes from the other held-out clips.

    The sets: some held-out clips, the round trips of the very same, generated sounds. At most half
    of the held-out clips of a class are in them, the others are what is compared with.
    """
    name = "Fréchet distance to held-out clips"
    chosen: list[RoundTrip] = []
    generated: list[Array] = []
    for sound in {item.wanted.sound for item in held_out}:
        here = sum(item.wanted.sound == sound for item in held_out)
        returned = [trip for trip in trips if held_out[trip.index].wanted.sound == sound]
        sounds = [item.embedding for item in made if item.wanted.sound == sound]
        count = min(here // 2, len(returned), len(sounds))
        chosen += returned[:count]
        generated += sounds[:count]
    own = {trip.index for trip in chosen}
    others = [item.embedding for index, item in enumerate(held_out) if index not in own]
    if len(chosen) < 2 or len(others) < 2:
        return Row(name, "", NO_SOUNDS)
    target = np.stack(others)
    axes = principal_axes(target, axes_for(min(len(chosen), len(others))))
    sets = {
        "generated": generated,
        "round_trip": [trip.embedding for trip in chosen],
        "held_out": [held_out[trip.index].embedding for trip in chosen],
    }
    distances = {
        kind: frechet_distance(np.stack(rows), target, axes) for kind, rows in sets.items()
    }
    words = ", ".join(f"{kind.replace('_', ' ')} {value:.1f}" for kind, value in distances.items())
    remark = f"{len(chosen)} clips each, {axes.shape[1]} principal axes"
    figures = {**distances, "clips": len(chosen), "axes": axes.shape[1]}
    return Row(name, "", f"{words} ({remark})", None, figures)


def memorisation_row(found: Memorisation, sounds: int) -> Row:
    """Whether a generated sound is nearer to a training clip than those are to each other."""
    return Row(
        "memorisation: nearer than training clips' first percentile",
        "none",
        f"{found.nearer} of {sounds} (percentile {found.limit:.4f}; nearest generated "
        f"{found.pairs[0][0]:.4f}; medians: training {found.training[50]:.4f}, generated "
        f"{found.generated[50]:.4f})",
        found.nearer == 0,
        {
            "nearer": found.nearer,
            "limit": found.limit,
            "training": found.training,
            "generated": found.generated,
        },
    )
