"""The dialog of delivery profiles."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest

from sa_studio.service import Studio
from sa_studio.ui.profile_dialog import ProfileDialog
from sa_studio.vocabulary.delivery import Depth, FileFormat, LevelPolicy, Naming
from tests.ui.deliveries import Keep, keep, studio

__all__ = ["keep", "studio"]


@pytest.fixture
def dialog(studio: Studio, keep: Keep) -> ProfileDialog:
    return keep(ProfileDialog(studio))


def choose(dialog: ProfileDialog, field: str, value: object) -> None:
    combo = dialog.form.combos[field]
    combo.setCurrentIndex(combo.findData(value))


def go_to(dialog: ProfileDialog, name: str) -> None:
    for row in range(dialog.list.count()):
        if dialog.list.item(row).data(Qt.ItemDataRole.UserRole) == name:
            dialog.list.setCurrentRow(row)


def names(studio: Studio) -> list[str]:
    return [profile.name for profile in studio.profiles()]


def test_a_built_in_profile_can_be_looked_at_and_duplicated(
    dialog: ProfileDialog, studio: Studio
) -> None:
    assert dialog.shown == "Studio"
    assert not dialog.form.boxes["name"].isEnabled()
    assert not dialog.save.isEnabled()
    assert not dialog.delete.isEnabled()
    changed = QSignalSpy(dialog.changed)
    dialog.duplicate.click()
    assert names(studio)[-1] == "Studio copy"
    assert changed.count() == 1
    assert dialog.form.boxes["name"].isEnabled()


def test_a_double_click_makes_one_copy_and_a_changed_copy_can_be_duplicated(
    dialog: ProfileDialog, studio: Studio
) -> None:
    dialog.show()
    before = len(names(studio))
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(dialog.duplicate, left)
    QTest.mouseDClick(dialog.duplicate, left)
    assert len(names(studio)) == before + 1
    assert not dialog.duplicate.isEnabled()
    dialog.form.texts["designer"].setText("Somebody")
    dialog.duplicate.click()
    assert names(studio)[-2:] == ["Studio copy", "Studio copy copy"]
    go_to(dialog, "Studio")
    dialog.duplicate.click()
    assert "Studio copy 2" in names(studio)


def test_every_field_is_kept(dialog: ProfileDialog, studio: Studio) -> None:
    dialog.duplicate.click()
    form = dialog.form
    for field, text in {
        "name": "Castle", "folder_template": "{category}/{library}", "designer": "A. Designer",
        "library": "Stone", "creator_id": "SAS", "source_id": "CAS", "project": "Moat",
        "copyright": "© 2026 A. Designer",
    }.items():  # fmt: skip
        form.texts[field].setText(text)
    for field, number in {
        "target_lufs": -18.5, "ceiling_db": -2.0, "trim_db": -48.0, "tail_seconds": 0.2,
    }.items():  # fmt: skip
        form.spins[field].setValue(number)
    choose(dialog, "format", FileFormat.AIFF)
    choose(dialog, "sample_rate", 96_000)
    choose(dialog, "depth", Depth.INT16)
    choose(dialog, "level", LevelPolicy.LUFS)
    choose(dialog, "naming", Naming.UCS)
    for field, ticked in {
        "trim_silence": True, "embeds_recipe": False, "ascii_names": False
    }.items():  # fmt: skip
        form.ticks[field].setChecked(ticked)
    described = form.profile()
    assert "adds nothing" in form.rate_note.text()
    assert form.example.whole_text() == (
        "e.g. DOORS/Stone/DOORWood_Heavy Wooden Door Slam 01_SAS_CAS.aiff"
    )
    dialog.save.click()
    assert names(studio)[-1] == "Castle"
    assert "Studio copy" not in names(studio), "it was renamed"
    kept = studio.find_profile("Castle")
    assert kept == described
    assert (kept.target_lufs, kept.trim_db, kept.tail_seconds) == (-18.5, -48.0, 0.2)
    assert (kept.depth, kept.level, kept.embeds_recipe) == (Depth.INT16, LevelPolicy.LUFS, False)
    assert (kept.ascii_names, kept.copyright) == (False, "© 2026 A. Designer")
    assert not dialog.save.isEnabled()


def test_what_a_format_refuses_cannot_be_chosen_and_comes_back_with_another(
    dialog: ProfileDialog,
) -> None:
    dialog.duplicate.click()
    form = dialog.form
    depth = form.combos["depth"]
    choose(dialog, "depth", Depth.FLOAT32)
    choose(dialog, "sample_rate", 96_000)
    choose(dialog, "format", FileFormat.FLAC)
    assert (form.profile().depth, form.profile().sample_rate) == (Depth.INT24, 96_000)
    assert "24-bit instead of 32-bit float" in form.rate_note.text()
    assert form.boxes["depth"].note.text() == "FLAC: no 32-bit float"
    row = depth.findData(Depth.FLOAT32)
    assert not depth.model().flags(depth.model().index(row, 0)) & Qt.ItemFlag.ItemIsEnabled
    assert "whole numbers" in depth.itemData(row, Qt.ItemDataRole.ToolTipRole)
    choose(dialog, "format", FileFormat.MP3)
    assert form.profile().sample_rate == 48_000
    assert "48 kHz instead of 96 kHz" in form.rate_note.text()
    choose(dialog, "format", FileFormat.WAV)
    assert (form.profile().depth, form.profile().sample_rate) == (Depth.FLOAT32, 96_000)
    assert "instead" not in form.rate_note.text()
    assert not form.boxes["depth"].note.text()
    choose(dialog, "format", FileFormat.FLAC)
    choose(dialog, "depth", Depth.INT16)
    choose(dialog, "format", FileFormat.WAV)
    assert form.profile().depth is Depth.INT16, "what was chosen meanwhile stays"
    choose(dialog, "format", FileFormat.FLAC)
    assert dialog.save_shown()


def test_bad_values_are_marked_at_their_fields_and_not_kept(
    dialog: ProfileDialog, studio: Studio
) -> None:
    dialog.duplicate.click()
    before = studio.profiles()
    dialog.form.texts["folder_template"].setText("{room}")
    spin = dialog.form.spins["tail_seconds"]
    spin.lineEdit().setText("99")
    spin.interpretText()
    assert "{category}" in dialog.form.boxes["folder_template"].problem
    assert "99" in dialog.form.boxes["tail_seconds"].problem
    assert dialog.form.example.whole_text() == ""
    assert not dialog.save_shown()
    assert studio.profiles() == before
    spin.setValue(1.0)
    assert not dialog.form.boxes["tail_seconds"].problem
    dialog.form.texts["folder_template"].setText("")
    assert dialog.save_shown()


@pytest.mark.parametrize("name", ["", "  ", "x" * 200, "studio", "other"])
def test_a_name_that_is_none_or_taken_is_refused(
    dialog: ProfileDialog, studio: Studio, name: str
) -> None:
    dialog.duplicate.click()
    dialog.form.texts["name"].setText("Other")
    dialog.save.click()
    go_to(dialog, "Studio")
    dialog.duplicate.click()
    before = studio.profiles()
    dialog.form.texts["name"].setText(name)
    assert not dialog.save_shown()
    assert dialog.form.boxes["name"].problem
    assert studio.profiles() == before


def test_the_chosen_profile_stays_chosen_under_its_new_name(
    dialog: ProfileDialog, studio: Studio
) -> None:
    dialog.duplicate.click()
    dialog.use.click()
    assert studio.profile.name == "Studio copy"
    dialog.form.texts["name"].setText("Mine")
    dialog.save.click()
    assert studio.profile.name == "Mine"
    assert "Studio copy" not in names(studio)


def test_what_was_changed_is_asked_about_before_it_is_left(
    dialog: ProfileDialog, studio: Studio
) -> None:
    dialog.duplicate.click()
    dialog.form.texts["designer"].setText("Somebody")
    go_to(dialog, "Game")
    assert dialog.shown == "Studio copy"
    dialog.question.buttons[2].click()
    assert dialog.form.texts["designer"].text() == "Somebody"
    go_to(dialog, "Game")
    dialog.question.buttons[1].click()
    assert dialog.shown == "Game"
    assert studio.find_profile("Studio copy").designer == ""
    go_to(dialog, "Studio copy")
    dialog.form.texts["designer"].setText("Somebody else")
    go_to(dialog, "Game")
    dialog.question.buttons[0].click()
    assert dialog.shown == "Game"
    assert studio.find_profile("Studio copy").designer == "Somebody else"


def test_closing_with_changes_asks(dialog: ProfileDialog) -> None:
    dialog.show()
    dialog.duplicate.click()
    dialog.form.texts["project"].setText("Moat")
    dialog.reject()
    assert dialog.isVisible()
    dialog.question.buttons[1].click()
    assert not dialog.isVisible()


def test_a_profile_is_deleted_after_a_question(dialog: ProfileDialog, studio: Studio) -> None:
    dialog.duplicate.click()
    dialog.delete.click()
    assert "Studio copy" in names(studio)
    dialog.question.buttons[0].click()
    assert "Studio copy" not in names(studio)
    assert dialog.shown == studio.profile.name
