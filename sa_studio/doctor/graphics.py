"""Whether torch can use the graphics card that is there.

The commonest trap of this field: a card, its driver, and a torch that was built for the processor
alone; everything works, a hundred times slower than it could.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from sa_studio.amounts import bytes_text
from sa_studio.doctor.finding import Finding, State
from sa_studio.doctor.nvidia import NvidiaCard, find_cards, has_card_without_driver
from sa_studio.doctor.pip_command import pip_install

if TYPE_CHECKING:
    # the real one, or what stands for it in tests
    from types import ModuleType

NAME = "Graphics card"
MEMORY_NAME = "Graphics memory"
# what the smallest plan for Stable Audio Open 1.0 takes
LOW_MEMORY_BYTES = 3 * 2**30
# https://docs.nvidia.com/deploy/cuda-compatibility/: the first driver branch that runs any
# build of that major version of CUDA
MINIMUM_DRIVER = {11: 450, 12: 525, 13: 580}
# torch is built for these, https://github.com/pytorch/pytorch/blob/main/RELEASE.md; the first
# whose driver and card fit is proposed
WHEELS = "https://download.pytorch.org/whl/"
NEWEST_BUILD, OLDER_BUILD = "cu130", "cu126"
FIRST_WITH_NEWEST_BUILD = Version("2.9")
NEWEST_BUILD_DRIVER, OLDER_BUILD_DRIVER = MINIMUM_DRIVER[13], MINIMUM_DRIVER[12]
NEWEST_BUILD_CAPABILITY = (7, 5)  # CUDA 13 has dropped what is older than Turing
DRIVER_PAGE = "https://www.nvidia.com/drivers"
# an installed application is replaced as a whole
CUDA_EDITION = (
    "Install the edition of SA Studio for NVIDIA cards over this one (its file's name ends in "
    "-cuda); your sounds stay."
)
CUDA_EDITION_NEEDS = (
    f"The edition of SA Studio for NVIDIA cards needs driver {NEWEST_BUILD_DRIVER} or newer "
    f"({DRIVER_PAGE}) and a card of the Turing generation or newer."
)
AMD_COMPUTE = Path("/dev/kfd")


def examine_graphics() -> Iterator[Finding]:
    """The card, its driver, and the torch that is installed, against each other.

    Raises:
        DriverSilent: NVIDIA's driver does not work.
    """
    import torch

    cards = find_cards()
    if torch.cuda.is_available():
        yield from _usable(torch, cards)
    elif cards:
        yield _unused(torch, cards)
    elif has_card_without_driver():
        yield Finding(
            NAME,
            State.WARNING,
            "there is an NVIDIA card, but NVIDIA's driver is not installed; the processor computes",
            f"Install NVIDIA's driver: {DRIVER_PAGE} (on Linux, from your distribution).",
        )
    elif sys.platform == "darwin":
        yield _apple(torch)
    elif AMD_COMPUTE.exists():
        yield _amd(torch)
    else:
        yield Finding(NAME, State.OK, "none that torch could use; the processor computes")


def _usable(torch: ModuleType, cards: Sequence[NvidiaCard]) -> Iterator[Finding]:
    name = torch.cuda.get_device_name(0)
    built_for = f"ROCm {torch.version.hip}" if torch.version.hip else f"CUDA {torch.version.cuda}"
    driver = f", driver {cards[0].driver}" if cards and cards[0].driver else ""
    text = f"{name}{driver}; torch {torch.__version__} is built for {built_for}"
    capability = tuple(torch.cuda.get_device_capability(0))
    if torch.version.hip is None and not _has_kernels(torch.cuda.get_arch_list(), capability):
        version = ".".join(map(str, capability))
        yield Finding(
            NAME,
            State.PROBLEM,
            f"{text}, but not for cards of compute capability {version}",
            _install(
                torch.__version__,
                OLDER_BUILD if capability < NEWEST_BUILD_CAPABILITY else NEWEST_BUILD,
            ),
        )
    else:
        yield Finding(NAME, State.OK, text)
    free, total = torch.cuda.mem_get_info(0)
    low = free < LOW_MEMORY_BYTES
    yield Finding(
        MEMORY_NAME,
        State.WARNING if low else State.OK,
        f"{bytes_text(total)}, {bytes_text(free)} of them free",
        "Close programs that use the graphics card, such as games and browsers." if low else "",
        {"total_bytes": total, "free_bytes": free},
    )


def _has_kernels(built: Sequence[str], capability: tuple[int, ...]) -> bool:
    """Whether a build for ``built``, such as "sm_86" and "compute_120", runs on a card.

    Code for one minor version runs on later ones of the same major version; PTX ("compute") is
    translated for every later card.
    """
    for architecture in built:
        kind, _, digits = architecture.partition("_")
        number = digits.rstrip("af")  # sm_90a
        if not number.isdecimal():
            continue
        major, minor = int(number[:-1]), int(number[-1])
        if kind == "sm" and major == capability[0] and minor <= capability[1]:
            return True
        if kind == "compute" and (major, minor) <= capability:
            return True
    return not built


def _unused(torch: ModuleType, cards: Sequence[NvidiaCard]) -> Finding:
    """There is a card with a driver, and torch does not compute on it."""
    card = cards[0]
    driver = f" with driver {card.driver}" if card.driver else ""
    seen = f"{card.name}{driver}"
    details = {"card": card.name, "driver": card.driver, "torch": torch.__version__}
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if hidden is not None and hidden.strip() in ("", "-1"):
        return Finding(
            NAME,
            State.NOTE,
            f"{seen}, hidden from torch by CUDA_VISIBLE_DEVICES={hidden}",
            "Take the variable CUDA_VISIBLE_DEVICES away to compute on the card.",
            details,
        )
    if torch.version.cuda is None:
        return Finding(
            NAME,
            State.PROBLEM,
            f"{seen}, but torch {torch.__version__} is built for "
            f"{'AMD cards' if torch.version.hip else 'the processor alone'}",
            install_for(torch.__version__, card),
            details,
        )
    details["cuda"] = torch.version.cuda
    needed = MINIMUM_DRIVER.get(int(torch.version.cuda.partition(".")[0]))
    if needed and card.driver_branch is not None and card.driver_branch < needed:
        return Finding(
            NAME,
            State.PROBLEM,
            f"{seen} is too old for torch {torch.__version__}: its CUDA {torch.version.cuda} "
            f"needs driver {needed} or newer",
            _newer_driver_or(torch.__version__, card),
            details,
        )
    return Finding(
        NAME,
        State.PROBLEM,
        f"{seen}, but torch {torch.__version__} (CUDA {torch.version.cuda}) cannot use it"
        f"{_reason(torch)}",
        "Restart the computer; if that does not help, install NVIDIA's driver again: "
        f"{DRIVER_PAGE}",
        details,
    )


def _reason(torch: ModuleType) -> str:
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:  # what torch raises for drivers
        return f" ({' '.join(str(error).split())[:200]})"
    return ""


def install_for(version: str, card: NvidiaCard) -> str:
    """How to get a torch like ``version`` that fits the card and its driver."""
    branch = card.driver_branch
    if branch is not None and branch < OLDER_BUILD_DRIVER:
        return (
            f"Install NVIDIA's driver {NEWEST_BUILD_DRIVER} or newer: {DRIVER_PAGE} "
            f"Then: {_install(version, NEWEST_BUILD)}"
        )
    return _install(version, _build_for(card))


def _newer_driver_or(version: str, card: NvidiaCard) -> str:
    update = f"Install a newer driver: {DRIVER_PAGE}"
    if card.driver_branch is None or card.driver_branch < OLDER_BUILD_DRIVER:
        return update
    return f"{update} Or, for this driver: {_install(version, _build_for(card))}"


def _build_for(card: NvidiaCard) -> str:
    branch = card.driver_branch
    old_driver = branch is not None and branch < NEWEST_BUILD_DRIVER
    old_card = card.capability is not None and card.capability < NEWEST_BUILD_CAPABILITY
    return OLDER_BUILD if old_driver or old_card else NEWEST_BUILD


def _install(version: str, build: str) -> str:
    """The command; the build is named, or pip would leave the version as it is."""
    if getattr(sys, "frozen", False):
        return CUDA_EDITION if build == NEWEST_BUILD else CUDA_EDITION_NEEDS
    index = ("--index-url", f"{WHEELS}{build}")
    here = Version(version)
    if build == NEWEST_BUILD and here < FIRST_WITH_NEWEST_BUILD:
        return pip_install("--upgrade", "torch", *index)
    return pip_install(f"torch=={here.public}+{build}", *index)


def _apple(torch: ModuleType) -> Finding:
    if torch.backends.mps.is_available():
        return Finding(NAME, State.OK, f"Apple's (MPS), used by torch {torch.__version__}")
    if _is_translated():
        return Finding(
            NAME,
            State.PROBLEM,
            "Apple's, but this Python is built for Intel processors and is translated",
            "Install the edition of Python for Apple silicon, and SA Studio with it.",
        )
    if platform.machine() != "arm64":
        return Finding(NAME, State.OK, "none that torch could use; the processor computes")
    if not torch.backends.mps.is_built():
        text = f"Apple's, but torch {torch.__version__} is built without MPS"
        return Finding(NAME, State.PROBLEM, text, pip_install("--force-reinstall", "torch"))
    text = f"Apple's, but torch {torch.__version__} cannot use it on macOS {platform.mac_ver()[0]}"
    return Finding(NAME, State.WARNING, text, "Update macOS; until then the processor computes.")


def _is_translated() -> bool:
    """Whether Rosetta runs this process on an Apple processor."""
    query = ["/usr/sbin/sysctl", "-n", "sysctl.proc_translated"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:  # no Mac
        return False
    return answer.stdout.strip() == "1"


def _amd(torch: ModuleType) -> Finding:
    version: Any = torch.version.hip
    if version is None:
        return Finding(
            NAME,
            State.NOTE,
            f"AMD's, but torch {torch.__version__} is built for the processor alone",
            "If it is a card that ROCm supports, install the ROCm build of torch: "
            "https://pytorch.org/get-started/locally/",
        )
    return Finding(
        NAME,
        State.PROBLEM,
        f"AMD's, but torch {torch.__version__} (ROCm {version}) cannot use it",
        "Add yourself to the groups render and video, log in again, and see that the card is one "
        "that ROCm supports.",
    )
