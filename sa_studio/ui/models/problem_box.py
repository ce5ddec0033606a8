"""What went wrong with a model and what can be done about it, where it is looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sa_studio.errors import HubError, NotLoggedIn, StudioError
from sa_studio.ui.field_box import FieldBox, name_widget, text_label
from sa_studio.ui.web_page import PageButton


class TokenField(QWidget):
    """Asks for an access token of the hub. It is never shown, stored or logged here."""

    entered = Signal(str, bool)
    """The token, and whether it shall be kept in the system's keyring."""

    def __init__(self) -> None:
        super().__init__()
        self.edit = QLineEdit()
        name_widget(
            self.edit,
            "hub_token_edit",
            "Access token of your account on the hub",
            "A token with the right to read, from the settings of your account on the hub",
        )
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setPlaceholderText("paste your access token")
        self.box = FieldBox("Access token", self.edit)
        self.keep = QCheckBox("Keep it in the system's keyring")
        name_widget(
            self.keep,
            "hub_token_keep_check",
            "Keep the token in the system's keyring",
            "Remember it in this computer's keyring, so that the next download does not ask",
        )
        self.keep.setChecked(True)
        self.proceed = QPushButton("Log in and download")
        name_widget(
            self.proceed,
            "hub_token_button",
            "Log in with this token and download",
            "Use this token and start the download",
        )
        self.proceed.setEnabled(False)
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addStretch(1)
        row.addWidget(self.proceed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.box)
        layout.addLayout(row)
        self.edit.textChanged.connect(self._changed)
        self.edit.returnPressed.connect(self.proceed.click)
        self.keep.toggled.connect(self._changed)
        self.proceed.clicked.connect(self._enter)

    @Slot()
    def _changed(self) -> None:
        self.proceed.setEnabled(bool(self.edit.text().strip()))
        self.proceed.setText("Log in and download" if self.keep.isChecked() else "Download")

    @Slot()
    def _enter(self) -> None:
        token = self.edit.text().strip()
        self.edit.clear()
        if token:
            self.entered.emit(token, self.keep.isChecked())


class ProblemBox(QFrame):
    """Cause, hint, the page that helps and Try again.

    Args:
        object_name: what its widgets are called by.
        token: asks for the hub's token when that is what is missing; ``None`` where no hub is.
    """

    retry_requested = Signal()

    def __init__(self, object_name: str, token: TokenField | None = None) -> None:
        super().__init__()
        self._token = token
        self.setObjectName(object_name)
        self.setProperty("role", "problem")
        self.cause = text_label("", "error", wrap=True)
        name_widget(self.cause, f"{object_name}_cause", "What went wrong")
        self.hint = text_label("", "quiet", wrap=True)
        name_widget(self.hint, f"{object_name}_hint", "What can be done")
        for label in (self.cause, self.hint):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.page = PageButton(
            "Open page", f"{object_name}_page_button", "Open the page that helps"
        )
        self.retry = QPushButton("Try again")
        name_widget(
            self.retry,
            f"{object_name}_retry_button",
            "Try again",
            "Try once more; what has arrived is kept",
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.page)
        buttons.addWidget(self.retry)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.cause)
        layout.addWidget(self.hint)
        layout.addLayout(buttons)
        if token is not None:
            layout.addWidget(token)
        self.retry.clicked.connect(self.retry_requested)
        self.show_error(None)

    def show_error(self, error: StudioError | None, *, can_retry: bool = True) -> None:
        """Show an error, or nothing at all."""
        self.setVisible(error is not None)
        wants_token = self._token is not None and isinstance(error, NotLoggedIn)
        if self._token is not None:
            self._token.setVisible(wants_token)
        self.retry.setVisible(can_retry and not wants_token)
        self.page.set_page(error.page if isinstance(error, HubError) else "")
        self.cause.setText(error.message if error is not None else "")
        self.hint.setText(error.hint if error is not None else "")
        self.hint.setVisible(bool(self.hint.text()))
        self.setAccessibleName(error.one_line() if error is not None else "")
