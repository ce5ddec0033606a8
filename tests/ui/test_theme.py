from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from sa_studio.paths import resources
from sa_studio.ui import theme as theme_module
from sa_studio.ui.icons import IconLabel, icon, icon_pixmap
from sa_studio.ui.theme import (
    DARK,
    FONT_FAMILY,
    LIGHT,
    MONO_FAMILY,
    Colors,
    apply_theme,
    current_colors,
    figure_font,
    load_fonts,
    palette,
    set_theme,
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


BOTH = pytest.mark.parametrize("colors", [DARK, LIGHT], ids=lambda colors: colors.scheme)
GROUNDS = ("ground", "panel", "field", "raised")


@BOTH
@pytest.mark.parametrize("ink", ["text", "quiet", "accent", "warning", "error"])
@pytest.mark.parametrize("paper", GROUNDS)
def test_words_can_be_read(colors: Colors, ink: str, paper: str) -> None:
    named = asdict(colors)
    assert contrast(named[ink], named[paper]) >= 4.5  # WCAG 2.2, 1.4.3


@BOTH
def test_a_selected_row_can_be_read(colors: Colors) -> None:
    for ink in (colors.text, colors.quiet):
        assert contrast(ink, colors.hover) >= 4.5


@BOTH
def test_what_is_switched_on_can_be_read(colors: Colors) -> None:
    assert contrast(colors.waveform_played, colors.accent_wash) >= 4.5


@BOTH
def test_the_primary_button_can_be_read(colors: Colors) -> None:
    for paper in (colors.accent, colors.accent_hover, colors.accent_pressed):
        assert contrast(colors.on_accent, paper) >= 4.5


@BOTH
@pytest.mark.parametrize("ink", ["disabled", "control", "waveform", "waveform_played", "playhead"])
@pytest.mark.parametrize("paper", GROUNDS)
def test_marks_stand_out(colors: Colors, ink: str, paper: str) -> None:
    named = asdict(colors)
    assert contrast(named[ink], named[paper]) >= 3.0  # WCAG 2.2, 1.4.11


@BOTH
def test_a_focus_ring_stands_out(colors: Colors) -> None:
    for paper in (*GROUNDS, "line", "hover"):
        assert contrast(colors.accent, asdict(colors)[paper]) >= 3.0


@BOTH
def test_the_arrows_of_the_fields_have_the_colours_of_the_theme(colors: Colors) -> None:
    folder = resources() / "icons" / "fields" / colors.scheme
    inks = {
        file.stem: re.findall(r'stroke="(#\w+)"', file.read_text(encoding="utf-8"))
        for file in folder.glob("*.svg")
    }
    assert inks == {
        "check": [colors.on_accent],
        "clear": [colors.quiet],
        "down": [colors.quiet],
        "down-disabled": [colors.disabled],
        "menu-check": [colors.accent],
        "up": [colors.quiet],
        "up-disabled": [colors.disabled],
    }


@BOTH
def test_the_sheet_has_no_open_names_and_only_files_that_exist(colors: Colors) -> None:
    sheet = stylesheet(colors)
    assert "@" not in sheet
    files = re.findall(r'url\("([^"]+)"\)', sheet)
    assert files
    assert all((resources() / "icons" / name).is_file() for name in files)


def test_the_sheet_has_no_colours_of_its_own() -> None:
    sheet = (resources() / "theme.qss").read_text(encoding="utf-8")
    assert not re.findall(r":[^;{]*#[0-9a-fA-F]{3,8}\b", sheet)


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


@pytest.fixture
def themed(application: QApplication) -> Iterator[QApplication]:
    """The application, dark before and after."""
    set_theme(application, "dark")
    apply_theme(application)
    yield application
    set_theme(application, "dark")


class Painted(QWidget):
    """Notes the colours that it would have been repainted in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.told: list[Colors] = []

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.told.append(current_colors())


def test_a_painted_widget_is_told_of_another_theme_and_finds_its_colours(
    themed: QApplication,
) -> None:
    window = QWidget()
    panel = QWidget(window)
    panel.setProperty("role", "panel")
    painted = Painted(panel)
    window.show()
    for theme, colors in (("light", LIGHT), ("dark", DARK)):
        painted.told.clear()
        set_theme(themed, theme)
        themed.processEvents()
        assert painted.told
        assert set(painted.told) == {colors}
        assert themed.palette().color(QPalette.ColorRole.Base) == QColor(colors.field)


def test_the_desktop_is_followed_and_only_when_asked_to(
    themed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Qt.ColorScheme.Unknown
    monkeypatch.setattr(theme_module, "desktop_scheme", lambda _app: said)
    changed = themed.styleHints().colorSchemeChanged  # the offscreen platform has no desktop
    set_theme(themed, "light")
    set_theme(themed, "system")
    assert current_colors() is DARK  # of a desktop that does not say
    said = Qt.ColorScheme.Light
    changed.emit(said)
    assert current_colors() is LIGHT
    set_theme(themed, "dark")
    changed.emit(said)
    assert current_colors() is DARK


def test_a_theme_that_does_not_exist_changes_nothing(themed: QApplication) -> None:
    with pytest.raises(ValueError, match="sepia"):
        set_theme(themed, "sepia")
    assert current_colors() is DARK


def inks(pixmap: QPixmap) -> set[str]:
    """The colours of the opaque pixels."""
    image = pixmap.toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {color.name() for color in pixels if color.alpha() == 255}


@pytest.mark.parametrize("name", sorted(p.stem for p in (resources() / "icons").glob("*.svg")))
def test_icons_draw_in_the_colour_asked_for(application: QApplication, name: str) -> None:
    assert inks(icon_pixmap(name, "#ff0000", 24)) == {"#ff0000"}
    assert not icon(name).isNull()


def middle(pixmap: QPixmap) -> str:
    """The colour in the middle, where a play sign is filled."""
    return pixmap.toImage().pixelColor(pixmap.rect().center()).name()


def test_an_icon_that_was_set_once_follows_the_theme(themed: QApplication) -> None:
    button = QPushButton()
    button.setIcon(icon("play", color="error"))
    sign = IconLabel("play", "accent", 24)
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.addWidget(button)
    layout.addWidget(sign)
    box.show()
    size = QSize(24, 24)
    assert middle(button.icon().pixmap(size, 1.0)) == DARK.error
    assert middle(sign.pixmap()) == DARK.accent
    set_theme(themed, "light")
    themed.processEvents()
    assert middle(button.icon().pixmap(size, 1.0)) == LIGHT.error
    assert middle(button.icon().pixmap(size, 1.0, QIcon.Mode.Disabled)) == LIGHT.disabled
    assert middle(sign.pixmap()) == LIGHT.accent


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_an_icon_has_all_the_pixels_of_its_place(application: QApplication, ratio: float) -> None:
    drawn = icon("loop").pixmap(QSize(16, 16), ratio)
    assert drawn.deviceIndependentSize().toSize() == QSize(16, 16)
    assert drawn.width() == round(16 * ratio)


def test_an_icon_or_a_colour_that_does_not_exist_is_an_error_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
    with pytest.raises(AttributeError, match="no_such_colour"):
        icon("play", color="no_such_colour")
