"""The rows of a long list of takes, of which only those that were looked at are held."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice

from sa_studio.generation import Clip


class ClipRows:
    """Takes in their order; the row of one is found by its id without counting through the list.

    Every row has a key; keys ascend, and stay with their rows while others come and go.

    Args:
        count: how many rows there are; none of them is held at first.
    """

    def __init__(self, count: int) -> None:
        self._clips: list[Clip | None] = [None] * count
        self._keys = list(range(count))
        self._key_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._clips)

    @property
    def held(self) -> int:
        """How many rows are held."""
        return len(self._key_of)

    def get(self, row: int) -> Clip | None:
        """The take in a row, if it is held."""
        return self._clips[row]

    def row(self, clip_id: str) -> int | None:
        """Where a take is, if it is held."""
        key = self._key_of.get(clip_id)
        return None if key is None else bisect_left(self._keys, key)

    def put(self, row: int, clip: Clip) -> None:
        """Hold a take in a row, in place of what was there."""
        self._forget(row)
        self._clips[row] = clip
        self._key_of[clip.id] = self._keys[row]

    def insert_on_top(self, clips: Sequence[Clip]) -> None:
        """Add rows above all others."""
        first = self._keys[0] if self._keys else 0
        keys = list(range(first - len(clips), first))
        self._clips[:0] = clips
        self._keys[:0] = keys
        self._key_of.update((clip.id, key) for clip, key in zip(clips, keys, strict=True))

    def append(self, count: int) -> None:
        """Add rows below all others; none of them is held."""
        first = self._keys[-1] + 1 if self._keys else 0
        self._clips += [None] * count
        self._keys += range(first, first + count)

    def remove(self, first: int, last: int) -> None:
        """Take away the rows from ``first`` to ``last``, both included."""
        for row in range(first, last + 1):
            self._forget(row)
        del self._clips[first : last + 1]
        del self._keys[first : last + 1]

    def let_go(self, most: int, first: int, last: int) -> None:
        """Forget at most so many rows, those first that were held first.

        Rows from ``first`` to ``last`` stay; they count as new from now on. A few at a time: a
        frame is short.
        """
        for clip_id, key in list(islice(self._key_of.items(), most)):
            row = bisect_left(self._keys, key)
            if first <= row <= last:
                self._key_of[clip_id] = self._key_of.pop(clip_id)
            else:
                self._forget(row)

    def _forget(self, row: int) -> None:
        clip = self._clips[row]
        if clip is not None:
            del self._key_of[clip.id]
            self._clips[row] = None
