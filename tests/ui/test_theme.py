from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from sa_studio.paths import resources
from sa_studio.ui.icons import icon, icon_pixmap
from sa_studio.ui.theme import (
    DARK,
    FONT_FAMILY,
    MONO_FAMILY,
    apply_theme,
    figure_font,
    load_fonts,
    palette,
    stylesheet,
    ui_font,
)


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = QColor(color).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("ink", ["text", "quiet", "accent", "warning", "error"])
@pytest.mark.parametrize("paper", ["ground", "panel", "field", "raised"])
def test_words_can_be_read(ink: str, paper: str) -> None:
    colors = asdict(DARK)
    assert contrast(colors[ink], colors[paper]) >= 4.5  # WCAG AA


def test_the_primary_button_can_be_read() -> None:
    for paper in (DARK.accent, DARK.accent_hover, DARK.accent_pressed):
        assert contrast(DARK.on_accent, paper) >= 4.5


def test_a_focus_ring_stands_out() -> None:
    for paper in (DARK.ground, DARK.panel, DARK.field, DARK.raised, DARK.line):
        assert contrast(DARK.accent, paper) >= 3.0  # WCAG 2.2, 1.4.11


def test_the_sheet_has_no_open_names_and_only_files_that_exist() -> None:
    sheet = stylesheet(DARK)
    assert "@" not in sheet
    files = re.findall(r'url\("([^"]+)"\)', sheet)
    assert files
    assert all((resources() / "icons" / name).is_file() for name in files)


def test_qt_understands_the_sheet(
    application: QApplication, capfd: pytest.CaptureFixture[str]
) -> None:
    apply_theme(application)
    assert "Could not parse" not in capfd.readouterr().err
    assert application.palette().color(QPalette.ColorRole.Base) == QColor(DARK.field)


def test_disabled_text_differs() -> None:
    colors = palette(DARK)
    role = QPalette.ColorRole.Text
    assert colors.color(QPalette.ColorGroup.Disabled, role) != colors.color(role)


def test_the_shipped_fonts_are_used(application: QApplication) -> None:
    assert {FONT_FAMILY, MONO_FAMILY} <= set(load_fonts())
    assert QFontInfo(ui_font()).family() == FONT_FAMILY
    figures = QFontInfo(figure_font())
    assert figures.family() == MONO_FAMILY
    assert figures.fixedPitch()


def test_every_font_has_its_licence() -> None:
    fonts = resources() / "fonts"
    for file in fonts.glob("*.[ot]tf"):
        licence = fonts / f"{file.name.split('-')[0]}-OFL.txt"
        assert "SIL Open Font License, Version 1.1" in licence.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(p.stem for p in (resources() / "icons").glob("*.svg")))
def test_icons_draw_in_the_colour_asked_for(application: QApplication, name: str) -> None:
    image = icon_pixmap(name, "#ff0000", 24).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(24)
        for y in range(24)
        if image.pixelColor(x, y).alpha() == 255
    ]
    assert inked
    assert {color.name() for color in inked} == {"#ff0000"}
    assert not icon(name).isNull()
