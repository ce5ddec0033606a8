"""A shelf whose network, keyring and disk are the test's own: it does what it is told to."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from sa_studio.errors import HubError, StudioError, TransferCancelled
from sa_studio.model_offers import (
    FileCheck,
    HubAccount,
    InstalledLora,
    InstalledModel,
    Licence,
    Offer,
    OfferState,
    Report,
    TransferPhase,
    TransferProgress,
)
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder

MB = 10**6

BIG = Offer(
    id="stable-audio-big",
    title="Stable Audio Big",
    description="Forty-seven seconds of anything.",
    repository="somebody/stable-audio-big",
    licence=Licence(
        "Community Licence", "Free below a turnover.", "https://hub.invalid/licence", True
    ),
    download_bytes=4850 * MB,
    memory_hint="about 6 GB",
    max_seconds=47.5,
    needs=("text-piece",),
    page="https://hub.invalid/big",
)
PIECE = Offer(
    id="text-piece",
    title="Text piece",
    description="Reads prompts.",
    repository="somebody/text-piece",
    licence=Licence("Apache 2.0", "Do as you like.", "https://hub.invalid/apache"),
    download_bytes=440 * MB,
    memory_hint="",
    max_seconds=None,
    needs=(),
    page="https://hub.invalid/piece",
)


@dataclass
class Download:
    """What was asked for."""

    model_id: str
    licence_accepted: bool
    token: str | None
    report: Report
    cancel: threading.Event


class FakeShelf(ModelShelf):
    """Offers two pieces. A download does nothing until the test says what.

    Args:
        starter: a model folder to copy where a download or an import installs one.
        models: the data folder's models.
    """

    def __init__(self, starter: Path, models: Path) -> None:
        super().__init__(DataFolder(models.parent), starter.parent)
        self._starter, self._models = starter, models
        self.all_offers = [BIG, PIECE]
        self.all_loras: list[InstalledLora] = []
        self.downloads: list[Download] = []
        self.errors: list[StudioError] = []
        self.calls: list[tuple[object, ...]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.token = HubAccount("")
        self.bad_files: set[str] = set()

    # --- the facade -------------------------------------------------------------------------
    def offers(self) -> list[Offer]:
        return list(self.all_offers)

    def offer(self, model_id: str) -> Offer:
        for offer in self.all_offers:
            if offer.id == model_id:
                return offer
        raise HubError(f"No offer {model_id!r}")

    def download(
        self,
        model_id: str,
        *,
        licence_accepted: bool,
        token: str | None = None,
        report: Report,
        cancel: threading.Event,
    ) -> Path:
        download = Download(model_id, licence_accepted, token, report, cancel)
        self.downloads.append(download)
        self._wait(cancel)
        if self.errors:
            raise self.errors.pop(0)
        self.set_state(model_id, OfferState.INSTALLED)
        return self._install(model_id)

    def discard_partial(self, model_id: str) -> None:
        self.calls.append(("discard", model_id))
        self.set_state(model_id, OfferState.ABSENT)

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
        self.calls.append(("import", source, name, config, autoencoder_from, in_place))
        self._wait(cancel)
        if self.errors:
            raise self.errors.pop(0)
        self._install(name or source.name)
        return name or source.name

    def import_lora(self, source: Path, *, name: str | None = None) -> str:
        self.calls.append(("import_lora", source, name))
        if self.errors:
            raise self.errors.pop(0)
        lora = InstalledLora(
            name or source.stem, self._models.parent / "loras" / source.name, 12 * MB,
            source=str(source), style="LoRA", rank=16, layers=24,
        )  # fmt: skip
        self.all_loras.append(lora)
        return lora.name

    def loras(self) -> list[InstalledLora]:
        return list(self.all_loras)

    def remove_lora(self, name: str) -> None:
        self.calls.append(("remove_lora", name))
        self.all_loras = [lora for lora in self.all_loras if lora.name != name]

    def installed(self) -> list[InstalledModel]:
        starter = self._describe("starter", self._starter, is_bundled=True)
        own = sorted(path for path in self._models.glob("*") if path.is_dir())
        return [starter, *(self._describe(path.name, path) for path in own)]

    def describe(self, model_id: str) -> InstalledModel:
        return next(model for model in self.installed() if model.id == model_id)

    def verify(
        self, model_id: str, report: Report | None = None, cancel: threading.Event | None = None
    ) -> list[FileCheck]:
        self.calls.append(("verify", model_id))
        return [
            replace(file, problem="is not as it was" if file.file in self.bad_files else "")
            for file in self.describe(model_id).files
        ]

    def remove(self, model_id: str) -> None:
        self.calls.append(("remove", model_id))
        if self.errors:
            raise self.errors.pop(0)
        shutil.rmtree(self._models / model_id)
        self.set_state(model_id, OfferState.ABSENT)

    def account(self) -> HubAccount:
        return self.token

    def login(self, token: str) -> HubAccount:
        self.calls.append(("login", token))
        self.token = HubAccount("keyring", "somebody")
        return self.token

    def logout(self) -> None:
        self.calls.append(("logout",))
        self.token = HubAccount("")

    # --- the test's side --------------------------------------------------------------------
    def set_state(self, model_id: str, state: OfferState, present_bytes: int = 0) -> None:
        """Say how much of an offer is here."""
        self.all_offers = [
            replace(offer, state=state, present_bytes=present_bytes)
            if offer.id == model_id
            else offer
            for offer in self.all_offers
        ]

    def tell(self, done_bytes: int, total_bytes: int = BIG.download_bytes) -> None:
        """Report from the download that runs, as its thread would."""
        download = self.downloads[-1]
        download.report(
            TransferProgress(
                download.model_id, TransferPhase.DOWNLOADING, "model.safetensors",
                done_bytes, total_bytes, 25e6, (total_bytes - done_bytes) / 25e6,
            )
        )  # fmt: skip

    def _wait(self, cancel: threading.Event) -> None:
        """Until the test opens the gate, or the user cancels."""
        while not self.gate.wait(0.005):
            if cancel.is_set():
                raise TransferCancelled("The download was stopped", "Press Resume to go on.")

    def _install(self, model_id: str) -> Path:
        target = self._models / model_id
        shutil.copytree(self._starter, target)
        return target

    @staticmethod
    def _describe(model_id: str, folder: Path, *, is_bundled: bool = False) -> InstalledModel:
        files = tuple(
            FileCheck(path.relative_to(folder).as_posix(), path.stat().st_size, "ab" * 32)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        )
        return InstalledModel(
            model_id, folder, "" if is_bundled else "somewhere", "", files, is_bundled
        )
