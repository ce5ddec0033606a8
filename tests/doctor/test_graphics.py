from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sa_studio.doctor import Finding, State, nvidia
from sa_studio.doctor.graphics import examine_graphics
from sa_studio.errors import StudioError
from tests.doctor.fake_nvidia import install_nvidia_smi, torch_stub
from tests.doctor.report import by_name

Examine = Callable[..., dict[str, Finding]]


@pytest.fixture
def examine(monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Examine with a torch of that kind."""

    def examine(**build: Any) -> dict[str, Finding]:
        monkeypatch.setitem(sys.modules, "torch", torch_stub(**build))
        return by_name(examine_graphics())

    return examine


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install a card and a driver of that version."""

    def install(
        version: str, *, card: str = "NVIDIA GeForce RTX 4070", capability: str = "8.9"
    ) -> None:
        folder = install_nvidia_smi(
            tmp_path / "driver programs", f"{card}, {version}, 12282, {capability}"
        )
        monkeypatch.setenv("PATH", str(folder))

    return install


def test_no_card_is_fine(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    finding = examine()["Graphics card"]
    assert (finding.state, finding.hint) == (State.OK, "")


@pytest.mark.parametrize(
    ("version", "capability", "build"),
    [
        ("580.65.06", "8.9", "cu130"),
        ("581.29", "12.0", "cu130"),
        ("550.54.14", "8.9", "cu126"),
        ("580.65.06", "6.1", "cu126"),  # Pascal: CUDA 13 has dropped it
        ("580.65.06", "[N/A]", "cu130"),
    ],
)
def test_a_card_and_a_torch_for_the_processor_alone(
    examine: Examine, driver: Callable[..., None], version: str, capability: str, build: str
) -> None:
    driver(version, capability=capability)
    finding = examine()["Graphics card"]
    assert finding.state is State.PROBLEM
    assert "RTX 4070" in finding.text
    assert "2.13.0+cpu" in finding.text
    assert finding.hint.startswith("Run: ")
    assert sys.executable in finding.hint
    assert finding.hint.endswith(
        f"-m pip install torch==2.13.0+{build} --index-url https://download.pytorch.org/whl/{build}"
    )


def test_a_torch_older_than_the_build_is_replaced_by_a_newer_one(
    examine: Examine, driver: Callable[..., None]
) -> None:
    driver("580.65.06")
    hint = examine(version="2.8.0+cpu")["Graphics card"].hint
    assert "-m pip install --upgrade torch --index-url" in hint
    driver("550.54.14")
    assert "torch==2.8.0+cu126" in examine(version="2.8.0+cpu")["Graphics card"].hint


def test_a_driver_too_old_for_any_build_comes_first(
    examine: Examine, driver: Callable[..., None]
) -> None:
    driver("470.57.02")
    hint = examine()["Graphics card"].hint
    assert hint.startswith("Install NVIDIA's driver 580 or newer: https://www.nvidia.com/drivers")
    assert "torch==2.13.0+cu130" in hint


@pytest.mark.parametrize(
    ("version", "cuda", "needed", "other_build"),
    [("550.54.14", "13.0", 580, True), ("470.57.02", "12.6", 525, False)],
)
def test_a_driver_too_old_for_this_torch(
    examine: Examine,
    driver: Callable[..., None],
    version: str,
    cuda: str,
    needed: int,
    other_build: bool,
) -> None:
    driver(version)
    finding = examine(version="2.13.0", cuda=cuda)["Graphics card"]
    assert finding.state is State.PROBLEM
    assert f"driver {version} is too old" in finding.text
    assert f"CUDA {cuda} needs driver {needed}" in finding.text
    assert "https://www.nvidia.com/drivers" in finding.hint
    assert ("torch==2.13.0+cu126" in finding.hint) is other_build


def test_a_card_that_torch_refuses_for_another_reason(
    examine: Examine, driver: Callable[..., None]
) -> None:
    driver("580.65.06")
    finding = examine(version="2.13.0+cu130", cuda="13.0")["Graphics card"]
    assert finding.state is State.PROBLEM
    assert "The NVIDIA driver on your system is too old" in finding.text
    assert "Restart" in finding.hint


@pytest.mark.parametrize("value", ["", "-1"])
def test_a_card_that_is_hidden_on_purpose_is_only_noted(
    examine: Examine,
    driver: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    value: str,
) -> None:
    driver("580.65.06")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    finding = examine(version="2.13.0+cu130", cuda="13.0")["Graphics card"]
    assert (finding.state, finding.ok) == (State.NOTE, True)
    assert "CUDA_VISIBLE_DEVICES" in finding.hint


def test_a_card_that_is_used(examine: Examine, driver: Callable[..., None]) -> None:
    driver("580.65.06")
    found = examine(version="2.13.0+cu130", cuda="13.0", available=True)
    assert found["Graphics card"].state is State.OK
    assert "driver 580.65.06" in found["Graphics card"].text
    assert "CUDA 13.0" in found["Graphics card"].text
    assert found["Graphics memory"].text == "12.9 GB, 11.8 GB of them free"
    assert found["Graphics memory"].state is State.OK


def test_a_card_whose_memory_is_taken(examine: Examine) -> None:
    found = examine(version="2.13.0+cu130", cuda="13.0", available=True, free_gb=2)
    assert found["Graphics memory"].state is State.WARNING
    assert "Close programs" in found["Graphics memory"].hint


@pytest.mark.parametrize(
    ("capability", "architectures", "build"),
    [
        ((6, 1), ("sm_75", "sm_80", "sm_86", "sm_120", "compute_120"), "cu126"),
        ((12, 0), ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90a"), "cu130"),
    ],
)
def test_a_card_of_a_generation_that_torch_is_not_built_for(
    examine: Examine, capability: tuple[int, int], architectures: tuple[str, ...], build: str
) -> None:
    finding = examine(
        version="2.13.0+cu1",
        cuda="13.0",
        available=True,
        capability=capability,
        architectures=architectures,
    )["Graphics card"]
    assert finding.state is State.PROBLEM
    assert f"compute capability {capability[0]}.{capability[1]}" in finding.text
    assert finding.hint.endswith(f"/whl/{build}")


@pytest.mark.parametrize(
    ("capability", "architectures"),
    [
        ((8, 9), ("sm_80", "sm_86")),  # later minor versions run the code of earlier ones
        ((9, 0), ("sm_90a",)),
        ((12, 1), ("sm_75", "compute_120")),  # PTX is translated for later cards
        ((8, 0), ()),  # a build that does not say
    ],
)
def test_a_card_that_runs_code_of_its_relatives(
    examine: Examine, capability: tuple[int, int], architectures: tuple[str, ...]
) -> None:
    found = examine(cuda="13.0", available=True, capability=capability, architectures=architectures)
    assert found["Graphics card"].state is State.OK


def test_a_card_without_a_driver(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = tmp_path / "pci" / "0000:01:00.0"
    device.mkdir(parents=True)
    (device / "vendor").write_text("0x10de\n", encoding="ascii")
    (device / "class").write_text("0x030000\n", encoding="ascii")
    monkeypatch.setattr(nvidia, "PCI_DEVICES", tmp_path / "pci")
    finding = examine(version="2.13.0", cuda="13.0")["Graphics card"]
    assert finding.state is State.WARNING
    assert "https://www.nvidia.com/drivers" in finding.hint


def test_a_driver_that_does_not_work_is_told_by_an_error(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = install_nvidia_smi(tmp_path / "smi", "couldn't communicate", status=9)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(StudioError, match="does not answer"):
        examine()


@pytest.mark.parametrize(
    ("build", "machine", "state", "words"),
    [
        ({"mps_built": True, "mps_available": True}, "arm64", State.OK, "MPS"),
        ({"mps_built": True}, "arm64", State.WARNING, "Update macOS"),
        ({}, "arm64", State.PROBLEM, "pip install"),
        ({}, "x86_64", State.OK, "processor"),
    ],
)
def test_apple(
    examine: Examine,
    monkeypatch: pytest.MonkeyPatch,
    build: dict[str, bool],
    machine: str,
    state: State,
    words: str,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("sa_studio.doctor.graphics._is_translated", lambda: False)
    finding = examine(**build)["Graphics card"]
    assert finding.state is state
    assert words in f"{finding.text} {finding.hint}"


def test_an_intel_python_on_apple_silicon(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("sa_studio.doctor.graphics._is_translated", lambda: True)
    finding = examine()["Graphics card"]
    assert finding.state is State.PROBLEM
    assert "Apple silicon" in finding.hint


@pytest.mark.parametrize(
    ("hip", "state", "words"),
    [(None, State.NOTE, "ROCm build of torch"), ("6.4", State.PROBLEM, "groups render and video")],
)
def test_amd(
    examine: Examine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hip: str | None,
    state: State,
    words: str,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "kfd").touch()
    monkeypatch.setattr("sa_studio.doctor.graphics.AMD_COMPUTE", tmp_path / "kfd")
    finding = examine(hip=hip)["Graphics card"]
    assert finding.state is state
    assert words in finding.hint


def test_an_amd_card_that_is_used(examine: Examine) -> None:
    found = examine(version="2.13.0+rocm6.4", hip="6.4", available=True, architectures=("gfx1100",))
    assert found["Graphics card"].state is State.OK
    assert "ROCm 6.4" in found["Graphics card"].text


def test_a_packaged_application_is_not_told_to_use_pip(
    examine: Examine, driver: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver("580.65.06")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "pip" not in examine()["Graphics card"].hint
