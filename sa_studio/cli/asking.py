"""Questions to whoever sits at the terminal; a script is never asked."""

from __future__ import annotations

import contextlib
import getpass
import sys

from sa_studio.cli.arguments import UsageError

STDIN = "-"


def is_interactive() -> bool:
    """Whether somebody can read a question and answer it."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def agrees(question: str) -> bool:
    """Ask for yes or no; anything but yes is no."""
    # not input(question): that would write to stdout, where results alone belong
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def read_token(page: str = "") -> str:
    """An access token, typed without being shown, or read from what is piped in.

    Args:
        page: where tokens are made, for whoever has none yet.

    Raises:
        UsageError: there is none.
    """
    token = ""
    if is_interactive():
        place = f", made at {page}" if page else ""
        with contextlib.suppress(EOFError):  # Ctrl+D: nothing was typed
            token = getpass.getpass(f"Access token{place} (it is not shown): ", sys.stderr)
    elif sys.stdin:
        token = sys.stdin.readline()
    if not token.strip():
        raise UsageError("No access token was given", "Type it, or pipe it in with --token -.")
    return token.strip()
