"""An installed SA Studio, used from outside alone: by pointer, keyboard and screen reader.

``python3 build_installer.py --clean-root`` runs it against the .deb in a new Debian. Against any
other installation::

    SA_STUDIO_INSTALLED="env -i HOME=$HOME PATH=$PATH" SA_STUDIO_INSTALLED_HOME=$HOME \\
        python3 dev.py test -m slow tests/installer -s
"""

from __future__ import annotations

import hashlib
import os
import shlex
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import soundfile

from tests.installer.screen_reader import ScreenReader, screen_reader
from tests.ui.test_drag_out import drag, middle
from tests.virtual_screen import VirtualScreen, virtual_screen

PROMPT = "deep kick drum"
STARTING, MAKING = 120.0, 300.0  # seconds
# the words before `sa-studio` that lead to the installation, and its user's home folder
INSTALLED, HOME = os.environ.get("SA_STUDIO_INSTALLED"), os.environ.get("SA_STUDIO_INSTALLED_HOME")
DROP_TARGET = Path(__file__).parents[1] / "ui" / "drop_target.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED or not HOME, reason="SA_STUDIO_INSTALLED names nothing"),
]


def tell(text: str) -> None:
    """For the log of the build."""
    sys.stdout.write(f"\ntold: {text}\n")


def start(screen: VirtualScreen, reader: ScreenReader) -> tuple[str, float]:
    """Start the application; the window's number, and the seconds until it was there."""
    prefix = [*shlex.split(INSTALLED or ""), f"DISPLAY={screen.display}"]
    prefix += [f"AT_SPI_BUS_ADDRESS={reader.address}", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1"]
    begun = time.monotonic()
    screen.start([*prefix, "sa-studio"])
    words = ["xdotool", "search", "--onlyvisible", "--name", "^SA Studio$"]
    while time.monotonic() < begun + STARTING:
        # a window that vanishes while it is looked at is an error of xdotool's
        found = subprocess.run(
            words, env=screen.environment, capture_output=True, text=True, check=False
        )
        if found.stdout.strip():
            return found.stdout.split()[0], time.monotonic() - begun
        time.sleep(0.05)
    pytest.fail(f"no window within {STARTING} s")


def finished_takes(library: Path) -> list[tuple[str, str]]:
    """Prompt and file of each take that is done."""
    if not library.is_file():
        return []
    with closing(sqlite3.connect(f"file:{library}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT prompt, path FROM clip WHERE state = 'finished'")
        return found.fetchall()


def wait_for_take(library: Path) -> tuple[str, str]:
    """The one take, once it is made."""
    deadline = time.monotonic() + MAKING
    while time.monotonic() < deadline:
        if takes := finished_takes(library):
            return takes[0]
        time.sleep(0.2)
    pytest.fail(f"no sound was made in {MAKING} s")


def test_a_first_sound_is_made_and_dragged_out(tmp_path: Path) -> None:
    data = Path(HOME or "") / ".local/share/SA Studio"
    bus = Path(HOME or "")  # the application reaches this folder, wherever its root is
    with virtual_screen(tmp_path / "screen") as screen, screen_reader(bus) as reader:
        target = screen.start([sys.executable, str(DROP_TARGET)])
        drop_rect = target.expect("ready")["rect"]
        try:
            window, first = start(screen, reader)
            screen.xdotool("windowactivate", "--sync", window, "key", "alt+F4")
            wait_until_gone(screen, window)
            window, second = start(screen, reader)
            tell(f"the window was there after {first:.1f} s, at the second start {second:.1f} s")
            screen.xdotool("windowmove", "--sync", window, 40, 60)
            click(screen, reader.wait_for("Skip the welcome"))
            click(screen, reader.wait_for("Prompt"))
            screen.xdotool("type", "--delay", 30, PROMPT)
            screen.xdotool("key", "ctrl+Return")
            prompt, path = wait_for_take(data / "library.sqlite3")
            assert prompt == PROMPT
            clip = data / "clips" / path
            info = soundfile.info(clip)
            tell(f"a sound was made: {prompt}, {info.duration:g} s at {info.samplerate} Hz")
            handle = reader.wait_for("Drag to DAW")
            drop = drag(screen, target, middle(handle), middle(drop_rect))
        finally:
            screen.screenshot(tmp_path / "at-the-end.png")
    (delivered,) = map(Path, drop["files"])
    assert delivered.is_relative_to(data / "rendered")
    assert drop["sha256"] == [hashlib.sha256(delivered.read_bytes()).hexdigest()]
    info = soundfile.info(delivered)
    assert (info.samplerate, info.subtype) == (48_000, "PCM_24")
    tell(f"dragged into another program: {delivered.name}, {info.samplerate} Hz, 24 bits")


def click(screen: VirtualScreen, place: list[int]) -> None:
    """A click into the middle."""
    screen.xdotool("mousemove", *middle(place), "click", 1)


def wait_until_gone(screen: VirtualScreen, window: str) -> None:
    """Closing the window ends the process, which keeps its place."""
    deadline = time.monotonic() + 60
    words = ["xdotool", "getwindowname", window]
    while subprocess.run(words, env=screen.environment, capture_output=True).returncode == 0:
        assert time.monotonic() < deadline, "the window does not close"
        time.sleep(0.05)
