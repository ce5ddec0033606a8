"""A build whose frozen folder is a few files of this system: minutes of freezing are spared."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from installer.build import Build
from tests.installer.conftest import make_build


def make_small_build(folder: Path, torch: str = "cpu", system: str = "linux") -> Build:
    """A frozen folder with a program, a library with others inside, a font and a licence."""
    import _soundfile_data  # type: ignore[import-untyped]

    build = make_build(folder, system, torch)
    for source, place in {
        Path("/usr/bin/true"): "sa-studio",
        next(Path(_soundfile_data.__file__).parent.glob("libsndfile*.so")): (
            "_internal/_soundfile_data/libsndfile_x86_64.so"
        ),
        build.root / "resources/fonts/Inter-Regular.otf": "_internal/resources/fonts/Inter.otf",
        build.root / "LICENSE": "_internal/licences/sa-studio/LICENSE",
    }.items():
        target = build.frozen / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o755)
    draw_icons(build)
    return build


def draw_icons(build: Build) -> None:
    """As the build does."""
    program = [sys.executable, build.packaging / "draw_icons.py"]
    words = [build.packaging / "icon.svg", build.icons]
    subprocess.run([*program, *words], check=True, capture_output=True)
