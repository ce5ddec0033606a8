"""The list of presets, and the window in which they are renamed, deleted, imported, exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.mnemonics import plain
from sa_studio.ui.presets_dialog import PresetsDialog, summary
from tests.ui.conftest import Wait

Key = Qt.Key


@pytest.fixture
def dialog(window: MainWindow) -> PresetsDialog:
    for name in ("Mine", "Other"):
        window.studio.save_preset(name, {"prompt": f"{name} sound", "seconds": 1.5})
    window.presets.reload()
    window.presets.manage.click()
    opened = window.presets.manager
    assert opened is not None
    return opened


def select(dialog: PresetsDialog, *names: str) -> None:
    dialog.tree.clearSelection()
    for name in names:
        item = dialog.tree.item_of(name)
        assert item is not None
        dialog.tree.setCurrentItem(item)
    for name in names:
        dialog.tree.item_of(name).setSelected(True)


def headings(dialog: PresetsDialog) -> list[str]:
    tree = dialog.tree
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]


def answer(dialog: PresetsDialog, text: str) -> None:
    assert dialog.question.isVisible()
    (button,) = [button for button in dialog.question.buttons if plain(button.text()) == text]
    button.click()


def preset_file(path: Path, prompt: str) -> Path:
    content = {"format": "sa-studio-preset", "version": 1, "fields": {"prompt": prompt}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


# --- the list of the combo box --------------------------------------------------------------
def test_the_combo_box_opens_a_list_by_category_that_is_searched(window: MainWindow) -> None:
    bar = window.presets
    QTest.keyClick(bar.combo, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert bar.list is not None and bar.list.isVisible()
    tree = bar.list.tree
    titles = [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]
    assert "Drums" in titles and "Foley" in titles
    assert "Your own" not in titles
    QTest.keyClicks(bar.list.search, "campfire")
    QTest.keyClick(bar.list.search, Key.Key_Return)
    assert not bar.list.isVisible()
    assert bar.combo.currentText() == "Nature - Campfire"
    assert window.form.prompt.toPlainText() == "campfire"


# --- the window -----------------------------------------------------------------------------
def test_the_users_own_come_first_and_say_what_they_set(dialog: PresetsDialog) -> None:
    assert headings(dialog)[:2] == ["Your own", "Cinematic"]
    select(dialog, "Mine")
    assert dialog.summary.text() == "Mine sound · 1.5 s"
    assert dialog.delete.isEnabled() and dialog.rename.isEnabled()
    select(dialog, "Nature - Campfire")
    assert "campfire" in dialog.summary.text()
    assert not dialog.delete.isEnabled() and not dialog.rename.isEnabled()
    assert dialog.export.isEnabled() and dialog.use.isEnabled()
    select(dialog, "Mine", "Nature - Campfire")
    assert dialog.summary.text() == "2 presets are selected"
    assert not dialog.use.isEnabled()


def test_one_is_used(dialog: PresetsDialog, window: MainWindow) -> None:
    select(dialog, "Mine")
    dialog.use.click()
    assert window.presets.manager is None
    assert window.form.prompt.toPlainText() == "Mine sound"
    assert window.presets.combo.currentText() == "Mine"


def test_one_is_renamed_in_place(dialog: PresetsDialog, window: MainWindow, wait: Wait) -> None:
    def type_name(name: str) -> None:
        dialog.rename.click()
        editor = dialog.tree.findChildren(QLineEdit)[-1]
        editor.setText(name)
        QTest.keyClick(editor, Key.Key_Return)

    select(dialog, "Mine")
    type_name("Better")
    wait(lambda: dialog.note.text() == "Renamed “Mine” to “Better”")
    assert window.studio.presets()[-2:] == ["Better", "Other"]
    assert window.presets.combo.findText("Better") >= 0
    assert dialog.tree.values() == ["Better"]
    type_name("other")
    wait(lambda: "already a preset 'Other'" in dialog.note.text())
    assert dialog.note.property("role") == "error"
    assert window.studio.presets()[-2:] == ["Better", "Other"]
    assert dialog.tree.item_of("Better").text(0) == "Better"


def test_deleting_asks_and_moves_to_the_bin(
    dialog: PresetsDialog, window: MainWindow, own_bin: Path
) -> None:
    select(dialog, "Mine", "Other", "Nature - Campfire")
    dialog.delete.click()
    assert dialog.question.text.text() == "Move “Mine” and 1 more to the bin?"
    answer(dialog, "Keep")
    assert not dialog.question.isVisible()
    assert "Mine" in window.studio.presets()
    dialog.delete.click()
    answer(dialog, "Move to the bin")
    assert not {"Mine", "Other"} & set(window.studio.presets())
    assert "Nature - Campfire" in window.studio.presets()
    assert window.presets.combo.findText("Mine") < 0
    assert sorted(path.name for path in own_bin.iterdir()) == ["Mine.json", "Other.json"]
    assert "to the bin" in dialog.note.text()


def test_new_files_are_imported_and_foreign_ones_refused_in_a_line(
    dialog: PresetsDialog, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "foreign.json").write_text("[]", encoding="utf-8")
    dialog.import_files([tmp_path / "foreign.json", preset_file(tmp_path / "New.json", "new")])
    assert not dialog.question.isVisible()
    done, refused = dialog.note.text().splitlines()
    assert done == "Imported “New”"
    assert refused.startswith("'foreign.json' is no preset of SA Studio")
    assert window.studio.load_preset("New") == {"prompt": "new"}
    assert dialog.tree.values() == ["New"]
    assert window.presets.combo.findText("New") >= 0


@pytest.mark.parametrize(
    ("reply", "mine", "more"),
    [("Replace", "new", []), ("Keep both", "Mine sound", ["Mine 2"]), ("Skip", "Mine sound", [])],
)
def test_names_that_are_taken_are_asked_about(
    dialog: PresetsDialog,
    window: MainWindow,
    tmp_path: Path,
    own_bin: Path,
    reply: str,
    mine: str,
    more: list[str],
) -> None:
    dialog.import_files([preset_file(tmp_path / "Mine.json", "new")])
    assert "“Mine”" in dialog.question.text.text()
    assert window.studio.load_preset("Mine")["prompt"] == "Mine sound", "nothing before the answer"
    answer(dialog, reply)
    assert window.studio.load_preset("Mine")["prompt"] == mine
    assert window.studio.presets()[-2 - len(more) :] == ["Mine", *more, "Other"]
    assert own_bin.exists() is (reply == "Replace")


def test_several_are_exported_into_a_folder(dialog: PresetsDialog, tmp_path: Path) -> None:
    (tmp_path / "Mine.json").write_text("something else", encoding="utf-8")
    dialog.export_to(tmp_path, ["Mine", "Nature - Campfire"])
    assert json.loads((tmp_path / "Nature - Campfire.json").read_bytes())["fields"]["prompt"]
    assert (tmp_path / "Mine.json").read_text() == "something else"
    answer(dialog, "Replace")
    assert json.loads((tmp_path / "Mine.json").read_bytes())["fields"]["prompt"] == "Mine sound"


def test_what_a_saved_preset_replaces_goes_to_the_bin(
    window: MainWindow, own_bin: Path, wait: Wait
) -> None:
    bar = window.presets
    window.studio.save_preset("Mine", {"prompt": "old"})
    window.form.prompt.setPlainText("new")
    bar.save.click()
    bar.dialog.name.setText("Mine")
    (tick,) = [tick for tick in bar.dialog.ticks if plain(tick.text()) == "Model"]
    tick.click()
    bar.dialog.save.click()
    assert bar.dialog is None
    assert window.studio.load_preset("Mine")["prompt"] == "new"
    assert window.studio.load_preset("Mine")["model"] == "starter"
    assert json.loads((own_bin / "Mine.json").read_bytes())["fields"] == {"prompt": "old"}


def test_every_control_has_a_name_and_a_tip(dialog: PresetsDialog) -> None:
    for widget in [*dialog.findChildren(QPushButton), dialog.search, dialog.tree]:
        assert widget.objectName() and widget.accessibleName() and widget.toolTip()


def test_a_summary_names_all_that_is_set() -> None:
    fields = {"prompt": "rain", "negative_prompt": "wind", "count": 2, "loras": [["warm", 0.5]]}
    assert summary(fields) == "rain · not wind · 2 takes · warm 0.5"
