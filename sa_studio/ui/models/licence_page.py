"""What is accepted before the first byte comes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout

from sa_studio.amounts import bytes_text
from sa_studio.model_offers import Offer
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.models.page import StepPage
from sa_studio.ui.web_page import PageButton


class LicencePage(StepPage):
    """Name, summary and link of an offer's licence; Download wakes up once it is accepted."""

    def __init__(self) -> None:
        super().__init__("licence", "Download")
        self.offer: Offer | None = None
        self.name = text_label("", "section", wrap=True)
        name_widget(self.name, "licence_name", "Licence")
        self.summary = text_label("", wrap=True)
        name_widget(self.summary, "licence_summary", "What the licence allows and asks for")
        self.page = PageButton("Read the licence", "licence_page_button", "Read the licence")
        self.on_hub = text_label(
            "The hub wants it accepted there, too: log in with your account, open the model's "
            "page and accept it there once. Then download it here.",
            "warning",
            wrap=True,
        )
        name_widget(self.on_hub, "licence_on_hub", "To be accepted on the hub, too")
        self.hub_page = PageButton("Open the model's page", "licence_hub_button", "Open the page")
        self.others = text_label("", "quiet", wrap=True)
        name_widget(self.others, "licence_others", "What is fetched with it")
        self.accept = QCheckBox("I accept this licence")
        name_widget(
            self.accept,
            "licence_accept_check",
            "I accept this licence",
            "The download starts only when you agree to the licence",
        )
        pages = QHBoxLayout()
        pages.setSpacing(8)
        pages.addWidget(self.page)
        pages.addWidget(self.hub_page)
        pages.addStretch(1)
        for part in (self.name, self.summary, self.on_hub):
            self.column.addWidget(part)
        self.column.addLayout(pages)
        self.column.addWidget(self.others)
        self.column.addSpacing(4)
        self.column.addWidget(self.accept)
        self.column.addStretch(1)
        self.accept.toggled.connect(self.proceed.setEnabled)

    def show_offer(self, offer: Offer, pieces: list[Offer]) -> None:
        """Ask for the licence of ``offer``; ``pieces`` are fetched with it."""
        self.offer = offer
        licence = offer.licence
        self.title.setText(f"Licence of {offer.title}")
        self.name.setText(licence.name)
        self.summary.setText(licence.summary)
        self.page.set_page(licence.page)
        self.on_hub.setVisible(licence.must_accept_on_hub)
        self.hub_page.set_page(offer.page if licence.must_accept_on_hub else "")
        with_it = [
            f"{piece.title} ({bytes_text(piece.download_bytes)}, {piece.licence.name})"
            for piece in pieces
        ]
        self.others.setText(f"Fetched with it: {', '.join(with_it)}." if with_it else "")
        self.others.setVisible(bool(with_it))
        whole = sum(item.download_bytes - item.present_bytes for item in [offer, *pieces])
        self.proceed.setText(f"Download · {bytes_text(whole)}")
        self.accept.setChecked(False)
        self.proceed.setEnabled(False)
        self.accept.setFocus(Qt.FocusReason.OtherFocusReason)
