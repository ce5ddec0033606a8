"""``sa-studio generate``: make sounds."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sa_studio.cli.arguments import UsageError, lora, number, whole
from sa_studio.cli.clip_printer import ClipPrinter
from sa_studio.cli.exit_status import BUG, DONE
from sa_studio.cli.studio import open_studio
from sa_studio.errors import StudioError
from sa_studio.generation import Clip, GenerationRequest


def add_to(commands: Any) -> None:
    """Add the command to the grammar."""
    generate = commands.add_parser("generate", help="make sounds", allow_abbrev=False)
    generate.add_argument("prompt", metavar="PROMPT")
    generate.add_argument("--negative", default="", metavar="TEXT", help="what to steer away from")
    generate.add_argument("--seconds", type=number, metavar="S")
    generate.add_argument("--seed", type=whole, metavar="N")
    generate.add_argument("--count", type=whole, default=1, metavar="N", help="how many takes")
    generate.add_argument("--steps", type=whole, metavar="N")
    generate.add_argument("--guidance", type=number, metavar="G")
    generate.add_argument(
        "--rescale", type=number, default=0.0, metavar="X", help="of the guidance, 0 to 1"
    )
    generate.add_argument("--sampler", metavar="NAME")
    generate.add_argument("--sigma-min", type=number, metavar="S", help="the last noise level")
    generate.add_argument("--sigma-max", type=number, metavar="S", help="the first noise level")
    generate.add_argument("--rho", type=number, metavar="R", help="how the levels are spread")
    generate.add_argument("--model", default="starter", metavar="ID|PATH")
    generate.add_argument(
        "--lora",
        type=lora,
        action="append",
        default=[],
        metavar="NAME|FILE[=STRENGTH]",
        help="attach a LoRA; may be given several times",
    )
    generate.add_argument("--init-audio", type=Path, metavar="FILE", help="a sound to start from")
    generate.add_argument("--init-noise", type=number, metavar="X", help="how much to replace")
    generate.add_argument("--device", default=None, metavar="D")
    generate.add_argument("--dtype", default=None, metavar="T")
    generate.add_argument(
        "--out", type=Path, metavar="FILE|DIR", help="copy the sounds there; never overwrites"
    )
    generate.add_argument("--json", action="store_true", help="one JSON object a line per sound")
    generate.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the takes that were asked for."""
    with open_studio(arguments) as studio:
        request = GenerationRequest(
            prompt=arguments.prompt,
            negative_prompt=arguments.negative,
            seconds=arguments.seconds,
            seed=arguments.seed,
            count=arguments.count,
            steps=arguments.steps,
            guidance_scale=arguments.guidance,
            guidance_rescale=arguments.rescale,
            sampler=arguments.sampler,
            sigma_min=arguments.sigma_min,
            sigma_max=arguments.sigma_max,
            rho=arguments.rho,
            model=arguments.model,
            init_audio=arguments.init_audio,
            init_noise_level=arguments.init_noise,
            loras=tuple(arguments.lora),
            device=arguments.device or studio.settings.device,
            dtype=arguments.dtype or studio.settings.dtype,
        )
        targets = _targets(arguments.out, request.count)
        with ClipPrinter(targets, as_json=arguments.json) as printer:
            studio.submit(request)
            studio.run_until_empty(printer)
    if printer.failure is None:
        if printer.copy_problem is not None:
            raise printer.copy_problem
        return DONE
    if printer.failure.details:  # the runner has logged them, which is to stderr here
        print(
            f"sa-studio: {printer.failure.message}; please report the lines above", file=sys.stderr
        )
        return BUG
    raise StudioError(printer.failure.message, printer.failure.hint)


def _targets(out: Path | None, count: int) -> Callable[[Clip], Path] | None:
    """Where each finished take is copied to; checked before anything is made."""
    if out is None:
        return None
    is_file = bool(out.suffix) and not os.path.isdir(out)  # noqa: PTH112 (never raises)
    if is_file and out.suffix.lower() != ".wav":
        raise UsageError(
            f"--out {str(out)!r} is neither a .wav file nor a folder that exists",
            "Sounds are written as WAV files.",
        )
    if is_file and os.path.lexists(out):
        raise UsageError(f"--out {str(out)!r} exists already", "Choose another name.")
    folder = out.parent if is_file else out
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # proves that it can be written, by whatever rules the file system has
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UsageError(
            f"The folder {str(folder)!r} cannot be written ({error.strerror or error})",
            "Choose another with --out.",
        ) from error

    def target(clip: Clip) -> Path:
        if not is_file:
            assert clip.path is not None
            return folder / clip.path.name
        return out if count == 1 else out.with_stem(f"{out.stem} {clip.take + 1:02}")

    return target
