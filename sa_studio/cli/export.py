"""``sa-studio export``: files as a studio wants them."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.cli.arguments import number, whole
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.fitting import fitted
from sa_studio.cli.studio import open_studio
from sa_studio.vocabulary.delivery import (
    DeliveryProfile,
    Depth,
    FileFormat,
    LevelPolicy,
    Naming,
)

if TYPE_CHECKING:
    from sa_studio.service import Delivered, Studio


def add_to(commands: Any) -> None:
    """Add the command to the grammar."""
    export = commands.add_parser(
        "export", help="write takes, or any sound files, as a studio wants them", allow_abbrev=False
    )
    export.add_argument("sounds", nargs="+", metavar="CLIP_ID|FILE")
    export.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="made if need be; never overwrites"
    )
    export.add_argument(
        "--profile", metavar="NAME", help="instead of the chosen one; the rest changes it"
    )
    export.add_argument("--rate", type=whole, metavar="HZ", help="44100, 48000 or 96000")
    export.add_argument("--depth", choices=[depth.value for depth in Depth])
    export.add_argument("--format", choices=[kind.value for kind in FileFormat])
    export.add_argument(
        "--level",
        type=level,
        metavar="as-is|peak|lufs=-23|match",
        help="match: all of them share their loudness",
    )
    export.add_argument("--naming", choices=[naming.value for naming in Naming])
    export.add_argument(
        "--ascii",
        action=argparse.BooleanOptionalAction,
        help="names in ASCII, or in letters of all scripts",
    )
    export.add_argument("--catid", default="", metavar="ID", help="UCS category of all of them")
    export.add_argument(
        "--round-robin",
        action="store_true",
        help="variations of one sound: they begin alike, are equally loud, and are numbered",
    )
    export.add_argument("--json", action="store_true", help="one JSON object a line per file")
    export.set_defaults(command=run)


def level(text: str) -> tuple[LevelPolicy, float | None]:
    """A level policy, with its target if there is one: ``peak``, ``lufs=-23``."""
    policy, equals, target = text.partition("=")
    found = LevelPolicy(policy)
    if equals and found is not LevelPolicy.LUFS:
        raise ValueError
    return found, number(target) if equals else None


level.__name__ = "level (as-is, peak, lufs=-23 or match)"


def run(arguments: argparse.Namespace) -> int:
    """Deliver the sounds that are named; prints where each lies as soon as it does."""
    with open_studio(arguments) as studio:
        profile = _profile(studio, arguments)
        export = studio.export_round_robin if arguments.round_robin else studio.export_clips
        for delivered in export(arguments.sounds, arguments.out, profile, cat_id=arguments.catid):
            if arguments.json:
                print(json.dumps(_facts(delivered)), flush=True)
            else:
                print(delivered.path, flush=True)
    return DONE


def _profile(studio: Studio, arguments: argparse.Namespace) -> DeliveryProfile:
    """The profile that is named, or the chosen one, with what the options change about it.

    Raises:
        ProfileError: there is none of this name.
        RequestError: an option has a value that no profile or no such file can have.
    """
    named = arguments.profile
    profile = studio.profile if named is None else studio.find_profile(named)
    changes: dict[str, Any] = {}
    for option, field, kind in (
        ("rate", "sample_rate", int),
        ("depth", "depth", Depth),
        ("format", "format", FileFormat),
        ("naming", "naming", Naming),
        ("ascii", "ascii_names", bool),
    ):
        value = getattr(arguments, option)
        if value is not None:
            changes[field] = kind(value)
    if arguments.level is not None:
        changes["level"], target = arguments.level
        if target is not None:
            changes["target_lufs"] = target
    return fitted(replace(profile, **changes), changes)


def _facts(delivered: Delivered) -> dict[str, Any]:
    """A delivered file as scripts see it; the keys are part of the public surface."""
    sound, profile = delivered.sound, delivered.profile
    request, facts = sound.request, delivered.facts
    loudness = facts.loudness
    return {
        "clip_id": sound.clip_id or None,
        "source": str(sound.path.absolute()),
        "path": str(delivered.path.absolute()),
        "prompt": request.prompt if request else None,
        "seed": request.seed if request else None,
        "seconds": delivered.seconds,
        "sample_rate": delivered.sample_rate,
        "channels": delivered.channels,
        "format": profile.format,
        "depth": None if profile.format.is_lossy else profile.depth,
        "cat_id": facts.cat_id,
        "lufs": _finite(loudness.lufs) if loudness else None,
        "true_peak_db": _finite(loudness.true_peak_db) if loudness else None,
        "loop": facts.loop,
        "profile": profile.name,
    }


def _finite(value: float) -> float | None:
    """``value``; JSON has no infinity, which is what silence measures."""
    return round(value, 2) if math.isfinite(value) else None
