"""The doctor's window: findings in order, hints, copying, beside the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from sa_studio.doctor import Finding, State
from sa_studio.ui.doctor_dialog import DoctorDialog
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Wait

FINE = Finding("SA Studio", State.OK, "1.0")
NOTE = Finding("Sound output", State.NOTE, "none found", "Plug in headphones.")
WARNING = Finding("Graphics card", State.WARNING, "torch cannot use it", "Run: pip install torch")
PROBLEM = Finding("Free space", State.PROBLEM, "0.1 GB", "Make room on the disk.")


class Examination:
    """Finds what the test says, when it says so."""

    def __init__(self) -> None:
        self.findings = [FINE]
        self.threads: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> list[Finding]:
        self.threads.append(threading.get_ident())
        self.gate.wait()
        return list(self.findings)


@pytest.fixture
def examination() -> Examination:
    return Examination()


@pytest.fixture
def dialog(application: QApplication, examination: Examination) -> Iterator[DoctorDialog]:
    parent = QWidget()
    made = DoctorDialog(examination, parent)
    yield made
    examination.gate.set()
    made.close_threads()
    made.close()
    parent.deleteLater()


def shown(dialog: DoctorDialog) -> list[str]:
    labels = dialog.list.findChildren(QLabel)
    return [label.text() for label in labels if label.text() and label.isVisible()]


def is_done(dialog: DoctorDialog) -> Callable[[], bool]:
    return lambda: dialog.refresh.isEnabled() and bool(dialog.findings)


def test_it_looks_when_it_is_opened_and_not_on_the_gui_thread(
    dialog: DoctorDialog, examination: Examination, wait: Wait
) -> None:
    examination.gate.clear()
    dialog.open()
    assert dialog.summary.text() == "Looking…"
    assert dialog.bar.isVisible()
    assert not dialog.refresh.isEnabled()
    assert not dialog.copy.isEnabled()
    examination.gate.set()
    wait(is_done(dialog))
    assert not dialog.bar.isVisible()
    assert examination.threads[0] != threading.get_ident()


@pytest.mark.parametrize(
    ("findings", "summary", "role"),
    [
        ([FINE, NOTE], "Everything is as it should be", "quiet"),
        ([FINE, WARNING], "Everything works; 1 thing could be better", "warning"),
        ([WARNING, FINE, PROBLEM], "2 things to see to", "error"),
    ],
)
def test_the_summary_says_how_it_stands(
    dialog: DoctorDialog, examination: Examination, wait: Wait,
    findings: list[Finding], summary: str, role: str,
) -> None:  # fmt: skip
    examination.findings = findings
    dialog.open()
    wait(is_done(dialog))
    assert dialog.summary.text() == summary
    assert dialog.summary.property("role") == role


def test_what_is_to_be_done_comes_first_with_its_hint(
    dialog: DoctorDialog, examination: Examination, wait: Wait
) -> None:
    examination.findings = [FINE, NOTE, WARNING, PROBLEM]
    dialog.open()
    expected = [
        *("Free space", "0.1 GB", "Make room on the disk."),
        *("Graphics card", "torch cannot use it", "Run: pip install torch"),
        *("Sound output", "none found", "Plug in headphones."),
        *("SA Studio", "1.0"),
    ]
    wait(lambda: shown(dialog) == expected)


def test_refresh_shows_what_changed_and_nothing_else(
    dialog: DoctorDialog, examination: Examination, wait: Wait, application: QApplication
) -> None:
    examination.findings = [PROBLEM]
    dialog.open()
    wait(lambda: shown(dialog) == ["Free space", "0.1 GB", "Make room on the disk."])
    examination.findings = [FINE]
    left_over: list[str] = []
    dialog._question.answered.connect(lambda _: left_over.extend(shown(dialog)))
    dialog.refresh.click()
    wait(is_done(dialog))
    assert dialog.text() == "[ok] SA Studio: 1.0"
    wait(lambda: shown(dialog) == ["SA Studio", "1.0"])
    assert left_over == []  # not even until the old rows are deleted


def test_the_findings_are_copied_as_text(
    dialog: DoctorDialog, examination: Examination, wait: Wait
) -> None:
    examination.findings = [FINE, WARNING]
    dialog.open()
    wait(is_done(dialog))
    dialog.copy.click()
    assert QApplication.clipboard().text() == (
        "[warning] Graphics card: torch cannot use it\n"
        "    Run: pip install torch\n"
        "[ok] SA Studio: 1.0"
    )


def test_a_bug_in_the_examination_is_said_and_it_can_be_tried_again(
    dialog: DoctorDialog, examination: Examination, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[Finding]:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(dialog, "_examine", broken)
    dialog.open()
    wait(dialog.refresh.isEnabled)
    assert "ZeroDivisionError: a bug" in dialog.summary.text()
    monkeypatch.setattr(dialog, "_examine", examination)
    dialog.refresh.click()
    wait(is_done(dialog))


def test_esc_closes_it(dialog: DoctorDialog, wait: Wait) -> None:
    dialog.open()
    wait(is_done(dialog))
    QTest.keyClick(dialog.list, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_real_examination_from_the_top_bar(window: MainWindow, wait: Wait) -> None:
    window.top_bar.doctor.click()
    dialog = window.doctor_dialog
    assert dialog is not None
    wait(is_done(dialog))
    names = {finding.name for finding in dialog.findings}
    assert {"SA Studio", "torch", "Data folder", "Models"} <= names
    assert "starter" in dialog.text()
