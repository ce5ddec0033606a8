from __future__ import annotations

import sys
from types import SimpleNamespace

import psutil
import pytest

from sa_studio.doctor import State
from sa_studio.doctor.compute import examine_compute, examine_memory, load_torch
from sa_studio.errors import StudioError
from tests.doctor.report import by_name


def test_the_device_and_precision_of_the_settings_are_told() -> None:
    finding = by_name(examine_compute("cpu", "bfloat16"))["Compute"]
    assert finding.text.startswith("cpu, bfloat16, ")
    assert finding.details["dtype"] == "bfloat16"
    assert finding.details["threads"] >= 1


def test_a_device_that_is_not_there_is_an_error_for_people() -> None:
    with pytest.raises(StudioError, match="cuda:99"):
        by_name(examine_compute("cuda:99", "auto"))


def test_torch_can_be_loaded_here() -> None:
    assert list(load_torch()) == []


def test_a_torch_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    (finding,) = load_torch()
    assert finding.state is State.PROBLEM
    assert "--force-reinstall torch" in finding.hint


@pytest.mark.parametrize(("free_gb", "state"), [("12.5", State.OK), ("1.50", State.WARNING)])
def test_memory(monkeypatch: pytest.MonkeyPatch, free_gb: str, state: State) -> None:
    memory = SimpleNamespace(total=16 * 10**9, available=int(float(free_gb) * 10**9))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    finding = by_name(examine_memory())["Memory"]
    assert finding.state is state
    assert finding.text == f"16.0 GB, {free_gb} GB of them free"
