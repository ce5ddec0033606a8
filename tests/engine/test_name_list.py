from __future__ import annotations

import pytest

from sa_studio.engine.name_list import some_of


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, ""),
        (1, "a0"),
        (3, "a0, a1, a2"),
        (4, "a0, a1, a2 and 1 more"),
        (99, "a0, a1, a2 and 96 more"),
    ],
)
def test_three_of_many_are_named(count: int, text: str) -> None:
    assert some_of([f"a{n}" for n in range(count)]) == text
