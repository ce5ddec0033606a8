"""The shelf: which models there are to be had, getting them, checking them, letting them go."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from sa_studio.hub import account, inspection
from sa_studio.hub.catalog import Catalog, CatalogEntry
from sa_studio.hub.download import Downloads
from sa_studio.hub.store import ModelStore
from sa_studio.model_offers import (
    FileCheck,
    HubAccount,
    InstalledModel,
    Offer,
    OfferState,
    Report,
)
from sa_studio.paths import DataFolder, resources


class ModelShelf:
    """Where models come from and which are here.

    Every method may be called from any thread. :meth:`download`, :meth:`verify` and
    :meth:`login` may take long and block the thread that calls them; the others only look at
    folders and are quick.

    Args:
        data: the data folder; models lie in its ``models``.
        bundled: the folder of the models that ship with the application.

    Attributes:
        store: the model folders; whoever runs models shares it.
    """

    def __init__(self, data: DataFolder, bundled: Path) -> None:
        self.store = ModelStore(bundled, data.models)
        self._catalog = Catalog(resources() / "catalog.json")
        self._downloads = Downloads(self._catalog, self.store)

    # --- what can be downloaded -------------------------------------------------------------
    def offers(self) -> list[Offer]:
        """Everything that can be downloaded and how much of it is here; asks no network."""
        return [self._stated(entry) for entry in self._catalog.entries()]

    def offer(self, model_id: str) -> Offer:
        """One of :meth:`offers`; raises HubError if there is none of this id."""
        return self._stated(self._catalog.entry(model_id))

    def _stated(self, entry: CatalogEntry) -> Offer:
        """The offer, with how much of it is here."""
        offer = entry.offer
        if self.store.has(offer.id):
            return replace(offer, state=OfferState.INSTALLED, present_bytes=offer.download_bytes)
        present = self._downloads.present_bytes(offer.id)
        state = OfferState.PARTIAL if present else OfferState.ABSENT
        return replace(offer, state=state, present_bytes=present)

    def download(
        self,
        model_id: str,
        *,
        licence_accepted: bool,
        token: str | None = None,
        report: Report,
        cancel: threading.Event,
    ) -> Path:
        """Fetch a model, and the shared pieces that it needs; blocks until it is installed.

        What an earlier try left is resumed. Until the last byte is checked, nothing looks
        installed. If the model is here already, nothing is fetched.

        Args:
            model_id: of the catalogue.
            licence_accepted: the user has accepted the offer's licence; without it not one byte
                is asked for.
            token: an access token for the hub, used this once; else the OS keyring, the
                environment and the hub's own cache are asked for one.
            report: is told how far it is, on this thread, some ten times a second.
            cancel: set from another thread, it stops the download within a second.

        Returns:
            The folder of the model.

        Raises:
            NotLoggedIn: the hub wants a token, or refuses the one it got.
            LicenceNotAccepted: here, or by the account on the hub.
            HubError: no such offer or repository, the hub cannot be reached or has a problem,
                too little disk space, a file that is not what it should be, or another download
                of the same model is running.
            TransferCancelled: ``cancel`` was set; what is here is kept for the next try.
        """
        return self._downloads.run(
            model_id,
            licence_accepted=licence_accepted,
            token=token,
            report=report,
            cancel=cancel,
        )

    def discard_partial(self, model_id: str) -> None:
        """Throw away what an unfinished download left; raises HubError while it is running."""
        self._downloads.discard(model_id)

    # --- what is here -----------------------------------------------------------------------
    def installed(self) -> list[InstalledModel]:
        """Every model that is here, the starter first; shared pieces are not among them."""
        return inspection.inventory(self.store)

    def describe(self, model_id: str) -> InstalledModel:
        """An installed model or shared piece; raises ModelError if there is none of this id."""
        return inspection.describe(self.store, model_id)

    def verify(
        self,
        model_id: str,
        report: Report | None = None,
        cancel: threading.Event | None = None,
    ) -> list[FileCheck]:
        """Hash every file of an installed model or shared piece again; may take a minute.

        Raises:
            ModelError: there is none of this id.
            TransferCancelled: ``cancel`` was set.
        """
        return inspection.verify(self.store, model_id, report, cancel)

    def remove(self, model_id: str) -> None:
        """Delete a model or shared piece; of a linked one only the entry goes.

        Raises:
            ModelError: there is none, it ships with the application, other models need it, or
                it cannot be deleted.
        """
        self.store.remove(model_id)

    # --- the account on the hub -------------------------------------------------------------
    def account(self) -> HubAccount:
        """Where a token would come from; does not ask the hub."""
        return account.account()

    def login(self, token: str) -> HubAccount:
        """Ask the hub whose token this is, and keep it in the OS keyring.

        Raises:
            NotLoggedIn: the hub does not know the token.
            HubError: the hub cannot be reached, or there is no keyring to keep it in.
        """
        return account.login(token)

    def logout(self) -> None:
        """Forget the token in the OS keyring; those of other places stay as they are."""
        account.logout()
