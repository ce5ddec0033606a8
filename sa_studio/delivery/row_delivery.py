"""Delivers the variations of a row, and knows what of it is there already."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Protocol

from sa_studio.audio.naming import safe
from sa_studio.delivery.batch_row import Row
from sa_studio.delivery.batch_state import BatchState, DeliveredFile, Entry
from sa_studio.delivery.deliver import Delivered
from sa_studio.delivery.deliverable import Deliverable, of_clip
from sa_studio.delivery.desk import DeliveryDesk
from sa_studio.delivery.placing import Placing
from sa_studio.generation import Clip


class Library(Protocol):
    """What keeps takes; a Studio."""

    def clip(self, clip_id: str) -> Clip:
        """A take; raises LibraryError."""

    def collect_clips(self, clip_ids: Sequence[str], collection: str) -> None:
        """Put takes into a collection."""

    def categorise_clips(self, clip_ids: Sequence[str], cat_id: str) -> None:
        """Put takes into a category."""

    def annotate_clip(self, clip_id: str, notes: str) -> None:
        """Write notes on a take."""


class RowDelivery:
    """Delivers rows below a folder.

    Args:
        folder: the destination.
        state: where it is noted.
        rows: of the sheet; their places are not given to others.
        library: has the takes.
        desk: writes files.
    """

    def __init__(
        self,
        folder: Path,
        state: BatchState,
        rows: Sequence[Row],
        library: Library,
        desk: DeliveryDesk,
    ) -> None:
        self._placing, self._state, self._rows = Placing(folder), state, rows
        self._library, self._desk = library, desk

    def open(self) -> None:
        """Begin to deliver; what a killed program had delivered is moved to its place first.

        Raises:
            SheetError: another program delivers a batch into this folder.
            OSError: the folder cannot be written.
        """
        self._placing.open()
        for entry in self._state.entries:
            self._place(entry)
        self._placing.clear_others()

    def close(self) -> None:
        """Deliver no more."""
        self._placing.close()

    def is_done(self, row: Row) -> bool:
        """Whether every file of the row is there, as it asks for it."""
        return row.entry.delivery == row.plan.delivery and all(
            self._is_there(row, number) for number in row.numbers
        )

    def make(self, row: Row) -> None:
        """Write the files of a row whose takes are all made; those that are there stay.

        Raises:
            StudioError: a take is gone, or its file cannot be written.
            OSError: the same, where nobody has put it into words.
        """
        plan, entry, placing = row.plan, row.entry, self._placing
        placing.clear()
        if entry.delivery != plan.delivery:
            entry.earlier += [file.path for file in entry.files.values()]
            entry.files.clear()
            entry.delivery = plan.delivery
        lacking = [number for number in row.numbers if not self._is_there(row, number)]
        # of a set, each file depends on all takes
        numbers = row.numbers if plan.is_set else lacking
        delivered = self._written(row, [self._sound(row, number) for number in numbers])
        for number, made in zip(numbers, delivered, strict=True):
            if number not in lacking:
                continue
            file = entry.files.get(number)
            # one that was deleted comes back where it was
            free = file is not None and not (placing.folder / file.path).exists()
            place = file.path if file and free else placing.place_of(made.path)
            entry.files[number] = _described(place, made, placing.folder)
        self._state.save()  # from here on, what comes to these places is known to be ours
        try:
            self._place(entry)
        except OSError:  # what is at these places one day need not be ours
            entry.files = {n: file for n, file in entry.files.items() if not file.staged}
            raise
        placing.clear()
        self._state.save()

    def remark(self, row: Row) -> str:
        """Which files are there of the row as it was before it was changed."""
        current = {id(other.entry) for other in self._rows}
        earlier = list(row.entry.earlier)
        for entry in self._state.entries:
            if id(entry) not in current and entry.name == row.plan.called:
                earlier += [file.path for file in entry.files.values()]
        left = [path for path in dict.fromkeys(earlier) if (self._placing.folder / path).is_file()]
        return f"An earlier version is left as it was: {', '.join(left)}." if left else ""

    def _is_there(self, row: Row, number: int) -> bool:
        files = row.entry.files
        return number in files and self._placing.is_there(files[number])

    def _place(self, entry: Entry) -> None:
        """Move the files of an entry that are in the hidden folder to where they belong."""
        for file in entry.files.values():
            if file.staged:
                self._placing.place(file, self._state.save)

    def _sound(self, row: Row, number: int) -> Deliverable:
        """A take with what the sheet says of it, in the library as in its file."""
        plan, clip_id = row.plan, row.clips[number].id
        self._library.collect_clips([clip_id], plan.collection)
        if plan.cat_id:
            self._library.categorise_clips([clip_id], plan.cat_id)
        if plan.cue.notes:
            self._library.annotate_clip(clip_id, plan.cue.notes)
        sound = of_clip(self._library.clip(clip_id))
        return replace(sound, name=plan.cue.name, cat_id=plan.cat_id, number=number + 1)

    def _written(self, row: Row, sounds: Sequence[Deliverable]) -> list[Delivered]:
        """The sounds as files in the hidden folder, under names that are free outside of it."""
        placing = self._placing
        own = {file.path for file in row.entry.files.values()}
        others = {
            file.path.casefold()
            for other in self._rows
            if other is not row
            for file in other.entry.files.values()
        }

        def is_taken(path: Path) -> bool:
            place = placing.place_of(path)
            return place not in own and (place.casefold() in others or placing.is_used(place))

        ascii_only = row.plan.profile.ascii_names
        parts = PureWindowsPath(row.plan.cue.folder).parts
        folder = placing.stage.joinpath(*(safe(part, ascii_only=ascii_only) for part in parts))
        in_turns = row.plan.cue.is_round_robin and row.plan.cue.count > 1
        export = self._desk.export(
            sounds, folder, row.plan.profile, round_robin=in_turns, is_taken=is_taken
        )
        return list(export)


def _described(place: str, made: Delivered, folder: Path) -> DeliveredFile:
    loudness, request = made.facts.loudness, made.sound.request
    is_heard = loudness is not None and math.isfinite(loudness.lufs)
    return DeliveredFile(
        path=place,
        staged=made.path.relative_to(folder).as_posix(),
        clip_id=made.sound.clip_id,
        seed=request.seed if request else None,
        seconds=made.seconds,
        lufs=round(loudness.lufs, 2) if loudness and is_heard else None,
        true_peak_db=round(loudness.true_peak_db, 2) if loudness and is_heard else None,
    )
