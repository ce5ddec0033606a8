"""The button that says how takes are delivered."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtTest import QSignalSpy

from sa_studio.service import Studio
from sa_studio.ui.delivery_button import DeliveryButton
from sa_studio.ui.profile_text import profile_line, short_profile
from sa_studio.vocabulary.delivery import DeliveryProfile, FileFormat, LevelPolicy
from tests.ui.deliveries import Keep, keep, studio

__all__ = ["keep", "studio"]


def test_it_says_the_profile_in_a_few_characters(studio: Studio, keep: Keep) -> None:
    button = keep(DeliveryButton(studio))
    assert button.text() == "48k · 24 · WAV"
    assert button.accessibleDescription() == "Studio: 48k · 24 · WAV"
    button.set_short(True)
    assert button.text() == "WAV"
    assert "48 kHz, 24-bit WAV" in button.toolTip()


def test_the_menu_chooses_and_the_choice_is_kept(studio: Studio, keep: Keep) -> None:
    studio.save_profile(replace(studio.profile, name="R&D", sample_rate=96_000))
    button = keep(DeliveryButton(studio))
    changed = QSignalSpy(button.changed)
    button.menu().aboutToShow.emit()
    lines = {action.text(): action for action in button.menu().actions() if action.isCheckable()}
    assert lines["Studio  –  48k · 24 · WAV"].isChecked()
    lines["R&&D  –  96k · 24 · WAV"].trigger()
    assert studio.profile.name == "R&D"
    assert button.text() == "96k · 24 · WAV"
    assert changed.count() == 1
    button.menu().aboutToShow.emit()
    chosen = [action.text() for action in button.menu().actions() if action.isChecked()]
    assert chosen == ["R&&D  –  96k · 24 · WAV"]


def test_a_profile_that_is_gone_is_a_message(studio: Studio, keep: Keep) -> None:
    button = keep(DeliveryButton(studio))
    told = QSignalSpy(button.message)
    button.choose("Nothing")
    assert told.count() == 1
    assert button.text() == "48k · 24 · WAV"


def test_lossy_formats_have_no_depth() -> None:
    profile = DeliveryProfile(
        format=FileFormat.MP3, level=LevelPolicy.LUFS, target_lufs=-16.0, sample_rate=44_100
    )
    assert short_profile(profile) == "44.1k · MP3"
    assert profile_line(profile) == "44.1 kHz, MP3, -16 LUFS, plain names"
