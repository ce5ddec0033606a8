"""The pictures of the take that is shown: waveform and spectrogram over one time axis."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sa_studio.settings import Settings
from sa_studio.ui.peaks import Peaks
from sa_studio.ui.spectrogram_view import SpectrogramView
from sa_studio.ui.timeline import Timeline
from sa_studio.ui.view_switch import Views, ViewSwitch
from sa_studio.ui.waveform_view import WaveformView


class SoundView(QWidget):
    """Shows what the switch says; while there is no finished sound, the waveform stands for all.

    Args:
        settings: where the choice is remembered.
    """

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__()
        self._settings = settings
        self._has_audio = False
        self.timeline = Timeline(parent or self)
        self.waveform = WaveformView(timeline=self.timeline)
        self.spectrogram = SpectrogramView(self.timeline)
        self.switch = ViewSwitch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.waveform, 10)
        layout.addWidget(self.spectrogram, 9)
        self.switch.views_chosen.connect(self._choose_views)
        self.switch.decibels_chosen.connect(self._choose_decibels)
        views = settings.sound_views
        self.switch.choose(
            Views(views) if views in list(Views) else Views.WAVEFORM, decibels=settings.decibels
        )

    def say(self, message: str) -> None:
        """Show no sound but a line that says why."""
        self.waveform.clear(message)
        self._end_audio()

    def show_preview(self, envelope: np.ndarray, text: str) -> None:
        """Show what the sound is going to be, and how far it is."""
        self.waveform.show_preview(envelope, text)
        self._end_audio()

    def begin(self, total_samples: int, sample_rate: int, channels: int) -> None:
        """Make room in the waveform for chunks."""
        self._end_audio()
        self.waveform.begin(total_samples, sample_rate, channels)

    def set_audio(
        self,
        audio: np.ndarray,
        sample_rate: int,
        peaks: Peaks | None = None,
        *,
        drawn: bool = False,
        again: bool = False,
    ) -> None:
        """Show a whole sound.

        Args:
            audio: float32 [channels, samples].
            sample_rate: Hz.
            peaks: of the sound, if they are known already; working them out takes a while.
            drawn: the waveform has got all of it in chunks.
            again: it is the sound that is shown, edited; what is in view stays if it can.
        """
        if again:
            self.waveform.change_peaks(peaks or Peaks.of(audio), sample_rate)
        elif not drawn:
            self.waveform.show_peaks(peaks or Peaks.of(audio), sample_rate)
        self._has_audio = True
        self._arrange()
        self.spectrogram.set_audio(audio, sample_rate)

    def close_threads(self) -> None:
        """Wait for the spectrogram that is being worked out."""
        self.spectrogram.close_threads()

    def _end_audio(self) -> None:
        self.spectrogram.clear()
        self._has_audio = False
        self._arrange()

    def _arrange(self) -> None:
        views = self.switch.views if self._has_audio else Views.WAVEFORM
        self.spectrogram.show_ruler(views is Views.SPECTROGRAM)
        self.waveform.show_gutter(views is Views.BOTH or self._settings.decibels)
        self.waveform.setVisible(views is not Views.SPECTROGRAM)
        self.spectrogram.setVisible(views is not Views.WAVEFORM)

    @Slot(str)
    def _choose_views(self, views: str) -> None:
        self._settings.sound_views = views
        self._arrange()

    @Slot(bool)
    def _choose_decibels(self, on: bool) -> None:
        self._settings.decibels = on
        self.waveform.set_decibels(on)
        self._arrange()
