from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from sa_studio.engine.config_fields import read_fields
from sa_studio.errors import ModelError


@dataclass(frozen=True)
class Example:
    count: int
    ratio: float = 0.5
    name: str = "plain"
    switch: bool = False
    steps: tuple[int, ...] = (1, 2)
    limit: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def test_values_get_the_types_of_the_fields() -> None:
    content = {"count": 3.0, "ratio": 2, "steps": [4, 8], "limit": 7, "options": {"a": [1]}}
    assert read_fields(Example, content, "here") == Example(
        3, 2.0, steps=(4, 8), limit=7, options={"a": [1]}
    )
    assert isinstance(read_fields(Example, content, "here").ratio, float)


def test_null_is_only_for_fields_that_may_be_none() -> None:
    assert read_fields(Example, {"count": 1, "limit": None}, "here").limit is None
    with pytest.raises(ModelError, match="of the wrong type: count"):
        read_fields(Example, {"count": None}, "here")


def test_everything_wrong_is_named_at_once() -> None:
    content = {"ratio": "much", "colour": "red", "zeal": 1, "switch": 1}
    with pytest.raises(ModelError) as caught:
        read_fields(Example, content, "model.example")
    assert caught.value.message == (
        "model.example of the model's configuration: unknown: colour, zeal; missing: count; "
        "of the wrong type: ratio, switch"
    )
    assert caught.value.hint


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("count", True),
        ("count", 1.5),
        ("count", "1"),
        ("ratio", True),
        ("name", 4),
        ("switch", "yes"),
        ("steps", 3),
        ("steps", [1, "2"]),
        ("limit", "none"),
        ("options", [1]),
    ],
)
def test_wrong_types_are_refused(key: str, value: object) -> None:
    with pytest.raises(ModelError, match=f"of the wrong type: {key}$"):
        read_fields(Example, {"count": 1, key: value}, "here")


def test_keys_that_say_nothing_may_be_ignored() -> None:
    content = {"count": 1, "training": {"any": "thing"}}
    assert read_fields(Example, content, "here", ignored=("training",)) == Example(1)


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_only_an_object_is_read(content: object) -> None:
    with pytest.raises(ModelError, match="here of the model's configuration is no JSON object"):
        read_fields(Example, content, "here")
