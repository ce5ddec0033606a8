"""The line that the window says when a card lies idle, found without importing torch."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sa_studio.doctor.unused_card import describe_unused_card, processor_build
from tests.doctor.fake_nvidia import install_nvidia_smi

CPU = "cuda: Optional[str] = None\nhip: Optional[str] = None\n"
CUDA = "cuda: Optional[str] = '13.0'\nhip: Optional[str] = None\n"
ROCM = "cuda: Optional[str] = None\nhip: Optional[str] = '6.4'\n"


@pytest.fixture
def torch_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a torch in front that says what it is built for."""

    def install(content: str) -> None:
        package = tmp_path / "site" / "torch"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("raise ImportError('nobody may import it')\n")
        (package / "version.py").write_text(f"__version__ = '2.13.0+some'\n{content}")
        monkeypatch.delitem(sys.modules, "torch", raising=False)
        monkeypatch.syspath_prepend(str(package.parent))
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)

    return install


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "NVIDIA GeForce RTX 4070, 580.65.06, 12282, 8.9"
    monkeypatch.setenv("PATH", str(install_nvidia_smi(tmp_path / "driver", line)))


@pytest.mark.usefixtures("driver")
def test_a_driver_and_a_torch_for_the_processor(torch_build: Callable[[str], None]) -> None:
    torch_build(CPU)
    line = describe_unused_card()
    assert line.startswith("NVIDIA GeForce RTX 4070 is not used: this SA Studio computes on the ")
    assert "-m pip install torch==2.13.0+cu130 --index-url" in line
    assert "\n" not in line


@pytest.mark.usefixtures("driver")
def test_an_installed_application_is_replaced_as_a_whole(
    torch_build: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_build(CPU)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    line = describe_unused_card()
    assert "-cuda" in line
    assert "pip" not in line


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize("content", [CUDA, ROCM])
def test_a_torch_for_cards_is_no_reason_for_a_word(
    torch_build: Callable[[str], None], content: str
) -> None:
    torch_build(content)
    assert processor_build() is None
    assert describe_unused_card() == ""


@pytest.mark.usefixtures("driver")
def test_a_hidden_card_is_meant_to_be_idle(
    torch_build: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_build(CPU)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert describe_unused_card() == ""


def test_no_card_and_a_silent_driver_say_nothing(
    torch_build: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_build(CPU)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert describe_unused_card() == ""
    silent = install_nvidia_smi(tmp_path / "silent", "Unable to talk to the driver", status=9)
    monkeypatch.setenv("PATH", str(silent))
    assert describe_unused_card() == ""


def test_the_real_torch_tells_its_version_without_being_imported() -> None:
    code = (
        "from sa_studio.doctor.unused_card import processor_build; import sys; "
        "print(processor_build()); assert 'torch' not in sys.modules; import torch; "
        "built = torch.version.cuda or torch.version.hip; "
        "print(None if built else torch.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told, true = done.stdout.split()
    assert told == true
