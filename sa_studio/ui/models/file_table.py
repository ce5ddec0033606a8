"""The files of an installed model, and what became of them since."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from sa_studio.amounts import bytes_text
from sa_studio.model_offers import FileCheck
from sa_studio.ui.field_box import name_widget
from sa_studio.ui.icons import icon
from sa_studio.ui.ink_delegate import INK, InkDelegate
from sa_studio.ui.theme import figure_font

HASH_SHOWN = 12
ROW_HEIGHT = 24
MAX_ROWS_SHOWN = 8
NAME, SIZE, HASH = range(3)


class FileTable(QTreeWidget):
    """Path, size and the beginning of the SHA-256 of every file; a check adds its verdict."""

    def __init__(self) -> None:
        super().__init__()
        name_widget(
            self,
            "model_files",
            "Files of the model",
            "The files of this model; Verify compares them with what was downloaded",
        )
        self.setColumnCount(3)
        self.setItemDelegate(InkDelegate(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (SIZE, HASH):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_files(self, files: Sequence[FileCheck], *, checked: bool) -> None:
        """List ``files``; ``checked`` if their verdicts are fresh."""
        self.clear()
        for file in files:
            item = QTreeWidgetItem(self)
            item.setText(NAME, file.file)
            item.setText(SIZE, bytes_text(file.bytes))
            item.setText(HASH, file.problem or file.sha256[:HASH_SHOWN])
            item.setTextAlignment(SIZE, Qt.AlignmentFlag.AlignRight)
            item.setToolTip(NAME, file.file)
            item.setToolTip(HASH, file.problem or (file.sha256 and f"SHA-256 {file.sha256}"))
            for column in (SIZE, HASH):
                item.setFont(column, figure_font())
                item.setData(column, INK, "quiet")
            verdict = ""
            if file.problem:
                item.setIcon(NAME, icon("warning", color="error"))
                item.setData(HASH, INK, "error")
                verdict = f", {file.problem}"
            elif checked:
                item.setIcon(NAME, icon("check", color="accent"))
                verdict = ", unchanged"
            item.setData(
                NAME,
                Qt.ItemDataRole.AccessibleTextRole,
                f"{file.file}, {bytes_text(file.bytes)}{verdict}",
            )
        self.setVisible(bool(files))
        self.setFixedHeight(min(max(len(files), 1), MAX_ROWS_SHOWN) * ROW_HEIGHT + 12)
