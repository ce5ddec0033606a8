"""Fixtures for the tests of the window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def application() -> QApplication:
    """The one QApplication that a process can have."""
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication(["sa-studio-tests"])
