"""Dragging a finished clip out of the real window into another program, with a real pointer.

Qt's test functions cannot drive a drag between processes: this needs a screen, a window manager
and a pointer.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import soundfile

from tests.tiny_model import make_tiny_model
from tests.virtual_screen import Program, VirtualScreen, require_programs, virtual_screen

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def finished_clip(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data folder and the file of the one clip in it, made by the command line."""
    require_programs()
    folder = tmp_path_factory.mktemp("drag")
    model = make_tiny_model(folder / "tiny")
    data = folder / "data"
    command = [sys.executable, "-m", "sa_studio", "--data-dir", str(data), "generate"]
    command += ["heavy door, löng hall", "--model", str(model), "--seconds", "1"]
    command += ["--steps", "2", "--seed", "7", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return data, Path(json.loads(done.stdout)["path"])


@contextmanager
def window_and_target(
    folder: Path, data: Path
) -> Iterator[tuple[VirtualScreen, Program, Program, list[int]]]:
    """The real window and a drop target side by side on a screen of their own."""
    with virtual_screen(folder / "screen") as screen:
        target = screen.start([sys.executable, str(HERE / "drop_target.py")])
        rect = target.expect("ready")["rect"]
        window = screen.start(
            [sys.executable, "-m", "tests.ui.real_window", str(data)],
        )
        try:
            yield screen, window, target, rect
        finally:
            screen.screenshot(folder / "at-the-end.png")


def middle(rect: list[int]) -> tuple[int, int]:
    x, y, width, height = rect
    return x + width // 2, y + height // 2


def drag(
    screen: VirtualScreen, target: Program, start: tuple[int, int], stop: tuple[int, int]
) -> dict[str, Any]:
    """Press at ``start``, move like a hand, let go over the target once it has noticed."""
    screen.xdotool("mousemove", *start)
    screen.xdotool("mousedown", 1)
    try:
        for part in range(1, 21):
            x, y = (a + (b - a) * part // 20 for a, b in zip(start, stop, strict=True))
            screen.xdotool("mousemove", x, y)
        target.expect("over")
    finally:
        screen.xdotool("mouseup", 1)
    return target.expect("drop")


def check(drop: dict[str, Any], clip: Path, before: bytes) -> None:
    """What was dropped is the take in the delivery profile; the take itself is untouched."""
    (delivered,) = map(Path, drop["files"])
    assert delivered.is_relative_to(clip.parents[1] / "rendered")
    assert drop["sha256"] == [hashlib.sha256(delivered.read_bytes()).hexdigest()]
    info = soundfile.info(delivered)
    assert (info.samplerate, info.subtype) == (48_000, "PCM_24")
    assert drop["offered"] == ["CopyAction"]
    assert drop["action"] == "CopyAction"
    assert clip.read_bytes() == before


def test_a_clip_is_dragged_from_the_handle_and_from_its_row(
    finished_clip: tuple[Path, Path], tmp_path: Path
) -> None:
    data, clip = finished_clip
    before = clip.read_bytes()
    with window_and_target(tmp_path, data) as (screen, window, target, drop_rect):
        places = window.expect("places", lambda event: event["first_row"] is not None)
        row = middle(places["first_row"])
        # a click selects the clip, and the handle becomes its handle
        screen.xdotool("mousemove", *row, "click", 1)
        places = window.expect("places", lambda event: event["drag_handle"] is not None)
        check(drag(screen, target, middle(places["drag_handle"]), middle(drop_rect)), clip, before)
        check(drag(screen, target, row, middle(drop_rect)), clip, before)
