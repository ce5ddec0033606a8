"""The hub of the command line's tests, and the installer's package, for commands that need them."""

from __future__ import annotations

from tests.cli.conftest import hub
from tests.installer.conftest import make_build

__all__ = ["hub", "make_build"]
