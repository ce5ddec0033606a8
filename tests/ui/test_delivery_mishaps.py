"""What goes wrong in the windows of delivery: one message each, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sa_studio.profiles import MAX_NAME_CHARACTERS
from sa_studio.service import Studio
from sa_studio.ui.delivery_button import DeliveryButton
from sa_studio.ui.export_dialog import ExportDialog
from sa_studio.ui.field_box import plain_tip, text_label
from sa_studio.ui.folder_field import WHOLE_PATH
from sa_studio.ui.profile_dialog import ProfileDialog
from sa_studio.ui.sheet_edit import SheetEdit
from sa_studio.vocabulary.delivery import DeliveryProfile
from tests.delivery.takes import add_takes, hit
from tests.ui.conftest import Wait
from tests.ui.deliveries import Keep, keep, studio

__all__ = ["keep", "studio"]

HOSTILE = f"<img src='x'>&{'W' * MAX_NAME_CHARACTERS}"[:MAX_NAME_CHARACTERS]


@pytest.fixture
def dialog(studio: Studio, keep: Keep) -> Iterator[ExportDialog]:
    made = keep(ExportDialog(studio))
    made.show()
    yield made
    made.close_threads()


@pytest.fixture
def ids(studio: Studio) -> list[str]:
    return [clip.id for clip in add_takes(studio, [hit(seed=seed) for seed in range(3)])]


def export(dialog: ExportDialog, ids: list[str], folder: Path, wait: Wait) -> str:
    """Start it; what was said at the end."""
    dialog.show_takes(ids)
    dialog.folder.edit.setText(str(folder))
    dialog.start.click()
    wait(lambda: dialog.outcome.text() and not dialog.progress.isVisible())
    return dialog.outcome.text()


@pytest.mark.parametrize("typed", ["~nobody-of-this-name/sounds", "sounds", "./sounds", "~n"])
def test_a_folder_that_says_not_where_is_refused(
    dialog: ExportDialog, ids: list[str], typed: str
) -> None:
    dialog.show_takes(ids)
    dialog.folder.edit.setText(typed)
    assert dialog.folder_box.problem == WHOLE_PATH
    assert not dialog.start.isEnabled()
    dialog.folder.edit.setText("~/sounds")
    assert dialog.folder_box.problem == ""
    assert dialog.folder.folder() == Path.home() / "sounds"
    dialog.folder.edit.clear()
    assert dialog.folder_box.problem == "", "nothing was typed yet"


def test_a_take_whose_file_is_gone_is_named_before_anything_is_written(
    dialog: ExportDialog, studio: Studio, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    gone = studio.clip(ids[2]).path
    assert gone is not None
    gone.unlink()
    said = export(dialog, ids, tmp_path / "out", wait)
    assert dialog.outcome.property("role") == "error"
    assert gone.name in said
    assert not list(tmp_path.glob("out/*"))
    assert export(dialog, ids[:2], tmp_path / "out", wait).startswith("Exported 2 files")


def test_a_folder_that_vanishes_ends_the_export_with_a_line(
    dialog: ExportDialog, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    out = tmp_path / "out"
    vanish = dialog.work.delivered.connect(
        lambda _: shutil.rmtree(out), Qt.ConnectionType.DirectConnection
    )
    said = export(dialog, ids, out, wait)
    assert dialog.outcome.property("role") == "error"
    assert str(out) in said
    assert dialog.start.isEnabled()
    dialog.work.delivered.disconnect(vanish)
    assert export(dialog, ids, out, wait).startswith("Exported 3 files")
    assert all(soundfile.info(path).frames for path in out.iterdir())


def test_a_double_click_exports_once(
    dialog: ExportDialog, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    dialog.show_takes(ids)
    dialog.folder.edit.setText(str(tmp_path / "out"))
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(dialog.start, Qt.MouseButton.LeftButton)
    wait(lambda: dialog.outcome.text().startswith("Exported"))
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_closing_the_window_cancels_first(
    dialog: ExportDialog, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    dialog.show_takes(ids)
    dialog.folder.edit.setText(str(tmp_path / "out"))
    dialog.start.click()
    dialog.close()
    assert dialog.isVisible(), "it has to say what is there"
    wait(lambda: dialog.outcome.text().startswith("Cancelled: 1 file of 3"))
    dialog.close()
    assert not dialog.isVisible()


def test_long_paths_make_the_dialog_higher_but_not_wider(
    dialog: ExportDialog, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    width = dialog.width()
    said = export(dialog, ids, tmp_path / ("unbroken" * 12) / ("again" * 30), wait)
    assert said.startswith("Exported 3 files to "), said
    layout = dialog.layout()
    assert layout is not None
    assert dialog.width() == width
    assert dialog.height() >= layout.totalHeightForWidth(width)
    assert dialog.profile.line.y() >= dialog.profile.combo.geometry().bottom()


def test_a_hostile_name_of_a_profile_is_only_a_name(
    dialog: ExportDialog, studio: Studio, keep: Keep
) -> None:
    studio.save_profile(DeliveryProfile(name=HOSTILE))
    button = keep(DeliveryButton(studio))
    button.choose(HOSTILE)
    assert studio.profile.name == HOSTILE
    button.menu().aboutToShow.emit()
    assert button.menu().sizeHint().width() < 700
    dialog.show_takes([])
    assert dialog.minimumSizeHint().width() <= 480
    profiles = keep(ProfileDialog(studio))
    assert profiles.form.texts["name"].text() == HOSTILE
    profiles.form.texts["designer"].setText("Ann")
    profiles.reject()
    tip = profiles.question.buttons[0].toolTip()
    assert "<img" not in tip
    assert "&lt;img" in tip
    assert profiles.minimumSizeHint().width() < 1000


def test_markup_is_escaped_only_where_it_would_be_taken_for_some() -> None:
    assert plain_tip("48 kHz <24 bits>, a & b") == "48 kHz <24 bits>, a & b"
    assert plain_tip("<b>door</b>") == "<p>&lt;b&gt;door&lt;/b&gt;</p>"


def test_a_wrapped_label_keeps_its_text_and_breaks_long_words(keep: Keep) -> None:
    path = "/sounds/" + "x" * 300
    label = keep(text_label(path, wrap=True))
    assert label.text() == path
    assert label.minimumSizeHint().width() < 400
    label.setText("short")
    assert label.text() == "short"


def press_enter(widget: QWidget) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_Return)


def test_enter_saves_a_profile_but_presses_the_button_that_has_the_focus(
    studio: Studio, keep: Keep
) -> None:
    profiles = keep(ProfileDialog(studio))
    profiles.show()
    profiles.duplicate_shown()
    profiles.form.texts["name"].setText("Night Film")
    press_enter(profiles.form.texts["name"])
    assert profiles.shown == "Night Film"
    profiles.form.texts["designer"].setText("Ann")
    profiles.reject()
    assert profiles.isVisible()
    press_enter(profiles.question.buttons[-1])
    assert profiles.form.is_changed, "going on with editing saves nothing"
    assert studio.find_profile("Night Film").designer == ""
    press_enter(profiles.done_)
    assert not profiles.question.isHidden()
    press_enter(profiles.question.buttons[0])
    assert not profiles.isVisible()
    assert studio.find_profile("Night Film").designer == "Ann"


def test_tab_goes_through_a_profile_as_the_eye_does(studio: Studio, keep: Keep) -> None:
    profiles = keep(ProfileDialog(studio))
    profiles.show()
    profiles.duplicate_shown()
    form = profiles.form
    trim = form.ticks["trim_silence"]
    trim.setChecked(True)
    form.spins["ceiling_db"].setFocus()
    for part in (trim, form.spins["trim_db"], form.spins["tail_seconds"]):
        QTest.keyClick(profiles.focusWidget(), Qt.Key.Key_Tab)
        assert profiles.focusWidget() is part


def test_a_file_in_the_text_of_a_sheet_is_opened_and_cells_are_pasted(
    keep: Keep, tmp_path: Path
) -> None:
    edit = keep(SheetEdit())
    given: list[Path] = []
    edit.file_given.connect(given.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "cues.csv"))])
    assert edit.canInsertFromMimeData(data)
    edit.insertFromMimeData(data)
    assert given == [tmp_path / "cues.csv"]
    assert edit.toPlainText() == ""
    cells = QMimeData()
    cells.setText("name\tprompt")
    edit.insertFromMimeData(cells)
    assert edit.toPlainText() == "name\tprompt"
