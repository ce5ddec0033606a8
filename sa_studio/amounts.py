"""Amounts of data as people read them: decimal units, three figures."""

from __future__ import annotations

UNITS = ("bytes", "kB", "MB", "GB", "TB")


def bytes_text(amount: int) -> str:
    """An amount as "4.85 GB", "312 MB" or "17 bytes"."""
    return f"{_figures(amount, _unit(amount))} {UNITS[_unit(amount)]}"


def done_text(done: int, total: int) -> str:
    """Both in the unit of the whole: "1.23 of 4.85 GB"."""
    unit = _unit(total)
    return f"{_figures(done, unit)} of {_figures(total, unit)} {UNITS[unit]}"


def _unit(amount: int) -> int:
    unit = 0
    # what would be rounded to 1000 of a unit belongs to the next one
    while unit + 1 < len(UNITS) and amount >= 999.5 * 1000**unit:
        unit += 1
    return unit


def _figures(amount: int, unit: int) -> str:
    if unit == 0:
        return str(amount)
    value = amount / 1000**unit
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
