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
    WINDOW = auto()
    """On a screen of its own, until its window is there and somebody closes it."""
    PRODUCT = auto()
    """In a folder with finished files of the installer, made of a small frozen folder."""
    OTHER = auto()
    """In an empty home folder, where that other program is installed; ``.ci/run`` installs it."""
    COLLECTED = auto()
    """pytest finds tests by these words; they are run as parts of the whole suite."""
    SLOW = auto()
    """As it stands, by ``python3 dev.py test -m slow``; else like ``PARSED``."""
    PARSED = auto()
    """Held against the program's grammar: every word and option must be known to it."""
    SYNTAX = auto()
    """Held against the shell's grammar alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """How the commands that fit ``pattern`` from their beginning are tried."""

    pattern: str
    how: How
    reason: str
    more: str = ""


ROWS = (
    # the window
    Row(r"(QT_QPA_PLATFORM=xcb )?sa-studio$", How.WINDOW, "opens the window"),
    # many sounds, or minutes of measuring
    Row(r"sa-studio batch (-|docs/)", How.SMALLER, "13 sounds: tests/cli/test_batch", "--dry-run"),
    Row(r"sa-studio bench ui", How.SLOW, "minutes; the same in small: tests/bench/test_ui.py"),
    Row(
        r"sa-studio bench model$",
        How.SMALLER,
        "loads the starter over and over: tests/bench/test_model.py",
        "--steps 1 --seconds 0.5 --no-load",
    ),
    Row(r"sa-studio bench model", How.SLOW, "5 GB of random weights, and minutes for a step"),
    Row(r"sa-studio bench plans", How.SLOW, "counts the memory of a large model, for long"),
    # the hub
    Row(r"sa-studio models login", How.HUB, "the token is typed", "--token -"),
    Row(r"sa-studio models download", How.HUB, "the licence is asked for", "--accept-licence"),
    Row(r"sa-studio doctor --online", How.HUB, "asks the hub"),
    Row(r"sa-studio generate .*--model stable-audio", How.HUB, "a model from the hub"),
    Row(r"sa-studio loras import", How.HUB, "a LoRA for that model"),
    # training data
    Row(r"sa-studio evaluate", How.PARSED, "training data and a judge: tests/cli/test_evaluate.py"),
    Row(r"python models/starter/recipe/", How.PARSED, "hours; tests/test_starter_recipe.py"),
    Row(
        r"(export )?[A-Z_]+=\S+( [A-Z_]+=\S+)*$", How.SYNTAX, "variables for the lines that follow"
    ),
    Row(r"\(cd /tmp/", How.SYNTAX, "unpacks what the line above fetched"),
    # the tests themselves
    Row(r"python3 dev\.py test( -m slow| tests/engine -x)?$", How.PARSED, "this is the suite"),
    Row(r"(SA_STUDIO_SHOTS=\S+ )?python3 dev\.py test ", How.COLLECTED, "a part of the suite"),
    Row(r"python3 dev\.py picture$", How.SMALLER, "must not write into the checkout", "--check"),
    # what the installer makes
    Row(r"python3 build_installer\.py", How.SMALLER, "minutes: docs/installer-log.txt", "--plan"),
    Row(r"sudo apt install \./", How.PRODUCT, "changes the system", "--simulate"),
    Row(r"(tar|cd|cat|sha256sum) ", How.PRODUCT, "the whole files take minutes to make"),
    Row(r"flatpak ", How.OTHER, "changes permissions of programs"),
    # the system
    Row(r"(sudo )?(apt|apt-get|dpkg|debootstrap|chroot) ", How.SYNTAX, "changes the system"),
    Row(r"pip |python3? -m (pip|venv)", How.SYNTAX, "fetches packages"),
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
