"""Opens the Studio that a command works with."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sa_studio.service import Studio


def open_studio(arguments: argparse.Namespace) -> Studio:
    """The Studio over the data folder that was chosen; close it after use.

    Imported late, for ``--version`` and ``--help`` need nothing of it.
    """
    from sa_studio.service import Studio

    return Studio(arguments.data_dir)
