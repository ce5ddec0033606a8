"""How loud takes are before they are matched: measured once for each edit and profile."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from sa_studio.audio.files import read_audio
from sa_studio.audio.level import set_loudness
from sa_studio.audio.loudness import Loudness
from sa_studio.audio.render import loudness_before
from sa_studio.generation import Clip
from sa_studio.vocabulary.delivery import DeliveryProfile
from sa_studio.vocabulary.sound_edit import SoundEdit

KEPT = 500  # takes: some numbers each

Key = tuple[str, SoundEdit, DeliveryProfile]


class MatchedTakes:
    """The loudness that the takes of a set share; usable from every thread.

    A take's file never changes, so each is read once. What is measured is kept as long as the
    program runs.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[Key, Loudness] = OrderedDict()
        self._lock = threading.Lock()

    def loudness(self, takes: Sequence[Clip], profile: DeliveryProfile) -> float | None:
        """What they share, in LUFS; ``None`` if none of them has a loudness.

        Takes whose files are gone are left out.

        Raises:
            AudioFileError: a file is damaged.
        """
        unnamed = replace(profile, name="")
        there = [take for take in takes if take.path is not None and take.path.is_file()]
        return set_loudness([self._of(take, unnamed) for take in there], profile)

    def _of(self, take: Clip, profile: DeliveryProfile) -> Loudness:
        key = take.id, take.edit, profile
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        assert take.path is not None
        measured = loudness_before(*read_audio(take.path), take.edit, profile)
        with self._lock:
            self._known[key] = measured
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return measured
