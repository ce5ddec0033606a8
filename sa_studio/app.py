"""Puts the application together: settings and engine behind, the window in front."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from sa_studio import __version__
from sa_studio.errors import StudioError
from sa_studio.service import Studio
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.theme import apply_theme

USER_ERROR = 2
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
    app = application(rest)
    window = MainWindow(Studio(options.data_dir))
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
    return app.exec()


def application(arguments: Sequence[str] = ()) -> QApplication:
    """The process's one QApplication, in our looks."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["sa-studio", *arguments])
    QCoreApplication.setApplicationName("SA Studio")
    QCoreApplication.setApplicationVersion(__version__)
    app.setDesktopFileName("sa-studio")
    apply_theme(app)
    return app


def report(error: StudioError) -> None:
    """Say in one line why the application cannot start, and in a box if someone sees it."""
    sys.stderr.write(f"sa-studio: {error.one_line()}\n")
    if application().platformName() not in FACELESS:
        QMessageBox.critical(None, "SA Studio", f"{error.message}.\n\n{error.hint}")
