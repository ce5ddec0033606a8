from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.doctor import nvidia
from sa_studio.doctor.nvidia import DriverSilent, NvidiaCard, find_cards, has_card_without_driver
from tests.doctor.fake_nvidia import install_nvidia_smi

RTX = "NVIDIA GeForce RTX 4070, 550.54.14, 12282, 8.9"


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "driver programs"
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_without_a_driver_there_are_no_cards() -> None:
    assert find_cards() == []
    assert not has_card_without_driver()


def test_nvidia_smi_is_asked_for_every_card(smi: Path) -> None:
    install_nvidia_smi(smi, RTX, "NVIDIA H200, 550.54.14, 143771, 9.0")
    first, second = find_cards()
    assert first == NvidiaCard("NVIDIA GeForce RTX 4070", "550.54.14", 12282 * 2**20, (8, 9))
    assert first.driver_branch == 550
    assert (second.name, second.capability) == ("NVIDIA H200", (9, 0))


def test_an_old_nvidia_smi_knows_no_capability(smi: Path) -> None:
    install_nvidia_smi(smi, "Quadro K2000, 470.57.02, 1999, 3.0", knows_capability=False)
    assert find_cards() == [NvidiaCard("Quadro K2000", "470.57.02", 1999 * 2**20, None)]


def test_what_the_driver_does_not_know_is_left_out(smi: Path) -> None:
    install_nvidia_smi(smi, "GRID A100, 535.1, [N/A], [N/A]")
    assert find_cards() == [NvidiaCard("GRID A100", "535.1", None, None)]


def test_a_computer_without_cards_may_have_the_driver(smi: Path) -> None:
    install_nvidia_smi(smi, "No devices were found", status=6)
    assert find_cards() == []


def test_a_driver_that_does_not_work_is_said_with_its_own_words(smi: Path) -> None:
    said = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver"
    install_nvidia_smi(smi, said, status=9)
    with pytest.raises(DriverSilent, match="couldn't communicate") as caught:
        find_cards()
    assert "Restart" in caught.value.hint


def test_a_driver_that_hangs_is_not_waited_for(smi: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_nvidia_smi(smi, RTX, seconds=60)
    monkeypatch.setattr(nvidia, "SECONDS_TO_ANSWER", 0.5)
    with pytest.raises(DriverSilent, match="nothing within"):
        find_cards()


@pytest.mark.parametrize(
    ("line", "driver"),
    [
        (
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.57.02  Tue Jul 13 16:14:05 UTC "
            "2021",
            "470.57.02",
        ),
        (
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  "
            "(dvs-builder@U16)",
            "580.65.06",
        ),
    ],
)
def test_the_kernel_module_tells_without_nvidia_smi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, driver: str
) -> None:
    monkeypatch.setattr(nvidia, "DRIVER_FILES", tmp_path)
    (tmp_path / "version").write_text(f"{line}\nGCC version:  gcc version 12\n", encoding="utf-8")
    assert find_cards() == [NvidiaCard("NVIDIA graphics card", driver)]
    card = tmp_path / "gpus" / "0000:01:00.0"
    card.mkdir(parents=True)
    (card / "information").write_text(
        "Model: \t\t NVIDIA GeForce RTX 3060\nIRQ:   \t\t 130\n", encoding="utf-8"
    )
    assert find_cards() == [NvidiaCard("NVIDIA GeForce RTX 3060", driver)]


def test_windows_has_the_library_of_the_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sa_studio.doctor.nvidia.IS_WINDOWS", True)
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "Program Files"))
    assert find_cards() == []
    (tmp_path / "System32").mkdir()
    (tmp_path / "System32" / "nvcuda.dll").touch()
    assert find_cards() == [NvidiaCard("NVIDIA graphics card")]


def test_windows_keeps_older_drivers_programs_off_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sa_studio.doctor.nvidia.IS_WINDOWS", True)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    install_nvidia_smi(tmp_path / "NVIDIA Corporation" / "NVSMI", RTX)
    assert [card.name for card in find_cards()] == ["NVIDIA GeForce RTX 4070"]


@pytest.mark.parametrize(
    ("vendor", "kind", "expected"),
    [
        ("0x10de", "0x030000", True),
        ("0x10de", "0x030200", True),
        ("0x10de", "0x040300", False),  # the card's sound output
        ("0x8086", "0x030000", False),
    ],
)
def test_a_card_that_no_driver_drives_is_seen_on_the_bus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vendor: str, kind: str, expected: bool
) -> None:
    device = tmp_path / "pci" / "0000:01:00.0"
    device.mkdir(parents=True)
    (device / "vendor").write_text(f"{vendor}\n", encoding="ascii")
    (device / "class").write_text(f"{kind}\n", encoding="ascii")
    monkeypatch.setattr(nvidia, "PCI_DEVICES", tmp_path / "pci")
    assert has_card_without_driver() is expected
