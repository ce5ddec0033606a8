"""Which prompts the library remembers."""

from __future__ import annotations

import pytest

from sa_studio.generation import GenerationRequest
from sa_studio.library import prompt_history
from sa_studio.library.history import History


def add(history: History, *prompts: str, count: int = 1) -> None:
    for prompt in prompts:
        request = GenerationRequest(prompt, seed=1, count=count)
        history.add(prompt, list(request.takes()))


def test_each_prompt_once_and_the_newest_first(history: History) -> None:
    assert history.prompts(10) == []
    add(history, "rain", "wind", "rain", count=3)
    assert history.prompts(10) == ["rain", "wind"]


def test_a_prompt_is_as_it_was_typed(history: History) -> None:
    add(history, "{wood|metal} impact, {short|long}", r"\{rain", "two\nlines", count=4)
    assert history.prompts(10) == ["two\nlines", r"\{rain", "{wood|metal} impact, {short|long}"]


def test_no_more_than_were_asked_for_and_page_by_page(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_history, "PAGE", 4)
    add(history, *(f"sound {number}" for number in range(9)), count=2)
    assert history.prompts(3) == ["sound 8", "sound 7", "sound 6"]
    assert len(history.prompts(100)) == 9
