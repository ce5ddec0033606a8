"""What this computer has that the application needs: for ``sa-studio doctor`` and for reports."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from typing import Any

from sa_studio import __version__
from sa_studio.audio.playback import output_devices
from sa_studio.errors import StudioError
from sa_studio.service import Studio

PACKAGES = (
    "torch",
    "transformers",
    "safetensors",
    "PySide6-Essentials",
    "soundfile",
    "sounddevice",
)
LOW_DISK_BYTES = 2 * 10**9


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; ``hint`` says what to do if it is not ``ok``."""

    name: str
    ok: bool
    text: str
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def examine(data_dir: str | None) -> list[Check]:
    """Look at everything; a check that fails does not keep the others from being made."""
    return [
        Check("SA Studio", True, __version__),
        Check("Python", True, f"{platform.python_version()} ({sys.executable})"),
        Check("System", True, f"{platform.platform()}, {os.cpu_count()} processor threads"),
        *(_package(name) for name in PACKAGES),
        *_compute(),
        _sound_output(),
        *_data_folder(data_dir),
    ]


def _package(name: str) -> Check:
    try:
        return Check(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed", "Start with python3 dev.py run.")


def _compute() -> list[Check]:
    try:
        import torch

        from sa_studio.engine.devices import resolve_device, resolve_dtype, use_worker_threads
    except (ImportError, OSError) as error:
        return [Check("Compute", False, f"torch cannot be loaded ({error})", "Install it again.")]
    device = resolve_device("auto")
    dtype = str(resolve_dtype("auto", device)).removeprefix("torch.")
    text = f"{device}, {dtype}, {use_worker_threads()} threads"
    if device.type == "cuda":
        text += f", {torch.cuda.get_device_name(device)}"
    return [Check("Compute", True, text)]


def _sound_output() -> Check:
    # a computer without one generates all the same, so this is never a failure
    try:
        devices = output_devices()
    except OSError as error:
        hint = "Install PortAudio (Debian and Ubuntu: libportaudio2) to listen."
        return Check("Sound output", True, f"none: PortAudio is not installed ({error})", hint)
    if not devices:
        return Check("Sound output", True, "none found", "Everything but listening works.")
    return Check("Sound output", True, ", ".join(devices))


def _data_folder(data_dir: str | None) -> list[Check]:
    try:
        with Studio(data_dir) as studio:
            free = shutil.disk_usage(studio.data.root).free
            models = [info.id for info in studio.models()]
            return [
                Check("Data folder", True, str(studio.data.root)),
                Check(
                    "Free space",
                    free > LOW_DISK_BYTES,
                    f"{free / 1e9:.1f} GB",
                    "" if free > LOW_DISK_BYTES else "Make room on the disk.",
                ),
                Check(
                    "Models",
                    bool(models),
                    ", ".join(models) or "none",
                    "" if models else "The starter model is missing: install SA Studio again.",
                ),
                *(
                    Check("Unusable model", False, error.message, error.hint)
                    for error in studio.model_problems()
                ),
            ]
    except StudioError as error:
        return [Check("Data folder", False, error.message, error.hint)]
