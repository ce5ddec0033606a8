"""The line about an idle graphics card: once, and not again when it was put away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Wait

LINE = "NVIDIA GeForce RTX 4070 is not used. Install the other edition."


@pytest.fixture
def idle_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sa_studio.doctor.unused_card.describe_unused_card", lambda: LINE)


@pytest.mark.usefixtures("idle_card")
def test_it_is_said_in_one_line_until_it_is_put_away(
    open_window: Callable[[], MainWindow], wait: Wait
) -> None:
    window = open_window()
    wait(window.card_notice.isVisible)
    assert window.card_notice.text.text() == LINE
    assert window.card_notice.accessibleDescription() == LINE
    QTest.mouseClick(window.card_notice.close_button, Qt.MouseButton.LeftButton)
    assert not window.card_notice.isVisible()
    assert window.studio.settings.card_notice == LINE
    window.close()
    again = open_window()
    wait(lambda: again.card_notice.text.text() == LINE)
    assert not again.card_notice.isVisible()


def test_nothing_is_said_where_all_is_well(
    open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch, wait: Wait
) -> None:
    asked = []
    monkeypatch.setattr(
        "sa_studio.doctor.unused_card.describe_unused_card", lambda: asked.append(True) or ""
    )
    window = open_window()
    wait(lambda: asked)
    window.card_notice.close_threads()
    assert not window.card_notice.isVisible()
