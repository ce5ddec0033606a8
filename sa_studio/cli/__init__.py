"""The command line: ``sa-studio``. Results go to stdout, progress and errors to stderr.

Exit status: 0 done; 2 something the user can mend, in one line; 1 our bug; 130 or 143 interrupted,
by Ctrl+C or by the system.

Each command is a module of its own: ``add_to`` adds it to the grammar, and what it needs is
imported when it runs, which keeps ``--version`` and ``--help`` quick.
"""

from __future__ import annotations

import argparse
import io
import logging
import sys
import traceback
from collections.abc import Callable, Sequence

from sa_studio import __version__
from sa_studio.cli import (
    batch,
    bench,
    doctor,
    evaluate,
    export,
    generate,
    library,
    loras,
    models,
    presets,
    profiles,
    smoke_test,
)
from sa_studio.cli.arguments import Parser
from sa_studio.cli.endings import Terminated, ends_in_order
from sa_studio.cli.exit_status import BUG, DONE, INTERRUPTED, USER_ERROR
from sa_studio.cli.output import fill_missing_streams, results_on_stdout, say
from sa_studio.errors import HubError, StudioError, TransferCancelled

__all__ = ["main", "parser"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (the process's own if ``None``); returns the exit status."""
    fill_missing_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a prompt may hold what a terminal's or a pipe's encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")
    with results_on_stdout() as results:
        status = _status(argv)
    if status == DONE and results.problem is not None:
        say(
            f"The output cannot be written ({results.problem.strerror or results.problem}). Send "
            "it to where there is room; sounds that were made are in the library all the same."
        )
        return USER_ERROR
    return status


def _status(argv: Sequence[str] | None) -> int:
    try:
        return _run(argv)
    except TransferCancelled as error:  # here it is always Ctrl+C that stops one
        say(error.one_line())
        return INTERRUPTED
    except StudioError as error:
        say(_in_one_line(error))
        return USER_ERROR
    except KeyboardInterrupt as error:
        say("interrupted")
        return error.status if isinstance(error, Terminated) else INTERRUPTED
    except Exception:  # noqa: BLE001 (our bug: say so, with everything a report needs)
        traceback.print_exc()
        say("this is a bug of SA Studio; please report the lines above")
        return BUG


def _in_one_line(error: StudioError) -> str:
    """What happened, what to do, and the page to open if that is not among it."""
    line = error.one_line()
    page = error.page if isinstance(error, HubError) else ""
    return line if page in line else f"{line} See {page}"


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit:  # --help and --version have said what they say
        return DONE
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    command: Callable[[argparse.Namespace], int] = arguments.command
    if command is _open_window_or_test and not arguments.smoke_test:
        return command(arguments)  # Qt would not come round to what a signal raises
    with ends_in_order():
        return command(arguments)


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = Parser(
        prog="sa-studio",
        description="Make sounds from words. Without a command the window opens.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"SA Studio {__version__}")
    top.set_defaults(data_dir=None)
    top.add_argument(
        "--smoke-test", action="store_true", help="make a short sound, check it, and say so"
    )
    top.set_defaults(command=_open_window_or_test)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    for command in (
        generate,
        export,
        batch,
        library,
        models,
        loras,
        presets,
        profiles,
        doctor,
        bench,
        evaluate,
    ):
        command.add_to(commands)
    return top


def _open_window_or_test(arguments: argparse.Namespace) -> int:
    if arguments.smoke_test:
        return smoke_test.run()
    from sa_studio import app

    return app.main([] if arguments.data_dir is None else ["--data-dir", arguments.data_dir])
