"""What the tests do with each command of the documents, and why not more.

The first row that fits counts. A command without a row is run as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from tests.docs.documents import Command


class How(Enum):
    """From the most that can be done to the least."""

    RUN = auto()
    """In a sandbox with the starter, as it stands."""
    SMALLER = auto()
    """The same with ``more`` behind it, which makes it do less."""
    HUB = auto()
    """With ``more`` behind it, in a sandbox with a hub of the tests' own that has tiny models."""
    PARSED = auto()
    """Held against the program's grammar: every word and option must be known to it."""
    SYNTAX = auto()
    """Held against the shell's grammar: it changes the system, or is another program's."""


@dataclass(frozen=True, slots=True)
class Row:
    """How the commands that fit ``pattern`` from their beginning are tried."""

    pattern: str
    how: How
    reason: str
    more: str = ""


ROWS = (
    # the window
    Row(r"sa-studio$", How.PARSED, "opens the window: tests/ui/test_story.py"),
    Row(r"QT_QPA_PLATFORM=xcb sa-studio$", How.PARSED, "the same, on an X11 screen"),
    # made elsewhere, or for minutes
    Row(r"sa-studio batch -", How.PARSED, "cells from the standard input: tests/cli/test_batch.py"),
    Row(r"sa-studio batch docs/", How.SMALLER, "13 sounds: tests/cli/test_batch.py", "--dry-run"),
    Row(r"sa-studio bench ui", How.PARSED, "a window and a minute of measuring: tests/bench"),
    Row(r"sa-studio bench model", How.PARSED, "up to 5 GB and minutes: tests/bench"),
    Row(r"sa-studio bench plans", How.PARSED, "counting, for long: tests/bench/test_plans.py"),
    # the hub
    Row(r"sa-studio models login", How.HUB, "the token is typed", "--token -"),
    Row(r"sa-studio models download", How.HUB, "the licence is asked for", "--accept-licence"),
    Row(r"sa-studio doctor --online", How.HUB, "asks the hub"),
    Row(r"sa-studio generate .*--model stable-audio", How.HUB, "a model from the hub"),
    Row(r"sa-studio loras import", How.HUB, "a LoRA for that model"),
    # training data
    Row(r"sa-studio evaluate", How.PARSED, "training data and a judge: tests/cli/test_evaluate.py"),
    Row(r"python models/starter/recipe/", How.PARSED, "minutes to hours of training"),
    Row(
        r"(export )?[A-Z_]+=\S+( [A-Z_]+=\S+)*$", How.SYNTAX, "variables for the lines that follow"
    ),
    Row(r"\(cd /tmp/", How.SYNTAX, "unpacks what the line above fetched"),
    # the tests themselves
    Row(r"(SA_STUDIO_SHOTS=\S+ )?python3 dev\.py test", How.PARSED, "this is the suite that runs"),
    Row(r"python3 dev\.py picture$", How.SMALLER, "must not write into the checkout", "--check"),
    # the system
    Row(r"(sudo )?(apt|apt-get|dpkg|debootstrap|chroot) ", How.SYNTAX, "changes the system"),
    Row(r"pip |python3? -m (pip|venv)", How.SYNTAX, "fetches packages"),
    Row(r"flatpak ", How.SYNTAX, "another program, which changes permissions"),
    Row(r"git |cd |tar |sha256sum ", How.SYNTAX, "another program, with files that are not here"),
    Row(r"python3 build_installer\.py", How.PARSED, "minutes of freezing: its own tests"),
)


def handling(command: Command) -> Row:
    """How a command is tried."""
    for row in ROWS:
        if re.match(row.pattern, command.words):
            return row
    return Row("", How.RUN, "")


# what stands for something of the reader's → what the sandbox has in its place; the longest first
STAND_INS = {
    "CLIP_ID…": "{clip}",
    "CLIP_ID": "{clip}",
    "ID…": "{clip}",
    "FILE": "{file}",
    "SHEET": "docs/examples/cues.csv",
    "DIR": "out",
}
