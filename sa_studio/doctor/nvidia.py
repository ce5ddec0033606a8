"""NVIDIA's cards and driver, found without torch: that is what torch is compared with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sa_studio.errors import StudioError

DRIVER_FILES = Path("/proc/driver/nvidia")
PCI_DEVICES = Path("/sys/bus/pci/devices")
IS_WINDOWS = os.name == "nt"
PCI_VENDOR = "0x10de"
PCI_DISPLAY = "0x03"  # the class of VGA and 3D controllers begins so
SECONDS_TO_ANSWER = 15


class DriverSilent(StudioError):  # noqa: N818 (a state, not a mistake)
    """There is a driver, but it does not answer."""


@dataclass(frozen=True, slots=True)
class NvidiaCard:
    """A graphics card.

    Attributes:
        name: as the driver calls it.
        driver: the driver's version, such as "550.54.14"; empty if it is not known.
        memory_bytes: of the card; ``None`` if it is not known.
        capability: its compute capability, such as (8, 9); ``None`` if it is not known.
    """

    name: str
    driver: str = ""
    memory_bytes: int | None = None
    capability: tuple[int, int] | None = None

    @property
    def driver_branch(self) -> int | None:
        """The first number of the driver's version: it decides which CUDA can be used."""
        found = re.match(r"\d+", self.driver)
        return int(found.group()) if found else None


def find_cards() -> list[NvidiaCard]:
    """The cards that NVIDIA's driver knows; empty without the driver.

    Raises:
        DriverSilent: the driver is installed, but does not work.
    """
    program = _nvidia_smi()
    if program is not None:
        return _ask(program)
    return _cards_of_kernel_module() or _cards_of_windows_driver()


def has_card_without_driver() -> bool:
    """Whether there is a card that NVIDIA's driver does not drive (Linux only)."""
    if DRIVER_FILES.exists():
        return False
    return any(
        _line(device / "vendor") == PCI_VENDOR and _line(device / "class").startswith(PCI_DISPLAY)
        for device in PCI_DEVICES.glob("*")
    )


def _nvidia_smi() -> str | None:
    found = shutil.which("nvidia-smi")
    if found is None and IS_WINDOWS:
        # older drivers do not put it on the PATH
        folder = Path(os.environ.get("PROGRAMFILES", "")) / "NVIDIA Corporation" / "NVSMI"
        found = shutil.which("nvidia-smi", path=str(folder))
    return found


def _ask(program: str) -> list[NvidiaCard]:
    fields = ["name", "driver_version", "memory.total", "compute_cap"]
    while True:
        command = [program, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"]
        try:
            answer = subprocess.run(  # noqa: S603 (a program of the driver, no shell)
                command, capture_output=True, text=True, timeout=SECONDS_TO_ANSWER, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise _silent(f"nothing within {SECONDS_TO_ANSWER} seconds") from error
        except OSError as error:
            raise _silent(str(error)) from error
        if answer.returncode == 0:
            return [_card(line) for line in answer.stdout.splitlines() if line.strip()]
        said = f"{answer.stdout} {answer.stderr}"
        if "No devices were found" in said:
            return []
        if "compute_cap" not in said or "compute_cap" not in fields:
            raise _silent(said)
        fields.remove("compute_cap")  # drivers before 510 do not know it


def _silent(reason: str) -> DriverSilent:
    words = " ".join(reason.split())
    return DriverSilent(
        f"NVIDIA's driver does not answer ({words[:200]})",
        "Restart the computer; if that does not help, install NVIDIA's driver again.",
    )


def _card(line: str) -> NvidiaCard:
    name, driver, memory, capability, *_ = [*(part.strip() for part in line.split(",")), "", "", ""]
    numbers = re.fullmatch(r"(\d+)\.(\d+)", capability)
    return NvidiaCard(
        name,
        driver,
        int(memory) * 2**20 if memory.isdecimal() else None,
        (int(numbers[1]), int(numbers[2])) if numbers else None,
    )


def _cards_of_kernel_module() -> list[NvidiaCard]:
    """Linux: what the driver's part of the kernel says, where nvidia-smi is not installed."""
    version = re.search(r"Kernel Module.*?\s(\d+(?:\.\d+)+)", _line(DRIVER_FILES / "version"))
    if version is None:
        return []
    models = [
        found[1].strip()
        for path in sorted(DRIVER_FILES.glob("gpus/*/information"))
        if (found := re.search(r"^Model:(.*)$", _text(path), re.MULTILINE))
    ]
    return [NvidiaCard(name, version[1]) for name in models or ["NVIDIA graphics card"]]


def _cards_of_windows_driver() -> list[NvidiaCard]:
    """Windows: the driver's CUDA library lies in the system folder."""
    if not IS_WINDOWS:
        return []
    library = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll"
    return [NvidiaCard("NVIDIA graphics card")] if library.is_file() else []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # what is not there says nothing
        return ""


def _line(path: Path) -> str:
    return _text(path).partition("\n")[0].strip()
