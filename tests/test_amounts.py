"""Amounts as people read them."""

from __future__ import annotations

import pytest

from sa_studio.amounts import bytes_text, done_text
from sa_studio.model_offers import TransferPhase, TransferProgress
from sa_studio.ui.progress_text import percent, progress_text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.00 kB"),
        (999_499, "999 kB"),
        (999_500, "1.00 MB"),  # not "1000 kB"
        (41_800_000, "41.8 MB"),
        (4_850_000_000, "4.85 GB"),
        (99_960_000_000, "100 GB"),
    ],
)
def test_amounts_have_three_figures(amount: int, text: str) -> None:
    assert bytes_text(amount) == text


def test_what_is_done_is_told_in_the_unit_of_the_whole() -> None:
    assert done_text(31_000_000, 4_850_000_000) == "0.03 of 4.85 GB"


@pytest.mark.parametrize(("done", "whole"), [(0, 0), (0, 7), (999_999, 1_000_000)])
def test_no_more_percent_than_are_done(done: int, whole: int) -> None:
    assert percent(done, whole) == (99 if done else 0)


def test_progress_tells_what_is_known() -> None:
    phase = TransferPhase.DOWNLOADING
    known = TransferProgress("m", phase, "f", 2_000_000, 8_000_000, 1_500_000.0, 4.2)
    assert progress_text(known) == "2.00 of 8.00 MB · 1.50 MB/s · 4 s left"
    assert progress_text(TransferProgress("m", phase, "", 0, 0)) == ""
