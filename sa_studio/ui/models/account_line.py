"""Who the hub takes us for, and Log out."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from sa_studio.errors import StudioError
from sa_studio.model_offers import HubAccount
from sa_studio.ui.elided_label import ElidedLabel
from sa_studio.ui.field_box import name_widget

KEYRING = "keyring"


class AccountLine(QWidget):
    """Shows where the token comes from; only that of the keyring can be forgotten here."""

    logout_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.label = ElidedLabel()
        self.label.setObjectName("hub_account_label")
        self.label.setProperty("role", "quiet")
        self.logout = QPushButton("Log out")
        name_widget(
            self.logout,
            "hub_logout_button",
            "Forget the token in the keyring",
            "Forget the access token in this computer's keyring",
        )
        self.logout.setProperty("role", "flat")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.logout)
        self.logout.clicked.connect(self.logout_requested)
        self.show_account(None)

    @Slot(object)
    def show_account(self, account: HubAccount | None) -> None:
        """Show an account; ``None`` while it is not known."""
        if account is None:
            text = ""
        elif not account.token_source:
            text = "Hub: not logged in"
        elif account.name:
            text = f"Hub: {account.name} ({account.token_source})"
        else:
            text = f"Hub: token from the {account.token_source}"
        self.label.setText(text)
        self.logout.setVisible(account is not None and account.token_source == KEYRING)

    @Slot(object)
    def show_problem(self, error: StudioError) -> None:
        """Say why it is not known."""
        self.label.setText(f"Hub: {error.one_line()}")
        self.logout.hide()
