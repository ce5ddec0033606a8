"""``sa-studio library``: what was made, and what is thought of it."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.cli import ledger, rendered
from sa_studio.cli.arguments import UsageError, limit, stars
from sa_studio.cli.clip_facts import clip_facts
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.output import show
from sa_studio.cli.studio import open_studio
from sa_studio.generation import Clip, ClipFilter, ClipSort, Verdict

if TYPE_CHECKING:
    from sa_studio.service import Studio

VERDICTS = {"keep": Verdict.KEEP, "reject": Verdict.REJECT, "none": Verdict.NONE}
ANY = "any"


def add_to(commands: Any) -> None:
    """Add the commands to the grammar."""
    library = commands.add_parser("library", help="what was made").add_subparsers(required=True)
    listing = library.add_parser("list", help="takes, the newest first; rejected ones are left out")
    listing.add_argument(
        "search",
        nargs="?",
        default="",
        help="words in the prompt, the tags, the notes or the category",
    )
    listing.add_argument("--search", dest="words", metavar="TEXT", default="", help="the same")
    listing.add_argument("--stars", type=stars, default=0, metavar="N", help="at least so many")
    listing.add_argument(
        "--verdict",
        choices=[*VERDICTS, ANY],
        help="only these; any: all, the rejected ones too",
    )
    for name, meaning in (
        ("tag", "only takes with this tag"),
        ("collection", "only takes in this collection"),
        ("model", "only takes that this model made"),
    ):
        listing.add_argument(f"--{name}", default="", metavar=name[0].upper(), help=meaning)
    listing.add_argument(
        "--catid", default="", metavar="ID", help="only takes whose UCS category begins so"
    )
    listing.add_argument("--sort", choices=list(ClipSort), default=ClipSort.NEWEST.value)
    listing.add_argument("--limit", type=limit, default=50)
    listing.set_defaults(command=run_list)
    showing = library.add_parser(
        "show", help="everything about a take, or how a delivered file was made"
    )
    showing.add_argument("clip_id", metavar="CLIP_ID|FILE")
    showing.set_defaults(command=run_show)
    for command in (listing, showing):
        command.add_argument("--json", action="store_true")
    _add_decisions_to(library)
    ledger.add_to(library)
    rendered.add_to(library)


def _add_decisions_to(library: Any) -> None:
    def add(name: str, meaning: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = library.add_parser(name, help=meaning)
        command.add_argument("clip_ids", nargs="+", metavar="ID")
        return command

    rating = add("rate", "give takes stars")
    rating.add_argument("--stars", type=stars, required=True, metavar="N", help="0 to 5")
    rating.set_defaults(command=run_rate)
    tagging = add("tag", "give tags to takes, or take them off")
    tagging.add_argument("--add", nargs="+", default=[], metavar="TAG")
    tagging.add_argument("--remove", nargs="+", default=[], metavar="TAG")
    tagging.set_defaults(command=run_tag)
    categorising = add("categorise", "put takes into a UCS category")
    categorising.add_argument(
        "--catid", required=True, metavar="ID", help='such as DOORWood; "" for none'
    )
    categorising.set_defaults(command=run_categorise)
    for verdict, meaning in (
        (Verdict.KEEP, "mark takes as good"),
        (Verdict.REJECT, "mark takes as useless: they are no longer listed; files stay"),
    ):
        add(verdict, meaning).set_defaults(command=run_judge, verdict=verdict)


def run_list(arguments: argparse.Namespace) -> int:
    """Takes that pass the filter, one a line."""
    chosen = ClipFilter(
        search=f"{arguments.search} {arguments.words}".strip(),
        min_stars=arguments.stars,
        verdict=VERDICTS.get(arguments.verdict),
        tag=arguments.tag,
        model=arguments.model,
        collection=arguments.collection,
        sort=ClipSort(arguments.sort),
        with_rejected=arguments.verdict == ANY,
        cat_id=arguments.catid,
    )
    with open_studio(arguments) as studio:
        for clip in studio.clips(chosen, limit=arguments.limit):
            if arguments.json:
                print(json.dumps(_facts(clip)))
            else:
                marks = f"{clip.stars or '-'}  {clip.verdict or '-':6}"
                print(f"{clip.id}  {clip.state:11}  {marks}  {clip.request.prompt[:60]}")
    return DONE


def run_show(arguments: argparse.Namespace) -> int:
    """Everything about one take, or about the recipe in a delivered file."""
    if os.path.isfile(arguments.clip_id):  # noqa: PTH113 (says False to impossible names)
        return ledger.show_file(arguments, Path(arguments.clip_id))
    with open_studio(arguments) as studio:
        clip = studio.clip(arguments.clip_id)
    facts = {**_facts(clip), "error": clip.error, "hint": clip.hint}
    show(facts, as_json=arguments.json)
    return DONE


def run_rate(arguments: argparse.Namespace) -> int:
    """Give takes stars."""
    with open_studio(arguments) as studio:
        studio.rate_clips(_known(studio, arguments.clip_ids), arguments.stars)
    return DONE


def run_tag(arguments: argparse.Namespace) -> int:
    """Give tags to takes, and take tags off them."""
    if not arguments.add and not arguments.remove:
        raise UsageError("No tag is named", "Use --add TAG or --remove TAG.")
    with open_studio(arguments) as studio:
        studio.tag_clips(_known(studio, arguments.clip_ids), arguments.add, arguments.remove)
    return DONE


def run_categorise(arguments: argparse.Namespace) -> int:
    """Put takes into a UCS category."""
    with open_studio(arguments) as studio:
        studio.categorise_clips(_known(studio, arguments.clip_ids), arguments.catid)
    return DONE


def run_judge(arguments: argparse.Namespace) -> int:
    """Keep or reject takes."""
    with open_studio(arguments) as studio:
        studio.judge_clips(_known(studio, arguments.clip_ids), arguments.verdict)
    return DONE


def _known(studio: Studio, clip_ids: list[str]) -> list[str]:
    """``clip_ids``; raises LibraryError for the first that is not in the library."""
    return [studio.clip(clip_id).id for clip_id in clip_ids]


def _facts(clip: Clip) -> dict[str, Any]:
    return {
        **clip_facts(clip, clip.path),
        "state": clip.state,
        "stars": clip.stars,
        "verdict": clip.verdict,
        "tags": clip.tags,
        "notes": clip.notes,
        "collections": clip.collections,
        "cat_id": clip.cat_id,
        "edit": clip.edit.as_dict(),
    }
