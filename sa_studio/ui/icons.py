"""The icons, drawn from ``resources/icons`` in the colours of the theme.

Every file is a 24 × 24 outline in ``currentColor``, so one set serves every theme and state.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sa_studio.paths import resources
from sa_studio.ui.theme import DARK, Colors

# logical sizes in use, at 1×, 1.5× and 2×; Qt takes the nearest one that is not smaller
_SIZES = (16, 20, 24, 32, 48, 64)


def icon(name: str, colors: Colors = DARK, *, color: str | None = None) -> QIcon:
    """The icon ``resources/icons/<name>.svg``.

    Args:
        color: ``#rrggbb`` of the enabled icon; the theme's text colour by default.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    result = QIcon()
    for mode, value in (
        (QIcon.Mode.Normal, color or colors.text),
        (QIcon.Mode.Disabled, colors.disabled),
    ):
        for size in _SIZES:
            result.addPixmap(icon_pixmap(name, value, size), mode)
    return result


def icon_pixmap(name: str, color: str, pixels: int) -> QPixmap:
    """The icon as a square pixmap of ``pixels`` device pixels."""
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing = QByteArray(_source(name).replace("currentColor", color).encode())
    QSvgRenderer(drawing).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


@cache
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
