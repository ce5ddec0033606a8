"""The axes of the panes that draw a take: seconds along the top, a gutter on the left."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from sa_studio.ui.theme import Colors, figure_font
from sa_studio.ui.waveform_item import DECIBEL_FLOOR, LANE_HEIGHT

GUTTER = 40
"""Pixels on the left of every pane for its labels, so that all panes begin at the same x."""
RULER = 24
"""Pixels on top for the seconds."""

_DECIBELS = (0, -20, -40)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Seconds, or minutes and seconds from the first minute on, with as many digits as needed."""

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:  # noqa: N802
        """pyqtgraph's hook: the text of every tick."""
        digits = int(np.clip(np.ceil(-np.log10(spacing) - 1e-9), 1, 6)) if spacing > 0 else 1
        return [time_text(value, digits) for value in values]

    def labels(self, start: float, stop: float, pixels: int) -> list[tuple[float, str]]:
        """The seconds that get a label between two times, for panes that paint by themselves."""
        if stop <= start or pixels < 1:
            return []
        spacing, values = self.tickValues(start, stop, pixels)[0]
        values = [float(value) for value in values]
        return list(zip(values, self.tickStrings(values, 1.0, spacing), strict=True))


class LaneAxis(pg.AxisItem):  # type: ignore[misc]
    """Left and right, or the decibels of the lanes."""

    def __init__(self, colors: Colors) -> None:
        super().__init__("left", pen=colors.line, textPen=colors.quiet)
        self.setStyle(tickFont=figure_font(10), tickLength=0, tickTextOffset=6)
        self.setWidth(GUTTER)
        self._channels = 1
        self._decibels = False

    def set_lanes(self, channels: int, decibels: bool) -> None:
        """What the lanes hold."""
        self._channels, self._decibels = channels, decibels
        self.picture = None  # pyqtgraph paints it anew
        self.update()

    def tickValues(  # noqa: N802
        self, _low: float, _high: float, _size: float
    ) -> list[tuple[float, list[float]]]:
        """pyqtgraph's hook: where labels stand."""
        return [(LANE_HEIGHT, list(self._labels()))]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:  # noqa: N802
        """pyqtgraph's hook: the text of every tick."""
        labels = self._labels()
        return [labels[value] for value in values]

    def _labels(self) -> dict[float, str]:
        labels: dict[float, str] = {}
        for lane in range(self._channels):
            middle = -lane * LANE_HEIGHT
            if self._decibels:
                for level in _DECIBELS:
                    labels[middle + 1 - level / DECIBEL_FLOOR] = str(level).replace("-", "−")
                labels[middle] = "−∞"
            elif self._channels == 2:
                labels[middle] = "LR"[lane]
        return labels


def time_text(seconds: float, digits: int = 1) -> str:
    """``4.0 s`` or ``1:04.0``."""
    if seconds < 60:
        return f"{seconds:.{digits}f} s"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:0{digits + 3}.{digits}f}"
