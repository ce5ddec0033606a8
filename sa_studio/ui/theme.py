"""How everything looks: colours, fonts and the stylesheet of all common widgets.

Widgets do not carry colours of their own; they set a dynamic property that this sheet knows:

=====================  ======================================================================
``role`` of a QLabel   ``title``, ``quiet``, ``figures`` (monospaced), ``quiet-figures``,
                       ``error``, ``warning``, ``accent``, ``chip``, ``chip-accent``, ``section``
``role`` of a QWidget  ``panel``, ``bar`` (top bar), ``row``
``role`` of a QFrame   ``problem`` (a box that stands out), ``popover``
``role`` of a button   ``primary``, ``flat``, ``danger``, ``play``
``invalid`` of a field ``true`` draws the border in the error colour
=====================  ======================================================================

After a property changed, :func:`set_property` makes the sheet look again.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.paths import resources

FONT_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"
FONT_PIXELS = 13
FIGURE_PIXELS = 12


@dataclass(frozen=True, slots=True)
class Colors:
    """The named colours of a theme, as ``#rrggbb``."""

    ground: str
    panel: str
    field: str
    raised: str
    hover: str
    line: str
    line_strong: str
    text: str
    quiet: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_wash: str
    on_accent: str
    waveform: str
    waveform_played: str
    playhead: str
    warning: str
    error: str


DARK = Colors(
    ground="#121417",
    panel="#16191d",
    field="#0f1114",
    raised="#1e2228",
    hover="#262b32",
    line="#262b32",
    line_strong="#3a414b",
    text="#e4e7eb",
    quiet="#8b95a1",
    disabled="#565f6a",
    accent="#58c7a9",
    accent_hover="#6bd4b8",
    accent_pressed="#4aa88f",
    accent_wash="#1a2b29",
    on_accent="#0c1512",
    waveform="#4aa88f",
    waveform_played="#8fe3cb",
    playhead="#f2f5f7",
    warning="#d9a648",
    error="#e5696b",
)


def apply_theme(app: QApplication, colors: Colors = DARK) -> None:
    """Give the application its style, fonts, palette and stylesheet."""
    load_fonts()
    app.setStyle("Fusion")
    app.setFont(ui_font())
    app.setPalette(palette(colors))
    app.setStyleSheet(stylesheet(colors))


@cache
def load_fonts() -> tuple[str, ...]:
    """Make the fonts in ``resources/fonts`` known to Qt; returns the families that were found.

    Needs a QGuiApplication. A missing file only means that Qt picks the nearest system font.
    """
    families: set[str] = set()
    for file in sorted((resources() / "fonts").glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(file))
        if number >= 0:
            families.update(QFontDatabase.applicationFontFamilies(number))
    return tuple(sorted(families))


def ui_font(pixels: int = FONT_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The face of all running text."""
    font = QFont(FONT_FAMILY)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def figure_font(pixels: int = FIGURE_PIXELS) -> QFont:
    """The monospaced face of figures, which must not dance while they count."""
    font = QFont(MONO_FAMILY)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(pixels)
    return font


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the stylesheet selects by, and restyle the widget."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def palette(colors: Colors) -> QPalette:
    """The same colours for what is painted without the stylesheet."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    result = QPalette()
    for which, color in {
        role.Window: colors.ground,
        role.WindowText: colors.text,
        role.Base: colors.field,
        role.AlternateBase: colors.panel,
        role.ToolTipBase: colors.raised,
        role.ToolTipText: colors.text,
        role.PlaceholderText: colors.quiet,
        role.Text: colors.text,
        role.Button: colors.raised,
        role.ButtonText: colors.text,
        role.BrightText: colors.error,
        role.Light: colors.hover,
        role.Midlight: colors.hover,
        role.Mid: colors.line,
        role.Dark: colors.line,
        role.Shadow: colors.field,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.on_accent,
        role.Accent: colors.accent,
        role.Link: colors.accent,
        role.LinkVisited: colors.accent,
    }.items():
        result.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(group.Disabled, which, QColor(colors.disabled))
    result.setColor(group.Disabled, role.Highlight, QColor(colors.line_strong))
    result.setColor(group.Disabled, role.HighlightedText, QColor(colors.quiet))
    return result


def stylesheet(colors: Colors) -> str:
    """The sheet ``resources/theme.qss`` with every ``@name`` replaced; Qt has no variables.

    Raises:
        KeyError: the sheet uses a name that does not exist.
    """
    values = asdict(colors) | {
        "mono": MONO_FAMILY,
        # forward slashes on every system: the sheet's url() knows no others
        "icons": (resources() / "icons").as_posix(),
    }
    sheet = (resources() / "theme.qss").read_text(encoding="utf-8")
    return re.sub(r"@(\w+)", lambda match: values[match[1]], sheet)
