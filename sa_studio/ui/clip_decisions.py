"""What is decided about the selected takes: stars, verdict, category, tags, notes,
collections; and undo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu

from sa_studio.errors import StudioError
from sa_studio.generation import MAX_STARS, Clip, Verdict
from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.library_panel import LibraryPanel
from sa_studio.ui.mnemonics import Mnemonics, give_letters
from sa_studio.ui.undo_steps import UndoSteps

LOOKED_AT = 200  # takes that decide which collections a selection can leave


class ClipDecisions(QObject):
    """Changes the library for the takes that are selected; everything here can be undone."""

    message = Signal(str, str)
    """A line for the status, and its role."""

    def __init__(self, studio: Studio, library: LibraryPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._studio, self._library = studio, library
        self.steps = UndoSteps(studio, library.model, self)
        self.steps.message.connect(self.message)
        self._stars = self._menu("stars_menu", "Stars")
        for stars in range(MAX_STARS, -1, -1):
            text = "★" * stars if stars else "No stars"
            self._stars.addAction(f"{text}\t{stars}", partial(self.rate, stars))
        self._collect = self._menu("add_to_collection_menu", "Add to collection")
        self._collect.aboutToShow.connect(self._offer_collections)
        self._leave = self._menu("remove_from_collection_menu", "Remove from collection")
        self._leave.aboutToShow.connect(self._offer_to_leave)
        self.actions = [
            self._action("Keep\tRight", self.keep),
            self._action("Reject\tLeft", self.reject),
            self._action("Leave undecided", self.leave_open),
            self._stars.menuAction(),
            self._action("Category…", library.notes.open_category),
            self._action("Tags and notes…", library.notes.open_tags),
            self._collect.menuAction(),
            self._leave.menuAction(),
        ]
        library.list.stars_pressed.connect(self._stars_pressed)
        library.notes.category.chosen.connect(self.categorise)
        library.notes.tags.added.connect(self.add_tags)
        library.notes.tags.removed.connect(self.remove_tag)
        library.notes.notes.kept.connect(self._keep_notes)

    # --- stars and verdict ------------------------------------------------------------------
    @Slot()
    def keep(self) -> None:
        """Right: the selected takes are good."""
        self._judge(Verdict.KEEP, "Kept")

    @Slot()
    def reject(self) -> None:
        """Left: hide the selected takes; their files stay."""
        self._judge(Verdict.REJECT, "Rejected")

    @Slot()
    def leave_open(self) -> None:
        """Neither kept nor rejected."""
        self._judge(Verdict.NONE, "Undecided:")

    def rate(self, stars: int) -> None:
        """Give the selected takes 0 to 5 stars."""
        self._rate(self._ids(), stars)

    @Slot(object, int)
    def _stars_pressed(self, clip: Clip, stars: int) -> None:
        """Rate the take, or with it all that are selected; the star it has takes them away."""
        ids = self._ids()
        self._rate(ids if clip.id in ids else [clip.id], 0 if clip.stars == stars else stars)

    def _rate(self, ids: Sequence[str], stars: int) -> None:
        given = "1 star" if stars == 1 else f"{stars or 'no'} stars"
        self._change(ids, lambda: self._studio.rate_clips(ids, stars), f"{_takes(ids)}: {given}")

    def _judge(self, verdict: Verdict, said: str) -> None:
        ids = self._ids()
        self._change(ids, lambda: self._studio.judge_clips(ids, verdict), f"{said} {_takes(ids)}")

    # --- category ---------------------------------------------------------------------------
    @Slot(str)
    def categorise(self, cat_id: str) -> None:
        """Put the selected takes into a UCS category; empty takes theirs away."""
        ids = self._ids()
        said = f"{cat_id}: {_takes(ids)}" if cat_id else f"{_takes(ids)}: no category"
        self._change(ids, lambda: self._studio.categorise_clips(ids, cat_id), said)

    # --- tags and notes ---------------------------------------------------------------------
    @Slot(list)
    def add_tags(self, tags: list[str]) -> None:
        """Give tags to the selected takes."""
        ids = self._ids()
        self._change(
            ids,
            lambda: self._studio.tag_clips(ids, add=tags),
            f"Tagged {_takes(ids)}: {', '.join(tags)}",
        )

    @Slot(str)
    def remove_tag(self, tag: str) -> None:
        """Take a tag off the selected takes."""
        ids = self._ids()
        self._change(
            ids,
            lambda: self._studio.tag_clips(ids, remove=[tag]),
            f"Took “{tag}” off {_takes(ids)}",
        )

    @Slot(str, str)
    def _keep_notes(self, clip_id: str, notes: str) -> None:
        self._change([clip_id], lambda: self._studio.annotate_clip(clip_id, notes), "Notes kept")

    # --- collections ------------------------------------------------------------------------
    def collect(self, collection: str) -> None:
        """Put the selected takes into a collection; it may be a new one."""
        ids = self._ids()
        self._change(
            ids,
            lambda: self._studio.collect_clips(ids, collection),
            f"Added {_takes(ids)} to “{collection}”",
        )

    def leave(self, collection: str) -> None:
        """Take the selected takes out of a collection."""
        ids = self._ids()
        self._change(
            ids,
            lambda: self._studio.collect_clips(ids, collection, member=False),
            f"Took {_takes(ids)} out of “{collection}”",
        )

    @Slot()
    def ask_for_collection(self) -> None:
        """Ask for the name of a new collection, and put the selected takes into it."""
        dialog = QInputDialog(self._library)
        name_widget(dialog, "new_collection_dialog", "New collection")
        dialog.setWindowTitle("New collection")
        dialog.setLabelText("Name of the collection:")
        dialog.setOkButtonText("Add takes")
        Mnemonics(dialog)
        dialog.textValueSelected.connect(self._collect_new)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _collect_new(self, name: str) -> None:
        if name.strip():
            self.collect(name.strip())

    @Slot()
    def _offer_collections(self) -> None:
        self._collect.clear()
        for name in self._studio.collections():
            self._collect.addAction(_menu_text(name), partial(self.collect, name))
        self._collect.addSeparator()
        give_letters([self._collect.addAction("New collection…", self.ask_for_collection)])

    @Slot()
    def _offer_to_leave(self) -> None:
        self._leave.clear()
        clips = self._library.selected_clips(LOOKED_AT)
        names = sorted({name for clip in clips for name in clip.collections}, key=str.casefold)
        for name in names:
            self._leave.addAction(_menu_text(name), partial(self.leave, name))
        if not names:
            self._leave.addAction("In no collection").setEnabled(False)

    # --- undo -------------------------------------------------------------------------------
    @Slot()
    def undo(self) -> None:
        """Take back the latest change of the library."""
        self._library.keep_notes()
        self.steps.undo()

    @Slot()
    def redo(self) -> None:
        """Do again what was undone last."""
        self.steps.redo()

    def close(self) -> None:
        """Wait for what is being undone."""
        self.steps.close()

    # --- all of them ------------------------------------------------------------------------
    def _ids(self) -> list[str]:
        return [clip.id for clip in self._library.selected_clips()]

    def _change(self, ids: Sequence[str], change: Callable[[], None], said: str) -> None:
        if not ids:
            return
        self.steps.settle()
        try:
            change()
            self._library.model.changed(ids)
        except StudioError as error:
            self.message.emit(error.one_line(), "error")
            return
        self.message.emit(said, "quiet")

    def _action(self, text: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(slot)
        return action

    def _menu(self, object_name: str, text: str) -> QMenu:
        menu = QMenu(text, self._library)
        name_widget(menu, object_name, text)
        return menu


def _takes(ids: Sequence[str]) -> str:
    return "1 take" if len(ids) == 1 else f"{len(ids):,} takes"


def _menu_text(name: str) -> str:
    return name.replace("&", "&&")
