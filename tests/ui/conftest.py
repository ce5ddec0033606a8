"""Fixtures for the tests of the window: the real one, with a tiny model and no sound output."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio import app as application_module
from sa_studio.audio import playback
from sa_studio.ui.main_window import MainWindow
from tests.tiny_model import make_tiny_model
from tests.ui.listening import SilentPlayer

PATIENCE = 30.0

Wait = Callable[[Callable[[], object]], None]

# Views with a plot that are no part of a window. PySide takes a plot's scene apart through Python;
# if the garbage collector does so while another plot is painted, the process dies.
KEPT: list[QWidget] = []


@pytest.fixture(scope="session")
def application() -> Iterator[QApplication]:
    """The one QApplication that a process can have."""
    existing = QApplication.instance()
    yield existing if isinstance(existing, QApplication) else QApplication(["sa-studio-tests"])
    # The offscreen platform keeps the clipboard in a C++ static that outlives the interpreter;
    # what Python put there must be gone by then, or the process crashes as it exits.
    QApplication.clipboard().clear()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the one that ships with the application: its starter is the tiny model."""
    folder = tmp_path_factory.mktemp("models")
    make_tiny_model(folder / "starter")
    return folder


@pytest.fixture
def only_tiny_models(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sa_studio.service.bundled_models", lambda: models)


@pytest.fixture
def no_sound_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playback, "find_problem", lambda: "There is no sound output device")


@pytest.fixture
def silent_player(no_sound_output: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sounds can be played, and nothing is heard."""
    monkeypatch.setattr(playback, "find_problem", lambda: "")
    monkeypatch.setattr("sa_studio.service.Player", SilentPlayer)


@pytest.fixture(autouse=True)
def own_bin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files go that are moved to the bin: the desktop's place, redirected."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    return tmp_path / "xdg" / "Trash" / "files"


@pytest.fixture
def wait(application: QApplication) -> Wait:
    """Run the event loop until something is true; fails after a while."""

    def until(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            application.processEvents()
            time.sleep(0.001)

    return until


@pytest.fixture
def open_window(
    application: QApplication, only_tiny_models: None, no_sound_output: None
) -> Iterator[Callable[[], MainWindow]]:
    """Opens the real, fully wired window; every one is closed at the end of the test."""
    opened: list[MainWindow] = []

    def open_one() -> MainWindow:
        _, window = application_module.create([])
        opened.append(window)
        window.activateWindow()
        application.processEvents()
        return window

    yield open_one
    for window in opened:
        window.close()
        window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.processEvents()


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    """The real window on an empty data folder."""
    return open_window()


class Driver:
    """Uses a window as somebody would."""

    def __init__(self, window: MainWindow, wait: Wait) -> None:
        self.window, self.wait = window, wait

    def fill(self, prompt: str = "a short noise", **fields: object) -> None:
        """Fill the form in; the fields not given are short and quick."""
        quick = {"seconds": 0.5, "steps": 2, "count": 1, "seed": 7}
        self.window.form.set_fields({"prompt": prompt, **quick, **fields})

    def generate(self, prompt: str = "a short noise", **fields: object) -> None:
        """Fill the form in and press Generate."""
        self.fill(prompt, **fields)
        self.window.form.generate.click()

    def wait_until_idle(self) -> None:
        """Wait until no job is left."""
        self.wait(lambda: self.window.tracker.current is None)

    def clips(self) -> list:
        """The rows of the library, from top to bottom."""
        model = self.window.clips
        return [model.clip(model.index(row)) for row in range(model.rowCount())]


@pytest.fixture
def driver(window: MainWindow, wait: Wait) -> Driver:
    return Driver(window, wait)
