"""Stands for NVIDIA's driver: a program ``nvidia-smi``, and torch as it is seen from outside."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def install_nvidia_smi(
    folder: Path, *lines: str, status: int = 0, knows_capability: bool = True, seconds: float = 0
) -> Path:
    """Make an ``nvidia-smi`` that answers with ``lines``; returns the folder for the PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "answer.py"
    script.write_text(
        f"""import sys, time
time.sleep({seconds})
wanted = next(a for a in sys.argv if a.startswith("--query-gpu=")).split("=")[1].split(",")
if "compute_cap" in wanted and not {knows_capability}:
    print('Field "compute_cap" is not a valid field to query.')
    sys.exit(2)
for line in {lines!r}:
    print(", ".join(line.split(", ")[:len(wanted)]))
sys.exit({status})
""",
        encoding="utf-8",
    )
    if os.name == "nt":
        program = folder / "nvidia-smi.bat"
        program.write_text(f'@"{sys.executable}" "{script}" %*\n', encoding="utf-8")
    else:
        program = folder / "nvidia-smi"
        program.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', encoding="utf-8"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def torch_stub(
    version: str = "2.13.0+cpu",
    *,
    cuda: str | None = None,
    hip: str | None = None,
    available: bool = False,
    capability: tuple[int, int] = (8, 9),
    architectures: Sequence[str] = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_120"),
    free_gb: float = 11,
    mps_built: bool = False,
    mps_available: bool = False,
) -> Any:
    """What the doctor asks of torch, as a build of that kind answers."""

    def init() -> None:
        if cuda is None:
            raise AssertionError("Torch not compiled with CUDA enabled")
        raise RuntimeError("The NVIDIA driver on your system\nis too old")

    return SimpleNamespace(
        __version__=version,
        version=SimpleNamespace(cuda=cuda, hip=hip),
        cuda=SimpleNamespace(
            is_available=lambda: available,
            init=init,
            get_device_name=lambda index: "NVIDIA GeForce RTX 4070",
            get_device_capability=lambda index: capability,
            get_arch_list=lambda: list(architectures),
            mem_get_info=lambda index: (int(free_gb * 2**30), 12 * 2**30),
        ),
        backends=SimpleNamespace(
            mps=SimpleNamespace(is_available=lambda: mps_available, is_built=lambda: mps_built)
        ),
    )
