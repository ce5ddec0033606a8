"""A screen of one's own: Xvfb with a window manager, and the programs that run on it.

Nothing here sleeps for luck: programs say on stdout, one JSON object a line, what has happened,
and tests wait for those lines.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("Xvfb", "openbox", "xdotool", "xprop")
PATIENCE = 60.0  # seconds; everything here takes a fraction of that on an idle machine

Event = dict[str, Any]


def require_programs() -> None:
    """Skip the test where the programs are not installed; on CI that is a failure."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not missing:
        return
    reason = f"not installed: {', '.join(missing)}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Program:
    """A process that reports events as JSON lines on stdout.

    Args:
        command: what to run.
        env: its whole environment.
        log: where its stderr goes.
    """

    def __init__(self, command: Sequence[str], env: dict[str, str], log: Path) -> None:
        self.name = Path(command[-1]).name
        self._log = log
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name="test-program-reader")
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def expect(self, event: str, where: Callable[[Event], bool] = lambda _: True) -> Event:
        """The next event of this name for which ``where`` holds; earlier ones are passed over."""
        deadline = time.monotonic() + PATIENCE
        seen: list[str] = []
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"{self.name}: no {event!r} in {PATIENCE} s; saw {seen}\n{self.log}")
            if line is None:
                pytest.fail(f"{self.name} ended before {event!r}; saw {seen}\n{self.log}")
            seen.append(line.strip())
            message: Event = json.loads(line)
            if message["event"] == event and where(message):
                return message

    def wait(self) -> int:
        """Wait until the program has ended by itself; returns its exit status."""
        return self._process.wait(timeout=PATIENCE)

    @property
    def log(self) -> str:
        """What the program wrote to stderr."""
        return self._log.read_text(errors="replace")

    def close(self) -> None:
        """End the process, by force if it must be."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


class VirtualScreen:
    """A running X server with a window manager.

    Args:
        display: e.g. ``:7``.
        folder: for logs and the programs' own settings.
    """

    def __init__(self, display: str, folder: Path, stack: ExitStack) -> None:
        self.display = display
        self._folder = folder
        self._stack = stack

    @property
    def environment(self) -> dict[str, str]:
        """The environment for programs on this screen, away from the user's own settings."""
        return {
            **os.environ,
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "XDG_CACHE_HOME": str(self._folder / "cache"),
            "XDG_RUNTIME_DIR": str(self._folder),
        }

    def start(self, command: Sequence[str]) -> Program:
        """Start a program that is ended with the screen."""
        log = self._folder / f"{Path(command[-1]).name}.log"
        program = Program(command, self.environment, log)
        self._stack.callback(program.close)
        return program

    def xdotool(self, *words: object) -> None:
        """Move and press the pointer as a user would."""
        subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, check=True, timeout=PATIENCE
        )

    def wait_for_window(self, title: str) -> str:
        """The number of the visible window of this title, once there is one."""
        deadline = time.monotonic() + PATIENCE
        words = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
        while time.monotonic() < deadline:
            # a window that vanishes while it is looked at is an error of xdotool's
            found = subprocess.run(
                words, env=self.environment, capture_output=True, text=True, check=False
            )
            if found.stdout.strip():
                return found.stdout.split()[0]
            time.sleep(0.05)
        pytest.fail(f"no window {title!r} in {PATIENCE} s")

    def screenshot(self, path: Path) -> None:
        """Save the whole screen as PNG, where ImageMagick is installed."""
        if shutil.which("import"):
            subprocess.run(
                ["import", "-window", "root", str(path)], env=self.environment, check=True
            )


@contextmanager
def virtual_screen(folder: Path, size: str = "1920x1080") -> Iterator[VirtualScreen]:
    """A fresh X server on a free display number, with openbox managing its windows."""
    require_programs()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with ExitStack() as stack:
        reading, writing = os.pipe()
        with (folder / "Xvfb.log").open("wb") as log:
            server = subprocess.Popen(
                [
                    "Xvfb",
                    "-displayfd",
                    str(writing),
                    "-screen",
                    "0",
                    f"{size}x24",
                    "-nolisten",
                    "tcp",
                ],
                pass_fds=[writing],
                stdout=log,
                stderr=log,
            )
        stack.callback(_end, server)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()  # written once the server accepts connections
        assert number, (folder / "Xvfb.log").read_text()
        screen = VirtualScreen(f":{number}", folder, stack)
        with (folder / "openbox.log").open("wb") as log:
            manager = subprocess.Popen(
                ["openbox", "--sm-disable"], env=screen.environment, stdout=log, stderr=log
            )
        stack.callback(_end, manager)
        _wait_for_window_manager(screen, manager)
        yield screen


def _wait_for_window_manager(screen: VirtualScreen, manager: subprocess.Popen[bytes]) -> None:
    """Without a manager windows get no focus and have no place: wait until it says it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and manager.poll() is None:
        answer = subprocess.run(
            ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"],
            env=screen.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if "window id" in answer.stdout:
            return
        time.sleep(0.05)
    pytest.fail("openbox did not take over the screen")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
