"""``sa-studio bench``: hands over to one of the benchmarks."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from sa_studio.cli.arguments import UsageError

NAMES = ("ui", "model", "plans")


def add_to(commands: Any) -> None:
    """Add the command to the grammar; each benchmark has a grammar of its own."""
    bench = commands.add_parser("bench", help="measure, and print the figures", add_help=False)
    bench.add_argument("rest", nargs=argparse.REMAINDER)
    bench.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark that is named first."""
    if not arguments.rest or arguments.rest[0] not in NAMES:
        raise UsageError("Which benchmark?", f"Use one of: sa-studio bench {' | '.join(NAMES)}")
    name, *rest = arguments.rest
    main: Callable[[Sequence[str]], int] = import_module(f"sa_studio.bench.{name}").main
    return main(rest)
