"""Downloads: from an offer of the catalogue to a model in the store."""

from __future__ import annotations

import errno
import logging
import shutil
import threading
from collections.abc import Generator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sa_studio.amounts import bytes_text
from sa_studio.errors import HubError, LicenceNotAccepted
from sa_studio.hub.abandonable import abandonable, answer
from sa_studio.hub.account import find_token
from sa_studio.hub.catalog import Catalog, CatalogEntry
from sa_studio.hub.claim import Claim
from sa_studio.hub.client import HubClient, Listing, RangeIgnored, RemoteFile
from sa_studio.hub.meter import TransferMeter
from sa_studio.hub.part_file import PartFile, WrongContent
from sa_studio.hub.patience import Patience
from sa_studio.hub.record import InstallRecord
from sa_studio.hub.refusals import KEPT, RetryLater
from sa_studio.hub.staging import Staging, bytes_in
from sa_studio.hub.store import INCOMING, ModelStore
from sa_studio.model_offers import Report, TransferPhase

T = TypeVar("T")

log = logging.getLogger(__name__)

# left free, so that the system can go on
SPARE_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class _Shipment:
    """One model or shared piece on its way."""

    entry: CatalogEntry
    listing: Listing
    staging: Staging
    total_bytes: int


class Downloads:
    """Fetches what the catalogue offers.

    Args:
        catalog: what there is.
        store: where it goes.
    """

    def __init__(self, catalog: Catalog, store: ModelStore) -> None:
        self._catalog, self._store = catalog, store

    def present_bytes(self, model_id: str) -> int:
        """How much of an unfinished download is here."""
        return bytes_in(self._store.incoming(model_id))

    def discard(self, model_id: str) -> None:
        """Delete what an unfinished download left.

        Raises:
            HubError: it is running, or it cannot be deleted.
        """
        folder = self._store.incoming(self._catalog.entry(model_id).offer.id)
        if not folder.is_dir():
            return
        with closing(self._claim(model_id)):
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise HubError(
                    f"{str(folder)!r} cannot be deleted ({error.strerror or error})",
                    "Close whatever uses it, or check its permissions.",
                ) from error

    def _claim(self, model_id: str) -> Claim:
        return Claim(self._store.own / INCOMING / f"{model_id}.lock", model_id)

    def run(
        self,
        model_id: str,
        *,
        licence_accepted: bool,
        token: str | None,
        report: Report,
        cancel: threading.Event,
    ) -> Path:
        """Fetch and install; see :meth:`sa_studio.model_shelf.ModelShelf.download`."""
        entry = self._catalog.entry(model_id)
        is_here = self._store.has(model_id)
        if is_here and all(map(self._store.has, entry.offer.needs)):
            return self._store.find(model_id)
        if not is_here and not licence_accepted:
            licence = entry.offer.licence
            raise LicenceNotAccepted(
                f"The {licence.name} of {entry.offer.title} has not been accepted",
                f"Read it at {licence.page}, accept it, and try again.",
                licence.page,
            )
        try:
            return self._run(entry, token, TransferMeter(model_id, report), cancel)
        except OSError as error:
            raise self._disk_error(error) from error

    def _run(
        self, entry: CatalogEntry, token: str | None, meter: TransferMeter, cancel: threading.Event
    ) -> Path:
        (self._store.own / INCOMING).mkdir(parents=True, exist_ok=True)
        with ExitStack() as claims:
            wanted = [entry, *(self._catalog.entry(piece) for piece in entry.offer.needs)]
            for item in wanted:
                if not self._store.has(item.offer.id):
                    claims.callback(self._claim(item.offer.id).close)
            # another program may have finished one until now
            wanted = [item for item in wanted if not self._store.has(item.offer.id)]
            for item in wanted:
                self._store.check_vacant(item.offer.id)
            meter.begin(TransferPhase.PREPARING)
            client = HubClient(token or find_token()[0])
            shipments = [self._shipment(client, item, cancel) for item in wanted]
            meter.expect(
                sum(item.total_bytes for item in shipments),
                sum(item.staging.present_bytes() for item in shipments),
            )
            self._check_space(shipments)
            # the model before its pieces: it is the one that may be refused
            for shipment in shipments:
                self._fetch_all(client, shipment, entry.offer.id, meter, cancel)
            meter.finish()
            # the pieces before the model: once that is there, it can be used
            for shipment in reversed(shipments):
                shipment.staging.close()
                self._store.install(shipment.entry.offer.id)
                log.info("installed %s at %s", shipment.entry.offer.id, shipment.listing.revision)
        return self._store.find(entry.offer.id)

    def _shipment(
        self, client: HubClient, entry: CatalogEntry, cancel: threading.Event
    ) -> _Shipment:
        offer = entry.offer
        listing = _patiently(partial(client.listing, offer.repository), cancel)
        files = [file for file in listing.files if entry.wants(file.path)]
        lacking = entry.lacking(file.path for file in files)
        if lacking:
            raise HubError(
                f"The repository {offer.repository} has no {' and no '.join(lacking)}",
                "It is not what it was: look for a newer version of the application.",
                offer.page,
            )
        record = InstallRecord(offer.repository, listing.revision, offer.licence.name)
        staging = Staging(self._store.incoming(offer.id), record, files)
        return _Shipment(entry, listing, staging, sum(file.bytes for file in files))

    def _check_space(self, shipments: list[_Shipment]) -> None:
        needed = sum(item.total_bytes - item.staging.present_bytes() for item in shipments)
        free = shutil.disk_usage(self._store.own).free
        if needed and needed + SPARE_BYTES > free:
            raise HubError(
                f"The disk has too little space: {bytes_text(needed)} are needed, "
                f"{bytes_text(free)} are free at {str(self._store.own)!r}",
                f"Free {bytes_text(needed + SPARE_BYTES - free)} there, or choose a data folder "
                "on another disk with --data-dir.",
            )

    def _disk_error(self, error: OSError) -> HubError:
        where = str(self._store.own)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return HubError(
                f"The disk is full at {where!r}", f"Free some space and try again. {KEPT}"
            )
        return HubError(
            f"{str(error.filename or where)!r} cannot be written ({error.strerror or error})",
            f"Check the permissions and the disk, and try again. {KEPT}",
        )

    def _fetch_all(
        self,
        client: HubClient,
        shipment: _Shipment,
        model_id: str,
        meter: TransferMeter,
        cancel: threading.Event,
    ) -> None:
        shipment.staging.prepare()
        is_piece = shipment.entry.offer.id != model_id
        for file in shipment.staging.missing():
            name = f"{shipment.entry.offer.id}/{file.path}" if is_piece else file.path
            with shipment.staging.part(file) as part:
                if part.bytes_on_disk():
                    meter.begin(TransferPhase.VERIFYING, name)
                    part.resume(cancel)
                meter.begin(TransferPhase.DOWNLOADING, name)
                try:
                    read = partial(client.read, shipment.listing, file)
                    _fill(part, read, file, meter, cancel)
                    shipment.staging.accept(file, part)
                except WrongContent as error:
                    part.discard()
                    raise HubError(
                        f"{file.path} of {shipment.listing.repository} arrived damaged: {error}",
                        "It was deleted; try again, and that file alone is fetched anew. If it "
                        "happens again, do so without a proxy or mirror.",
                    ) from error


def _fill(
    part: PartFile,
    read: partial[Generator[bytes, None, None]],
    file: RemoteFile,
    meter: TransferMeter,
    cancel: threading.Event,
) -> None:
    """Read until the part is as long as the file, across connections that break."""
    patience, furthest = Patience(cancel), part.bytes
    while part.bytes < file.bytes:
        try:
            with closing(abandonable(partial(read, part.bytes), cancel)) as blocks:
                for block in blocks:
                    part.append(block)
                    meter.advance(len(block))
                    # getting again what was here before is no headway
                    if part.bytes > furthest:
                        furthest = part.bytes
                        patience.restore()
            if part.bytes < file.bytes:
                raise RetryLater(
                    HubError(
                        f"The hub breaks off in the middle of {file.path}", f"Try later. {KEPT}"
                    )
                )
        except RangeIgnored:
            meter.lose(part.bytes)
            part.restart()
        except RetryLater as later:
            patience.wait(later)


def _patiently(ask: partial[T], cancel: threading.Event) -> T:
    """The answer to a question, asked again if it may help."""
    patience = Patience(cancel)
    while True:
        try:
            return answer(ask, cancel)
        except RetryLater as later:
            patience.wait(later)
