"""What the figures were measured on; without it they mean nothing."""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path
from typing import Any


def describe_machine() -> dict[str, Any]:
    """Processor, load, versions; torch only if it has been imported already."""
    facts: dict[str, Any] = {
        "system": platform.platform(),
        "processor": processor_name(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    if hasattr(os, "getloadavg"):
        facts["load_1min"] = round(os.getloadavg()[0], 2)
    torch = sys.modules.get("torch")
    if torch is not None:
        facts["torch"] = torch.__version__
        facts["torch_threads"] = torch.get_num_threads()
    return facts


def processor_name() -> str:
    """The processor as the system calls it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:  # only Linux has that file
        pass
    return platform.processor() or platform.machine()


def seconds_since_process_start() -> float | None:
    """Age of this process, interpreter start included; ``None`` where that cannot be asked."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    # field 22 of proc(5), counted in clock ticks since boot; two fields precede the last bracket
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started
