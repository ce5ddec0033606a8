"""Everything that can be used has a name for scripts, one that is read aloud, and a tooltip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.save_preset_dialog import SavePresetDialog

USED = (
    *(QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit),
    *(QTextEdit, QAbstractItemView),
)
WHOLE = (QAbstractSpinBox, QComboBox, QLineEdit, QDialogButtonBox, QTabBar)
"""What is one control, whatever Qt builds it of."""


def is_qts_own(widget: QWidget) -> bool:
    """Parts of Qt's widgets: arrows of scroll bars, the text in a spin box, the list of a combo."""
    parent = widget.parentWidget()
    if isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget:
        return True
    if isinstance(widget, QScrollBar | QHeaderView) or widget.objectName().startswith("qt_"):
        return True
    while parent is not None:
        if isinstance(parent, WHOLE):
            return True
        parent = parent.parentWidget()
    return False


def controls(root: QWidget) -> list[QWidget]:
    """What can be clicked, typed into or reached with Tab, shown or not."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if (isinstance(widget, USED) or reached) and not is_qts_own(widget):
            found.append(widget)
    return found


def described(widget: QWidget) -> str:
    """The widget in a failure's text."""
    names = [type(widget).__name__, widget.objectName()]
    parent = widget.parentWidget()
    while parent is not None and len(names) < 5:
        names.append(parent.objectName() or type(parent).__name__)
        parent = parent.parentWidget()
    return " < ".join(filter(None, names))


def lacking(root: QWidget) -> list[str]:
    """What is missing, one line a widget."""
    lines = []
    for widget in controls(root):
        missing = [
            what
            for what, value in (
                ("object name", widget.objectName()),
                ("accessible name", widget.accessibleName()),
                ("tooltip", widget.toolTip()),
            )
            if not value.strip()
        ]
        if missing:
            lines.append(f"{described(widget)}: no {', no '.join(missing)}")
    return lines


def open_models(window: MainWindow) -> QWidget:
    window.show_models()
    assert window.models_window is not None
    return window.models_window


def open_doctor(window: MainWindow) -> QWidget:
    window.show_doctor()
    assert window.doctor_dialog is not None
    return window.doctor_dialog


def open_save_preset(window: MainWindow) -> QWidget:
    window.form.set_fields({"prompt": "a door", "negative_prompt": "music"})
    return SavePresetDialog(window.form.fields(), [], window)


def open_profiles(window: MainWindow) -> QWidget:
    window.delivery.show_profiles()
    assert window.delivery.profile_dialog is not None
    window.delivery.profile_dialog.duplicate.click()
    window.delivery.profile_dialog.ask_to_delete()
    return window.delivery.profile_dialog


def open_export(window: MainWindow) -> QWidget:
    window.export()
    assert window.delivery.export_dialog is not None
    return window.delivery.export_dialog


def open_sheet(window: MainWindow) -> QWidget:
    window.delivery.show_sheet()
    assert window.delivery.sheet_dialog is not None
    return window.delivery.sheet_dialog


def open_sounds(window: MainWindow) -> QWidget:
    window.form.sounds.show_list()
    return window


def main(window: MainWindow) -> QWidget:
    window.form.advanced_button.setChecked(True)
    window.form.advanced.loras.set_available(["dusty"])
    window.show_welcome()
    return window


@pytest.mark.parametrize(
    "opened",
    [
        *(main, open_sounds, open_models, open_doctor, open_save_preset),
        *(open_profiles, open_export, open_sheet),
    ],
)
def test_every_control_has_its_names_and_a_tooltip(
    window: MainWindow, application: QApplication, opened: Callable[[MainWindow], QWidget]
) -> None:
    root = opened(window)
    application.processEvents()
    assert len(controls(root)) >= 3
    assert "\n".join(lacking(root)) == ""


SEVERAL = {"welcome_example_button", "example_prompt_chip", "nearest_sound_chip"}


def test_no_two_controls_of_the_window_share_a_name(window: MainWindow) -> None:
    names = [
        widget.objectName() for widget in controls(window) if widget.objectName() not in SEVERAL
    ]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_tooltips_say_more_than_the_name(window: MainWindow) -> None:
    bare = [
        described(widget)
        for widget in controls(window)
        if widget.toolTip().strip().lower() == widget.accessibleName().strip().lower()
    ]
    assert "\n".join(bare) == ""


def test_every_control_can_be_reached_with_the_tab_key(window: MainWindow) -> None:
    unreachable = [
        described(widget)
        for widget in controls(window)
        if isinstance(widget, USED)
        and widget.isVisibleTo(window)
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.objectName() not in HAVE_A_KEY
    ]
    assert "\n".join(unreachable) == ""


def test_the_tab_key_goes_from_left_to_right_and_then_down(
    window: MainWindow, application: QApplication
) -> None:
    window.end_welcome()
    parts = [window.top_bar, window.form, window.take, window.library, window.queue]
    application.processEvents()
    visited: list[str] = []
    names: list[str] = []
    widget = first = window.top_bar.model_combo
    while True:
        reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if reached and widget.isVisibleTo(window) and widget.window() is window:
            names.append(widget.objectName())
            part = next((part for part in parts if part.isAncestorOf(widget)), None)
            assert part is not None, described(widget)
            if not visited or visited[-1] != type(part).__name__:
                visited.append(type(part).__name__)
        widget = widget.nextInFocusChain()
        if widget is first:
            break
    assert visited == [type(part).__name__ for part in parts]
    form = ["prompt_history_button", "prompt_edit", "example_prompt_chip", "sound_list_button"]
    form += ["negative_prompt_edit", "duration_slider", "duration_spin", "count_spin", "seed_spin"]
    form += ["advanced_button", "generate_button"]
    # the chips have one name
    assert list(dict.fromkeys(name for name in names if name in form)) == form


HAVE_A_KEY = {"queue_list"}  # its rows hold the buttons that are reached


def test_what_a_screen_reader_is_told_changes_with_the_value(window: MainWindow) -> None:
    form = window.form
    for widget, change in (
        (form.duration.slider, lambda: form.duration.set_seconds(1.5)),
        (form.prompt, lambda: form.prompt.setPlainText("a heavy door")),
        (form.seed.spin, lambda: form.seed.set_seed(42)),
        (window.take.player.volume, lambda: window.take.player.volume.setValue(12)),
    ):
        before = spoken(widget)
        change()
        assert spoken(widget) != before, widget.objectName()
    assert "1.5" in spoken(form.duration.slider)


def spoken(widget: QWidget) -> str:
    """Name, value and description, as an assistive technology gets them."""
    interface = QAccessible.queryAccessibleInterface(widget)
    kinds = (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)
    texts = [interface.text(kind) for kind in kinds]
    if (value := interface.valueInterface()) is not None:
        texts.append(str(value.currentValue()))
    if (text := interface.textInterface()) is not None:
        texts.append(text.text(0, text.characterCount()))
    return " ".join(texts)
