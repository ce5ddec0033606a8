"""Whether a graphics card lies idle, found without torch: the window asks when it opens."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path

from sa_studio.doctor.graphics import install_for
from sa_studio.doctor.nvidia import DriverSilent, find_cards

# torch/version.py: "cuda: Optional[str] = None", "hip: Optional[str] = '6.4'"
_BUILT_FOR = re.compile(r"^(?:cuda|hip)\b.*=\s*(['\"].+['\"])", re.MULTILINE)
_VERSION = re.compile(r"^__version__\b.*=\s*['\"](.+)['\"]", re.MULTILINE)


def describe_unused_card() -> str:
    """That NVIDIA's driver meets a torch for the processor alone, and what to do, in one line.

    Empty if that is not so, or if somebody has hidden the card from torch. It asks the driver,
    which may take seconds: call it on a thread that may wait.
    """
    version = processor_build()
    if version is None or os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in ("", "-1"):
        return ""
    try:
        cards = find_cards()
    except DriverSilent:  # the doctor says so; a card that does not work could not be used
        return ""
    if not cards:
        return ""
    what = f"{cards[0].name} is not used: this SA Studio computes on the processor alone."
    return f"{what} {install_for(version, cards[0])}"


def processor_build() -> str | None:
    """The version of a torch that is built for the processor alone; ``None`` for any other."""
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        return None
    file = Path(spec.submodule_search_locations[0]) / "version.py"
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:  # a torch that does not say what it is built for is no reason for a word
        return None
    found = _VERSION.search(text)
    return found[1] if found is not None and _BUILT_FOR.search(text) is None else None
