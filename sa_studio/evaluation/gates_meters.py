"""Whether sounds are as long, as bright, as high, as fast and as sound as was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sa_studio.evaluation import pitch, tempo
from sa_studio.evaluation.faults import CLIPPED, NOT_FINITE, SILENT
from sa_studio.evaluation.measured import Measured
from sa_studio.evaluation.report import Row, mean, percent, share_row

MIN_LENGTH, MIN_TONE, MIN_PITCH, MIN_TEMPO = 0.9, 0.9, 0.7, 0.7


def length_row(made: Sequence[Measured], held_out: Sequence[Measured]) -> Row:
    """Whether sounds are as long as was asked for."""
    sustained = [item.is_as_long for item in made if item.wanted.sustained]
    ceiling = mean([item.is_as_long for item in held_out if item.wanted.sustained])
    remark = _join(
        _part("sustained classes alone", mean(sustained)),
        _part("of the held-out clips of those", ceiling),
    )
    return share_row(
        "duration within 10 %",
        [item.is_as_long for item in made],
        MIN_LENGTH,
        remark,
        sustained=mean(sustained),
        held_out_sustained=ceiling,
    )


def tone_row(centroids: Sequence[tuple[float, float]]) -> Row:
    """Whether "bright" is brighter than "dark": centroids in Hz of both, by pair."""
    return share_row(
        "brighter asked, brighter got", [bright > dark for bright, dark in centroids], MIN_TONE
    )


def pitch_row(made: Sequence[Measured], held_out: Sequence[Measured]) -> Row:
    """Whether sounds have the note that was asked for."""

    def right(sounds: Sequence[Measured], *, any_octave: bool = False) -> list[bool]:
        return [
            pitch.is_right(item.pitch, item.wanted.note, any_octave=any_octave)
            for item in sounds
            if item.wanted.note is not None
        ]

    octaves, ceiling = mean(right(made, any_octave=True)), mean(right(held_out))
    return share_row(
        "pitch within 50 cents",
        right(made),
        MIN_PITCH,
        _join(_part("right but for octaves", octaves), _part("of the held-out clips", ceiling)),
        any_octave=octaves,
        held_out=ceiling,
        held_out_any_octave=mean(right(held_out, any_octave=True)),
    )


def tempo_row(made: Sequence[Measured], held_out: Sequence[Measured]) -> Row:
    """Whether loops have the tempo that was asked for.

    The meter is told the octave; without, half and double are counted apart.
    """

    def right(sounds: Sequence[Measured], *, near: bool, any_octave: bool = False) -> list[bool]:
        return [
            tempo.is_right(
                item.tempo_near if near else item.tempo, item.wanted.tempo, any_octave=any_octave
            )
            for item in sounds
            if item.wanted.tempo is not None
        ]

    figures = {
        "held_out": mean(right(held_out, near=True)),
        "blind": mean(right(made, near=False)),
        "blind_any_octave": mean(right(made, near=False, any_octave=True)),
        "held_out_blind": mean(right(held_out, near=False)),
        "held_out_blind_any_octave": mean(right(held_out, near=False, any_octave=True)),
    }
    remark = _join(
        _part("of the held-out loops", figures["held_out"]),
        _part("not told the octave", figures["blind"]),
        _part("then with half and double", figures["blind_any_octave"]),
        _part("held-out loops so", figures["held_out_blind"]),
    )
    return share_row("tempo within 4 %", right(made, near=True), MIN_TEMPO, remark, **figures)


def fault_row(faults: Counter[str], made: int) -> Row:
    """Whether all sounds are audible, unclipped and finite."""
    counts = {kind: faults[kind] for kind in (SILENT, CLIPPED, NOT_FINITE)}
    words = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return Row(
        "silent, clipped or not finite",
        "none",
        f"{words} of {made}",
        not faults.total(),
        {**counts, "sounds": made},
    )


def _part(words: str, share: float | None) -> str:
    return "" if share is None else f"{words} {percent(share)}"


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
