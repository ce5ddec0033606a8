"""The parts of the window of cue sheets, and where they are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sa_studio.service import Studio
from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.folder_field import FolderField
from sa_studio.ui.mnemonics import Mnemonics
from sa_studio.ui.profile_combo import ProfileCombo
from sa_studio.ui.sheet_edit import SheetEdit
from sa_studio.ui.sheet_rows import SheetRows
from sa_studio.ui.theme import set_property

EXAMPLE = (
    "Open a CSV file, or paste cells from a spreadsheet. The first row names the columns:\n\n"
    "name\tprompt\tseconds\tcategory\tcount\tprofile\n"
    "Door Slam\tbig wooden door slam\t2\tDOORWood\t3\tGame"
)


class SheetForm(QDialog):
    """The sheet above its rows; below them where it goes, its state, and what can be done."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Cue sheet")
        self.setObjectName("sheet_dialog")
        self.resize(820, 680)
        self._make_widgets(studio)
        self._lay_out()
        Mnemonics(self)

    def say(self, text: str, role: str) -> None:
        """Show a line on the state of the sheet, in a role of the theme."""
        set_property(self.note, "role", role)
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _make_widgets(self, studio: Studio) -> None:
        self.text = SheetEdit()
        name_widget(
            self.text,
            "sheet_edit",
            "Cue sheet",
            "The sounds that a project needs, one a row: paste cells from a spreadsheet, or open a "
            "CSV file",
        )
        self.text.setPlaceholderText(EXAMPLE)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.open_file = self._button("Open…", "sheet_open_button", "Open a sheet from a CSV file")
        self.folder = FolderField("sheet", "The folder to deliver to")
        self.folder_box = FieldBox("Folder", self.folder.edit, self.folder)
        self.profile = ProfileCombo(studio, "sheet_profile_combo")
        self.profile.combo.setToolTip("Of the rows that name no profile of their own")
        self.rows = SheetRows()
        self.note = text_label("", "quiet", wrap=True)
        name_widget(self.note, "sheet_note", "State of the sheet")
        self.progress = QProgressBar()
        name_widget(self.progress, "sheet_progress", "Rows that are done")
        self.report = self._button("Report", "sheet_report_button", "Open the report in a browser")
        self.reveal = self._button(
            "Show in folder", "sheet_reveal_button", "Open the folder of the delivery"
        )
        self.stop = self._button(
            "Stop", "sheet_stop_button", "Stop after this step; another start goes on from there"
        )
        self.done_ = self._button(
            "Close", "sheet_close_button", "Close the window; what is being made goes on (Esc)"
        )
        self.start = self._button(
            "Start", "sheet_start_button", "Make and deliver what is not there yet"
        )
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        name_widget(button, name, text.rstrip("…"), tip)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        title = text_label("Cue sheet", "title")
        title.setBuddy(self.text)
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.open_file)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setObjectName("sheet_halves")
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.text)
        halves.addWidget(self.rows)
        halves.setHandleWidth(8)
        where = QHBoxLayout()
        where.setSpacing(12)
        above = Qt.AlignmentFlag.AlignTop
        where.addWidget(self.folder_box, 3, above)
        where.addWidget(FieldBox("Profile", self.profile.combo, self.profile), 2, above)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.report, self.reveal):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.done_, self.stop, self.start):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(halves, 1)
        layout.addLayout(where)
        layout.addWidget(self.note)
        layout.addWidget(self.progress)
        layout.addLayout(foot)
