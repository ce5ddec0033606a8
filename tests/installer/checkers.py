"""The platforms' own checkers of what is generated for them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# program → Debian package, as .ci/run installs it
CHECKERS = {
    "appstreamcli": "appstream",
    "apt-get": "apt",
    "bash": "bash",
    "dash": "dash",
    "desktop-file-validate": "desktop-file-utils",
    "dpkg": "dpkg",
    "dpkg-deb": "dpkg",
    "flatpak": "flatpak",
    "lintian": "lintian",
    "man": "man-db",
    "objdump": "binutils",
    "sha256sum": "coreutils",
    "shellcheck": "shellcheck",
    "tar": "tar",
}


def require(*programs: str) -> None:
    """Skip the test where a checker is missing, naming its package; on CI that is a failure."""
    missing = sorted({CHECKERS[name] for name in programs if shutil.which(name) is None})
    if not missing:
        return
    reason = f"a checker is missing: apt-get install {' '.join(missing)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def check(program: str, *words: str | Path) -> str:
    """Run a checker, which has to find nothing; what it printed."""
    require(program)
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr
