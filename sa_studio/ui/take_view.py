"""The centre: the take that is shown, how it looks, how loud it is, and the transport below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import StudioError
from sa_studio.events import ChunkDecoded, JobEvent, JobFailed, PlanChanged, StepPreview
from sa_studio.generation import Clip, ClipState
from sa_studio.service import Studio
from sa_studio.ui.ab_compare import Comparison
from sa_studio.ui.audio_loader import AudioLoader, LoadedTake
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.edit_tools import EditTools
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.failure_page import FailurePage
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.player_bar import PlayerBar
from sa_studio.ui.readout import Readout
from sa_studio.ui.sound_view import SoundView
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

EMPTY = "Describe a sound on the left and press Generate."
ROOM_FOR_FACTS = 560
WORDS = {
    ClipState.QUEUED: "Waiting for its turn",
    ClipState.LOADING: "Loading the model…",
    ClipState.CANCELLED: "This take was cancelled",
    ClipState.INTERRUPTED: "The application ended while this take was being made",
}


class TakeView(QWidget):
    """Header, the take's pictures or what stands in their place, its levels, the player bar.

    The chunks of the take that is being decoded are kept until its file is there, so that it can
    be looked at from any moment on.
    """

    retry_requested = Signal(object)
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, model: ClipModel) -> None:
        super().__init__()
        self._model = model
        self._clip: Clip | None = None
        self._chunks: list[ChunkDecoded] = []
        self._preview: StepPreview | None = None
        self._details: dict[str, str] = {}
        self._filled = ""  # the take whose chunks fill the waveform already
        self._loaded_id = ""  # the take that can be played
        self._asked: tuple[str, SoundEdit] | None = None  # what is read, or has been
        self._play_when_loaded = False
        self.loader = AudioLoader(studio, self)
        self.title = ElidedLabel()
        self.title.setProperty("role", "section")
        self.facts = text_label("", "quiet-figures")
        self.sound = SoundView(studio.settings)
        self.waveform = self.sound.waveform
        self.timeline = self.sound.timeline
        self.failure = FailurePage()
        self.readout = Readout()
        self.player = PlayerBar(studio)
        self.compare = Comparison(studio, self.player, self)
        self.editing = EditTools(studio, model, self.waveform, self.player, self)
        self._make_compare_widgets()
        self._lay_out()
        self.loader.loaded.connect(self._loaded)
        self.loader.failed.connect(self._not_loaded)
        self.player.position_changed.connect(self._move_playhead)
        self.timeline.seek_requested.connect(self.player.seek)
        self.timeline.selection_changed.connect(self._measure_selection)
        self.timeline.selection_settled.connect(self._use_selection)
        self.player.drag_handle.out.message.connect(self.message)
        self.player.delivery.changed.connect(self.take_profile)
        self.player.delivery.message.connect(self.message)
        self.readout.measured.connect(self.compare.set_shown_loudness)
        self.compare.changed.connect(self._show_comparison)
        self.compare.problem.connect(self._show_problem)
        self.mark.clicked.connect(self._mark_shown)
        self.editing.edited.connect(self.show_clip)
        self.editing.message.connect(self.message)
        self.failure.retry.clicked.connect(self._retry)
        self.failure.details.clicked.connect(self._copy_details)
        model.dataChanged.connect(self._row_changed)
        model.modelReset.connect(self._row_changed)  # as after an undo
        self.show_clip(None)

    @property
    def clip(self) -> Clip | None:
        """The take that is shown."""
        return self._clip

    @Slot(object)
    def show_clip(self, clip: Clip | None) -> None:
        """Show another take; the one that plays stops. Or show the same one, edited."""
        same = clip is not None and self._clip is not None and clip.id == self._clip.id
        self._clip = clip
        if not same:
            self._play_when_loaded = False
            self._filled = self._loaded_id = ""
            self._asked = None
            self.player.clear()
            self.readout.clear()
            self.compare.set_shown(clip)
        self._show_header()
        self.editing.set_clip(clip)
        finished = clip is not None and clip.state is ClipState.FINISHED
        self.player.drag_handle.set_take(clip if finished else None)
        self.mark.setEnabled(finished)
        if clip is None:
            self._say(EMPTY)
        elif finished:
            if self._filled != clip.id:
                self._say("Reading the file…")
            if self._asked != (clip.id, clip.edit):
                self._asked = (clip.id, clip.edit)
                self.loader.load(*self._asked)
            else:
                self._use_selection()
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
        elif isinstance(event, StepPreview):
            self._preview = event
            if self._clip is not None and self._clip.id == event.clip_id:
                self._show_unfinished(self._clip)
        elif isinstance(event, PlanChanged):
            self._begin_anew(event)
        elif isinstance(event, JobFailed) and event.details:
            self._details.update((clip.id, event.details) for clip in event.clips)

    def close_threads(self) -> None:
        """Stop reading, measuring and playing; waits."""
        self.editing.close_threads()
        self.loader.close()
        self.sound.close_threads()
        self.readout.close_threads()
        self.compare.close_threads()
        self.player.drag_handle.out.close()
        self.player.close_player()

    def _begin_anew(self, event: PlanChanged) -> None:
        """The take is made once more: what was decoded of it is not part of it."""
        self._chunks.clear()
        self._preview = None
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
        if clip.state is not self._clip.state or clip.edit != self._clip.edit:
            self.show_clip(clip)
        elif not clip.state.is_final:
            self._show_unfinished(clip)
        elif clip != self._clip:
            self._clip = clip
            self.take_profile()

    def _show_unfinished(self, clip: Clip) -> None:
        chunks = [chunk for chunk in self._chunks if chunk.clip_id == clip.id]
        if chunks and not clip.state.is_final:
            if self._filled != clip.id:
                for chunk in chunks:
                    self._draw_chunk(chunk)
            return
        state = self._model.running.state(clip)
        progress = self._model.running.progress(clip.id)
        text = WORDS.get(state, "Making the sound…")
        if state is ClipState.RUNNING and progress is not None:
            text = f"Making the sound: step {progress.step} of {progress.steps}"
        if self._preview is not None and self._preview.clip_id == clip.id and not state.is_final:
            self._filled = ""
            text += " · a rough sketch" if self._preview.is_sketch else ""
            self.sound.show_preview(self._preview.envelope, text)
            self._pages.setCurrentWidget(self.sound)
        else:
            self._say(text)

    def _draw_chunk(self, chunk: ChunkDecoded) -> None:
        if self._filled != chunk.clip_id:
            self.sound.begin(chunk.total_samples, chunk.sample_rate, chunk.audio.shape[0])
            self._filled = chunk.clip_id
            self._pages.setCurrentWidget(self.sound)
        self.waveform.add_chunk(chunk.start, chunk.audio)

    @Slot(object)
    def _loaded(self, take: LoadedTake) -> None:
        clip = self._clip
        if clip is None or (take.clip_id, take.edit) != self._asked:
            return
        again = self._loaded_id == clip.id
        # chunks were drawn as they were generated
        drawn = self._filled == clip.id and self.waveform.filled == 1 and take.edit == UNTOUCHED
        audio, rate = take.audio, take.rate
        self.sound.set_audio(audio, rate, take.peaks, drawn=drawn, again=again)
        self._filled = clip.id
        self._pages.setCurrentWidget(self.sound)
        if again:
            self.player.change_audio(audio, rate)
            self.compare.set_shown(clip)
        else:
            self.player.set_audio(audio, rate)
        self.compare.set_shown_audio(audio, rate)
        if again and self.compare.marked is not None and self.compare.marked.id == clip.id:
            self.compare.mark(clip)  # as it is heard now
        self.readout.set_audio(audio, rate)
        self._loaded_id = clip.id
        self.editing.set_sound(take)
        self._measure_selection()
        self._use_selection()
        if self._play_when_loaded:
            self._play_when_loaded = False
            self.player.replay()

    @Slot(str, object)
    def _not_loaded(self, clip_id: str, error: StudioError) -> None:
        if self._clip is not None and clip_id == self._clip.id:
            self._filled = self._loaded_id = ""
            self._asked = None
            self.editing.clear_sound()
            self.player.clear()
            self.player.drag_handle.set_take(None)
            self.mark.setEnabled(False)
            self.failure.show_failure(error.message, error.hint, False)
            self._pages.setCurrentWidget(self.failure)

    @Slot(float)
    def _move_playhead(self, seconds: float) -> None:
        self.waveform.set_playhead(seconds if self._filled else None)

    # --- the selection ----------------------------------------------------------------------
    @Slot()
    def _measure_selection(self) -> None:
        self.readout.set_selection(self.timeline.selection)

    @Slot()
    def _use_selection(self) -> None:
        """Play and drag the selection, once it will do as it is."""
        if self._clip is not None and self._loaded_id == self._clip.id:
            self.player.set_selection(self.timeline.selection)
            self.player.drag_handle.set_selection(self.timeline.selection, self.timeline.duration)

    @Slot()
    def take_profile(self) -> None:
        """What is dragged has changed: the take, or how it is delivered."""
        if self._clip is not None and self._clip.state is ClipState.FINISHED:
            self.player.drag_handle.set_take(self._clip)

    @Slot(object)
    def _show_problem(self, error: StudioError) -> None:
        self.message.emit(error.one_line(), "error")

    # --- A/B --------------------------------------------------------------------------------
    @Slot(object)
    def mark_for_compare(self, clip: Clip) -> None:
        """Make any finished take the one to compare with."""
        self.compare.mark(clip)

    @Slot()
    def switch_compared(self) -> None:
        """Hear the marked take in the place of the one that is shown, or the other way round."""
        marked = self.compare.marked
        if marked is None:
            self.message.emit("Mark a take for A/B first, then show another one", "warning")
        elif self._clip is not None and self._clip.id == marked.id:
            self.message.emit("This is the marked take; show another one to compare", "warning")
        else:
            self.compare.switch()

    @Slot()
    def _mark_shown(self) -> None:
        clip, marked = self._clip, self.compare.marked
        if clip is None:
            return
        if marked is not None and marked.id == clip.id:
            self.compare.unmark()
        else:
            self.compare.mark(clip)

    @Slot()
    def _show_comparison(self) -> None:
        marked = self.compare.marked
        shown = marked is not None and self._clip is not None and marked.id == self._clip.id
        self.mark.setChecked(shown)
        self.mark.setText("Marked A" if shown else "Mark A")
        self.chip.setText(self.compare.text())
        self.chip.setVisible(marked is not None)
        for part in (self.chip, self.mark):
            part.setAccessibleDescription(self.compare.words())
        self.chip.setToolTip(self.compare.words())

    def _make_compare_widgets(self) -> None:
        self.chip = text_label("", "chip-accent")
        name_widget(self.chip, "compare_chip", "Comparison")
        self.mark = QToolButton()
        self.mark.setText("Mark A")
        name_widget(self.mark, "mark_button", "Mark for A/B")
        self.mark.setProperty("role", "flat")
        self.mark.setCheckable(True)
        self.mark.setToolTip(
            "Mark this take as A, to hear it in turn with the take that is shown (X)"
        )

    # --- looks ------------------------------------------------------------------------------
    def _say(self, message: str) -> None:
        self._filled = ""
        self.sound.say(message)
        self._pages.setCurrentWidget(self.sound)

    def _show_header(self) -> None:
        clip = self._clip
        if clip is None:
            self.title.setText("")
            self.facts.setText("")
            self.facts.setToolTip("")
            return
        request = clip.request
        self.title.setText(request.prompt)
        self.facts.setText(f"take {clip.take + 1} · seed {request.seed}")
        self.facts.setToolTip(f"{request.steps} steps, {request.sampler}")

    @Slot()
    def _retry(self) -> None:
        if self._clip is not None:
            self.retry_requested.emit(self._clip)

    @Slot()
    def _copy_details(self) -> None:
        if self._clip is not None:
            QApplication.clipboard().setText(self._details.get(self._clip.id, ""))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """The prompt goes before the facts where there is little room."""
        super().resizeEvent(event)
        self.facts.setVisible(self.width() >= ROOM_FOR_FACTS)
        self.editing.set_room(self.width() >= ROOM_FOR_FACTS)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(18, 14, 18, 10)
        header.setSpacing(12)
        header.addWidget(self.title)
        header.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignVCenter)
        header.addWidget(self.editing.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        header.addStretch(1)
        header.addWidget(self.sound.switch)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.sound)
        self._pages.addWidget(self.failure)
        middle = QVBoxLayout()
        middle.setContentsMargins(16, 0, 16, 4)
        middle.addWidget(self._pages)
        levels = QHBoxLayout()
        levels.setContentsMargins(18, 0, 16, 0)
        levels.setSpacing(10)
        levels.addWidget(self.readout, 1)
        levels.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        levels.addWidget(self.mark)
        levels.addWidget(self.editing.button)
        edit = QVBoxLayout()
        edit.setContentsMargins(16, 6, 16, 0)
        edit.addWidget(self.editing.bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addLayout(middle, 1)
        layout.addLayout(levels)
        layout.addLayout(edit)
        layout.addWidget(self.player)
