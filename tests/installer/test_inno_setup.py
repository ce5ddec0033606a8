"""The Windows setup by the compiler of Inno Setup, where there is one.

On Linux a script named ISCC that runs it under Wine will do: the paths are from the root.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from installer import windows
from tests.installer.small_build import make_small_build


def test_inno_setup_compiles_the_script(tmp_path: Path) -> None:
    compiler = shutil.which("ISCC")
    if compiler is None:
        pytest.skip("there is no ISCC (Inno Setup 6.3 or newer) on the PATH")
    build = make_small_build(tmp_path, system="windows")
    script = tmp_path / "sa-studio.iss"
    windows.write_script(build, script)
    done = subprocess.run([compiler, "/Q", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (setup,) = build.wrapped.iterdir()
    assert setup.name == build.asset(".exe").name
    assert setup.read_bytes()[:2] == b"MZ"
