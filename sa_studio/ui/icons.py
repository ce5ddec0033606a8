"""The icons, drawn from ``resources/icons`` in the colours of the theme.

Every file is a 24 × 24 outline in ``currentColor``, so one set serves every theme and state. An
icon is drawn when it is shown: at the size and the pixel ratio of that place, in the theme of that
moment. Nothing needs to be set again when the theme changes.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel

from sa_studio.paths import resources
from sa_studio.ui.theme import current_colors

_KEPT = 512  # pixmaps, a few kilobytes each


def icon(name: str, *, color: str = "text") -> QIcon:
    """The icon ``resources/icons/<name>.svg``.

    Args:
        color: of the enabled icon: a name of the theme's (:class:`Colors`), which follows the
            theme, or ``#rrggbb``, which does not.

    Raises:
        FileNotFoundError: there is no such icon.
        AttributeError: the theme has no such colour.
    """
    _source(name)
    _value(color)
    return QIcon(_Engine(name, color))


def icon_pixmap(name: str, color: str, pixels: int) -> QPixmap:
    """The icon as a square pixmap of ``pixels`` device pixels, in a colour as in :func:`icon`."""
    return _render(name, _value(color), pixels)


class IconLabel(QLabel):
    """An icon that cannot be pressed, ``pixels`` wide; it follows the theme."""

    def __init__(self, name: str, color: str = "quiet", pixels: int = 16) -> None:
        super().__init__()
        self._name, self._color, self._pixels = name, color, pixels
        self._draw()

    def set_icon(self, name: str, color: str | None = None) -> None:
        """Show another icon, in the same colour unless another is given."""
        self._name, self._color = name, color or self._color
        self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        size = QSize(self._pixels, self._pixels)
        drawing = icon(self._name, color=self._color)
        self.setPixmap(drawing.pixmap(size, self.devicePixelRatio()))


class _Engine(QIconEngine):
    """Draws one icon; Qt asks it each time the icon is shown."""

    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name, self._color = name, color

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._color)

    def key(self) -> str:
        return "sa-studio"

    def isNull(self) -> bool:  # noqa: N802
        return False

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:  # noqa: N802
        side = min(size.width(), size.height())
        return QSize(side, side)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        drawing = self.scaledPixmap(rect.size(), mode, state, ratio)
        place = QRect(QPoint(0, 0), drawing.deviceIndependentSize().toSize())
        place.moveCenter(rect.center())
        painter.drawPixmap(place, drawing)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802
        self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float
    ) -> QPixmap:
        """``size`` in logical pixels (in device pixels before Qt 6.9: then Qt scales it down)."""
        disabled = mode is QIcon.Mode.Disabled
        color = current_colors().disabled if disabled else _value(self._color)
        side = min(size.width(), size.height())
        drawing = QPixmap(_render(self._name, color, round(side * scale)))
        drawing.setDevicePixelRatio(scale)
        return drawing


def _value(color: str) -> str:
    value: str = color if color.startswith("#") else getattr(current_colors(), color)
    return value


@lru_cache(_KEPT)
def _render(name: str, color: str, pixels: int) -> QPixmap:
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
