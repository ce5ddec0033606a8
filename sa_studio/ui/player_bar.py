"""The transport: play, loop, time, volume and level. It polls the player; nothing calls back."""

from __future__ import annotations

import threading

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from sa_studio.service import Studio
from sa_studio.settings import Settings
from sa_studio.ui.delivery_button import DeliveryButton
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.icons import icon
from sa_studio.ui.level_meter import LevelMeter
from sa_studio.ui.output_menu import OutputButton
from sa_studio.ui.take_handle import TakeHandle
from sa_studio.ui.timeline import Range

FRAME_MS = 16
PERCENT = 100
TRY_AGAIN = "Once that is mended, press Play again."
Sound = tuple[np.ndarray, int]
"""float32 [channels, samples] and Hz."""
# narrower than this, what can be done without gives way
ROOM_FOR_LENGTH, ROOM_FOR_METER, ROOM_FOR_POSITION = 720, 640, 610
ROOM_FOR_DELIVERY, ROOM_FOR_VOLUME = 560, 460


def clock_text(seconds: float) -> str:
    """Seconds as ``00:01.284``."""
    milliseconds = round(max(seconds, 0.0) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


class PlayerBar(QWidget):
    """Plays the take that is shown, or what is selected of it.

    All seconds are those of the take that is shown, even while another one is heard in its place
    for comparison.
    """

    position_changed = Signal(float)
    """Where the sound is, in seconds, about 60 times a second while it plays."""
    _probed = Signal(bool)

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._player = studio.player
        self._settings: Settings = studio.settings
        self._audio: np.ndarray | None = None
        self._rate = 1
        self._start = 0.0
        self._loaded_in_player = False
        self._other: Sound | None = None
        self._selection: Range | None = None
        self._hears_aside = False
        self._probe: threading.Thread | None = None
        self._wanted: float | None = None  # from where to play once an output is found
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._make_widgets()
        self._lay_out()
        self._timer.timeout.connect(self._tick)
        self.play.clicked.connect(self.toggle)
        self.loop.toggled.connect(self._set_loop)
        self.volume.valueChanged.connect(self._set_volume)
        self._probed.connect(self._show_availability)
        self.volume.setValue(round(self._settings.volume * PERCENT))
        self.loop.setChecked(self._settings.loop)
        self._set_volume(self.volume.value())
        self._set_loop(self.loop.isChecked())
        self._update()

    # --- the sound --------------------------------------------------------------------------
    def set_audio(self, audio: np.ndarray, sample_rate: int) -> None:
        """The sound that Play plays: [channels, samples]."""
        self.clear()
        self._audio, self._rate = audio, sample_rate
        self._update()

    def change_audio(self, audio: np.ndarray, sample_rate: int) -> None:
        """The sound was edited: what plays goes on, if its place is still there."""
        playing = self.is_playing
        place = self._place() if playing else self._start
        self._other, self._hears_aside = None, False
        self._audio, self._rate = audio, sample_rate
        self._player.gain = 1.0
        self._loaded_in_player = False
        if playing and place < self.duration:
            self.play_from(place)
            return
        self.stop()
        if place < self.duration:
            self._start = place
        self._update()

    def hear_aside(self, sound: Sound) -> None:
        """Hear something else, such as the wrap of a loop; the playhead stays where it is."""
        if self._audio is None or self.problem.whole_text():
            return
        if self.is_playing:
            self._start = self._place()
        self._other, self._hears_aside = None, True
        self._player.gain = 1.0
        self._loaded_in_player = False
        self._player.play(*sound)
        self._timer.start()
        self._update()

    def clear(self) -> None:
        """There is nothing to play; what plays stops."""
        self._selection = self._other = None
        self.stop()
        self._player.gain = 1.0
        self._audio = None
        self._loaded_in_player = False
        self._update()

    def hear(self, other: Sound | None, gain: float, *, begin: bool = True) -> None:
        """Hear another sound in the place of the one that is shown, or that one again.

        Args:
            other: ``None`` is the one that is shown.
            gain: a factor, at most 1, so that both are equally loud.
            begin: play even if nothing plays now.
        """
        if self._audio is None:
            return
        playing = self.is_playing
        place = self._place() if playing else self._start
        self._other = other
        self._player.gain = gain
        self._loaded_in_player = False
        if playing or begin:
            self.play_from(place)

    def set_selection(self, selection: Range | None) -> None:
        """Play only this range of seconds from now on; ``None`` is all of the sound."""
        self._selection = selection
        if self._loaded_in_player:
            self._player.set_range(*self._range())
        if selection is None:
            return
        if self.is_playing:
            start, stop = selection
            if not start <= self._place() < stop:
                self.seek(start)
        else:
            self._start = selection[0]
            self._show_position(self._start)

    def _range(self) -> tuple[float, float | None]:
        """The selection in seconds of the sound that is heard."""
        if self._selection is None:
            return 0.0, None
        start, stop = self._selection
        return start / self._stretch, stop / self._stretch

    @property
    def _stretch(self) -> float:
        """Seconds of the sound that is shown in a second of the one that is heard."""
        if self._other is None or self._audio is None:
            return 1.0
        audio, rate = self._other
        return float(self.duration * rate / audio.shape[-1])

    def _place(self) -> float:
        """What is heard now."""
        if self._hears_aside:
            return self._start
        return min(self._player.position * self._stretch, self.duration)

    @property
    def is_playing(self) -> bool:
        """Whether it is playing now."""
        return self._timer.isActive()

    @property
    def duration(self) -> float:
        """Length of the sound, in seconds."""
        return 0.0 if self._audio is None else self._audio.shape[-1] / self._rate

    # --- transport --------------------------------------------------------------------------
    @Slot()
    def toggle(self) -> None:
        """Play from the playhead, or stop there; with a selection, play inside it."""
        if self.is_playing:
            self._player.pause()
            self._start = self._place()
            self._end()
        else:
            first, last = self._selection or (0.0, self.duration)
            self.play_from(self._start if first <= self._start < last else first)

    @Slot()
    def replay(self) -> None:
        """Play from the beginning, of the selection if there is one."""
        self.play_from(self._first)

    @Slot()
    def to_start(self) -> None:
        """Put the playhead to the beginning; what plays goes on from there."""
        self.seek(self._first)

    @property
    def _first(self) -> float:
        return self._selection[0] if self._selection else 0.0

    def play_from(self, seconds: float) -> None:
        """Play from a place, if there is a sound; where there was no way to hear it, look again."""
        if self._audio is None:
            return
        if self.problem.whole_text():
            self._wanted = seconds
            self.look_for_output()
            return
        place = seconds / self._stretch
        self._hears_aside = False
        if self._loaded_in_player:
            self._player.seek(place)
            self._player.resume()
        else:
            audio, rate = self._other or (self._audio, self._rate)
            self._player.play(audio, rate, start=place, selection=self._range())
            self._loaded_in_player = True
        self._start = seconds
        self._timer.start()
        self._update()

    @Slot(float)
    def seek(self, seconds: float) -> None:
        """Put the playhead somewhere, playing or not."""
        self._start = seconds
        if self._loaded_in_player:
            self._player.seek(seconds / self._stretch)
        self._show_position(seconds)

    def stop(self) -> None:
        """Stop, and go back to the start."""
        if self.is_playing:
            self._player.stop()
        self._start = self._first
        self._end()

    # --- is there a sound output ------------------------------------------------------------
    @Slot()
    def look_for_output(self) -> None:
        """Find out, beside the GUI thread, whether anything can be heard now: it takes a while."""
        if self._probe is not None and self._probe.is_alive():
            return
        self._probe = threading.Thread(
            target=self._look_for_output, name="sa-studio-output", daemon=True
        )
        self._probe.start()

    def close_player(self) -> None:
        """Wait until nothing of the transport runs any more."""
        if self._probe is not None:
            self._probe.join()
        self._timer.stop()
        self.output.close_threads()

    def _look_for_output(self) -> None:
        self._probed.emit(self._player.look_again())

    @Slot(bool)
    def _show_availability(self, available: bool) -> None:
        problem = "" if available else self._player.problem
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._make_room()
        self._update()
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not problem:
            self.play_from(wanted)

    # --- inner workings ---------------------------------------------------------------------
    @Slot()
    def _tick(self) -> None:
        if not self._player.is_playing:
            self._start = self._start if self._hears_aside else self._first
            if self._player.problem:
                self._show_availability(False)
            self._end()
            return
        self._show_position(self._place())
        self.meter.show_levels(self._player.levels())
        self.output.describe()

    def _end(self) -> None:
        """Nothing plays any more."""
        self._timer.stop()
        self._hears_aside = False
        self.meter.reset()
        self._update()

    @Slot(bool)
    def _set_loop(self, on: bool) -> None:
        self._player.loop = self._settings.loop = on

    @Slot(int)
    def _set_volume(self, percent: int) -> None:
        self._settings.volume = percent / PERCENT
        # loudness is heard in ratios: the square makes the slider's middle sound like half
        self._player.volume = self._settings.volume**2
        self.output.set_muted(percent == 0)
        self.volume.setToolTip(f"Volume {percent} %")

    def _show_position(self, seconds: float) -> None:
        seconds = min(seconds, self.duration)
        self._position.setText(clock_text(seconds))
        self.position_changed.emit(seconds)

    def _update(self) -> None:
        playing = self.is_playing
        self.play.setIcon(icon("stop" if playing else "play", color="ground"))
        self.play.setEnabled(self._audio is not None)
        name = "Stop" if playing else "Play"
        self.play.setAccessibleName(name)
        problem = self.problem.whole_text()
        what_to_do = f"{problem}. {TRY_AGAIN}" if problem else ""
        self.play.setAccessibleDescription(what_to_do)
        self.play.setToolTip(what_to_do or f"{name} (Space)")
        self._length.setText(f"/ {clock_text(self.duration)}")
        self._show_position(self._start)

    def _make_widgets(self) -> None:
        self.play = QToolButton()
        name_widget(self.play, "play_button", "Play")
        self.play.setProperty("role", "play")
        self.loop = QToolButton()
        name_widget(self.loop, "loop_button", "Loop")
        self.loop.setIcon(icon("loop"))
        self.loop.setCheckable(True)
        self.loop.setToolTip("Repeat the sound, or what is selected of it (L)")
        for button in (self.play, self.loop):
            button.setIconSize(QSize(16, 16))
            button.setFixedSize(34, 34)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._position = text_label(clock_text(0), "figures")
        name_widget(self._position, "position_label", "Position")
        self._length = text_label(f"/ {clock_text(0)}", "quiet-figures")
        name_widget(self._length, "length_label", "Length")
        for label in (self._position, self._length):
            label.ensurePolished()
            label.setMinimumWidth(label.sizeHint().width())
        self.output = OutputButton(self._player, self._settings)
        self.meter = LevelMeter()
        self.volume = QSlider(Qt.Orientation.Horizontal)
        name_widget(self.volume, "volume_slider", "Volume")
        self.volume.setRange(0, PERCENT)
        self.volume.setMinimumWidth(56)
        self.volume.setMaximumWidth(96)
        self.problem = ElidedLabel()
        self.problem.setObjectName("no_output_label")
        self.problem.setProperty("role", "warning")
        self.problem.hide()
        self.delivery = DeliveryButton(self._studio)
        self.drag_handle = TakeHandle(self._studio)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.play)
        layout.addWidget(self.loop)
        layout.addSpacing(6)
        layout.addWidget(self._position)
        layout.addWidget(self._length)
        layout.addSpacing(4)
        layout.addWidget(self.output)
        layout.addWidget(self.volume, 1)
        layout.addWidget(self.meter, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.problem, 100)  # all the room there is
        layout.addStretch(1)
        layout.addWidget(self.delivery)
        layout.addWidget(self.drag_handle)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give up what can be done without where there is little room."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self._length.setVisible(self.width() >= ROOM_FOR_LENGTH)
        self._position.setVisible(self.width() >= ROOM_FOR_POSITION)
        self.meter.setVisible(self.width() >= ROOM_FOR_METER and not self.problem.whole_text())
        self.volume.setVisible(self.width() >= ROOM_FOR_VOLUME and not self.problem.whole_text())
        self.delivery.set_short(self.width() < ROOM_FOR_DELIVERY)
