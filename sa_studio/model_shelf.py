"""The shelf: which models there are to be had, getting them, checking them, letting them go."""

from __future__ import annotations

import threading
from pathlib import Path

from sa_studio.hub.store import ModelStore
from sa_studio.model_offers import FileCheck, HubAccount, InstalledModel, Offer, Report
from sa_studio.paths import DataFolder


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

    # --- what can be downloaded -------------------------------------------------------------
    def offers(self) -> list[Offer]:
        """Everything that can be downloaded and how much of it is here; asks no network."""
        raise NotImplementedError

    def offer(self, model_id: str) -> Offer:
        """One of :meth:`offers`; raises HubError if there is none of this id."""
        raise NotImplementedError

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
        raise NotImplementedError

    def discard_partial(self, model_id: str) -> None:
        """Throw away what an unfinished download left; raises HubError while it is running."""
        raise NotImplementedError

    # --- what is here -----------------------------------------------------------------------
    def installed(self) -> list[InstalledModel]:
        """Every model that is here, the starter first; shared pieces are not among them."""
        raise NotImplementedError

    def describe(self, model_id: str) -> InstalledModel:
        """An installed model or shared piece; raises ModelError if there is none of this id."""
        raise NotImplementedError

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
        raise NotImplementedError

    def remove(self, model_id: str) -> None:
        """Delete a model or shared piece; of a linked one only the entry goes.

        Raises:
            ModelError: there is none, it ships with the application, other models need it, or
                it cannot be deleted.
        """
        raise NotImplementedError

    # --- the account on the hub -------------------------------------------------------------
    def account(self) -> HubAccount:
        """Where a token would come from; does not ask the hub."""
        raise NotImplementedError

    def login(self, token: str) -> HubAccount:
        """Ask the hub whose token this is, and keep it in the OS keyring.

        Raises:
            NotLoggedIn: the hub does not know the token.
            HubError: the hub cannot be reached, or there is no keyring to keep it in.
        """
        raise NotImplementedError

    def logout(self) -> None:
        """Forget the token in the OS keyring; those of other places stay as they are."""
        raise NotImplementedError
