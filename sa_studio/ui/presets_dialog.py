"""All presets: look at them, rename, delete, import and export them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import StudioError
from sa_studio.service import OWN_PRESETS, Studio, Taken
from sa_studio.ui.bin import move_to_bin
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.grouped_tree import GroupedTree, Groups, Row
from sa_studio.ui.icons import icon
from sa_studio.ui.mnemonics import Mnemonics
from sa_studio.ui.question_bar import QuestionBar
from sa_studio.ui.theme import set_property

FILES = "Presets (*.json)"
SHOWN_PROBLEMS = 3


def preset_rows(studio: Studio) -> Groups:
    """Every preset by category, the user's own first."""
    return {
        category: [
            Row(name, editable=True)
            if category == OWN_PRESETS
            else Row(name, label=name.removeprefix(f"{category} - "))
            for name in names
        ]
        for category, names in studio.presets_by_category().items()
    }


class PresetsDialog(QDialog):
    """A list with the buttons for what is selected in it."""

    use_requested = Signal(str)
    """The name of the preset that the form shall have."""
    changed = Signal()
    """Presets came, went or were renamed."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._filling = False
        self.setWindowTitle("Presets")
        self.setObjectName("presets_dialog")
        self.resize(560, 560)
        self.search = QLineEdit()
        name_widget(self.search, "presets_search_edit", "Search presets")
        self.search.setToolTip("Shows the presets whose names have these words")
        self.search.setPlaceholderText("Search presets")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setTextMargins(-6, 0, 0, 0)  # the icon brings its own margin
        self.tree = GroupedTree("presets_tree", "Presets")
        self.tree.setToolTip("Ctrl or Shift with a click selects several")
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.summary = text_label("", "quiet", wrap=True)
        name_widget(self.summary, "preset_summary", "What the preset sets")
        self.question = QuestionBar("preset")
        self.note = text_label("", "quiet", wrap=True)
        name_widget(self.note, "preset_note", "What was done")
        self.use = self._button("Use", "preset_use_button", "Fill the form with it (Enter)")
        self.use.setProperty("role", "primary")
        self.rename = self._button(
            "Rename", "preset_rename_button", "Type another name in the list (F2)"
        )
        self.delete = self._button(
            "Delete…", "preset_delete_button", "Move your own presets to the bin (Del)"
        )
        self.import_ = self._button(
            "Import…", "preset_import_button", "Take over presets from files"
        )
        self.export = self._button(
            "Export…", "preset_export_button", "Write the selected presets to files, to share them"
        )
        self._lay_out()
        self._connect()
        self.reload()
        Mnemonics(self)

    def reload(self, current: str = "") -> None:
        """Read the names anew and select ``current``, or nothing."""
        self._filling = True
        self.tree.set_groups(preset_rows(self._studio))
        self.tree.filter(self.search.text())
        self._filling = False
        if (item := self.tree.item_of(current)) is not None:
            self.tree.setCurrentItem(item)
            self.tree.scrollToItem(item)
        self._selection_changed()

    # --- delete and rename ------------------------------------------------------------------
    @Slot()
    def ask_to_delete(self) -> None:
        """Ask whether the selected presets shall go."""
        names = [name for name in self.tree.values() if not self._studio.is_builtin_preset(name)]
        if names:
            self.question.ask(
                f"Move {_several(names)} to the bin?",
                [
                    ("Move to the bin", "danger", partial(self._delete, names)),
                    ("Keep", "", self.tree.setFocus),
                ],
            )

    def _delete(self, names: Sequence[str]) -> None:
        gone, problems = self._each(names, self._bin)
        self._report(f"Moved {_several(gone)} to the bin" if gone else "", problems)
        self.reload()
        self.changed.emit()

    def _bin(self, name: str) -> str:
        move_to_bin(self._studio.preset_file(name))
        return name

    @Slot()
    def edit_name(self) -> None:
        """Let the name of the current preset be typed over."""
        item = self.tree.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
            self.tree.editItem(item, 0)

    @Slot(QTreeWidgetItem)
    def _edited(self, item: QTreeWidgetItem) -> None:
        name = self.tree.value(item)
        if not self._filling and name is not None and item.text(0) != name:
            # once the list is done with the field that was typed in: it is filled anew
            QTimer.singleShot(0, self, partial(self._rename, name, item.text(0)))

    def _rename(self, name: str, new_name: str) -> None:
        new, problems = self._each([name], lambda name: self._studio.rename_preset(name, new_name))
        self._report(f"Renamed “{name}” to “{new[0]}”" if new else "", problems)
        self.reload(new[0] if new else name)
        if new:
            self.changed.emit()

    # --- import -----------------------------------------------------------------------------
    @Slot()
    def _choose_imports(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "Import presets", "", FILES)
        self.import_files([Path(path) for path in paths])

    def import_files(self, paths: Sequence[Path]) -> None:
        """Take over what is new, and ask about names that are taken."""
        taken: list[Path] = []

        def take(path: Path) -> str | None:
            self._studio.check_preset_file(path)
            if self._studio.taken_preset(path.stem):
                taken.append(path)
                return None
            return self._studio.import_preset(path)

        self._import(paths, take)
        if taken:
            self.question.ask(
                f"There {'is' if len(taken) == 1 else 'are'} already "
                f"{_several([path.stem for path in taken])}. What is replaced goes to the bin; "
                "built-in presets stay in any case.",
                [
                    ("Replace", "danger", partial(self._import, taken, self._replace)),
                    ("Keep both", "", partial(self._import, taken, self._keep_both)),
                    ("Skip", "", self.tree.setFocus),
                ],
            )

    def _replace(self, path: Path) -> str | None:
        old = self._studio.taken_preset(path.stem)
        if old is not None and not self._studio.is_builtin_preset(old):
            self._bin(old)
        return self._studio.import_preset(path, when_taken=Taken.REPLACE)

    def _keep_both(self, path: Path) -> str | None:
        return self._studio.import_preset(path, when_taken=Taken.KEEP_BOTH)

    def _import(self, paths: Sequence[Path], take: Any) -> None:
        names, problems = self._each(paths, take)
        self._report(f"Imported {_several(names)}" if names else "", problems)
        if names:
            self.reload(names[-1])
            self.changed.emit()

    # --- export -----------------------------------------------------------------------------
    @Slot()
    def _choose_export(self) -> None:
        names = self.tree.values()
        if len(names) == 1:
            path, _ = QFileDialog.getSaveFileName(  # asks before it gives a name that is taken
                self, "Export the preset", f"{names[0]}.json", FILES
            )
            if path:
                self._export(names, [Path(path).with_suffix(".json")], overwrite=True)
        elif names:
            folder = QFileDialog.getExistingDirectory(self, "Export presets into a folder")
            if folder:
                self.export_to(Path(folder), names)

    def export_to(self, folder: Path, names: Sequence[str]) -> None:
        """Write presets into ``folder``, and ask about files that are there."""
        targets = {name: folder / f"{name}.json" for name in names}
        there = [name for name in names if targets[name].exists()]
        new = [name for name in names if name not in there]
        self._export(new, [targets[name] for name in new], overwrite=False)
        if there:
            old = [targets[name] for name in there]
            self.question.ask(
                f"The folder has files for {_several(there)} already.",
                [
                    ("Replace", "danger", partial(self._export, there, old, overwrite=True)),
                    ("Keep", "", self.tree.setFocus),
                ],
            )

    def _export(self, names: Sequence[str], paths: Sequence[Path], *, overwrite: bool) -> None:
        def write(pair: tuple[str, Path]) -> str:
            name, path = pair
            self._studio.export_preset(name, path, overwrite=overwrite)
            return name

        done, problems = self._each(list(zip(names, paths, strict=True)), write)
        self._report(f"Exported {_several(done)}" if done else "", problems)

    # --- what is shown ----------------------------------------------------------------------
    @staticmethod
    def _each(things: Iterable[Any], do: Any) -> tuple[list[str], list[StudioError]]:
        """Do it for each; one that fails does not hold up the others."""
        done: list[str] = []
        problems: list[StudioError] = []
        for thing in things:
            try:
                name = do(thing)
            except StudioError as error:
                problems.append(error)
            else:
                if name is not None:
                    done.append(name)
        return done, problems

    def _report(self, text: str, problems: Sequence[StudioError]) -> None:
        lines = [error.one_line() for error in problems[:SHOWN_PROBLEMS]]
        if len(problems) > SHOWN_PROBLEMS:
            lines.append(f"{len(problems) - SHOWN_PROBLEMS} more could not be used.")
        self.note.setText("\n".join(filter(None, [text, *lines])))
        self.note.setAccessibleDescription(self.note.text())
        set_property(self.note, "role", "error" if problems else "quiet")

    @Slot()
    def _selection_changed(self) -> None:
        names = self.tree.values()
        own = [name for name in names if not self._studio.is_builtin_preset(name)]
        self.use.setEnabled(len(names) == 1)
        self.rename.setEnabled(len(names) == 1 and len(own) == 1)
        self.delete.setEnabled(bool(own))
        self.export.setEnabled(bool(names))
        text = ""
        if len(names) == 1:
            try:
                text = summary(self._studio.load_preset(names[0]))
            except StudioError as error:
                text = error.one_line()
        elif names:
            text = f"{len(names)} presets are selected"
        self.summary.setText(text)
        self.summary.setAccessibleDescription(text)

    @Slot()
    def _use(self) -> None:
        names = self.tree.values()
        if len(names) == 1:
            self.use_requested.emit(names[0])
            self.accept()

    @Slot(str)
    def _filter(self, typed: str) -> None:
        self._filling = True
        self.tree.filter(typed)
        self._filling = False

    # --- building ---------------------------------------------------------------------------
    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(8)
        for button in (self.use, self.rename, self.delete, self.import_, self.export):
            column.addWidget(button)
        column.addStretch(1)
        close = self._button("Close", "presets_close_button", "Close this window (Esc)")
        close.clicked.connect(self.reject)
        column.addWidget(close)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.search)
        left.addWidget(self.tree, 1)
        left.addWidget(self.summary)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addLayout(left, 1)
        top.addLayout(column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(top, 1)
        layout.addWidget(self.question)
        layout.addWidget(self.note)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.tree.itemSelectionChanged.connect(self._selection_changed)
        self.tree.itemChanged.connect(self._edited)
        self.tree.itemDoubleClicked.connect(self._use)
        self.use.clicked.connect(self._use)
        self.rename.clicked.connect(self.edit_name)
        self.delete.clicked.connect(self.ask_to_delete)
        self.import_.clicked.connect(self._choose_imports)
        self.export.clicked.connect(self._choose_export)
        for key, action in (
            (Qt.Key.Key_F2, self.edit_name),
            (Qt.Key.Key_Delete, self.ask_to_delete),
            (Qt.Key.Key_Return, self._use),
        ):
            shortcut = QShortcut(QKeySequence(key), self.tree)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(action)

    @staticmethod
    def _button(text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        name_widget(button, name, text.removesuffix("…"))
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button


def summary(fields: dict[str, Any]) -> str:
    """What a preset sets, in a line."""
    parts = [str(fields.get("prompt", ""))]
    if negative := fields.get("negative_prompt"):
        parts.append(f"not {negative}")
    for name, text in (
        ("seconds", "{:g} s"),
        ("count", "{} takes"),
        ("steps", "{} steps"),
        ("guidance_scale", "guidance {:g}"),
        ("seed", "seed {}"),
        ("model", "{}"),
    ):
        if (value := fields.get(name)) is not None:
            parts.append(text.format(value))
    if loras := fields.get("loras"):
        parts.append(", ".join(f"{name} {strength:g}" for name, strength in loras))
    return " · ".join(filter(None, parts))


def _several(names: Sequence[str]) -> str:
    """One name, or the first and how many there are besides."""
    first = f"“{names[0]}”"
    return first if len(names) == 1 else f"{first} and {len(names) - 1} more"
