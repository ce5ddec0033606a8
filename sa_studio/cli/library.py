"""``sa-studio library``: what was made."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sa_studio.cli.arguments import limit
from sa_studio.cli.clip_facts import clip_facts
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.output import show
from sa_studio.cli.studio import open_studio


def add_to(commands: Any) -> None:
    """Add the commands to the grammar."""
    library = commands.add_parser("library", help="what was made").add_subparsers(required=True)
    listing = library.add_parser("list", help="the newest takes")
    listing.add_argument("search", nargs="?", default="")
    listing.add_argument("--limit", type=limit, default=50)
    listing.set_defaults(command=run_list)
    showing = library.add_parser("show", help="everything about a take")
    showing.add_argument("clip_id")
    showing.set_defaults(command=run_show)
    for command in (listing, showing):
        command.add_argument("--json", action="store_true")


def run_list(arguments: argparse.Namespace) -> int:
    """The newest takes, one a line."""
    with open_studio(arguments) as studio:
        for clip in studio.clips(arguments.search, limit=arguments.limit):
            if arguments.json:
                print(json.dumps({**clip_facts(clip, clip.path), "state": clip.state}))
            else:
                print(f"{clip.id}  {clip.state:11}  {clip.request.prompt[:60]}")
    return DONE


def run_show(arguments: argparse.Namespace) -> int:
    """Everything about one take."""
    with open_studio(arguments) as studio:
        clip = studio.clip(arguments.clip_id)
    facts = {
        **clip_facts(clip, clip.path),
        "state": clip.state,
        "error": clip.error,
        "hint": clip.hint,
    }
    show(facts, as_json=arguments.json)
    return DONE
