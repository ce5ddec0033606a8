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

Themes are changed while the window is open (:func:`set_theme`), so what paints by hand must not
keep colours: it asks :func:`current_colors` each time it paints. What cannot (pens of pyqtgraph,
items of lists, rendered pixmaps) is built anew when Qt tells the widget, which happens after
:func:`current_colors` knows the new theme::

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._make_pens(current_colors())

Icons follow by themselves (:mod:`sa_studio.ui.icons`).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.paths import resources

FONT_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"
FONT_PIXELS = 13
FIGURE_PIXELS = 12


@dataclass(frozen=True, slots=True)
class Colors:
    """The named colours of a theme, as ``#rrggbb``.

    Attributes:
        scheme: ``dark`` or ``light``, no colour; also the folder of the sheet's own pictures.
        control: outlines of what can be ticked, at least 3:1 against their ground.
    """

    scheme: str
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
    control: str
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
    scheme="dark",
    ground="#121417",
    panel="#16191d",
    field="#0f1114",
    raised="#1e2228",
    hover="#262b32",
    line="#262b32",
    line_strong="#3a414b",
    text="#e4e7eb",
    quiet="#8b95a1",
    disabled="#68727e",
    control="#6d7783",
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

LIGHT = Colors(
    scheme="light",
    ground="#eceef1",
    panel="#f5f6f8",
    field="#ffffff",
    raised="#e6e9ed",
    hover="#d9dee4",
    line="#d3d9e0",
    line_strong="#a9b2bd",
    text="#191d22",
    quiet="#4f5a66",
    disabled="#747f8b",
    control="#74808d",
    accent="#0a6b56",
    accent_hover="#0c7a62",
    accent_pressed="#085442",
    accent_wash="#d8efe8",
    on_accent="#ffffff",
    waveform="#3c927c",
    waveform_played="#085442",
    playhead="#14181c",
    warning="#7a4f00",
    error="#b0202a",
)


class Theme(StrEnum):
    """What can be chosen."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"
    """Dark or light as the desktop says, also while it changes its mind."""


class _Current(QObject):
    """The theme of the process: which one is chosen, and its colours."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme.DARK
        self.colors = DARK

    @Slot()
    def follow(self) -> None:
        """The desktop has changed between dark and light."""
        app = QApplication.instance()
        if self.theme is Theme.SYSTEM and isinstance(app, QApplication):
            wanted = _desktop_colors(app)
            if wanted != self.colors:
                apply_theme(app, wanted)


_current = _Current()


def current_colors() -> Colors:
    """The colours of now. Ask when painting; what was kept is wrong after a change of theme."""
    return _current.colors


def current_theme() -> Theme:
    """What was chosen; :func:`current_colors` tells what ``system`` came to."""
    return _current.theme


def set_theme(app: QApplication, theme: str) -> None:
    """Show everything in another theme, at once: ``dark``, ``light`` or ``system``.

    Raises:
        ValueError: there is no such theme.
    """
    _current.theme = Theme(theme)
    hints = app.styleHints()
    # the frame of the window and the system's own dialogs follow, too
    if _current.theme is Theme.SYSTEM:
        hints.unsetColorScheme()
        colors = _desktop_colors(app)
    else:
        is_light = _current.theme is Theme.LIGHT
        hints.setColorScheme(Qt.ColorScheme.Light if is_light else Qt.ColorScheme.Dark)
        colors = LIGHT if is_light else DARK
    hints.colorSchemeChanged.connect(_current.follow, Qt.ConnectionType.UniqueConnection)
    if colors != _current.colors or not app.styleSheet():
        apply_theme(app, colors)


def _desktop_colors(app: QApplication) -> Colors:
    """Dark, too, on a desktop that does not say."""
    return LIGHT if desktop_scheme(app) is Qt.ColorScheme.Light else DARK


def desktop_scheme(app: QApplication) -> Qt.ColorScheme:
    """What the desktop says it is; many say nothing."""
    return app.styleHints().colorScheme()


def apply_theme(app: QApplication, colors: Colors = DARK) -> None:
    """Give the application its style, fonts, palette and stylesheet."""
    load_fonts()
    _current.colors = colors  # first: what is told of the change looks here
    if not app.styleSheet():
        # once: setting them again would repaint everything several times
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
