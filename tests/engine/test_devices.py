from __future__ import annotations

import os

import pytest
import torch

from sa_studio.engine import devices
from sa_studio.errors import StudioError


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A computer without a GPU, whatever this one has."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    return monkeypatch


def give_gpus(machine: pytest.MonkeyPatch, count: int) -> None:
    machine.setattr(torch.cuda, "is_available", lambda: True)
    machine.setattr(torch.cuda, "device_count", lambda: count)


def test_auto_is_the_best_there_is(machine: pytest.MonkeyPatch) -> None:
    assert devices.resolve_device("auto") == torch.device("cpu")
    machine.setattr(torch.backends.mps, "is_available", lambda: True)
    assert devices.resolve_device("auto") == torch.device("mps")
    give_gpus(machine, 1)
    assert devices.resolve_device("auto") == torch.device("cuda")


def test_devices_by_name(machine: pytest.MonkeyPatch) -> None:
    give_gpus(machine, 2)
    for name in ("cpu", "cuda", "cuda:0", "cuda:1"):
        assert devices.resolve_device(name) == torch.device(name)


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "mps", "tpu", "", "CPU", "cpu:"])
def test_missing_devices_are_refused_with_those_there_are(
    machine: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(StudioError, match=f"There is no device '{name}'") as caught:
        devices.resolve_device(name)
    assert caught.value.hint == "Use auto, or one of: cpu."


def test_more_gpus_than_there_are(machine: pytest.MonkeyPatch) -> None:
    give_gpus(machine, 2)
    with pytest.raises(StudioError) as caught:
        devices.resolve_device("cuda:2")
    assert "cuda:0, cuda:1" in caught.value.hint


def test_dtype() -> None:
    cpu, cuda = torch.device("cpu"), torch.device("cuda")
    assert devices.resolve_dtype("auto", cpu) == torch.float32
    assert devices.resolve_dtype("auto", cuda).itemsize == 2
    assert devices.resolve_dtype("bfloat16", cpu) == torch.bfloat16
    assert devices.resolve_dtype("float32", cuda) == torch.float32
    with pytest.raises(StudioError, match="There is no precision 'int8'"):
        devices.resolve_dtype("int8", cpu)


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (8, 7)])
def test_a_core_is_left_to_the_window(
    monkeypatch: pytest.MonkeyPatch, cores: int, threads: int
) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    assert devices.use_worker_threads() == threads
    assert chosen == [threads]
