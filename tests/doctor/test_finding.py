from __future__ import annotations

from collections.abc import Iterator

import pytest

from sa_studio.doctor.finding import Finding, State, guarded
from sa_studio.errors import ModelError


@pytest.mark.parametrize("state", [State.WARNING, State.PROBLEM])
def test_what_is_not_well_must_say_what_to_do(state: State) -> None:
    with pytest.raises(ValueError, match="what to do"):
        Finding("Disk", state, "full")
    assert Finding("Disk", state, "full", "Make room.").hint


@pytest.mark.parametrize(
    ("state", "ok"),
    [(State.OK, True), (State.NOTE, True), (State.WARNING, True), (State.PROBLEM, False)],
)
def test_programs_get_every_field(state: State, ok: bool) -> None:
    assert Finding("Disk", state, "1 GB", "Make room.", {"free_bytes": 10**9}).as_json() == {
        "name": "Disk",
        "ok": ok,
        "state": state.value,
        "text": "1 GB",
        "hint": "Make room.",
        "details": {"free_bytes": 10**9},
    }


def test_a_check_that_breaks_is_a_finding_after_those_before() -> None:
    def check() -> Iterator[Finding]:
        yield Finding("First", State.OK, "fine")
        raise ZeroDivisionError("oops\nand more")

    first, second = guarded("Second", check)
    assert first.name == "First"
    assert (second.name, second.state) == ("Second", State.PROBLEM)
    assert second.text == "cannot be examined (ZeroDivisionError: oops and more)"
    assert "report" in second.hint


def test_a_check_may_end_with_an_error_for_people() -> None:
    def check() -> Iterator[Finding]:
        raise ModelError("The model is damaged", "Download it again.")
        yield

    (finding,) = guarded("Model", check)
    assert (finding.text, finding.hint) == ("The model is damaged", "Download it again.")


def test_an_error_without_a_hint_gets_one() -> None:
    assert Finding.of_error("Model", ModelError("The model is damaged")).hint
