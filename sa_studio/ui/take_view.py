"""The centre: the take that is shown, its waveform as it comes, and the transport below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import StudioError
from sa_studio.events import ChunkDecoded, JobEvent, JobFailed, PlanChanged
from sa_studio.generation import Clip, ClipState
from sa_studio.service import Studio
from sa_studio.ui.audio_loader import AudioLoader
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.failure_page import FailurePage
from sa_studio.ui.field_box import text_label
from sa_studio.ui.player_bar import PlayerBar
from sa_studio.ui.waveform_view import WaveformView

EMPTY = "Describe a sound on the left and press Generate."
WORDS = {
    ClipState.QUEUED: "Waiting for its turn",
    ClipState.LOADING: "Loading the model…",
    ClipState.CANCELLED: "This take was cancelled",
    ClipState.INTERRUPTED: "The application ended while this take was being made",
}


class TakeView(QWidget):
    """Header, waveform or what stands in its place, and the player bar.

    The chunks of the take that is being decoded are kept until its file is there, so that it can
    be looked at from any moment on.
    """

    retry_requested = Signal(object)

    def __init__(self, studio: Studio, model: ClipModel) -> None:
        super().__init__()
        self._model = model
        self._clip: Clip | None = None
        self._chunks: list[ChunkDecoded] = []
        self._details: dict[str, str] = {}
        self._filled = ""  # the take whose chunks fill the waveform already
        self._loaded_id = ""  # the take that can be played
        self._play_when_loaded = False
        self.loader = AudioLoader(studio, self)
        self.title = ElidedLabel()
        self.title.setProperty("role", "section")
        self.facts = text_label("", "quiet-figures")
        self.waveform = WaveformView()
        self.failure = FailurePage()
        self.player = PlayerBar(studio)
        self._lay_out()
        self.loader.loaded.connect(self._loaded)
        self.loader.failed.connect(self._not_loaded)
        self.player.position_changed.connect(self._move_playhead)
        self.waveform.seek_requested.connect(self.player.seek)
        self.failure.retry.clicked.connect(self._retry)
        self.failure.details.clicked.connect(self._copy_details)
        model.dataChanged.connect(self._row_changed)
        self.show_clip(None)

    @property
    def clip(self) -> Clip | None:
        """The take that is shown."""
        return self._clip

    @Slot(object)
    def show_clip(self, clip: Clip | None) -> None:
        """Show another take; the one that plays stops."""
        same = clip is not None and self._clip is not None and clip.id == self._clip.id
        self._clip = clip
        if not same:
            self._play_when_loaded = False
            self._filled = self._loaded_id = ""
            self.player.clear()
        self._show_header()
        finished = clip is not None and clip.state is ClipState.FINISHED
        files = [clip.path] if finished and clip and clip.path else []
        self.player.drag_handle.set_files(files, clip.thumbnail if clip else b"")
        if clip is None:
            self._say(EMPTY)
        elif finished:
            if self._filled != clip.id:
                self._say("Reading the file…")
            if self._loaded_id != clip.id:
                self.loader.load(clip.id)
        elif clip.state is ClipState.FAILED:
            self.failure.show_failure(clip.error, clip.hint, clip.id in self._details)
            self._pages.setCurrentWidget(self.failure)
        else:
            self._show_unfinished(clip)

    def play_when_loaded(self) -> None:
        """Play the take that is shown, as soon as it is read."""
        if self._clip is not None and self._clip.state is ClipState.FINISHED:
            if self._loaded_id == self._clip.id:
                self.player.replay()
            else:
                self._play_when_loaded = True  # it is being read already

    @Slot(object)
    def on_event(self, event: JobEvent) -> None:
        """Take in what happened; on the GUI thread."""
        if isinstance(event, ChunkDecoded):
            if self._chunks and self._chunks[0].clip_id != event.clip_id:
                self._chunks.clear()
            self._chunks.append(event)
            if self._clip is not None and self._clip.id == event.clip_id:
                self._draw_chunk(event)
        elif isinstance(event, PlanChanged):
            self._begin_anew(event)
        elif isinstance(event, JobFailed) and event.details:
            self._details.update((clip.id, event.details) for clip in event.clips)

    def close_threads(self) -> None:
        """Stop reading and playing; waits."""
        self.loader.close()
        self.player.close_player()

    def _begin_anew(self, event: PlanChanged) -> None:
        """The take is made once more: what was decoded of it is not part of it."""
        self._chunks.clear()
        clip = self._clip
        if clip is not None and clip.job_id == event.job_id and not clip.state.is_final:
            self._say(f"Begun anew: {event.reason}")

    # --- following the take -----------------------------------------------------------------
    @Slot()
    def _row_changed(self) -> None:
        """The library row of the shown take may have changed."""
        if self._clip is None:
            return
        clip = self._model.clip(self._model.find(self._clip.id))
        if clip is None:
            return
        if clip.state is not self._clip.state:
            self.show_clip(clip)
        elif not clip.state.is_final:
            self._show_unfinished(clip)

    def _show_unfinished(self, clip: Clip) -> None:
        chunks = [chunk for chunk in self._chunks if chunk.clip_id == clip.id]
        if chunks and not clip.state.is_final:
            if self._filled != clip.id:
                for chunk in chunks:
                    self._draw_chunk(chunk)
            return
        state = self._model.state(clip)
        progress = self._model.progress(clip.id)
        if state is ClipState.RUNNING and progress is not None:
            self._say(f"Making the sound: step {progress.step} of {progress.steps}")
        else:
            self._say(WORDS.get(state, "Making the sound…"))

    def _draw_chunk(self, chunk: ChunkDecoded) -> None:
        if self._filled != chunk.clip_id:
            self.waveform.begin(chunk.total_samples, chunk.sample_rate, chunk.audio.shape[0])
            self._filled = chunk.clip_id
            self._pages.setCurrentWidget(self.waveform)
        self.waveform.add_chunk(chunk.start, chunk.audio)

    @Slot(str, object, int)
    def _loaded(self, clip_id: str, audio: np.ndarray, sample_rate: int) -> None:
        if self._clip is None or clip_id != self._clip.id:
            return
        if self._filled != clip_id or self.waveform.filled < 1:
            self.waveform.set_audio(audio, sample_rate)
            self._filled = clip_id
        self._pages.setCurrentWidget(self.waveform)
        self.player.set_audio(audio, sample_rate)
        self._loaded_id = clip_id
        if self._play_when_loaded:
            self._play_when_loaded = False
            self.player.replay()

    @Slot(str, object)
    def _not_loaded(self, clip_id: str, error: StudioError) -> None:
        if self._clip is not None and clip_id == self._clip.id:
            self._filled = self._loaded_id = ""
            self.player.clear()
            self.player.drag_handle.set_files([])
            self.failure.show_failure(error.message, error.hint, False)
            self._pages.setCurrentWidget(self.failure)

    @Slot(float)
    def _move_playhead(self, seconds: float) -> None:
        self.waveform.set_playhead(seconds if self._filled else None)

    # --- looks ------------------------------------------------------------------------------
    def _say(self, message: str) -> None:
        self._filled = ""
        self.waveform.clear(message)
        self._pages.setCurrentWidget(self.waveform)

    def _show_header(self) -> None:
        clip = self._clip
        if clip is None:
            self.title.setText("")
            self.facts.setText("")
            return
        request = clip.request
        self.title.setText(request.prompt)
        self.facts.setText(
            f"take {clip.take + 1} · seed {request.seed} · {request.steps} steps · "
            f"{request.sampler}"
        )

    @Slot()
    def _retry(self) -> None:
        if self._clip is not None:
            self.retry_requested.emit(self._clip)

    @Slot()
    def _copy_details(self) -> None:
        if self._clip is not None:
            QApplication.clipboard().setText(self._details.get(self._clip.id, ""))

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(18, 14, 18, 10)
        header.setSpacing(12)
        header.addWidget(self.title)
        header.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignVCenter)
        header.addStretch(1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.waveform)
        self._pages.addWidget(self.failure)
        middle = QVBoxLayout()
        middle.setContentsMargins(16, 0, 16, 8)
        middle.addWidget(self._pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addLayout(middle, 1)
        layout.addWidget(self.player)
