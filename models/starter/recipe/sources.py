"""Sound files of others that the recipe reads: one row for each, and none without a row.

They are looked for below the root that the environment variable ``STARTER_PACKAGES`` names (Debian
packages unpacked with ``dpkg -x``), else below ``/``. ``list_sources.py`` writes the table.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("sources.json")


@dataclass(frozen=True)
class Source:
    """One file: where it comes from and who may be thanked for it.

    Attributes:
        package: the Debian package that holds it.
        version: of that package.
        path: inside the package, without a leading slash.
        sha256: of the whole file.
        licence: its SPDX name.
        author: as the package's copyright file names them.
        url: where the author published it.
    """

    package: str
    version: str
    path: str
    sha256: str
    licence: str
    author: str
    url: str


@cache
def table() -> dict[str, Source]:
    """The committed rows by path."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))
    return {row["path"]: Source(**row) for row in rows}


@cache
def open_source(path: str, packages: Path | None = None) -> Path:
    """Where a source file lies, once it is sure that it is the one whose licence was read."""
    row = table().get(path)
    if row is None:
        message = f"{path} has no row in sources.json, so its licence is unknown: it is not read."
        raise PermissionError(message)
    root = packages or Path(os.environ.get("STARTER_PACKAGES", "/"))
    file = root / path
    if not file.exists():
        message = f"{file} is missing: install {row.package} {row.version}, or unpack it there."
        raise FileNotFoundError(message)
    if sha256(file) != row.sha256:
        message = f"{file} is not the file of {row.package} {row.version} that sources.json names."
        raise ValueError(message)
    return file


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
