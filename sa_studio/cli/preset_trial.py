"""``sa-studio presets try``: hear whether presets make what they promise."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.cli.arguments import UsageError, whole
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio
from sa_studio.errors import StudioError

if TYPE_CHECKING:
    from sa_studio.events import JobEvent
    from sa_studio.generation import Clip
    from sa_studio.service import Studio

SILENCE_DBFS = -60.0


def add_to(presets: Any) -> None:
    """Add the command to ``presets``."""
    try_ = presets.add_parser("try", help="make one take with each preset and say how loud it is")
    try_.add_argument("names", metavar="NAME", nargs="*", help="all built-in ones if none is given")
    try_.add_argument("--out", type=Path, required=True, metavar="DIR", help="put the sounds there")
    try_.add_argument("--seed", type=whole, default=1, metavar="N")
    try_.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Make one take with each preset; prints peak, seconds, time to make and name.

    Raises:
        StudioError: one of them is silent, or could not be made.
    """
    from sa_studio.cli.clip_printer import copy_sound

    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {str(arguments.out)!r} cannot be written ({error.strerror or error})",
            "Choose another with --out.",
        ) from error
    silent = []
    with open_studio(arguments) as studio:
        names = arguments.names or list(filter(studio.is_builtin_preset, studio.presets()))
        for name in names:
            clip = _make(studio, name, arguments.seed)
            peak = _peak_dbfs(studio, clip)
            if peak < SILENCE_DBFS:
                silent.append(name)
            assert clip.path is not None
            copy_sound(clip.path, arguments.out / f"{name}.wav")
            print(
                f"{peak:6.1f} dBFS  {clip.seconds:5.2f} s  made in {clip.elapsed_seconds:5.1f} s  "
                f"{name}: {clip.request.prompt}",
                flush=True,
            )
    if silent:
        raise StudioError(
            f"{len(silent)} of {len(names)} presets made no sound: {', '.join(silent)}",
            "Change their prompts, or try another --seed.",
        )
    return DONE


def _make(studio: Studio, name: str, seed: int) -> Clip:
    from sa_studio.events import ClipFinished, JobFailed
    from sa_studio.generation import GenerationRequest

    fields = {"prompt": "", **studio.load_preset(name), "seed": seed, "count": 1}
    fields["loras"] = tuple(map(tuple, fields.get("loras", ())))
    finished: list[Clip] = []
    failures: list[StudioError] = []

    def listen(event: JobEvent) -> None:
        match event:
            case ClipFinished(clip=clip):
                finished.append(clip)
            case JobFailed(message=message, hint=hint):
                failures.append(StudioError(f"The preset {name!r} failed: {message}", hint))

    studio.submit(GenerationRequest(**fields))
    studio.run_until_empty(listen)
    if failures:
        raise failures[0]
    return finished[0]


def _peak_dbfs(studio: Studio, clip: Clip) -> float:
    import numpy as np

    audio, _ = studio.read_audio(clip.id)
    peak = float(np.abs(audio).max(initial=0.0))
    return 20 * math.log10(peak) if peak > 0 else -math.inf
