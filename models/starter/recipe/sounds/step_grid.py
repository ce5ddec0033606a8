"""Where the hits of a loop fall: a grid of sixteenths with swing, loose timing and dynamics."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sounds.dsp import RATE, Array, Rng, place

# how loud the letters of a pattern are; all others are rests
STRENGTH = {"X": 1.0, "x": 0.65, "o": 0.32}


def euclid(hits: int, steps: int, shift: int = 0, letter: str = "x") -> str:
    """``hits`` spread over ``steps`` as evenly as the grid allows, the first one accented."""
    out = [letter if (i * hits) % steps < hits else "." for i in range(steps)]
    out[0] = "X"
    return "".join(out[-shift % steps :] + out[: -shift % steps])


def varied(rng: Rng, pattern: str, chance: float) -> str:
    """The pattern, and once more with some rests played softly and some soft hits left out."""
    other = [
        {".": "o", "o": ".", "x": "."}.get(letter, letter) if rng.random() < chance else letter
        for letter in pattern
    ]
    return pattern + "".join(other)


class StepGrid:
    """The time of one clip, counted in sixteenths of a tempo.

    Args:
        rng: draws what varies from hit to hit.
        seconds: of the clip.
        tempo: quarter notes a minute.
        swing: the part of a pair of sixteenths that the first one takes (0.5 is straight).
        loose: standard deviation of the timing in seconds.
    """

    def __init__(
        self, rng: Rng, seconds: float, tempo: float, swing: float = 0.5, loose: float = 0.0
    ) -> None:
        self.rng = rng
        self.count = round(seconds * RATE)
        self.step = 15 / tempo
        self.steps = int(np.ceil(seconds / self.step))
        self.swing = swing
        self.loose = loose

    def moment(self, position: float) -> float:
        """The seconds at which a position in sixteenths falls."""
        pair, inside = divmod(position, 2)
        first = min(inside, 1) * 2 * self.swing
        return (2 * pair + first + max(inside - 1, 0) * 2 * (1 - self.swing)) * self.step

    def strike(
        self,
        positions: Sequence[float],
        strengths: Sequence[float],
        takes: Sequence[Array],
        level: float = 1.0,
        pan: float = 0.5,
    ) -> Array:
        """Hits at positions in sixteenths, each with one of the takes ([n] or [2, n]): [2, n]."""
        out = np.zeros((2, self.count))
        gains = np.sqrt(2) * np.array([[np.cos(pan * np.pi / 2)], [np.sin(pan * np.pi / 2)]])
        for position, strength in zip(positions, strengths, strict=True):
            late = self.rng.normal(0, self.loose) if self.loose > 0 and position > 0 else 0.0
            start = max(0, int((self.moment(position) + late) * RATE))
            take = takes[int(self.rng.integers(len(takes)))]
            place(out, level * strength * self.rng.uniform(0.9, 1.0) * gains * take, start)
        return out

    def hits(self, pattern: str) -> tuple[list[int], list[float]]:
        """Positions and strengths of a pattern that repeats until the end."""
        positions = [i for i in range(self.steps) if pattern[i % len(pattern)] in STRENGTH]
        return positions, [STRENGTH[pattern[i % len(pattern)]] for i in positions]

    def play(
        self, pattern: str, takes: Sequence[Array], level: float = 1.0, pan: float = 0.5
    ) -> Array:
        return self.strike(*self.hits(pattern), takes, level, pan)

    def tune(
        self,
        pattern: str,
        notes: Sequence[int],
        make: Callable[[int, float], Array],
        level: float,
        gate: float = 0.95,
    ) -> Array:
        """Notes that last for ``gate`` of the time until the next; a digit is an index."""
        out = np.zeros((2, self.count))
        made: dict[tuple[str, int], Array] = {}
        starts = [i for i in range(self.steps) if pattern[i % len(pattern)].isdigit()]
        for start, end in zip(starts, [*starts[1:], self.steps + 4], strict=True):
            digit = pattern[start % len(pattern)]
            key = (digit, end - start)
            if key not in made:
                made[key] = make(notes[int(digit)], (end - start) * self.step * gate)
            place(out, level * made[key], int(self.moment(start) * RATE))
        return out

    def ducked(self, x: Array, pattern: str, depth: float, release: float) -> Array:
        """The same, pushed down at each hit of a pattern as a compressor does it to a kick."""
        gain = np.ones(self.count)
        dip = 1 - depth * np.exp(-np.arange(round(4 * release * RATE)) / (release * RATE))
        for position in self.hits(pattern)[0]:
            start = int(self.moment(position) * RATE)
            piece = gain[start : start + dip.size]
            np.minimum(piece, dip[: piece.size], out=piece)
        return x * gain
