"""What is heard of a sound that is being written to an output, which plays it later."""

from __future__ import annotations

from collections import deque

import numpy as np

# An output takes blocks in bursts, several at once and then none for a while. Only at the end of
# a burst is its buffer full, so the furthest point within so many blocks is what counts.
BLOCKS_IN_A_BURST = 25
KEPT_SECONDS = 0.1
"""How long what was heard is remembered."""


class Playhead:
    """Where a sound is, from the first block after a start or a jump on.

    Times are those of a steady clock, in seconds; frames are counted at the sound's rate.

    Args:
        rate: of the sound, Hz.
        latency: seconds from written to heard.
        place: the sample that playing begins with: none before it was heard.
    """

    def __init__(self, rate: int, latency: float, place: int) -> None:
        self._rate = rate
        self._latency = latency
        self._place = place
        self._begun = 0  # frames given to the output, with those on their way
        self._written = 0  # frames that it took
        self._heard = 0  # it never goes back
        self._leads: deque[float] = deque(maxlen=BLOCKS_IN_A_BURST)
        # first frame, the places in the sound [frames], what is played [frames, channels]
        self._blocks: deque[tuple[int, np.ndarray, np.ndarray]] = deque()

    def has_sounded(self, now: float) -> bool:
        """Whether anything was heard."""
        return self._frames_heard(now) > 0

    def begin(self, places: np.ndarray, block: np.ndarray) -> None:
        """A block is about to be written: the samples at ``places`` as ``block``."""
        self._blocks.append((self._begun, places, block))
        self._begun += places.size

    def done(self, now: float, latency: float) -> None:
        """The output took the block."""
        self._latency = latency
        self._written = self._begun
        self._leads.append(self._written / self._rate - latency - now)

    def place(self, now: float) -> int:
        """The sample of the sound that is heard."""
        return self._place_of(self._frames_heard(now))

    def place_after_drop(self, now: float) -> int:
        """The sample to go on from after what is buffered was dropped."""
        buffered = round(self._latency * self._rate)
        return self._place_of(max(self._frames_heard(now), self._begun - buffered))

    def sounding(self, now: float, seconds: float) -> np.ndarray:
        """What was heard in the last ``seconds``, at most :data:`KEPT_SECONDS`.

        float32 [frames, channels]; no frames if nothing was heard yet.
        """
        stop = self._frames_heard(now)
        start = stop - round(seconds * self._rate)
        parts = [
            block[max(start - first, 0) : max(stop - first, 0)] for first, _, block in self._blocks
        ]
        return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)

    def _frames_heard(self, now: float) -> int:
        if self._leads:
            clock = round((max(self._leads) + now) * self._rate)
            self._heard = max(self._heard, min(clock, self._begun))
        oldest = self._heard - KEPT_SECONDS * self._rate
        while len(self._blocks) > 1 and self._blocks[1][0] < oldest:
            self._blocks.popleft()
        return self._heard

    def _place_of(self, frame: int) -> int:
        for first, places, _ in self._blocks:
            if first <= frame < first + places.size:
                return int(places[frame - first])
        if self._blocks and frame > 0:
            return int(self._blocks[-1][1][-1]) + 1
        return self._place
