"""The desk where sounds are handed out: exports, drags, packs, recipes and the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sa_studio.delivery.deliver import Delivered, Delivery
from sa_studio.delivery.deliverable import Deliverable, of_clip, of_file, of_part
from sa_studio.delivery.ledger import LedgerRow, ledger
from sa_studio.delivery.matched_takes import MatchedTakes
from sa_studio.delivery.model_book import ModelBook
from sa_studio.delivery.recipe_back import DroppedRecipe, recipe_back
from sa_studio.delivery.rendered import RenderedFolder
from sa_studio.delivery.round_robin import deliver_round_robin
from sa_studio.errors import AudioFileError, LibraryError
from sa_studio.generation import Clip, ClipFilter, ClipSort
from sa_studio.library.history import History
from sa_studio.vocabulary.delivery import DeliveryProfile, LevelPolicy, Naming
from sa_studio.vocabulary.ucs import UcsList

PAGE = 500


@dataclass(frozen=True, slots=True)
class Stock:
    """What deliveries are made from.

    Attributes:
        history: the library.
        models: what is known of models.
        ucs: gives the categories, which take a moment to read.
        locate_model, locate_lora: find what is here; raise ModelError and LoraError.
    """

    history: History
    models: ModelBook
    ucs: Callable[[], UcsList]
    locate_model: Callable[[str], Path]
    locate_lora: Callable[[str], Path]


class DeliveryDesk:
    """Hands sounds out.

    Every method reads or writes files: call it on a thread that may wait.

    Args:
        stock: what they are made from.
        rendered: the folder of what is dragged out.

    Attributes:
        rendered: what was made to be dragged out.
    """

    def __init__(self, stock: Stock, rendered: Path) -> None:
        self._stock = stock
        self.rendered = RenderedFolder(rendered)
        self._matched = MatchedTakes()

    def sound(self, named: str | Path, cat_id: str = "") -> Deliverable:
        """A take by its id, or a sound file by its path.

        Args:
            named: the id or the path.
            cat_id: its category, instead of the one that it has.

        Raises:
            LibraryError: there is no such take and no such file, or the take is not finished.
            AudioFileError: the file is damaged or no sound file.
        """
        sound = self._named(named)
        return replace(sound, cat_id=cat_id) if cat_id else sound

    def _named(self, named: str | Path) -> Deliverable:
        if isinstance(named, str):
            try:
                clip = self._stock.history.get(named)
            except LibraryError:
                pass  # it may be a path
            else:
                return of_clip(clip)
        if os.path.isfile(named):  # noqa: PTH113 (says False to impossible names)
            return of_file(Path(named))
        raise AudioFileError(
            f"There is neither a take nor a sound file {str(named)!r}",
            "List the takes with: sa-studio library list.",
        )

    def export(
        self,
        sounds: Sequence[Deliverable],
        folder: Path,
        profile: DeliveryProfile,
        *,
        round_robin: bool = False,
        is_taken: Callable[[Path], bool] | None = None,
    ) -> Iterator[Delivered]:
        """Deliver sounds into a folder, one after the other, each as soon as the next is asked for.

        Args:
            sounds: what to deliver.
            folder: where to.
            profile: what the files are like.
            round_robin: whether the sounds are variations of one.
            is_taken: says of paths in the folder that they cannot be used, although nothing is
                there.

        Raises:
            DeliveryError: at once, if a sound has no category, but the names want one, or if the
                folder cannot be written; later, if it cannot be any more.
            AudioFileError: a file is gone or damaged.
        """
        delivery = Delivery(profile, folder, self._stock.models, self._stock.ucs, is_taken)
        delivery.check(sounds)
        if round_robin:
            return deliver_round_robin(delivery, sounds)
        return _each(delivery, sounds)

    def dragged_file(
        self, clip_id: str, profile: DeliveryProfile, part: tuple[float, float] | None = None
    ) -> Path:
        """The file of a take to drag out or copy, made if it is not there yet.

        In a profile that matches sets, the set are the takes of the same click on Generate.

        Args:
            clip_id: the take.
            profile: what the file is like.
            part: only from here to there, in seconds of what is heard.

        Raises:
            LibraryError: there is no such take, or it is not finished.
            AudioFileError: its file is gone or damaged.
            DeliveryError: it has no category, but the names want one; or there is no room.
            RequestError: the part holds no sound.
        """
        clip = self._stock.history.get(clip_id)
        # plain names have the seed, which tells the takes of one click apart
        number = 1 if profile.naming is Naming.PLAIN else clip.take + 1
        sound = replace(of_clip(clip), number=number)
        if part is not None:
            sound = of_part(sound, clip.seconds or 0.0, *part)
        set_lufs = None
        if profile.level is LevelPolicy.MATCH:
            set_lufs = self._matched.loudness(self._stock.history.takes_with(clip), profile)

        def deliver(folder: Path) -> Path:
            delivery = self._delivery(profile, folder)
            delivery.check([sound])
            return delivery.deliver(sound, set_lufs=set_lufs).path

        return self.rendered.file_of(sound, profile, set_lufs, deliver)

    def _delivery(self, profile: DeliveryProfile, folder: Path) -> Delivery:
        # what is dragged lies in a folder of its own: no others below that
        profile = replace(profile, folder_template="")
        return Delivery(profile, folder, self._stock.models, self._stock.ucs)

    def recipe(self, path: Path) -> DroppedRecipe:
        """How a delivered file was made, and what is missing to make it again.

        Raises:
            AudioFileError: it is no sound file.
            DeliveryError: there is no recipe in it, or a damaged one.
        """
        stock = self._stock
        return recipe_back(path, stock.models, stock.locate_model, stock.locate_lora)

    def ledger(self, collection: str) -> list[LedgerRow]:
        """A row for each finished take of a collection, or of all; the oldest first.

        Raises:
            LibraryError: there is no such collection.
        """
        return list(ledger(self._clips(collection), self._stock.models))

    def _clips(self, collection: str) -> Iterator[Clip]:
        history = self._stock.history
        if collection:
            known = {name.casefold() for name in history.collections()}
            if collection.strip().casefold() not in known:
                raise LibraryError(
                    f"There is no collection {collection!r}",
                    "Leave it out for all takes, or put takes into it first.",
                )
        # rejected ones, too: they may have been used before they were
        chosen = ClipFilter(collection=collection, sort=ClipSort.OLDEST, with_rejected=True)
        for offset in range(0, history.count(chosen), PAGE):
            yield from history.list(chosen, PAGE, offset)


def _each(delivery: Delivery, sounds: Sequence[Deliverable]) -> Iterator[Delivered]:
    set_lufs = delivery.set_loudness(sounds)
    for sound in sounds:
        yield delivery.deliver(sound, set_lufs=set_lufs)
