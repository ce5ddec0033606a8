"""The hub of the command line's tests, for commands of the documents that ask one."""

from __future__ import annotations

from tests.cli.conftest import hub

__all__ = ["hub"]
