"""What the user asks to be done to models, as transfers; and what became of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from sa_studio.errors import StudioError
from sa_studio.model_offers import FileCheck, Report
from sa_studio.service import Studio
from sa_studio.ui.models.entry import ModelEntry, lora_entry_id
from sa_studio.ui.models.import_page import ImportOrder
from sa_studio.ui.transfers import Outcome, Transfer, TransferKind, Transfers, Work

IMPORTS = (TransferKind.IMPORT, TransferKind.IMPORT_LORA)


class ModelOrders(QObject):
    """Gives orders to :class:`Transfers` and remembers how they ended, model by model.

    The methods whose names begin with an underscore and that take a report run on the transfer
    thread; all others on the GUI thread.
    """

    changed = Signal(Outcome)
    """An order is over; what is installed may be another."""
    imported = Signal(str)
    """The id of the entry that an import has made."""
    import_failed = Signal(object)
    """The :class:`StudioError`."""

    def __init__(self, studio: Studio, transfers: Transfers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._transfers = studio, transfers
        self._failed: dict[str, Outcome] = {}
        self._checks: dict[str, Sequence[FileCheck]] = {}
        transfers.ended.connect(self._ended)

    # --- what became of it ------------------------------------------------------------------
    def error(self, entry: ModelEntry) -> StudioError | None:
        """What stopped the last thing that was done to a model."""
        failed = self._failed.get(entry.id)
        return failed.error if failed is not None else None

    def checks(self, entry: ModelEntry) -> Sequence[FileCheck] | None:
        """The files of a model as they were found when it was last checked."""
        return self._checks.get(entry.id)

    # --- orders -----------------------------------------------------------------------------
    def download(self, entry: ModelEntry, token: str = "", *, keep: bool = False) -> None:
        """Download a model or go on with it; its licence was accepted before its first byte.

        Args:
            entry: an offer.
            token: for the hub; without one it is looked for where it is kept.
            keep: put the token into the system's keyring.
        """
        self._begin(entry, TransferKind.DOWNLOAD, partial(self._fetch, entry.id, token, keep))

    def verify(self, entry: ModelEntry) -> None:
        """Hash the files of a model again."""
        self._begin(entry, TransferKind.VERIFY, partial(self._studio.shelf.verify, entry.id))

    def remove(self, entry: ModelEntry) -> None:
        """Let a model or a LoRA go."""
        self._begin(entry, TransferKind.REMOVE, partial(self._let_go, entry))

    def discard(self, entry: ModelEntry) -> None:
        """Throw away what an unfinished download left."""
        self._begin(entry, TransferKind.REMOVE, partial(self._throw_away, entry))

    def retry(self, entry: ModelEntry) -> None:
        """Do once more what failed."""
        if (failed := self._failed.get(entry.id)) is not None:
            self._begin(entry, failed.transfer.kind, failed.transfer.work)

    def bring_in(self, order: ImportOrder) -> None:
        """Import a model or a LoRA."""
        kind = TransferKind.IMPORT_LORA if order.is_lora else TransferKind.IMPORT
        title = order.name or order.source.name
        work = partial(self._bring_in, order)
        self._transfers.begin(Transfer(str(order.source), title, kind, work))

    def _begin(self, entry: ModelEntry, kind: TransferKind, work: Work) -> None:
        self._failed.pop(entry.id, None)
        self._checks.pop(entry.id, None)
        self._transfers.begin(Transfer(entry.id, entry.title, kind, work))

    # --- on the transfer thread -------------------------------------------------------------
    def _fetch(
        self, model_id: str, token: str, keep: bool, report: Report, cancel: threading.Event
    ) -> object:
        shelf = self._studio.shelf
        if token and keep:
            shelf.login(token)
        return shelf.download(
            model_id, licence_accepted=True, token=token or None, report=report, cancel=cancel
        )

    def _let_go(self, entry: ModelEntry, _report: Report, _cancel: threading.Event) -> None:
        if entry.lora is not None:
            self._studio.shelf.remove_lora(entry.lora.name)
        else:
            self._studio.shelf.remove(entry.id)

    def _throw_away(self, entry: ModelEntry, _report: Report, _cancel: threading.Event) -> None:
        self._studio.shelf.discard_partial(entry.id)

    def _bring_in(self, order: ImportOrder, report: Report, cancel: threading.Event) -> str:
        """Returns the id of the new entry."""
        shelf = self._studio.shelf
        if order.is_lora:
            return lora_entry_id(shelf.import_lora(order.source, name=order.name))
        return shelf.import_model(
            order.source,
            name=order.name,
            config=order.config,
            autoencoder_from=order.autoencoder_from,
            in_place=order.in_place,
            report=report,
            cancel=cancel,
        )

    # --- how it ends ------------------------------------------------------------------------
    @Slot(object)
    def _ended(self, outcome: Outcome) -> None:
        transfer = outcome.transfer
        failed = outcome.error is not None and not outcome.was_cancelled
        if failed and transfer.kind not in IMPORTS:
            self._failed[transfer.key] = outcome
        elif transfer.kind is TransferKind.VERIFY and isinstance(outcome.result, list):
            self._checks[transfer.key] = outcome.result
        self.changed.emit(outcome)
        if transfer.kind in IMPORTS:
            if failed:
                self.import_failed.emit(outcome.error)
            elif outcome.error is None:
                self.imported.emit(str(outcome.result))
