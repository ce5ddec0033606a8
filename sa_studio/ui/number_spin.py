"""A spin box that says what is wrong with a number, rather than quietly changing it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

# as high as a line edit, so that fields side by side line up
FIELD_HEIGHT = 32


class NumberSpin(QDoubleSpinBox):
    """A number with bounds; what is typed beyond them stays in the field and is refused.

    While :attr:`refused` holds a text, :meth:`value` is the last good number.

    Args:
        minimum, maximum: the bounds, both included.
        decimals: how many are shown; 0 makes it a whole number (a QSpinBox ends at 2³¹ − 1, and
            seeds do not).
        step: what one arrow press changes.
        special: shown for ``minimum``, and what an empty field means.
    """

    refused_changed = Signal()

    def __init__(
        self,
        minimum: float,
        maximum: float,
        *,
        decimals: int = 0,
        step: float = 1.0,
        special: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.refused = ""
        self.special = special
        self.setDecimals(decimals)
        self.setRange(minimum, maximum)
        self.setSingleStep(step)
        self.setFixedHeight(FIELD_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(6, 0, 0, 0)  # a stylesheet cannot: Qt ignores its padding
        super().setValue(minimum)

    def setValue(self, val: float) -> None:  # noqa: N802 (Qt's name)
        """Set the number; one outside the bounds is shown and refused, as if it were typed."""
        if self.minimum() <= round(val, self.decimals()) <= self.maximum():
            self._refuse("")
            super().setValue(val)
        else:
            self.lineEdit().setText(self._format(val))

    def bounds_text(self) -> str:
        """What can be typed, in words."""
        low = self.minimum() + 1 if self.special else self.minimum()
        kind = "a whole number" if self.decimals() == 0 else "a number"
        either = f", or “{self.special}”" if self.special else ""
        return f"Use {kind} from {self._format(low)} to {self._format(self.maximum())}{either}."

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let everything be typed; :meth:`valueFromText` judges it."""
        return QValidator.State.Acceptable, text, position

    def valueFromText(self, text: str) -> float:  # noqa: N802 (Qt's name)
        """The number that ``text`` means; the present one if it means none."""
        number = self._parse(text.strip())
        self._refuse("" if number is not None else text)
        return self.value() if number is None else number

    def textFromValue(self, val: float) -> str:  # noqa: N802 (Qt's name)
        """What the field shows; a refused text stays, so that it can be mended."""
        return self.refused or self._format(val)

    def stepBy(self, steps: int) -> None:  # noqa: N802 (Qt's name)
        """Step from the last good number."""
        self._refuse("")
        super().stepBy(steps)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 (Qt's name)
        """Scroll the panel, not the number, unless the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def set_bounds(self, minimum: float, maximum: float) -> None:
        """New bounds; a number beyond them becomes the nearest one, silently and once."""
        with QSignalBlocker(self.lineEdit()):
            self.setRange(minimum, maximum)

    def _parse(self, text: str) -> float | None:
        if self.special and text.casefold() in ("", self.special.casefold()):
            return self.minimum()
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return None
        whole = self.decimals() > 0 or number.is_integer() if math.isfinite(number) else False
        low = self.minimum() + 1 if self.special else self.minimum()
        return number if whole and low <= number <= self.maximum() else None

    def _format(self, value: float) -> str:
        if self.special and value == self.minimum():
            return self.special
        return f"{value:.{self.decimals()}f}"

    def _refuse(self, text: str) -> None:
        if text != self.refused:
            self.refused = text
            self.refused_changed.emit()
