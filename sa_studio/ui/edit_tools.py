"""Editing the take that is shown: what the bar, the handles and the keys do to it."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QToolButton

from sa_studio.errors import StudioError
from sa_studio.generation import Clip
from sa_studio.service import Studio, audition
from sa_studio.ui.audio_loader import LoadedTake
from sa_studio.ui.clip_model import ClipModel
from sa_studio.ui.edit_bar import EditBar
from sa_studio.ui.edit_words import edit_words
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.player_bar import PlayerBar
from sa_studio.ui.question import Question
from sa_studio.ui.waveform_view import WaveformView
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

AUDITIONS = 4
"""So often the wrap of a loop is played."""


class EditTools(QObject):
    """Keeps every change with the take, as one step that can be undone.

    Attributes:
        bar: numbers and buttons; hidden until it is asked for.
        button: shows and hides the bar, and with it the handles in the waveform.
        chip: says that the take is edited.
    """

    about_to_keep = Signal()
    """A change is to be kept after all that came before it."""
    edited = Signal(object)
    """The :class:`Clip` with its new edit, which is in the library already."""
    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(
        self,
        studio: Studio,
        model: ClipModel,
        waveform: WaveformView,
        player: PlayerBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._studio, self._model, self._player = studio, model, player
        self._timeline, self._gestures = waveform.timeline, waveform.editing
        self._clip: Clip | None = None
        self._sound: LoadedTake | None = None
        self._has_room = True
        self._is_leaving = False
        self._finding = Question("loop", self)
        self._auditioning = Question("audition", self)
        self.bar = EditBar()
        self.bar.hide()
        self.chip = text_label("", "chip-accent")
        name_widget(self.chip, "edited_chip", "Edited")
        self.chip.hide()
        self.button = QToolButton()
        self.button.setText("Edit")
        name_widget(
            self.button,
            "edit_button",
            "Edit the take",
            "Trim, fade, loop … for the delivery (E); the generated file stays as it is",
        )
        self.button.setProperty("role", "flat")
        self.button.setCheckable(True)
        self._connect()

    # --- the take ---------------------------------------------------------------------------
    def set_clip(self, clip: Clip | None) -> None:
        """Another take is shown, or the same after a change; its sound comes later."""
        if self._clip is None or clip is None or self._clip.id != clip.id:
            self._is_leaving = True  # what is kept now is of a take that is not shown any more
            self.bar.flush()
            self._is_leaving = False
            self._finding.drop()
            self._auditioning.drop()
            self._sound = None
        self._clip = clip
        edit = clip.edit if clip is not None else UNTOUCHED
        self._show_chip()
        words = f"Edited: {edit_words(edit, self._seconds)}" if edit != UNTOUCHED else ""
        self.chip.setText("loop" if edit.is_loop else "edited")
        self.chip.setToolTip(f"{words}\nThe generated file is as it was." if words else "")
        self.chip.setAccessibleDescription(words)
        if self._sound is None:
            self.bar.clear(edit)
            self._show_handles()

    def set_sound(self, sound: LoadedTake) -> None:
        """The sound of the take can be heard."""
        self._sound = sound
        seam = sound.seam if sound.edit.is_loop else None
        self.bar.set_edit(sound.edit, self._seconds, seam)
        self._show_selected()
        self._show_handles()

    def set_room(self, has_room: bool) -> None:
        """Whether there is room for the chip; the library says the same."""
        self._has_room = has_room
        self._show_chip()

    def clear_sound(self) -> None:
        """The sound of the take cannot be read."""
        self._sound = None
        self.bar.clear(self._clip.edit if self._clip is not None else UNTOUCHED)
        self._show_handles()

    def close_threads(self) -> None:
        """Keep what was just entered, and wait for the loop that is being looked for."""
        self.bar.flush()
        self._finding.close()
        self._auditioning.close()

    @property
    def _seconds(self) -> float:
        """Length of the take as it was generated."""
        return (self._clip.seconds or 0.0) if self._clip is not None else 0.0

    # --- what the user asks for -------------------------------------------------------------
    @Slot()
    def toggle(self) -> None:
        """E: show the bar and the handles, or hide them."""
        self.button.toggle()

    @Slot()
    def trim(self) -> None:
        """T: keep only the selection."""
        self.bar.flush()
        if self._sound is None:
            return
        if self._timeline.selection is None:
            self.message.emit("Select a part of the waveform first, then trim to it", "warning")
            return
        first, last = self._timeline.selection
        self._keep_change(self._sound.edit.trimmed(self._seconds, first, last))

    @Slot()
    def find_loop(self) -> None:
        """Look for the best loop in what is selected, or in all of it."""
        self.bar.flush()
        if self._clip is None or self._sound is None:
            return
        clip_id, edit = self._clip.id, self._sound.edit
        if self._timeline.selection is not None:
            edit = edit.trimmed(self._seconds, *self._timeline.selection)
        self._finding.ask(partial(self._studio.find_loop, clip_id, edit))
        self.bar.show_searching()

    @Slot(object)
    def _no_loop_found(self, error: StudioError) -> None:
        self.message.emit(error.one_line(), "warning")
        self._show_again()

    @Slot()
    def hear_wrap(self) -> None:
        """Play what is around the end of the loop, again and again."""
        sound = self._sound
        if sound is None or sound.loop is None:
            return
        audio, rate, loop = sound.audio, sound.rate, sound.loop
        self._auditioning.ask(lambda: (audition(audio, rate, loop, times=AUDITIONS), rate))

    @Slot(object)
    def _keep_change(self, edit: SoundEdit) -> None:
        """Keep what differs from the sound that is shown: the take may be ahead of it."""
        self.bar.flush()
        if self._clip is None or self._sound is None:
            return
        shown = asdict(self._sound.edit)
        changed = {name: value for name, value in asdict(edit).items() if value != shown[name]}
        try:
            self._keep(replace(self._clip.edit, **changed))
        except StudioError as error:
            self.message.emit(error.one_line(), "warning")
            self._show_again()

    @Slot(object)
    def _keep(self, edit: SoundEdit) -> None:
        """Keep an edit with the take."""
        clip = self._clip
        if clip is None or edit == clip.edit:
            self._show_again()
            return
        self.about_to_keep.emit()
        try:
            self._studio.edit_clips([clip.id], edit)
            self._model.changed([clip.id])
        except StudioError as error:
            self.message.emit(error.one_line(), "error")
            self._show_again()
            return
        words = edit_words(edit, self._seconds)
        self.message.emit(f"Edited: {words}" if words else "Heard as it was generated", "quiet")
        if self._is_leaving:
            return
        self.bar.follow(edit)
        self.edited.emit(replace(clip, edit=edit))

    # --- looks ------------------------------------------------------------------------------
    @Slot()
    def _show_again(self) -> None:
        """Nothing came of a change."""
        if self._sound is not None:
            self.set_sound(self._sound)

    def _show_chip(self) -> None:
        is_edited = self._clip is not None and self._clip.edit != UNTOUCHED
        self.chip.setVisible(is_edited and self._has_room)

    @Slot()
    def _show_selected(self) -> None:
        self.bar.set_selected(self._timeline.selection is not None)

    @Slot()
    def _show_handles(self) -> None:
        shown = self._sound if self.button.isChecked() else None
        self._gestures.set_edit(None if shown is None else shown.edit, self._seconds)

    @Slot(bool)
    def _show_bar(self, on: bool) -> None:
        self.bar.setVisible(on)
        self._show_handles()

    @Slot(object)
    def _adjust(self, edit: SoundEdit) -> None:
        """A number is being changed: the curves follow; trims wait for the sound."""
        if self._sound is not None and self._sound.edit.kept(self._seconds) == edit.kept(
            self._seconds
        ):
            self._gestures.overlay.show_live(edit)

    @Slot(object)
    def _play_aside(self, sound: tuple[np.ndarray, int]) -> None:
        self._player.hear_aside(sound)

    def _connect(self) -> None:
        self.button.toggled.connect(self._show_bar)
        self.bar.edited.connect(self._keep)
        self.bar.adjusting.connect(self._adjust)
        self.bar.trim_requested.connect(self.trim)
        self.bar.loop.find_requested.connect(self.find_loop)
        self.bar.loop.audition_requested.connect(self.hear_wrap)
        self._gestures.moving.connect(self.bar.show_live)
        self._gestures.settled.connect(self._keep_change)
        self._timeline.selection_changed.connect(self._show_selected)
        self._finding.answered.connect(self._keep_change)
        self._finding.failed.connect(self._no_loop_found)
        self._auditioning.answered.connect(self._play_aside)
