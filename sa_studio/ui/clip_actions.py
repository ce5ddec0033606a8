"""What can be done with the selected takes, as actions for menus and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from sa_studio.errors import StudioError
from sa_studio.generation import Clip, ClipState, GenerationRequest
from sa_studio.service import Studio
from sa_studio.ui.clip_bin import ClipBin
from sa_studio.ui.clip_decisions import ClipDecisions
from sa_studio.ui.file_manager import reveal
from sa_studio.ui.files_out import FilesOut
from sa_studio.ui.library_panel import LibraryPanel

LOOKED_AT = 200  # selected takes that decide what can be done
FORM_FIELDS = (
    "prompt", "negative_prompt", "seconds", "seed", "steps", "guidance_scale", "guidance_rescale",
    "sampler", "sigma_min", "sigma_max", "rho", "init_audio", "init_noise_level", "model", "loras",
)  # fmt: skip


def request_fields(request: GenerationRequest, *, as_asked: bool = False) -> dict[str, Any]:
    """What the form shows of a take's request, as JSON values.

    Args:
        as_asked: the prompts with their placeholders instead of what the take made of them.
    """
    fields = asdict(request)
    if as_asked:
        fields["prompt"] = request.prompt_as_asked
        fields["negative_prompt"] = request.negative_prompt_as_asked
    else:
        fields["prompt"] = request.prompt_as_made
        fields["negative_prompt"] = request.negative_prompt_as_made
    fields["init_audio"] = str(request.init_audio) if request.init_audio else None
    fields["loras"] = [list(lora) for lora in request.loras]
    return {name: fields[name] for name in FORM_FIELDS}


class ClipActions(QObject):
    """Copy, reveal, use settings, retry and remove, for the takes selected in the library."""

    fields_chosen = Signal(object)
    """Request fields for the form."""
    message = Signal(str, str)
    """A line for the status, and its role."""
    export_requested = Signal()
    """The selected takes are to go into a folder."""
    compare_requested = Signal(object)
    """The take to compare others with."""

    def __init__(self, studio: Studio, library: LibraryPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._studio, self._library = studio, library
        self.out = FilesOut(library, studio, "copy")
        self.out.message.connect(self.message)
        self.copy = self._action("Copy file\tCtrl+C", self.copy_files)
        self.export = self._action("Export…\tCtrl+E", self.export_requested.emit)
        self.reveal = self._action("Reveal in folder", self.reveal_file)
        self.use_all = self._action("Use all settings\tA", self.use_all_settings)
        self.remix = self._action("Use all but the seed\tR", self.use_all_but_seed)
        self.use_seed = self._action("Use the seed\tS", self.use_only_seed)
        self.mark = self._action("Mark for A/B", self.mark_for_compare)
        self.retry = self._action("Retry", self.retry_selected)
        self.remove = self._action("Remove from the library", self.remove_selected)
        self.bin_files = self._action("Move files to the bin…", self.bin_selected)
        self.decisions = ClipDecisions(studio, library, self)
        self.decisions.message.connect(self.message)
        self.bin = ClipBin(studio, library.model, library)
        self.bin.message.connect(self.message)
        library.selection_changed.connect(self.update)
        library.set_actions(self._menu())
        self.update()

    @Slot()
    def update(self) -> None:
        """Enable what can be done with the selection."""
        clips = self._library.selected_clips(LOOKED_AT)
        playable = any(clip.state is ClipState.FINISHED for clip in clips)
        unmade = any(clip.state.is_final and clip.state is not ClipState.FINISHED for clip in clips)
        for action in (self.copy, self.export, self.reveal, self.mark):
            action.setEnabled(playable)
        for action in (self.use_all, self.remix, self.use_seed):
            action.setEnabled(bool(clips))
        self.retry.setEnabled(unmade)
        for action in (self.remove, self.bin_files):
            action.setEnabled(any(clip.state.is_final for clip in clips))
        several = len(clips) > 1
        self.copy.setText(f"Copy {'files' if several else 'file'}\tCtrl+C")

    @Slot()
    def copy_files(self) -> None:
        """Put the selected takes on the clipboard, as files in the delivery profile."""
        ids = self._library.finished_ids()
        if not ids:
            self.message.emit("There is no finished take to copy", "warning")
            return
        self.out.prepare(ids)
        self.out.copy()

    @Slot()
    def reveal_file(self) -> None:
        """Show the first selected file where it lies."""
        files = self._library.selected_files()
        if files:
            reveal(files[0])

    @Slot()
    def use_all_settings(self) -> None:
        """Everything of the current take into the form."""
        if clip := self._library.current_clip():
            self.fields_chosen.emit({**request_fields(clip.request), "count": 1})

    @Slot()
    def use_all_but_seed(self) -> None:
        """Everything but the seed, placeholders included: another take of the same idea."""
        if clip := self._library.current_clip():
            fields = request_fields(clip.request, as_asked=True)
            self.fields_chosen.emit({**fields, "seed": None})

    @Slot()
    def use_only_seed(self) -> None:
        """The seed of the current take, locked."""
        if clip := self._library.current_clip():
            self.fields_chosen.emit({"seed": clip.request.seed})

    @Slot()
    def mark_for_compare(self) -> None:
        """Make the current take A, to be heard in turn with others."""
        if clip := self._library.current_clip():
            self.compare_requested.emit(clip)

    @Slot()
    def retry_selected(self) -> None:
        """Make the selected takes that came to nothing again."""
        for clip in self._library.selected_clips():
            if clip.state.is_final and clip.state is not ClipState.FINISHED:
                self.retry_clip(clip)

    @Slot(object)
    def retry_clip(self, clip: Clip) -> None:
        """Queue the request of a take anew; its row gives way to the new one."""
        self.decisions.steps.settle()
        current = self._library.current_clip()
        try:
            job_id = self._studio.submit(clip.request)
        except StudioError as error:
            self.message.emit(error.one_line(), "error")
            return
        if current is not None and current.id == clip.id:
            self._library.select_job(job_id)
        self._library.model.remove([clip.id])

    @Slot()
    def remove_selected(self) -> None:
        """Take the selected takes that are over out of the list; their files stay."""
        self.decisions.steps.settle()
        clips = [clip for clip in self._library.selected_clips() if clip.state.is_final]
        self._library.model.remove([clip.id for clip in clips])
        if any(clip.path for clip in clips):
            self.message.emit("Removed from the library; the files are kept", "quiet")

    @Slot()
    def bin_selected(self) -> None:
        """Ask whether the files of the selected takes are to go to the bin."""
        self.bin.ask(self._library.selected_clips())

    def close_threads(self) -> None:
        """Wait for what is being copied, moved to the bin or undone."""
        self.decisions.close()
        self.bin.close()
        self.out.close()

    def _action(self, text: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(slot)
        return action

    def _menu(self) -> list[QAction]:
        def separator() -> QAction:
            line = QAction(self)
            line.setSeparator(True)
            return line

        return [
            *self.decisions.actions, separator(),
            self.copy, self.export, self.reveal, self.mark, separator(),
            self.use_all, self.remix, self.use_seed, separator(),
            self.retry, self.remove, self.bin_files,
        ]  # fmt: skip
