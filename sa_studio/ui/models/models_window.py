"""The models window: list on the left, details and what is asked on the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sa_studio.model_offers import HubAccount, OfferState
from sa_studio.service import Studio
from sa_studio.ui.field_box import name_widget, text_label
from sa_studio.ui.mnemonics import Mnemonics
from sa_studio.ui.models.account_line import AccountLine
from sa_studio.ui.models.details_page import DetailsPage
from sa_studio.ui.models.entry import ModelEntry, entries
from sa_studio.ui.models.entry_list import EntryList
from sa_studio.ui.models.import_page import ImportPage
from sa_studio.ui.models.licence_page import LicencePage
from sa_studio.ui.models.orders import ModelOrders
from sa_studio.ui.models.transfer_strip import TransferStrip
from sa_studio.ui.question import Question
from sa_studio.ui.transfers import Outcome, TransferKind, Transfers

LIST_WIDTH = 300
GUIDE = (
    "The starter model is here and works offline. The official Stable Audio Open models are "
    "larger and know far more sounds: choose one in the list and press Download. "
    "A model that you have already comes in by Import, or by dropping it here."
)
GUIDE_WITHOUT_STARTER = (
    "No model can be used yet. Choose one in the list and press Download, or bring in one that "
    "you have by Import, or by dropping it here."
)


class ModelsWindow(QWidget):
    """Shows what there is and asks; the work is done by :class:`Transfers`, which outlive it.

    Args:
        studio: whose shelf it shows.
        transfers: does what takes long.
        parent: the main window, above which it stays.
    """

    use_requested = Signal(str)
    """The id of the model that the user wants to generate with."""

    def __init__(self, studio: Studio, transfers: Transfers, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        name_widget(self, "models_dialog", "Models")
        self.setWindowTitle("Models")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.resize(940, 640)
        self.setMinimumSize(720, 420)
        self._studio, self._transfers = studio, transfers
        self._entries: list[ModelEntry] = []
        self.orders = ModelOrders(studio, transfers, self)
        self._account = Question("account", self)
        self.list = EntryList(transfers)
        self.details = DetailsPage()
        self.licence = LicencePage()
        self.importing = ImportPage()
        self.strip = TransferStrip(transfers)
        self.account = AccountLine()
        self._lay_out()
        self._connect()
        Mnemonics(self)

    def reload(self) -> None:
        """Look anew at what there is."""
        self._entries = entries(self._studio)
        usable = [entry for entry in self._entries if entry.info is not None]
        own = any(entry.installed and not entry.installed.is_bundled for entry in usable)
        self.guide.setText(GUIDE if usable else GUIDE_WITHOUT_STARTER)
        self._guide_box.setVisible(not own)
        self.list.show_entries(self._entries)

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def choose(self, model_id: str) -> bool:
        """Show the details of a model; false if it is not listed."""
        return self.list.choose(model_id)

    def close_threads(self) -> None:
        """Wait for what is being asked."""
        self._account.close()

    # --- what the user asks for -------------------------------------------------------------
    @Slot()
    def _ask_for_licence(self) -> None:
        entry = self.list.current()
        if entry is None or entry.offer is None:
            return
        pieces = [self._studio.shelf.offer(piece) for piece in entry.offer.needs]
        missing = [piece for piece in pieces if piece.state is not OfferState.INSTALLED]
        self.licence.show_offer(entry.offer, missing)
        self._pages.setCurrentWidget(self.licence)

    @Slot()
    def _licence_accepted(self) -> None:
        self._show_details()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._order(self.orders.download)

    @Slot(str, bool)
    def _download_with_token(self, token: str, keep: bool) -> None:
        if (entry := self.list.current()) is not None:
            self.orders.download(entry, token, keep=keep)

    @Slot()
    def _resume(self) -> None:
        self._order(self.orders.download)

    @Slot()
    def _discard(self) -> None:
        self._order(self.orders.discard)

    @Slot()
    def _verify(self) -> None:
        self._order(self.orders.verify)

    @Slot()
    def _remove(self) -> None:
        self._order(self.orders.remove)

    @Slot()
    def _retry(self) -> None:
        self._order(self.orders.retry)

    def _order(self, order: Callable[[ModelEntry], None]) -> None:
        """Give an order for the model that is shown."""
        if (entry := self.list.current()) is not None:
            order(entry)

    @Slot()
    def _cancel(self) -> None:
        if (entry := self.list.current()) is not None:
            self._transfers.cancel(entry.id)

    @Slot()
    def _use(self) -> None:
        if (entry := self.list.current()) is not None:
            self.use_requested.emit(entry.id)

    @Slot()
    def _ask_for_model(self) -> None:
        self.import_from(None)

    @Slot()
    def _ask_for_lora(self) -> None:
        self.import_from(None, lora=True)

    def import_from(self, source: Path | None, *, lora: bool = False) -> None:
        """Ask what to import and how; with the source filled in if it is known."""
        self.importing.begin(self._entries, source=source, lora=lora)
        self._pages.setCurrentWidget(self.importing)

    @Slot()
    def _import(self) -> None:
        self.importing.show_error(None)
        self.orders.bring_in(self.importing.order())

    # --- what happens -----------------------------------------------------------------------
    @Slot(Outcome)
    def _changed(self, outcome: Outcome) -> None:
        self.reload()
        if outcome.transfer.kind is TransferKind.DOWNLOAD:
            self._ask_account()

    @Slot(str)
    def _imported(self, entry_id: str) -> None:
        self._show_details()
        self.list.choose(entry_id)

    @Slot()
    def _update_details(self) -> None:
        entry = self.list.current()
        if entry is None:
            self.details.show_entry(None)
            return
        self.details.show_entry(
            entry,
            transfer=self._transfers.get(entry.id),
            error=self.orders.error(entry),
            checks=self.orders.checks(entry),
        )

    @Slot(object)
    def _chosen(self, entry: ModelEntry | None) -> None:
        shown = self.details.entry
        # looking anew at the same model takes nobody away from a page
        if entry is None or shown is None or entry.id != shown.id:
            self._show_details()
        self._update_details()

    @Slot()
    def _show_details(self) -> None:
        self._pages.setCurrentWidget(self.details)

    # --- the account ------------------------------------------------------------------------
    def _ask_account(self) -> None:
        self._account.ask(self._studio.shelf.account)

    @Slot()
    def _log_out(self) -> None:
        self._account.ask(self._studio.shelf.logout)
        self._account.ask_also(self._studio.shelf.account)

    @Slot(object)
    def _account_known(self, answer: object) -> None:
        if isinstance(answer, HubAccount):  # logging out has no answer
            self.account.show_account(answer)

    # --- dropping ---------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take one local file or folder."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Import what was dropped; if that fails, the page says why and takes the options."""
        source = _dropped(event)
        if source is not None:
            event.acceptProposedAction()
            self.import_from(source)
            self._import()

    # --- the window -------------------------------------------------------------------------
    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Look at what there is, for other programs may have changed it."""
        super().showEvent(event)
        if not event.spontaneous():
            self.reload()
            self._ask_account()
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Esc closes the window; what is transferred goes on."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.guide = text_label("", "quiet", wrap=True)
        name_widget(self.guide, "models_guide", "What to do here")
        self._guide_box = QFrame()
        self._guide_box.setProperty("role", "bar")
        guide = QVBoxLayout(self._guide_box)
        guide.setContentsMargins(16, 12, 16, 12)
        guide.addWidget(self.guide)
        self.import_model = QPushButton("Import…")
        name_widget(
            self.import_model,
            "models_import_button",
            "Import a model",
            "Bring in a model that is on this computer already",
        )
        self.import_lora = QPushButton("Import LoRA…")
        name_widget(
            self.import_lora,
            "models_import_lora_button",
            "Import a LoRA",
            "Bring in a LoRA that is on this computer already",
        )
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 0, 12, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.import_model, 1)
        buttons.addWidget(self.import_lora, 1)
        account = QHBoxLayout()
        account.setContentsMargins(14, 0, 12, 10)
        account.addWidget(self.account)
        left = QWidget()
        left.setFixedWidth(LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addLayout(account)
        self._pages = QStackedWidget()
        for page in (self.details, self.licence, self.importing):
            self._pages.addWidget(page)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(left)
        middle.addWidget(_line(QFrame.Shape.VLine))
        middle.addWidget(self._pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._guide_box)
        layout.addLayout(middle, 1)
        layout.addWidget(_line(QFrame.Shape.HLine))
        layout.addWidget(self.strip)

    def _connect(self) -> None:
        self.list.entry_chosen.connect(self._chosen)
        self._transfers.changed.connect(self._update_details)
        orders, details = self.orders, self.details
        orders.changed.connect(self._changed)
        orders.imported.connect(self._imported)
        orders.import_failed.connect(self.importing.show_error)
        details.download_requested.connect(self._ask_for_licence)
        details.cancel_requested.connect(self._cancel)
        details.use_requested.connect(self._use)
        details.resume_requested.connect(self._resume)
        details.discard_requested.connect(self._discard)
        details.verify_requested.connect(self._verify)
        details.remove_requested.connect(self._remove)
        details.retry_requested.connect(self._retry)
        details.token_entered.connect(self._download_with_token)
        self.licence.proceed.clicked.connect(self._licence_accepted)
        self.importing.proceed.clicked.connect(self._import)
        for page in (self.licence, self.importing):
            page.left.connect(self._show_details)
        self.import_model.clicked.connect(self._ask_for_model)
        self.import_lora.clicked.connect(self._ask_for_lora)
        self.account.logout_requested.connect(self._log_out)
        self._account.answered.connect(self._account_known)
        self._account.failed.connect(self.account.show_problem)


def _line(shape: QFrame.Shape) -> QFrame:
    line = QFrame()
    line.setFrameShape(shape)
    if shape is QFrame.Shape.HLine:
        line.setFixedHeight(1)
    else:
        line.setFixedWidth(1)
    return line


def _dropped(event: QDropEvent) -> Path | None:
    """The one local file or folder that is dropped."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
