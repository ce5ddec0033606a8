"""What must not be imported too early; import-linter checks who may import whom."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "PySide6")
HUB = ("huggingface_hub", "keyring")


@pytest.mark.parametrize(
    ("code", "forbidden"),
    [
        ("import sa_studio.service", HEAVY),
        ("from sa_studio.cli import main; assert main(['--version']) == 0", (*HEAVY, "numpy")),
        ("from sa_studio.cli import main; assert main(['generate', '-h']) == 0", (*HEAVY, "numpy")),
        (
            "from sa_studio.cli import main; assert main(['models', 'download', '-h']) == 0",
            (*HEAVY, *HUB, "numpy"),
        ),
        ("from sa_studio.cli import main; assert main(['library', 'list']) == 0", HEAVY),
        ("from sa_studio.cli import main; assert main(['models', 'list']) == 0", (*HEAVY, *HUB)),
        ("from sa_studio.cli import main; assert main(['models', 'catalog']) == 0", (*HEAVY, *HUB)),
        ("from sa_studio.cli import main; assert main(['loras', 'list']) == 0", (*HEAVY, *HUB)),
        ("import sa_studio.doctor", (*HEAVY, *HUB, "sounddevice")),
        ("import sa_studio.engine", HEAVY),
        ("import sa_studio.engine.config", (*HEAVY, "numpy")),
        ("import sa_studio.generation, sa_studio.errors, sa_studio.events", (*HEAVY, "numpy")),
        ("import sa_studio.jobs.runner, sa_studio.jobs.cache", HEAVY),
        ("import sa_studio.service", ("sounddevice",)),
    ],
)
def test_heavy_packages_come_in_only_when_they_are_needed(
    code: str, forbidden: tuple[str, ...]
) -> None:
    check = f"{code}\nimport sys\nsys.exit(str([n for n in {forbidden!r} if n in sys.modules]))"
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert result.stderr.strip() == "[]"
