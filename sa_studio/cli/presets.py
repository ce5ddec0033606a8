"""``sa-studio presets``: saved settings."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sa_studio.cli import preset_trial
from sa_studio.cli.arguments import UsageError, number, whole
from sa_studio.cli.exit_status import DONE
from sa_studio.cli.studio import open_studio
from sa_studio.errors import StudioError

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
    rename = presets.add_parser("rename", help="give one of your presets another name")
    rename.add_argument("name")
    rename.add_argument("new_name")
    rename.set_defaults(command=run_rename)
    import_ = presets.add_parser("import", help="take over presets from files")
    import_.add_argument("files", metavar="FILE", type=Path, nargs="+")
    import_.add_argument(
        "--taken",
        choices=("replace", "keep-both", "skip"),
        help="what to do where there is a preset of that name; without it, it is refused",
    )
    import_.set_defaults(command=run_import)
    export = presets.add_parser("export", help="write presets to files that others can import")
    export.add_argument("names", metavar="NAME", nargs="+")
    export.add_argument("--out", type=Path, required=True, metavar="FILE|DIR")
    export.add_argument("--overwrite", action="store_true")
    export.set_defaults(command=run_export)
    preset_trial.add_to(presets)


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


def run_rename(arguments: argparse.Namespace) -> int:
    """Rename one of the user's presets."""
    with open_studio(arguments) as studio:
        studio.rename_preset(arguments.name, arguments.new_name)
    return DONE


def run_import(arguments: argparse.Namespace) -> int:
    """Take over presets; prints the names that they have here.

    A file that cannot be taken over does not hold up the others; the first is the error.
    """
    from sa_studio.service import Taken

    when_taken = None if arguments.taken is None else Taken(arguments.taken)
    problem: StudioError | None = None
    with open_studio(arguments) as studio:
        for path in arguments.files:
            try:
                name = studio.import_preset(path, when_taken=when_taken)
            except StudioError as error:
                problem = problem or error
            else:
                if name is not None:
                    print(name)
    if problem is not None:
        raise problem
    return DONE


def run_export(arguments: argparse.Namespace) -> int:
    """Write presets to files; prints their paths."""
    out: Path = arguments.out
    is_file = out.suffix.lower() == ".json" and not out.is_dir()
    if is_file and len(arguments.names) > 1:
        raise UsageError(f"{len(arguments.names)} presets do not fit into one file", "Use a folder")
    with open_studio(arguments) as studio:
        for name in arguments.names:
            path = out if is_file else out / f"{name}.json"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UsageError(
                    f"The folder {str(path.parent)!r} cannot be written "
                    f"({error.strerror or error})",
                    "Choose another with --out.",
                ) from error
            studio.export_preset(name, path, overwrite=arguments.overwrite)
            print(path)
    return DONE
