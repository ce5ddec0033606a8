"""The installer's package, which lies beside the templates, and a build in an empty folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "resources" / "packaging"))

from installer.build import Build  # noqa: E402


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A Linux build of this checkout, for the processor."""
    return make_build(tmp_path)


def make_build(folder: Path, system: str = "linux", torch: str = "cpu") -> Build:
    """A build of this checkout into a folder."""
    return Build(ROOT, system, torch, work=folder / "work", output=folder / "dist")
