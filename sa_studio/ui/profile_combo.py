"""The delivery profiles to choose one from, with a line on what the chosen one is like."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.profile_text import profile_line
from sa_studio.vocabulary.delivery import DeliveryProfile

SHOWN_CHARACTERS = 20


class ProfileCombo(QWidget):
    """The chosen profile at first; another one counts here alone.

    Args:
        name: the object name of the combo box.
    """

    def __init__(self, studio: Studio, name: str) -> None:
        super().__init__()
        self._studio = studio
        self.combo = QComboBox()
        name_widget(self.combo, name, "Delivery profile", "What the files are like")
        # not as wide as the longest name
        self.combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.combo.setMinimumContentsLength(SHOWN_CHARACTERS)
        self.line = text_label("", "quiet", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.combo)
        layout.addWidget(self.line)
        self.combo.currentIndexChanged.connect(self._show)
        self.reload()

    def reload(self) -> None:
        """Read the profiles anew; the one that is chosen in the window is chosen here."""
        self._profiles = self._studio.profiles()
        self.combo.clear()
        self.combo.addItems([profile.name for profile in self._profiles])
        self.combo.setCurrentIndex(self.combo.findText(self._studio.profile.name))

    def profile(self) -> DeliveryProfile:
        """The chosen one."""
        return self._profiles[max(self.combo.currentIndex(), 0)]

    @Slot()
    def _show(self) -> None:
        line = profile_line(self.profile())
        self.line.setText(line)
        self.combo.setAccessibleDescription(line)
