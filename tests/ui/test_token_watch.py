"""How long the prompt is for the model, while it is typed."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from sa_studio.generation import TokenCount
from sa_studio.ui.main_window import MainWindow
from tests.tiny_model import PROMPT_TOKENS
from tests.ui.conftest import Wait


def note(window: MainWindow) -> QLabel:
    return window.form.boxes["prompt"].note


def struck_out(window: MainWindow) -> list[str]:
    return [selection.cursor.selectedText() for selection in window.form.prompt.extraSelections()]


def test_tokens_are_counted_against_the_models_limit(window: MainWindow, wait: Wait) -> None:
    wait(lambda: note(window).text() == f"0 / {PROMPT_TOKENS} tokens")
    QTest.keyClicks(window.form.prompt, "rain")
    wait(lambda: note(window).text() == f"6 / {PROMPT_TOKENS} tokens")  # a letter each, two marks
    assert note(window).property("role") == "quiet-figures"
    assert struck_out(window) == []


def test_what_the_model_does_not_read_is_marked_and_generating_is_allowed(
    window: MainWindow, wait: Wait
) -> None:
    read = "a" * (PROMPT_TOKENS - 2)
    window.form.prompt.setPlainText(f"{read}bc")
    wait(lambda: note(window).text() == f"{PROMPT_TOKENS + 2} / {PROMPT_TOKENS} tokens")
    assert note(window).property("role") == "warning"
    assert struck_out(window) == ["bc"]
    assert "not read" in window.form.prompt.accessibleDescription()
    window.form.prompt.setPlainText(read)
    wait(lambda: struck_out(window) == [])
    assert note(window).property("role") == "quiet-figures"


def test_characters_of_two_halves_do_not_shift_the_mark(window: MainWindow) -> None:
    window.form.prompt.setPlainText("🎧🎧 rain")
    window.form.show_tokens(TokenCount(99, 16, end=3))
    assert struck_out(window) == ["rain"]


def test_without_a_tokenizer_characters_are_counted(
    window: MainWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.studio, "count_tokens", lambda model, prompt: None)
    window.form.prompt.setPlainText("rain")
    wait(lambda: note(window).text() == "4 / 2,000")


def test_counting_waits_for_nobody_and_old_answers_are_dropped(
    window: MainWindow, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, asked = threading.Event(), []

    def count(model: str, prompt: str) -> TokenCount:
        asked.append((prompt, threading.current_thread() is threading.main_thread()))
        gate.wait()
        return TokenCount(len(prompt), 100)

    monkeypatch.setattr(window.studio, "count_tokens", count)
    shown: list[TokenCount | None] = []
    monkeypatch.setattr(window.form, "show_tokens", shown.append)
    window.form.prompt.setPlainText("rain")
    wait(lambda: asked)
    window.form.prompt.setPlainText("rain and thunder")
    gate.set()
    wait(lambda: shown)
    assert shown == [TokenCount(16, 100)]
    assert [on_gui_thread for _, on_gui_thread in asked] == [False, False]


def test_the_window_counts_before_torch_is_there() -> None:
    """In a process of its own, for in this one torch is imported already."""
    script = (
        "import sys, tempfile, time\n"
        "from sa_studio.app import create\n"
        "app, window = create(['--data-dir', tempfile.mkdtemp()])\n"
        "window.form.prompt.setPlainText('heavy rain')\n"
        "end = time.monotonic() + 20\n"
        "while 'tokens' not in window.form.boxes['prompt'].note.text():\n"
        "    assert time.monotonic() < end\n"
        "    app.processEvents(); time.sleep(0.01)\n"
        "window.close()\n"
        "sys.exit('torch' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_longest_variant_is_counted(window: MainWindow, wait: Wait) -> None:
    window.form.prompt.setPlainText("{ice|rain|a}")
    wait(lambda: note(window).text() == f"3 variants · 6 / {PROMPT_TOKENS} tokens")
    window.form.prompt.setPlainText("{ice|rain")  # its end is still to be typed
    wait(lambda: note(window).text() == f"11 / {PROMPT_TOKENS} tokens")


def test_the_mark_stands_where_the_longest_variant_ends(window: MainWindow, wait: Wait) -> None:
    read = "a" * (PROMPT_TOKENS - 4)
    window.form.prompt.setPlainText(f"{read}{{b|cc}}de")
    wait(lambda: struck_out(window) == ["de"])
