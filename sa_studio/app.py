"""Puts the application together: settings and engine behind, the window in front."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from sa_studio import __version__
from sa_studio.errors import StudioError, our_mistake
from sa_studio.service import Studio
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.theme import Theme, set_theme

log = logging.getLogger(__name__)

OUR_ERROR, USER_ERROR = 1, 2
SCALE_VARIABLE = "QT_SCALE_FACTOR"
# platforms of Qt that have nobody in front of them who could press a button
FACELESS = ("offscreen", "minimal")


def create(argv: Sequence[str] | None = None) -> tuple[QApplication, MainWindow]:
    """The real, fully wired application with its window on screen; no event loop is entered.

    Args:
        argv: arguments after the program's name: ``--data-dir DIR`` and what Qt understands; the
            process's own if ``None``. Closing the window closes everything that was opened.

    Raises:
        StudioError: the data folder or the library cannot be used.
    """
    parser = argparse.ArgumentParser(prog="sa-studio", add_help=False, allow_abbrev=False)
    parser.add_argument("--data-dir")
    options, rest = parser.parse_known_args(sys.argv[1:] if argv is None else list(argv))
    studio = Studio(options.data_dir)  # first: its settings say how large everything is drawn
    settings = studio.settings
    app = application(rest, settings.theme, interface_percent=settings.interface_percent)
    window = MainWindow(studio)
    window.show()
    return app, window


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    logging.basicConfig(level=logging.WARNING)
    try:
        app, _window = create(argv)
    except StudioError as error:
        report(error)
        return USER_ERROR
    except Exception as error:  # our bug: whoever started it from a menu has no console
        log.exception("the window cannot be opened")
        report(our_mistake(error))
        return OUR_ERROR
    settle()
    return app.exec()


def settle() -> None:
    """Let the garbage collector pass over everything that is there now, for good.

    It lives as long as the window; a full pass over it takes as long as four frames.
    """
    gc.freeze()


def application(
    arguments: Sequence[str] = (), theme: str = Theme.DARK, *, interface_percent: int = 100
) -> QApplication:
    """The process's one QApplication, in our looks.

    ``interface_percent`` counts if it is made now; ``QT_SCALE_FACTOR`` goes before.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        with _scaled(interface_percent):
            app = QApplication(["sa-studio", *arguments])
    QCoreApplication.setApplicationName("SA Studio")
    QCoreApplication.setApplicationVersion(__version__)
    app.setDesktopFileName("sa-studio")
    set_theme(app, theme)
    return app


@contextmanager
def _scaled(percent: int) -> Iterator[None]:
    """Let a QApplication that is made meanwhile draw everything ``percent`` as large.

    Qt reads it from the environment alone. It is gone again at once: other programs that are
    opened from the window would inherit it.
    """
    if percent == 100 or SCALE_VARIABLE in os.environ:
        yield
        return
    os.environ[SCALE_VARIABLE] = str(percent / 100)
    try:
        yield
    finally:
        del os.environ[SCALE_VARIABLE]


def report(error: StudioError) -> None:
    """Say in one line why the application cannot start, and in a box if someone sees it."""
    sys.stderr.write(f"sa-studio: {error.one_line()}\n")
    if application().platformName() not in FACELESS:
        QMessageBox.critical(None, "SA Studio", f"{error.message}.\n\n{error.hint}")
