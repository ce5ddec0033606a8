"""The command that installs a package into the Python that runs, to be copied as it is."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

FROZEN_HINT = "Install the newest SA Studio again: this one brings its own packages."


def pip_install(*arguments: str) -> str:
    """What to do to install ``arguments``, as a sentence of a hint."""
    if getattr(sys, "frozen", False):
        return FROZEN_HINT
    words = [sys.executable, "-m", "pip", "install", *arguments]
    line = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    return f"Run: {line}"
