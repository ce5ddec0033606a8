"""Peak, true peak and loudness of the take, and of what is selected of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sa_studio.service import Loudness, measure
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import text_label
from sa_studio.ui.level_meter import decibel_text
from sa_studio.ui.question import Question
from sa_studio.ui.timeline import Range

SETTLE_MS = 120
UNKNOWN = "—"
GAP = 14


def figures_text(loudness: Loudness | None) -> str:
    """``peak −1.8 · TP −1.2 · −19.4 LUFS``."""
    if loudness is None:
        return f"peak {UNKNOWN} · TP {UNKNOWN} · {UNKNOWN} LUFS"
    return (
        f"peak {decibel_text(loudness.peak_db)} · TP {decibel_text(loudness.true_peak_db)} · "
        f"{decibel_text(loudness.lufs)} LUFS"
    )


def figures_words(loudness: Loudness | None) -> str:
    """The same with the units written out."""
    if loudness is None:
        return "Not measured yet"
    gate = "" if loudness.is_gated else ", as a whole: too short for blocks of 400 ms"
    return (
        f"Sample peak {decibel_text(loudness.peak_db)} dBFS\n"
        f"True peak {decibel_text(loudness.true_peak_db)} dBTP (between the samples, too)\n"
        f"Integrated loudness {decibel_text(loudness.lufs)} LUFS (BS.1770{gate})"
    )


class Readout(QWidget):
    """Two lines of figures side by side, worked out on threads of their own."""

    measured = Signal(object)
    """The :class:`Loudness` of the whole take."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("readout")
        self.setAccessibleName("Levels")
        self._audio: np.ndarray | None = None
        self._rate = 1
        self._selection: Range | None = None
        self.take: Loudness | None = None
        self.selection: Loudness | None = None
        self._take_work = Question("levels", self)
        self._selection_work = Question("levels", self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._measure_selection)
        self._take_work.answered.connect(self._take_measured)
        self._selection_work.answered.connect(self._selection_measured)
        self.take_label = text_label("", "quiet-figures")
        self.take_label.setObjectName("take_levels_label")
        self.selection_label = ElidedLabel()
        self.selection_label.setProperty("role", "accent")
        self.selection_label.setObjectName("selection_levels_label")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.take_label, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.selection_label, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        self._show()

    def set_audio(self, audio: np.ndarray, sample_rate: int) -> None:
        """Measure a sound, [channels, samples]."""
        self.clear()
        self._audio, self._rate = audio, sample_rate
        self._take_work.ask(lambda: measure(audio, sample_rate))
        self._show()

    def clear(self) -> None:
        """There is no sound."""
        self._take_work.drop()
        self._selection_work.drop()
        self._settle.stop()
        self._audio = self._selection = self.take = self.selection = None
        self._show()

    def set_selection(self, selection: Range | None) -> None:
        """Measure a range of seconds, too; while it changes, only the last one."""
        if selection == self._selection or self._audio is None:
            return
        self._selection, self.selection = selection, None
        self._selection_work.drop()
        if selection is None:
            self._settle.stop()
        else:
            self._settle.start()
        self._show()

    def close_threads(self) -> None:
        """Wait for what is being measured."""
        self._settle.stop()
        self._take_work.close()
        self._selection_work.close()

    @Slot()
    def _measure_selection(self) -> None:
        if self._audio is None or self._selection is None:
            return
        audio, rate, (start, stop) = self._audio, self._rate, self._selection
        self._selection_work.ask(lambda: measure(audio, rate, start=start, stop=stop))

    @Slot(object)
    def _take_measured(self, loudness: Loudness) -> None:
        self.take = loudness
        self._show()
        self.measured.emit(loudness)

    @Slot(object)
    def _selection_measured(self, loudness: Loudness) -> None:
        self.selection = loudness
        self._show()

    def _show(self) -> None:
        self.take_label.setText(figures_text(self.take))
        self.take_label.setToolTip(figures_words(self.take))
        words = [f"Take: {figures_words(self.take)}"] if self._audio is not None else ["No sound"]
        if self._selection is not None:
            start, stop = self._selection
            self.selection_label.setText(f"{figures_text(self.selection)} in {stop - start:.2f} s")
            told = f"{start:.3f} to {stop:.3f} s\n{figures_words(self.selection)}"
            self.selection_label.setToolTip(told)
            words.append(f"Selection: {told}")
        self.setAccessibleDescription(". ".join(words).replace("\n", ", "))
        self._arrange()

    def _arrange(self) -> None:
        """Where only one line has room, it is that of the selection."""
        selected = self._selection is not None
        both = self.take_label.sizeHint().width() + GAP + self.selection_label.sizeHint().width()
        has_room = not selected or both <= self.width()
        self.take_label.setVisible(self._audio is not None and has_room)
        self.selection_label.setVisible(selected)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """There may be room for both lines."""
        super().resizeEvent(event)
        self._arrange()
