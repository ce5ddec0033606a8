"""The part of the edit bar that makes loops: find one, blend it, say how it closes, hear it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from sa_studio.ui.edit_words import SEAMLESS, seam_text, seam_words
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import icon
from sa_studio.ui.number_field import NumberField
from sa_studio.ui.number_spin import FIELD_HEIGHT, NumberSpin
from sa_studio.ui.theme import set_property

LONGEST_CROSSFADE = 30.0


class LoopPanel(QObject):
    """Its widgets; the bar lays them out with the others."""

    find_requested = Signal()
    end_requested = Signal()
    """It is to be no loop any more."""
    audition_requested = Signal()
    crossfade_entered = Signal(float)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_loop = False
        self.make = QPushButton()
        self.make.setIcon(icon("loop"))
        name_widget(
            self.make,
            "make_loop_button",
            "Make loop",
            "Find where the sound, or what is selected of it, can be repeated without a seam",
        )
        self.crossfade = NumberField(
            "crossfade_spin",
            "Crossfade",
            "seconds",
            "How long the end of the loop is blended into its beginning; 0 is no loop.\n"
            "Longer hides more, shorter keeps more of the sound as it is.",
            NumberSpin(0.0, LONGEST_CROSSFADE, decimals=3, step=0.01),
        )
        self.seam = text_label("", "chip")
        name_widget(self.seam, "seam_label", "Seam")
        self._seam_box = QWidget()
        box = QHBoxLayout(self._seam_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.seam, 0, Qt.AlignmentFlag.AlignVCenter)
        self._seam_box.setFixedHeight(FIELD_HEIGHT)
        self.audition = QPushButton("Audition wrap")
        name_widget(
            self.audition,
            "audition_wrap_button",
            "Audition wrap",
            "Play the second before and after the end of the loop, again and again",
        )
        for button in (self.make, self.audition):
            button.setAutoDefault(False)
            button.setFixedHeight(FIELD_HEIGHT)
        self.make.clicked.connect(self._make_or_end)
        self.audition.clicked.connect(self.audition_requested)
        self.crossfade.entered.connect(self.crossfade_entered)
        self.show_loop(None)

    @property
    def widgets(self) -> list[QWidget]:
        """In the order in which they are laid out."""
        return [self.make, self.crossfade, self._seam_box, self.audition]

    def show_loop(self, seam: float | None) -> None:
        """Show how a loop closes; ``None``: it is no loop."""
        self._is_loop = seam is not None
        self.make.setText("Remove loop" if self._is_loop else "Make loop")
        self.make.setAccessibleName(self.make.text())
        self._seam_box.setVisible(self._is_loop)
        self.audition.setVisible(self._is_loop)
        self.seam.setText("" if seam is None else seam_text(seam))
        is_heard = seam is not None and seam > SEAMLESS
        set_property(self.seam, "role", "warning" if is_heard else "chip-accent")
        self.seam.setToolTip("" if seam is None else seam_words(seam))
        self.seam.setAccessibleDescription(self.seam.toolTip())

    def show_searching(self) -> None:
        """A loop is being looked for."""
        self.make.setText("Searching…")
        self.make.setEnabled(False)

    @Slot()
    def _make_or_end(self) -> None:
        if self._is_loop:
            self.end_requested.emit()
        else:
            self.find_requested.emit()
