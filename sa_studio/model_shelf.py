"""The shelf: which models there are to be had, getting them, checking them, letting them go."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from sa_studio.engine.background_import import background_import
from sa_studio.errors import ModelError
from sa_studio.hub import account, inspection
from sa_studio.hub.catalog import Catalog, CatalogEntry
from sa_studio.hub.download import Downloads
from sa_studio.hub.lora_store import LoraStore
from sa_studio.hub.store import SHARED_TEXT_ENCODER, ModelStore
from sa_studio.model_import import ModelImport
from sa_studio.model_offers import (
    FileCheck,
    HubAccount,
    InstalledLora,
    InstalledModel,
    Offer,
    OfferState,
    Report,
)
from sa_studio.paths import DataFolder, resources


class ModelShelf:
    """Where models come from and which are here.

    Every method may be called from any thread. :meth:`download`, :meth:`import_model`,
    :meth:`verify` and :meth:`login` may take long and block the thread that calls them; the
    others only look at folders and are quick.

    Args:
        data: the data folder; models lie in its ``models``, LoRAs in its ``loras``.
        bundled: the folder of the models that ship with the application.

    Attributes:
        store: the model folders; whoever runs models shares it.
        lora_store: the LoRA files, likewise.
    """

    def __init__(self, data: DataFolder, bundled: Path) -> None:
        self.store = ModelStore(bundled, data.models)
        self._catalog = Catalog(resources() / "catalog.json")
        self.lora_store = LoraStore(data.loras)
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

    # --- what people have already -----------------------------------------------------------
    def import_model(
        self,
        source: Path,
        *,
        name: str | None = None,
        config: Path | None = None,
        autoencoder_from: str | None = None,
        in_place: bool = False,
        report: Report,
        cancel: threading.Event,
    ) -> str:
        """Make a model of the store out of files that somebody has; blocks until it is done.

        Everything is checked before the first byte is written, and nothing looks installed until
        the last one is. What is there is never written over.

        Args:
            source: a folder of stable-audio-tools or diffusers, or a file of weights:
                ``.safetensors``, ``.ckpt``, ``.pt`` or ``.bin``, a snapshot of a training run too.
                A folder of T5-base alone becomes the text encoder that models share.
            name: what to call it; else it is called as the source is, with a number if need be.
            config: its ``model_config.json``, if that does not lie beside the weights.
            autoencoder_from: the id or path of a model whose autoencoder it shall use; for
                fine-tunes that come without one.
            in_place: leave the files where they are; only for folders that load as they are.
            report: is told how far it is, on this thread, some ten times a second.
            cancel: set from another thread, it stops the import; nothing of it is left.

        Returns:
            The id of the new model. What was chosen among its weights and what was left out is
            in the ``notes`` of :meth:`describe`.

        Raises:
            ModelError: the source is missing, damaged, refused or of a family that cannot be run;
                its weights do not fit its configuration; it lacks its autoencoder, and the error
                says which installed models would do; the name is taken; the disk is full.
            HubError: a model of this name is being downloaded or imported right now.
            TransferCancelled: ``cancel`` was set.
        """
        work = ModelImport(
            self.store, source, name=name, config=config, autoencoder_from=autoencoder_from
        )
        return work.run(in_place=in_place, report=report, cancel=cancel)

    # --- what is here -----------------------------------------------------------------------
    def installed(self) -> list[InstalledModel]:
        """Every model that is here, the starter first; shared pieces are not among them."""
        return inspection.inventory(self.store)

    def describe(self, model_id: str) -> InstalledModel:
        """An installed model or shared piece; raises ModelError if there is none of this id."""
        return inspection.describe(self.store, model_id)

    def locate(self, model: str) -> Path:
        """The folder of the model with this id, or at this path.

        Raises:
            ModelError: there is none; of what is on offer the error says how to get it.
        """
        try:
            return self.store.locate(model)
        except ModelError:
            offers = {offer.id: offer for offer in self.offers() if not offer.is_shared_piece}
            if model not in offers:
                raise
            raise ModelError(
                f"{offers[model].title} is not installed",
                f"Get it from the list of models, or with: sa-studio models download {model}",
            ) from None

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

    # --- LoRAs ------------------------------------------------------------------------------
    def loras(self) -> list[InstalledLora]:
        """Every LoRA that is here, alphabetical."""
        return self.lora_store.installed()

    def import_lora(self, source: Path, *, name: str | None = None) -> str:
        """Keep a LoRA so that requests can name it; takes a moment, and imports torch.

        The file is read as it will be when it is used, so that what cannot be used is refused
        here; which model it fits shows when it is attached. Settings that lie beside it are kept
        with it. Pickles become safetensors. A LoRA that is here already is left as it is.

        Args:
            source: the file, or the folder that PEFT or diffusers made.
            name: what to call it; the file's or folder's own name by default.

        Returns:
            Its name.

        Raises:
            LoraError: it is no LoRA, damaged or unsafe, the name cannot be used or is taken, or
                it cannot be kept.
        """
        with background_import():
            from sa_studio.engine.lora.file import as_safetensors, read_lora

        lora = read_lora(source)
        facts = {
            "source": str(lora.path),
            "style": str(lora.style),
            "rank": lora.rank,
            "layers": len(lora.adapters),
            "lora_config": lora.settings.as_json(),
        }
        return self.lora_store.add(name or lora.own_name, as_safetensors(lora), facts).name

    def locate_lora(self, lora: str) -> Path:
        """The file of the LoRA of this name, or at this path; raises LoraError."""
        return self.lora_store.locate(lora)

    def remove_lora(self, name: str) -> None:
        """Delete a LoRA; raises LoraError if there is none or it cannot be deleted."""
        self.lora_store.remove(name)

    # --- the account on the hub -------------------------------------------------------------
    def account(self) -> HubAccount:
        """Where a token would come from; does not ask the hub."""
        return account.account()

    def ask_hub(self) -> HubAccount:
        """Ask the hub whose token would be used; without one, whether it answers at all.

        Raises:
            NotLoggedIn: the hub does not know the token.
            HubError: the hub cannot be reached, or has a problem.
        """
        return account.ask_hub(self.offer(SHARED_TEXT_ENCODER).repository)

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
