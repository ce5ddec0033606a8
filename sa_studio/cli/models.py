"""``sa-studio models``: what is installed."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from sa_studio.cli.exit_status import DONE
from sa_studio.cli.output import show
from sa_studio.cli.studio import open_studio
from sa_studio.generation import ModelInfo


def add_to(commands: Any) -> None:
    """Add the commands to the grammar."""
    models = commands.add_parser("models", help="what is installed").add_subparsers(required=True)
    listing = models.add_parser("list")
    listing.set_defaults(command=run_list)
    info = models.add_parser("info")
    info.add_argument("model", metavar="ID|PATH")
    info.set_defaults(command=run_info)
    for command in (listing, info):
        command.add_argument("--json", action="store_true")


def run_list(arguments: argparse.Namespace) -> int:
    """Every installed model that can be used."""
    with open_studio(arguments) as studio:
        for info in studio.models():
            if arguments.json:
                print(json.dumps(_facts(info)))
            else:
                print(f"{info.id}  {info.title}, up to {info.max_seconds:.1f} s")
    return DONE


def run_info(arguments: argparse.Namespace) -> int:
    """Everything about one model."""
    with open_studio(arguments) as studio:
        show(_facts(studio.model(arguments.model)), as_json=arguments.json)
    return DONE


def _facts(info: ModelInfo) -> dict[str, Any]:
    return {**asdict(info), "path": str(info.path)}
