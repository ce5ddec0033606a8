#!/usr/bin/env python3
"""Turn this checkout into what a sound designer installs, with nothing but Python 3.11+.

    python3 build_installer.py                  build for this system, into dist/
    python3 build_installer.py --plan           say what would be done, and do nothing
    python3 build_installer.py --clean-root     build, then install, use and remove the .deb in a
                                                new Debian (Linux, as root)

The application is frozen by PyInstaller as a folder, from a virtual environment of its own with
the packages that constraints.txt pins; licences are collected, the result makes a sound without a
window, is wrapped, weighed, hashed, and makes a sound again.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "resources" / "packaging"))

from installer import assets, clean_root, frozen, licences, linux, macos, smoke, windows
from installer.build import NOBODY, SYSTEMS, TORCHES, Build, Stop, this_system
from installer.steps import Step, print_plan, run_steps
from installer.tools import check_step

MINIMUM_PYTHON = (3, 11)
WRAPPERS = {"linux": linux, "windows": windows, "macos": macos}


def steps_of(build: Build, *, in_clean_root: bool = False) -> list[Step]:
    """Everything that is done for a build, in order."""
    wrapper = WRAPPERS[build.system]
    return [
        check_step(build, in_clean_root=in_clean_root),
        frozen.environment_step(build),
        frozen.freeze_step(build),
        licences.licences_step(build),
        *(macos.sign_steps(build) if build.system == "macos" else []),
        smoke.smoke_step(build),
        *wrapper.wrap_steps(build),
        *assets.publish_steps(build),
        *wrapper.test_steps(build),
        *(clean_root.try_out_steps(build) if in_clean_root else []),
    ]


def maintainer(text: str) -> str:
    """Whom a package names, as ``Name <address>``.

    Raises:
        argparse.ArgumentTypeError: it is anything else.
    """
    if re.fullmatch(r"[^<>\n]*[^<>\s] <[^<>@\s]+@[^<>@\s]+>", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form: Name <address>")
    return text


def maintainer_of(environment: Mapping[str, str]) -> str:
    """Whom the variables of Debian's own tools name."""
    name, address = environment.get("DEBFULLNAME"), environment.get("DEBEMAIL")
    return f"{name} <{address}>" if name and address else NOBODY


def grammar() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="build_installer.py", allow_abbrev=False)
    add = parser.add_argument
    add("--plan", action="store_true", help="print the steps and do nothing")
    add("--system", choices=SYSTEMS, default=this_system(), help="for --plan; else this one")
    add("--torch", choices=TORCHES, default="cpu", help="cuda is for NVIDIA cards")
    add("--output", type=Path, default=ROOT / "dist", metavar="DIR", help="where files go: dist/")
    add(
        "--maintainer",
        type=maintainer,
        default=maintainer_of(os.environ),
        metavar="NAME",
        help='of the .deb: "Name <address>"; else DEBFULLNAME and DEBEMAIL, else nobody',
    )
    add("--clean-root", action="store_true", help="try the .deb out in a new Debian, as root")
    add("--log", type=Path, metavar="FILE", help="write what is said into a file, too")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, or say what would be done; 0, or 2 with a line that says what stopped it."""
    if sys.version_info < MINIMUM_PYTHON:
        print("build_installer.py: Python 3.11 or newer is needed", file=sys.stderr)
        return 2
    parser = grammar()
    options = parser.parse_args(arguments)
    if options.torch == "cuda" and options.system == "macos":
        parser.error("there is no CUDA on macOS; its torch computes on Apple's graphics (MPS)")
    if options.clean_root and options.system != "linux":
        parser.error("--clean-root is for Linux")
    if options.system != this_system() and not options.plan:
        parser.error(f"a build for {options.system} is made there; here --plan shows its steps")
    build = Build(
        root=ROOT,
        system=options.system,
        torch=options.torch,
        work=ROOT / "build" / "installer" / f"{options.system}-{options.torch}",
        output=options.output.resolve(),
        maintainer=options.maintainer,
    )
    steps = steps_of(build, in_clean_root=options.clean_root)
    said: list[str] = []

    def say(text: str) -> None:
        print(text, flush=True)
        said.append(text)

    if options.plan:
        print_plan(build, steps, say)
        return 0
    try:
        say(f"{build.name}: {len(steps)} steps")
        run_steps(build, steps, say)
    except Stop as stop:
        print(f"build_installer.py: {stop}", file=sys.stderr)
        return 2
    finally:
        if options.log is not None:
            options.log.write_text("\n".join(said) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
