"""``models import``: make a model out of files that somebody has."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio
from sa_studio.cli.transfer_bar import TransferBar


def add_to(models: Any) -> None:
    """Add the command to the grammar."""
    importing = models.add_parser(
        "import",
        help="make a model out of files that you have",
        description="Takes a folder of stable-audio-tools or diffusers, a .safetensors file, or "
        "a checkpoint (.ckpt, .pt, .bin), a training run's too.",
    )
    importing.add_argument("path", type=Path, metavar="PATH")
    importing.add_argument("--name", metavar="N", help="what to call it")
    importing.add_argument(
        "--config", type=Path, metavar="FILE", help="its model_config.json, if it lies elsewhere"
    )
    importing.add_argument(
        "--autoencoder-from",
        metavar="ID|PATH",
        help="the model whose autoencoder it uses, if it comes without one",
    )
    importing.add_argument(
        "--in-place", action="store_true", help="use the files where they are; copy nothing"
    )
    importing.add_argument("--json", action="store_true", help="one JSON object: id, folder, notes")
    importing.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Import the model; prints its id."""
    with open_studio(arguments) as studio:
        with TransferBar() as bar:
            model_id = studio.shelf.import_model(
                arguments.path,
                name=arguments.name,
                config=arguments.config,
                autoencoder_from=arguments.autoencoder_from,
                in_place=arguments.in_place,
                report=bar.report,
                cancel=bar.cancel,
            )
        item = studio.shelf.describe(model_id)
    if arguments.json:
        facts = {"id": model_id, "folder": str(item.folder), "notes": list(item.notes)}
        print(json.dumps(facts))
        return DONE
    for note in item.notes:
        print(f"sa-studio: {note}", file=sys.stderr)
    print(model_id)
    return DONE
