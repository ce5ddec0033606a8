"""The bar below the waveform that changes a take for its delivery, by numbers and buttons."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from sa_studio.ui.edit_handle import SHORTEST, Handle, moved
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.flow_layout import FlowLayout
from sa_studio.ui.loop_panel import LoopPanel
from sa_studio.ui.number_field import NumberField
from sa_studio.ui.number_spin import FIELD_HEIGHT, NumberSpin
from sa_studio.vocabulary.sound_edit import MAX_GAIN_DB, UNTOUCHED, SoundEdit

SETTLE_MS = 400
"""Steps of a spin box that come this close together are one change."""
LONGEST = 3600.0


class EditBar(QWidget):
    """Shows an edit and tells what the user makes of it; it changes nothing by itself.

    Trims are in seconds of the take as it was generated, or of its reverse.
    """

    adjusting = Signal(object)
    """The :class:`SoundEdit` that a number would come to."""
    edited = Signal(object)
    """The edit that the user wants."""
    trim_requested = Signal()
    """Keep only the selection."""

    def __init__(self) -> None:
        super().__init__()
        name_widget(self, "edit_bar", "Edit the take")
        self._edit, self._pending, self._seconds = UNTOUCHED, UNTOUCHED, 0.0
        self._has_sound = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.flush)
        self._make_widgets()
        self.loop = LoopPanel(self)
        self._lay_out()
        self._connect()
        self.clear()

    # --- what is shown ----------------------------------------------------------------------
    def set_edit(self, edit: SoundEdit, seconds: float, seam: float | None) -> None:
        """Show the edit of a sound that can be heard.

        Args:
            edit: what is changed about it.
            seconds: how long it is as it was generated.
            seam: of its loop, if it is one.
        """
        self._edit = edit
        self._seconds, self._has_sound = seconds, True
        self.loop.show_loop(seam)
        if not self._settle.isActive():  # or a number has been changed since
            self._pending = edit
            self.show_live(edit)
        self._allow()

    def follow(self, edit: SoundEdit) -> None:
        """The take has another edit; its sound is still to come."""
        self._edit = edit
        if not self._settle.isActive():
            self._pending = edit

    def clear(self, edit: SoundEdit = UNTOUCHED) -> None:
        """There is no sound to edit; an edit that it has can still be reset."""
        self._settle.stop()
        self._edit = self._pending = edit
        self._has_sound = False
        self.loop.show_loop(None)
        self._allow()

    def show_live(self, edit: SoundEdit) -> None:
        """Show the numbers of an edit that is being made in the waveform."""
        start, stop = _ends(edit, self._seconds)
        length = edit.duration(self._seconds)
        self.start.set_bounds(0.0, max(stop - SHORTEST, 0.0))
        self.stop.set_bounds(min(start + SHORTEST, self._seconds), self._seconds)
        for field in (self.fade_in, self.fade_out):
            field.set_bounds(0.0, length)
        for field, value in (
            (self.start, start),
            (self.stop, stop),
            (self.fade_in, edit.fade_in),
            (self.fade_out, edit.fade_out),
            (self.gain, edit.gain_db),
            (self.loop.crossfade, edit.loop_crossfade),
        ):
            field.show_value(value)
        self.reverse.setChecked(edit.reverse)

    def set_selected(self, selected: bool) -> None:
        """Whether anything is selected that could be kept."""
        self.trim.setEnabled(selected and self._has_sound)

    def show_searching(self) -> None:
        """A loop is being looked for; until it is there, nothing else is changed."""
        self._has_sound = False
        self._allow()
        self.loop.show_searching()

    @Slot()
    def flush(self) -> None:
        """Tell of a number that was just changed, without waiting for more steps."""
        self._settle.stop()
        if self._pending != self._edit:
            self._edit = self._pending
            self.edited.emit(self._pending)

    # --- what the user does -----------------------------------------------------------------
    @Slot(float)
    def _set(self, name: str, value: float) -> None:
        changed: dict[str, Any] = {name: value}
        self._adjust(replace(self._pending, **changed))

    @Slot(float)
    def _set_start(self, place: float) -> None:
        start, _ = _ends(self._pending, self._seconds)
        self._adjust(moved(self._pending, self._seconds, Handle.START, place - start))

    @Slot(float)
    def _set_stop(self, place: float) -> None:
        _, stop = _ends(self._pending, self._seconds)
        end = self._pending.duration(self._seconds)
        self._adjust(moved(self._pending, self._seconds, Handle.STOP, end + place - stop))

    @Slot(float)
    def _set_crossfade(self, crossfade: float) -> None:
        self._adjust(self._pending.with_crossfade(self._seconds, crossfade))

    def _adjust(self, edit: SoundEdit) -> None:
        self._pending = edit
        self.adjusting.emit(edit)
        self._settle.start()

    @Slot()
    def _turn_round(self) -> None:
        self._pending = replace(self._pending, reverse=self.reverse.isChecked())
        self.flush()

    @Slot()
    def _end_loop(self) -> None:
        self._pending = self._pending.with_crossfade(self._seconds, 0.0)
        self.flush()

    @Slot()
    def _reset(self) -> None:
        self._pending = UNTOUCHED
        self.flush()

    # --- building ---------------------------------------------------------------------------
    def _make_widgets(self) -> None:
        self.trim = QPushButton("Trim")
        name_widget(
            self.trim,
            "trim_button",
            "Trim to selection",
            "Keep only what is selected (T); the generated file stays as it is",
        )
        self.start = self._seconds_field(
            "edit_start_spin", "Start", "Where the take begins; what lies before is not heard"
        )
        self.stop = self._seconds_field(
            "edit_stop_spin", "End", "Where the take ends; what lies behind is not heard"
        )
        self.fade_in = self._seconds_field(
            "fade_in_spin", "Fade in", "How long it takes to come up from silence"
        )
        self.fade_out = self._seconds_field(
            "fade_out_spin", "Fade out", "How long it takes to die away at the end"
        )
        self.gain = NumberField(
            "gain_spin",
            "Gain",
            "decibels",
            "Louder or softer; the delivery stays below the ceiling of its profile.",
            NumberSpin(-MAX_GAIN_DB, MAX_GAIN_DB, decimals=1, step=0.5),
        )
        self.reverse = QToolButton()
        self.reverse.setText("Reverse")
        name_widget(self.reverse, "reverse_button", "Reverse", "Play the take backwards")
        self.reverse.setCheckable(True)
        self.reset = QPushButton("Reset edit")
        name_widget(
            self.reset, "reset_edit_button", "Reset edit", "Hear the take as it was generated"
        )
        for button in (self.trim, self.reset):
            button.setAutoDefault(False)
        for part in (self.trim, self.reverse, self.reset):
            part.setFixedHeight(FIELD_HEIGHT)

    @staticmethod
    def _seconds_field(name: str, caption: str, tooltip: str) -> NumberField:
        return NumberField(
            name,
            caption,
            "seconds",
            f"{tooltip}.",
            NumberSpin(0.0, LONGEST, decimals=3, step=0.01),
        )

    def _lay_out(self) -> None:
        flow = FlowLayout(self, spacing=8)
        parts = [self.trim, self.start, self.stop, self.fade_in, self.fade_out, self.gain]
        for part in (*parts, self.reverse, *self.loop.widgets, self.reset):
            flow.addWidget(part)

    def _connect(self) -> None:
        self.trim.clicked.connect(self.trim_requested)
        self.start.entered.connect(self._set_start)
        self.stop.entered.connect(self._set_stop)
        for name, field in (
            ("fade_in", self.fade_in),
            ("fade_out", self.fade_out),
            ("gain_db", self.gain),
        ):
            field.entered.connect(partial(self._set, name))
        self.reverse.clicked.connect(self._turn_round)
        self.reset.clicked.connect(self._reset)
        self.loop.crossfade_entered.connect(self._set_crossfade)
        self.loop.end_requested.connect(self._end_loop)

    def _allow(self) -> None:
        for part in (self.start, self.stop, self.gain, self.reverse, *self.loop.widgets):
            part.setEnabled(self._has_sound)
        # a loop has no fades: they would be a hole in every repetition
        for field in (self.fade_in, self.fade_out):
            field.setEnabled(self._has_sound and not self._edit.is_loop)
        self.trim.setEnabled(False)
        self.reset.setEnabled(self._edit != UNTOUCHED)


def _ends(edit: SoundEdit, seconds: float) -> tuple[float, float]:
    """Where what is kept begins and ends, in seconds of the take or of its reverse."""
    start, stop = edit.kept(seconds)
    return (seconds - stop, seconds - start) if edit.reverse else (start, stop)
