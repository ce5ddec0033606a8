"""The seed: random for every press of Generate, or locked to a number."""

from __future__ import annotations

import random

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from sa_studio.generation import MAX_SEED
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.number_spin import FIELD_HEIGHT, NumberSpin

RANDOM = -1


class SeedField(QWidget):
    """A spin box that shows "random" or the locked number, and the lock.

    Typing a number closes the lock; opening the lock goes back to random; closing it on random
    takes the seed that was used last, so that a sound just heard can be kept.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._last_used: int | None = None
        self.spin = NumberSpin(RANDOM, MAX_SEED, special="random")
        name_widget(self.spin, "seed_spin", "Seed")
        self.spin.setToolTip("The same seed with the same settings makes the same sound")
        self.lock = QToolButton()
        name_widget(self.lock, "seed_lock_button", "Lock the seed")
        self.lock.setCheckable(True)
        self.lock.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
        self.lock.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.spin, 1)
        layout.addWidget(self.lock)
        self.setFocusProxy(self.spin)
        self._show_lock()
        self.spin.valueChanged.connect(self._value_changed)
        self.spin.refused_changed.connect(self.edited)
        self.lock.toggled.connect(self._lock_toggled)

    def seed(self) -> int | None:
        """The locked seed, or ``None`` for a random one."""
        return None if self.spin.value() == RANDOM else int(self.spin.value())

    def set_seed(self, seed: int | None) -> None:
        """Lock a seed, or go back to random."""
        self.spin.setValue(RANDOM if seed is None else seed)

    def remember(self, seed: int) -> None:
        """Note the seed that a job really got, for the lock to take."""
        self._last_used = seed

    @Slot()
    def _value_changed(self) -> None:
        with QSignalBlocker(self.lock):
            self.lock.setChecked(self.seed() is not None)
        self._show_lock()
        self.edited.emit()

    @Slot(bool)
    def _lock_toggled(self, locked: bool) -> None:
        if not locked:
            self.set_seed(None)
        elif self._last_used is not None:
            self.set_seed(self._last_used)
        else:
            self.set_seed(random.SystemRandom().randint(0, MAX_SEED))

    def _show_lock(self) -> None:
        locked = self.lock.isChecked()
        self.lock.setIcon(icon("lock" if locked else "lock-open"))
        self.lock.setToolTip(
            "Unlock: a new seed for every sound" if locked else "Lock: keep the seed"
        )
