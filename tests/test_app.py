"""The application as it is started: when torch comes in, and what an unusable folder gets."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from sa_studio.app import settle

SEE_WINDOW = """
import sys, time
from sa_studio.app import create
app, window = create(["--data-dir", sys.argv[1]])
start = time.monotonic()
while not window.windowHandle().isExposed() and time.monotonic() - start < 10:
    app.processEvents()
print(window.windowHandle().isExposed(), "torch" in sys.modules, "transformers" in sys.modules)
print(window.studio.data.root)
window.close()
"""


def test_the_window_is_visible_before_torch_is_imported(tmp_path: Path) -> None:
    data = tmp_path / "chosen"
    result = subprocess.run(
        [sys.executable, "-c", SEE_WINDOW, str(data)], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines() == ["True False False", str(data)]
    assert (data / "library.sqlite3").is_file()
    assert (data / "window.ini").is_file()


def test_a_data_folder_that_cannot_be_used_is_one_line_and_status_2(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    result = subprocess.run(
        [sys.executable, "-m", "sa_studio", "--data-dir", str(blocked / "data")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert str(blocked / "data") in line
    assert "--data-dir" in line


def test_a_process_that_forgets_to_close_the_window_still_ends(tmp_path: Path) -> None:
    forgetful = SEE_WINDOW.replace("window.close()", "")
    result = subprocess.run(
        [sys.executable, "-c", forgetful, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr


def test_a_bug_before_the_window_is_there_is_told_and_logged(tmp_path: Path) -> None:
    code = (
        "import sys; from sa_studio import app;"
        "app.MainWindow = lambda studio: 1 // 0; sys.exit(app.main(['--data-dir', sys.argv[1]]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 1
    assert "ZeroDivisionError" in result.stderr.splitlines()[-1]
    assert "Traceback" in (tmp_path / "logs" / "sa-studio.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", ["offscreen", "minimal"])
def test_without_a_face_no_box_waits_for_somebody(platform: str, tmp_path: Path) -> None:
    code = (
        "from sa_studio.app import report; from sa_studio.errors import StudioError;"
        "report(StudioError('It is so', 'Do that.'))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={"QT_QPA_PLATFORM": platform, "PATH": "", "HOME": str(tmp_path)},
    )
    assert result.stderr.splitlines()[0] == "sa-studio: It is so. Do that."


def test_the_garbage_collector_passes_over_what_lives_as_long_as_the_window() -> None:
    before = gc.get_freeze_count()
    settle()
    try:
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
