"""``sa-studio profiles``: what delivered files are like."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sa_studio.cli.arguments import UsageError, number, whole
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.fitting import fitted
from sa_studio.cli.output import show
from sa_studio.cli.studio import open_studio
from sa_studio.vocabulary.delivery import (
    FOLDER_FIELDS,
    DeliveryProfile,
    Depth,
    FileFormat,
    LevelPolicy,
    Naming,
)

if TYPE_CHECKING:
    from sa_studio.service import Studio


def add_to(commands: Any) -> None:
    """Add the commands to the grammar."""
    profiles = commands.add_parser("profiles", help="what delivered files are like")
    profiles = profiles.add_subparsers(required=True)
    listing = profiles.add_parser("list", help="all profiles; * is the chosen one")
    listing.set_defaults(command=run_list)
    showing = profiles.add_parser("show", help="everything about a profile")
    showing.add_argument("name", nargs="?", help="the chosen one, if it is left out")
    showing.set_defaults(command=run_show)
    for command in (listing, showing):
        command.add_argument("--json", action="store_true")
    using = profiles.add_parser("use", help="let what is dragged out and exported be like it")
    using.set_defaults(command=run_use)
    deleting = profiles.add_parser("delete", help="delete one of your own")
    deleting.set_defaults(command=run_delete)
    for command in (using, deleting):
        command.add_argument("name")
    _add_save_to(profiles)


def _add_save_to(profiles: Any) -> None:
    save = profiles.add_parser(
        "save",
        help="make a profile, or change one of your own",
        description="What is not given stays as it is in the profile of this name.",
    )
    save.add_argument("name")
    save.add_argument("--from", dest="origin", metavar="NAME", help="or as it is in this one")
    for option, field, values in (
        ("format", "format", FileFormat),
        ("depth", "depth", Depth),
        ("level", "level", LevelPolicy),
        ("naming", "naming", Naming),
    ):
        save.add_argument(f"--{option}", dest=field, choices=[value.value for value in values])
    save.add_argument("--rate", dest="sample_rate", type=whole, metavar="HZ")
    for option, field, unit, meaning in (
        ("lufs", "target_lufs", "LUFS", "the loudness, with --level lufs"),
        ("ceiling", "ceiling_db", "DBTP", "what no true peak exceeds"),
        ("trim-at", "trim_db", "DB", "below the peak: where the end is cut"),
        ("tail", "tail_seconds", "S", "what is left of the end at least"),
    ):
        save.add_argument(f"--{option}", dest=field, type=number, metavar=unit, help=meaning)
    for option, field, meaning in (
        ("trim", "trim_silence", "cut the silence at the end"),
        ("recipe", "embeds_recipe", "let files tell how they were made"),
        ("ascii", "ascii_names", "names in ASCII, or in letters of all scripts"),
    ):
        save.add_argument(
            f"--{option}", dest=field, action=argparse.BooleanOptionalAction, help=meaning
        )
    save.add_argument(
        "--folders",
        dest="folder_template",
        metavar="TEMPLATE",
        help=f"of {', '.join(f'{{{name}}}' for name in FOLDER_FIELDS)}, with / between folders",
    )
    for option, field in (
        ("designer", "designer"),
        ("library", "library"),
        ("creator", "creator_id"),
        ("source", "source_id"),
        ("project", "project"),
        ("copyright", "copyright"),
    ):
        save.add_argument(f"--{option}", dest=field, metavar="TEXT")
    save.set_defaults(command=run_save)


def run_list(arguments: argparse.Namespace) -> int:
    """The names of all profiles, the built-in ones first."""
    with open_studio(arguments) as studio:
        profiles, chosen = studio.profiles(), studio.profile
        for profile in profiles:
            if arguments.json:
                print(json.dumps(_facts(studio, profile)))
            else:
                print(f"{'*' if profile == chosen else ' '} {profile.name}")
    return DONE


def run_show(arguments: argparse.Namespace) -> int:
    """Everything about one profile."""
    with open_studio(arguments) as studio:
        profile = studio.find_profile(arguments.name) if arguments.name else studio.profile
        show(_facts(studio, profile), as_json=arguments.json)
    return DONE


def run_use(arguments: argparse.Namespace) -> int:
    """Choose a profile."""
    with open_studio(arguments) as studio:
        studio.choose_profile(arguments.name)
    return DONE


def run_delete(arguments: argparse.Namespace) -> int:
    """Delete one of the user's own profiles."""
    with open_studio(arguments) as studio:
        studio.delete_profile(arguments.name)
    return DONE


def run_save(arguments: argparse.Namespace) -> int:
    """Make a profile, or change one of the user's own."""
    names = {item.name for item in fields(DeliveryProfile)} - {"name"}
    given = {name: value for name, value in vars(arguments).items() if name in names}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes and arguments.origin is None:
        raise UsageError("Nothing is said of the profile", "Add --rate, --depth, --naming, …")
    with open_studio(arguments) as studio:
        base = DeliveryProfile()
        if arguments.origin is not None:
            base = studio.find_profile(arguments.origin)
        else:
            existing = {one.name.casefold(): one for one in studio.profiles()}
            base = existing.get(" ".join(arguments.name.split()).casefold(), base)
        content = {**base.as_dict(), **changes}
        profile = fitted(DeliveryProfile.from_dict(content), changes)
        studio.save_profile(replace(profile, name=arguments.name))
    return DONE


def _facts(studio: Studio, profile: DeliveryProfile) -> dict[str, Any]:
    """A profile as scripts see it; the keys are part of the public surface."""
    return {
        **profile.as_dict(),
        "built_in": studio.is_builtin_profile(profile.name),
        "chosen": profile == studio.profile,
    }
