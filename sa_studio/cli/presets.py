"""``sa-studio presets``: saved settings."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sa_studio.cli.arguments import UsageError, number, whole
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio

FIELDS = ("prompt", "negative_prompt", "seconds", "steps", "guidance_scale", "sampler", "model")


def add_to(commands: Any) -> None:
    """Add the commands to the grammar."""
    presets = commands.add_parser("presets", help="saved settings").add_subparsers(required=True)
    presets.add_parser("list").set_defaults(command=run_list)
    for name, command in (("show", run_show), ("delete", run_delete)):
        sub = presets.add_parser(name)
        sub.add_argument("name")
        sub.set_defaults(command=command)
    save = presets.add_parser("save")
    save.add_argument("name")
    save.add_argument("--prompt")
    save.add_argument("--negative", dest="negative_prompt")
    save.add_argument("--seconds", type=number)
    save.add_argument("--steps", type=whole)
    save.add_argument("--guidance", dest="guidance_scale", type=number)
    save.add_argument("--sampler")
    save.add_argument("--model")
    save.add_argument("--overwrite", action="store_true")
    save.set_defaults(command=run_save)


def run_list(arguments: argparse.Namespace) -> int:
    """The names of all presets."""
    with open_studio(arguments) as studio:
        print("\n".join(studio.presets()))
    return DONE


def run_show(arguments: argparse.Namespace) -> int:
    """What a preset sets."""
    with open_studio(arguments) as studio:
        print(json.dumps(studio.load_preset(arguments.name), indent=2, ensure_ascii=False))
    return DONE


def run_save(arguments: argparse.Namespace) -> int:
    """Save the settings that are given."""
    values = {name: getattr(arguments, name) for name in FIELDS}
    values = {name: value for name, value in values.items() if value is not None}
    if not values:
        raise UsageError("A preset needs at least one setting", "Add --prompt, --seconds, …")
    with open_studio(arguments) as studio:
        studio.save_preset(arguments.name, values, overwrite=arguments.overwrite)
    return DONE


def run_delete(arguments: argparse.Namespace) -> int:
    """Delete one of the user's presets."""
    with open_studio(arguments) as studio:
        studio.delete_preset(arguments.name)
    return DONE
