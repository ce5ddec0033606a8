"""What is built: for which system, with which torch, and where everything lies."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

SYSTEMS = ("linux", "windows", "macos")
TORCHES = ("cpu", "cuda")
# the build of torch that is asked for by name; "+" names are on PyTorch's own index alone
TORCH_LABELS = {"cpu": "cpu", "cuda": "cu130"}
TORCH_INDEX = "https://download.pytorch.org/whl/"
ARCHITECTURES = {"AMD64": "x86_64", "aarch64": "arm64"}
# of the processors that the other systems' files are made for
USUAL_ARCHITECTURES = {"linux": "x86_64", "windows": "x86_64", "macos": "arm64"}
# who answers for a package is for whoever passes it on to say; ".invalid" is no address (RFC 2606)
NOBODY = "Nobody yet <nobody@example.invalid>"
# what hosts of releases take at most
LARGEST_ASSET = 2 * 2**30


class Stop(Exception):  # noqa: N818 (it ends the build; the text says why and what to do)
    """The build cannot go on."""


def this_system() -> str:
    """The system that this machine builds for."""
    return {"Windows": "windows", "Darwin": "macos"}.get(platform.system(), "linux")


@dataclass(frozen=True)
class Build:
    """One installer.

    Args:
        root: the checkout.
        system: one of ``SYSTEMS``.
        torch: one of ``TORCHES``.
        work: where it is built; kept, so that a second build is quicker.
        output: where the finished files go.
        maintainer: who answers for the packages, as ``Name <address>``.
    """

    root: Path
    system: str
    torch: str
    work: Path
    output: Path
    maintainer: str = NOBODY

    @property
    def version(self) -> str:
        """The application's version, read without importing it."""
        text = (self.root / "sa_studio" / "__init__.py").read_text(encoding="utf-8")
        found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
        if found is None:
            raise Stop("sa_studio/__init__.py names no __version__")
        return found[1]

    @property
    def architecture(self) -> str:
        """Of the processor, as file names have it; on another system the usual one there."""
        if self.system != this_system():
            return USUAL_ARCHITECTURES[self.system]
        machine = platform.machine()
        return ARCHITECTURES.get(machine, machine)

    @property
    def name(self) -> str:
        """How the files begin, such as ``SA-Studio-0.1.0-linux-x86_64``."""
        with_cuda = "-cuda" if self.torch == "cuda" else ""
        return f"SA-Studio-{self.version}-{self.system}-{self.architecture}{with_cuda}"

    @property
    def torch_requirement(self) -> str:
        """What pip is asked for: the version of constraints.txt in the build that was chosen."""
        text = (self.root / "constraints.txt").read_text(encoding="utf-8")
        found = re.search(r"^torch==\S+$", text, re.MULTILINE)
        if found is None:
            raise Stop("constraints.txt pins no torch")
        return found[0] if self.system == "macos" else f"{found[0]}+{TORCH_LABELS[self.torch]}"

    @property
    def torch_index(self) -> str:
        """Where torch's builds with a label are."""
        return f"{TORCH_INDEX}{TORCH_LABELS[self.torch]}"

    @property
    def packaging(self) -> Path:
        """The spec, the templates and this package."""
        return self.root / "resources" / "packaging"

    @property
    def environment(self) -> Path:
        """The virtual environment that is frozen."""
        return self.work / "venv"

    def program(self, name: str) -> Path:
        """A program of the virtual environment."""
        if self.system == "windows":
            return self.environment / "Scripts" / f"{name}.exe"
        return self.environment / "bin" / name

    @property
    def icons(self) -> Path:
        """The icon in every form that a system wants."""
        return self.work / "icons"

    @property
    def frozen(self) -> Path:
        """The folder that PyInstaller made; on macOS the .app."""
        name = "SA Studio.app" if self.system == "macos" else "sa-studio"
        return self.work / "frozen" / name

    @property
    def libraries(self) -> Path:
        """Where the libraries and the data lie in it."""
        return self.frozen / ("Contents/Resources" if self.system == "macos" else "_internal")

    @property
    def notes(self) -> Path:
        """Where PyInstaller writes down where everything came from."""
        return self.work / "pyinstaller" / "sa_studio"

    def executable(self, folder: Path) -> Path:
        """The program with a console, below a copy of the frozen folder."""
        if self.system == "macos":
            return folder / "Contents" / "MacOS" / "sa-studio"
        return folder / ("sa-studio.exe" if self.system == "windows" else "sa-studio")

    @property
    def wrapped(self) -> Path:
        """Where the wrapped product lies before its size is looked at."""
        return self.work / "wrapped"

    def asset(self, suffix: str) -> Path:
        """A wrapped product."""
        return self.wrapped / f"{self.name}{suffix}"

    def short(self, path: Path) -> str:
        """A path as it is printed: from the checkout on, as the build's system writes paths."""
        text = os.path.relpath(path, self.root) if path.is_relative_to(self.root) else str(path)
        return str(PureWindowsPath(text)) if self.system == "windows" else text
