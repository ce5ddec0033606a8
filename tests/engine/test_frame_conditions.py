from __future__ import annotations

import torch

from sa_studio.engine.config import BEAT_CLOCK_HANDS
from sa_studio.engine.frame_conditions import beat_clock, inpainting_input

FRAME_SECONDS = 0.025
BAR, BEAT = BEAT_CLOCK_HANDS.index(4.0), BEAT_CLOCK_HANDS.index(1.0)
HANDS = len(BEAT_CLOCK_HANDS)


def test_every_hand_points_up_on_the_first_beat() -> None:
    first = beat_clock(97.3, 10, FRAME_SECONDS)[:, 0]
    torch.testing.assert_close(first, torch.tensor([1.0] * HANDS + [0.0] * HANDS))


def test_hands_turn_as_often_as_the_tempo_says() -> None:
    # 120 beats a minute: a beat is 20 frames, a bar 80
    clock = beat_clock(120, 161, FRAME_SECONDS)
    torch.testing.assert_close(clock[BEAT, ::20], torch.ones(9))
    torch.testing.assert_close(clock[BEAT, 10::20], -torch.ones(8))
    torch.testing.assert_close(clock[BAR, ::80], torch.ones(3))
    torch.testing.assert_close(clock[HANDS + BAR, 20::80], torch.ones(2))


def test_the_clock_stands_still_without_a_tempo() -> None:
    assert not beat_clock(None, 10, FRAME_SECONDS).any()


def test_inpainting_hides_what_is_made_anew() -> None:
    latents = torch.arange(1.0, 9.0).view(1, 2, 4)
    keep = torch.ones(1, 16)
    keep[:, 4:12] = 0  # frames 1 and 2 of four samples each
    found = inpainting_input(keep, latents)
    assert found[0, 0].tolist() == [1, 0, 0, 1]
    assert found[0, 1:].tolist() == [[1, 0, 0, 4], [5, 0, 0, 8]]
