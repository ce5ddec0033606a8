"""Somebody at the desk: eyes, a mouse and a keyboard, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sound_server import sound_server
from tests.virtual_screen import (
    PATIENCE,
    Program,
    VirtualScreen,
    require_programs,
    virtual_screen,
)

SHOTS = "SA_STUDIO_SHOTS"
"""Names a folder to which the story saves a picture of each state."""
KEY_MILLISECONDS = 12
DRAG_STEPS = 20

Place = list[int]


@dataclass(frozen=True)
class Look:
    """What was to be seen at a moment."""

    content: dict[str, Any]

    def sees(self, name: str) -> bool:
        """Whether a widget is there and not hidden by the edge of something that scrolls."""
        return name in self.widgets and self.widgets[name]["at"][2] > 0

    @property
    def widgets(self) -> dict[str, dict[str, Any]]:
        return self.content["widgets"]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The takes in view, from top to bottom."""
        return self.content["rows"]

    @property
    def takes(self) -> list[str]:
        """What the rows say."""
        return [row["says"] for row in self.rows]

    @property
    def current(self) -> int | None:
        """The row that is shown."""
        marked = [number for number, row in enumerate(self.rows) if row["current"]]
        return marked[0] if marked else None

    @property
    def menus(self) -> dict[str, dict[str, Any]]:
        return self.content["menus"]

    @property
    def focus(self) -> str:
        return self.content["focus"]

    def text(self, name: str) -> str:
        """What stands in a widget; empty if it is not there."""
        return self.widgets.get(name, {}).get("text", "")

    def says(self, name: str) -> str:
        """What a screen reader says of a widget's state."""
        return self.widgets.get(name, {}).get("says", "")

    def is_on(self, name: str) -> bool:
        return bool(self.widgets.get(name, {}).get("checked"))

    @property
    def places(self) -> list[Place]:
        parts = [*self.widgets.values(), *self.rows, *self.menus.values()]
        return [self.content["window"], *(part["at"] for part in parts)]


def middle(at: Place) -> tuple[int, int]:
    """Of a place."""
    x, y, width, height = at
    return x + width // 2, y + height // 2


Condition = Callable[[Look], object]


class Desk:
    """The window on a screen, and somebody in front of it.

    Args:
        screen: with a window manager.
        data: the data folder.
    """

    def __init__(self, screen: VirtualScreen, data: Path) -> None:
        self.screen, self._data = screen, data
        self._program: Program | None = None
        self._last: Look | None = None
        self.pictures = Path(os.environ[SHOTS]) if os.environ.get(SHOTS) else None

    def open(self) -> Look:
        """Start the application."""
        command = [sys.executable, "-m", "tests.ui.story_window", str(self._data)]
        self._program = self.screen.start(command)
        self._last = None
        return self.see(lambda look: look.content["active"] and look.sees("prompt_edit"))

    def close(self) -> None:
        """Close the window as the window manager does, and wait until the application has gone."""
        assert self._program is not None
        self.screen.xdotool("key", "alt+F4")
        self._program.wait()

    # --- eyes -------------------------------------------------------------------------------
    def see(
        self,
        condition: Condition = lambda _: True,
        *,
        at_rest: bool = True,
        patience: float = PATIENCE,
    ) -> Look:
        """Look from now on until something is so and, unless told otherwise, nothing moves."""
        assert self._program is not None
        began = time.monotonic()
        while time.monotonic() < began + patience:
            before = self._last
            self._last = look = Look(self._program.expect("look"))
            still = before is not None and before.places == look.places
            if look.content["moment"] >= began and (still or not at_rest) and condition(look):
                return look
        assert self._last is not None
        shown = {name: part["text"] or part["says"] for name, part in self._last.widgets.items()}
        pytest.fail(
            f"it did not come to that; takes {self._last.takes}, focus {self._last.focus}, "
            f"menus {list(self._last.menus)}, {shown}\n{self._program.log}"
        )

    def picture(self, name: str) -> None:
        """Save what is to be seen, if pictures are wanted."""
        if self.pictures is None:
            return
        if shutil.which("import") is None:
            pytest.fail(f"{SHOTS} is set, but ImageMagick is not installed")
        self.pictures.mkdir(parents=True, exist_ok=True)
        x, y, width, height = self.see().content["window"]
        command = ["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}", "+repage"]
        # small files: these pictures have few colours
        command += ["+dither", "-colors", "255", f"PNG8:{self.pictures / name}.png"]
        subprocess.run(command, env=self.screen.environment, check=True)

    # --- hands ------------------------------------------------------------------------------
    def key(self, *keys: str) -> None:
        """Press keys one after the other, as xdotool calls them."""
        self.screen.xdotool("key", "--delay", KEY_MILLISECONDS, *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.screen.xdotool("type", "--delay", KEY_MILLISECONDS, text)

    def click(self, name: str) -> None:
        """Click a widget."""
        self.click_at(self.see(lambda look: look.sees(name)).widgets[name]["at"])

    def click_row(self, row: int) -> Look:
        """Click a take; returns once it is shown."""
        x, y, _, height = self.see(lambda look: len(look.rows) > row).rows[row]["at"]
        self.click_at([x, y, 60, height])  # the thumbnail; the stars are for rating
        return self.see(lambda look: look.current == row)

    def choose(self, button: str, line: str) -> None:
        """Open a menu and choose a line."""
        self.click(button)
        self.click_at(self.see(lambda look: line in look.menus).menus[line]["at"])
        self.see(lambda look: not look.menus)

    def click_at(self, at: Place) -> None:
        """Click the middle of a place."""
        self.screen.xdotool("mousemove", *middle(at), "click", 1)

    @contextmanager
    def drag(self, start: tuple[int, int], stop: tuple[int, int]) -> Iterator[None]:
        """Press, move like a hand, and let go once what is inside the block is done."""
        self.screen.xdotool("mousemove", *start, "mousedown", 1)
        try:
            for part in range(1, DRAG_STEPS + 1):
                x, y = (a + (b - a) * part // DRAG_STEPS for a, b in zip(start, stop, strict=True))
                self.screen.xdotool("mousemove", x, y)
            yield
        finally:
            self.screen.xdotool("mouseup", 1)

    def scroll_to_top(self, name: str) -> None:
        """Turn the wheel over the edge of something that scrolls."""
        x, y, _, height = self.see().widgets[name]["at"]
        self.screen.xdotool("mousemove", x + 3, y + height // 2, "click", "--repeat", 30, 4)

    def fill(self, name: str, text: str) -> None:
        """Put a text into a field, in the place of what is there."""
        self.click(name)
        self.see(lambda look: look.focus == name, at_rest=False)
        self.key("ctrl+a")
        self.type(text)


@contextmanager
def desk_on_screen(size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with a screen of ``size`` and a sound server; at the end, a picture is taken."""
    require_programs()
    with sound_server(tmp_path) as environment:
        for name in ("HOME", "PULSE_RUNTIME_PATH", "PULSE_SERVER"):
            monkeypatch.setenv(name, environment[name])
        with virtual_screen(tmp_path / "screen", size) as screen:
            try:
                yield Desk(screen, tmp_path / "data")
            finally:
                screen.screenshot(tmp_path / "at-the-end.png")
