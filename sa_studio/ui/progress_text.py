"""How far a transfer is, in words."""

from __future__ import annotations

from sa_studio.amounts import bytes_text, done_text
from sa_studio.model_offers import TransferProgress
from sa_studio.ui.job_tracker import eta_text


def progress_text(progress: TransferProgress) -> str:
    """Amount, rate and time left, as far as they are known."""
    parts = [done_text(progress.done_bytes, progress.total_bytes)] if progress.total_bytes else []
    if progress.bytes_per_second is not None:
        parts.append(f"{bytes_text(round(progress.bytes_per_second))}/s")
    if progress.eta_seconds is not None:
        parts.append(f"{eta_text(progress.eta_seconds)} left")
    return " · ".join(parts)


def percent(done: int, total: int) -> int:
    """How much of ``total`` is done, rounded down: 100 only when everything is."""
    return min(100 * done // total, 100) if total > 0 else 0
