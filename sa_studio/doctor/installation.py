"""The application, Python, and the packages, against what the application asks for."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from sa_studio import __version__
from sa_studio.doctor.finding import Finding, State
from sa_studio.doctor.pip_command import pip_install

DISTRIBUTION = "sa-studio"
SUPPORTED_PYTHON = SpecifierSet(">=3.11")


def examine_application() -> Iterator[Finding]:
    """Versions of what everything stands on."""
    yield Finding("SA Studio", State.OK, __version__)
    version = platform.python_version()
    bits = 64 if sys.maxsize > 2**32 else 32
    text = f"{version} ({sys.executable})"
    # release candidates count as what they will be
    if not SUPPORTED_PYTHON.contains(version, prereleases=True):
        yield Finding("Python", State.PROBLEM, text, "Install Python 3.11 or newer.")
    elif bits == 32:
        hint = "Install the 64-bit edition of Python: there is no torch for this one."
        yield Finding("Python", State.PROBLEM, f"{text}, 32-bit", hint)
    else:
        yield Finding("Python", State.OK, text)
    system = f"{platform.platform()}, {os.cpu_count()} processor threads"
    yield Finding("System", State.OK, system)


def examine_packages() -> Iterator[Finding]:
    """Each package that the application requires, in the version that is installed."""
    for requirement in _requirements():
        try:
            metadata = importlib.metadata.metadata(requirement.name)
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(
                requirement.name, State.PROBLEM, "not installed", pip_install(str(requirement))
            )
            continue
        name = metadata["Name"].replace("_", "-")
        if requirement.specifier.contains(version, prereleases=True):
            yield Finding(name, State.OK, version)
        else:
            text = f"{version}, but SA Studio needs {requirement.specifier}"
            yield Finding(name, State.PROBLEM, text, pip_install(str(requirement)))


def _requirements() -> Iterator[Requirement]:
    """What ``pyproject.toml`` asks for, as it was recorded when the application was installed.

    Nothing where it was not: in a packaged application, which brings its own.
    """
    try:
        recorded = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for line in recorded:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            requirement.marker = None
            yield requirement
