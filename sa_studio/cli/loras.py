"""``sa-studio loras``: small additions to models, named by ``generate --lora``."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sa_studio.amounts import bytes_text
from sa_studio.cli.arguments import UsageError
from sa_studio.cli.asking import agrees, is_interactive
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio


def add_to(commands: Any) -> None:
    """Add the commands to the grammar."""
    loras = commands.add_parser("loras", help="LoRAs: small additions to models").add_subparsers(
        required=True, title="commands", metavar="COMMAND"
    )
    listed = loras.add_parser("list", help="what is installed")
    listed.add_argument("--json", action="store_true", help="one JSON object a line per LoRA")
    listed.set_defaults(command=run_list)
    importing = loras.add_parser("import", help="keep a LoRA, so that it can be named")
    importing.add_argument("path", type=Path, metavar="PATH")
    importing.add_argument("--name", metavar="N", help="what to call it")
    importing.set_defaults(command=run_import)
    remove = loras.add_parser("remove", help="delete a LoRA")
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="do not ask")
    remove.set_defaults(command=run_remove)


def run_list(arguments: argparse.Namespace) -> int:
    """Every LoRA that is here."""
    with open_studio(arguments) as studio:
        for lora in studio.shelf.loras():
            if arguments.json:
                print(json.dumps({**asdict(lora), "path": str(lora.path)}))
                continue
            words = [bytes_text(lora.bytes)]
            if lora.style:
                words.append(f"{lora.style}, rank {lora.rank}, changes {_layers(lora.layers)}")
            if lora.source:
                words.append(f"from {lora.source}")
            print(f"{lora.name}  {', '.join(words)}")
    return DONE


def _layers(count: int | None) -> str:
    return "1 layer" if count == 1 else f"{count} layers"


def run_import(arguments: argparse.Namespace) -> int:
    """Keep a LoRA; prints its name."""
    with open_studio(arguments) as studio:
        print(studio.shelf.import_lora(arguments.path, name=arguments.name))
    return DONE


def run_remove(arguments: argparse.Namespace) -> int:
    """Delete a LoRA.

    Raises:
        UsageError: nobody can be asked whether it is meant.
        LoraError: there is none of this name.
    """
    with open_studio(arguments) as studio:
        known = any(lora.name == arguments.name for lora in studio.shelf.loras())
        if known and not arguments.yes:
            if not is_interactive():
                raise UsageError(
                    f"This would delete the LoRA {arguments.name}", "Give --yes if that is meant."
                )
            if not agrees(f"Delete the LoRA {arguments.name}?"):
                return DONE
        studio.shelf.remove_lora(arguments.name)
    return DONE
