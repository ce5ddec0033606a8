"""Which model a benchmark is about."""

from __future__ import annotations

import argparse
from pathlib import Path

from sa_studio.errors import ModelError
from sa_studio.paths import DataFolder, bundled_models

OFFICIAL = ("open", "small")


def like_argument(parser: argparse.ArgumentParser) -> None:
    """Let the user name an official model that shall be imitated."""
    parser.add_argument(
        "--like",
        choices=OFFICIAL,
        help="imitate Stable Audio Open 1.0 or Small at full size, with random weights",
    )


def find_model(model: str) -> Path:
    """The folder of an installed model, or of one at a path.

    Raises:
        ModelError: there is none.
    """
    for folder in (
        Path(model).expanduser(),
        bundled_models() / model,
        DataFolder.choose().models / model,
    ):
        if folder.is_dir():
            return folder
    raise ModelError(
        f"There is no model {model!r}",
        f"Give an installed model, a model folder, or --like {OFFICIAL[0]}.",
    )
