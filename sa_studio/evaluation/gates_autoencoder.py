"""Whether the autoencoder lets sounds through as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sa_studio.evaluation.held_out import RoundTrip
from sa_studio.evaluation.report import NO_SOUNDS, Row, percent

MAX_SPECTRAL_ERROR = 6.0
MAX_ATTACK_ERROR = 10.0
MIN_AGREEMENT = 0.9


def autoencoder_rows(trips: Sequence[RoundTrip], originals: float, round_trip: float) -> list[Row]:
    """The three gates.

    Args:
        trips: what came back.
        originals: class agreement of the held-out clips themselves.
        round_trip: class agreement of what came back.
    """
    spectra = [trip.spectrum for trip in trips]
    error, silence, shifted = (
        float(np.mean([getattr(item, name) for item in spectra]))
        for name in ("copy", "silence", "shifted")
    )
    ratio = round_trip / originals if originals else 0.0
    return [
        Row(
            "autoencoder: log-spectral L1",
            f"< {MAX_SPECTRAL_ERROR:g} dB",
            f"{error:.2f} dB (silence {silence:.2f}, one frame late {shifted:.2f})",
            error < MAX_SPECTRAL_ERROR,
            {"copy": error, "silence": silence, "shifted": shifted, "clips": len(trips)},
        ),
        _attack_row(trips),
        Row(
            "autoencoder: class agreement, round trip / originals",
            f"≥ {100 * MIN_AGREEMENT:g} %",
            f"{percent(ratio)} ({percent(round_trip)} / {percent(originals)})",
            ratio >= MIN_AGREEMENT,
            {"ratio": ratio, "round_trip": round_trip, "originals": originals},
        ),
    ]


def _attack_row(trips: Sequence[RoundTrip]) -> Row:
    name, target = "autoencoder: attack error, median", f"< {MAX_ATTACK_ERROR:g} ms"
    errors = [trip.attack for trip in trips if trip.attack is not None]
    if not errors:
        return Row(name, target, NO_SOUNDS)
    figures = {
        f"{part}_{kind.__name__}": float(kind([getattr(error, part) for error in errors]))
        for part in ("worst", "onset", "rise")
        for kind in (np.median, np.mean)
    }
    words = "; ".join(
        f"{part} {figures[f'{part}_median']:.1f} (mean {figures[f'{part}_mean']:.1f})"
        for part in ("onset", "rise")
    )
    median = figures["worst_median"]
    return Row(
        name,
        target,
        f"{median:.1f} ms (mean {figures['worst_mean']:.1f}; {words}; {len(errors)} one-shots)",
        median < MAX_ATTACK_ERROR,
        figures,
    )
