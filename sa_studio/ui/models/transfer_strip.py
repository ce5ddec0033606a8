"""The transfer that runs, at the foot of the models window."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.progress_text import percent, progress_text
from sa_studio.ui.transfers import Transfers

BAR_STEPS = 1000


class TransferStrip(QWidget):
    """What is transferred, how far it is, its figures, and Cancel; hidden when nothing is.

    Of several it shows the one that began first; the others show in the list.
    """

    def __init__(self, transfers: Transfers) -> None:
        super().__init__()
        self._transfers = transfers
        self.setProperty("role", "panel")
        self.title = ElidedLabel()
        self.title.setObjectName("transfer_title")
        self.figures = text_label("", "figures")
        name_widget(self.figures, "transfer_figures", "Amount, rate and time left")
        self.file = ElidedLabel()
        self.file.setObjectName("transfer_file")
        self.file.setProperty("role", "quiet-figures")
        self.others = text_label("", "quiet-figures")
        name_widget(self.others, "transfer_others", "Other transfers")
        self.bar = QProgressBar()
        name_widget(self.bar, "transfer_bar", "Progress of the transfer")
        self.bar.setTextVisible(False)
        self.cancel = QPushButton("Cancel")
        name_widget(self.cancel, "transfer_cancel_button", "Cancel the transfer")
        self.cancel.setProperty("role", "danger")
        self.cancel.setToolTip("What is here is kept; the next try goes on from there")
        top, bottom, middle = QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.figures)
        bottom.addWidget(self.file, 1)
        bottom.addWidget(self.others)
        middle.setSpacing(6)
        middle.addLayout(top)
        middle.addWidget(self.bar)
        middle.addLayout(bottom)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 10)
        layout.setSpacing(16)
        layout.addLayout(middle, 1)
        layout.addWidget(self.cancel)
        self.cancel.clicked.connect(self._cancel)
        transfers.changed.connect(self._update)
        self._update()

    @Slot()
    def _update(self) -> None:
        transfer = self._transfers.current
        self.setVisible(transfer is not None)
        if transfer is None:
            return
        progress = transfer.progress
        total = progress.total_bytes if progress else 0
        self.title.setText(transfer.text)
        self.figures.setText(progress_text(progress) if progress else "")
        self.file.setText(progress.file if progress else "")
        count = self._transfers.others
        self.others.setText(f"and {count} more" if count else "")
        # a bar without a range moves by itself: there is nothing to measure yet
        self.bar.setRange(0, BAR_STEPS if total else 0)
        if progress and total:
            self.bar.setValue(BAR_STEPS * progress.done_bytes // total)
            self.bar.setAccessibleDescription(f"{percent(progress.done_bytes, total)} %")
        self.cancel.setEnabled(not transfer.cancel.is_set())

    @Slot()
    def _cancel(self) -> None:
        if (transfer := self._transfers.current) is not None:
            self._transfers.cancel(transfer.key)
