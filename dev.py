#!/usr/bin/env python3
"""Run or test SA Studio from a checkout, with nothing but Python 3.11+ (pip and venv).

    python3 dev.py run [ARG …]     start SA Studio; arguments go to it (generate …, doctor, …)
    python3 dev.py test [ARG …]    lint, type-check, check the imports, then pytest ARG …
    python3 dev.py picture         draw docs/architecture/rooms.svg from the imports

The first start makes `.venv` and installs the pinned packages; later ones only compare a hash.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "sa-studio-installed"
MINIMUM_PYTHON = (3, 11)

# shared library → Debian package; what Qt's window and the sound output load at run time
SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libportaudio.so.2": "libportaudio2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def say(text: str) -> None:
    """Print a line about what this script does; stdout belongs to the program that is run."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def call(command: Sequence[object], *, quiet: bool = False) -> int:
    """Run a command in the checkout and return its exit status."""
    words = [str(word) for word in command]
    if not quiet:
        say(shlex.join(words))
    return subprocess.call(words, cwd=ROOT)


def venv_program(name: str) -> Path:
    """The path of a program inside the virtual environment."""
    if os.name == "nt":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


def missing_system_packages() -> list[str]:
    """Debian packages whose libraries the dynamic linker does not know; Linux only."""
    ldconfig = shutil.which("ldconfig") or shutil.which("ldconfig", path="/usr/sbin:/sbin")
    if not sys.platform.startswith("linux") or ldconfig is None:
        return []
    known = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    if not known:
        return []
    return sorted({pkg for lib, pkg in SYSTEM_LIBRARIES.items() if f"\t{lib} " not in known})


def see_to_system_libraries() -> None:
    """Install missing system libraries if that needs no prompt, else say what to type."""
    packages = missing_system_packages()
    if not packages:
        return
    if shutil.which("apt-get") is None:
        say(
            "some system libraries are missing; without them the window or the sound output may "
            f"not start. Their names on Debian: {' '.join(packages)}"
        )
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() == 0:
        prefix: list[str] = []
    elif (
        shutil.which("sudo")
        and subprocess.call(
            ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        == 0
    ):
        prefix = ["sudo", "-n"]
    else:
        say("some system libraries are missing; to get the window and the sound output, type:")
        say(f"    sudo {shlex.join(install)}")
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    say(f"installing system libraries: {' '.join(packages)}")
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(
            [*prefix, *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=False,
        )
        if done.returncode != 0:
            say(f"that did not work; to try it yourself, type: sudo {shlex.join(install)}")
            return


def wanted_hash(extra: str) -> str:
    """What the installed environment depends on, as a hash."""
    digest = hashlib.sha256(f"{extra} {sys.version} {sys.prefix}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed_hashes() -> set[str]:
    """The hashes of what was installed into `.venv` already."""
    return set(STAMP.read_text().split()) if STAMP.is_file() else set()


def install(extra: str) -> None:
    """Make `.venv` hold the project and, if named, an extra of pyproject.toml.

    Raises:
        SystemExit: when an environment cannot be made or pip fails, with what to do.
    """
    wanted = wanted_hash(extra)
    if wanted in installed_hashes():
        return
    see_to_system_libraries()
    python = venv_program("python")
    if not python.is_file():
        say(f"making {VENV.name}")
        if call([sys.executable, "-m", "venv", VENV], quiet=True) != 0:
            shutil.rmtree(VENV, ignore_errors=True)
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise SystemExit(
                "dev.py: Python could not make a virtual environment. On Debian and Ubuntu, "
                f"type: sudo apt-get install python{version}-venv"
            )
    target = f".[{extra}]" if extra else "."
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
    command = [*pip, "-q", "-c", "constraints.txt", "-e", target]
    say(f"installing {target} (the first time this takes some minutes)")
    if subprocess.call([str(word) for word in command], cwd=ROOT, stdout=sys.stderr) != 0:
        raise SystemExit(
            "dev.py: pip could not install the packages; its message is above. Check the network "
            "and the disk space, then start again: nothing has to be undone."
        )
    STAMP.write_text("\n".join({*installed_hashes(), wanted}) + "\n")


def run(arguments: list[str]) -> int:
    """Start SA Studio with ``arguments``; returns its exit status."""
    install("")
    return call([venv_program("python"), "-m", "sa_studio", *arguments], quiet=True)


def test(arguments: list[str]) -> int:
    """Run every check; pytest comes last, with ``arguments``."""
    install("dev")
    checks = (
        [venv_program("ruff"), "format", "--check", "."],
        [venv_program("ruff"), "check", "."],
        [venv_program("mypy")],
        [venv_program("lint-imports")],
    )
    for check in checks:
        status = call(check)
        if status != 0:
            return status
    return call([venv_program("python"), "-m", "pytest", *arguments])


def picture(arguments: list[str]) -> int:
    """Draw the rooms of the package; needs nothing that is installed."""
    return call([sys.executable, ROOT / "docs" / "architecture" / "picture.py", *arguments])


def main(arguments: list[str]) -> int:
    """Dispatch the commands."""
    if sys.version_info < MINIMUM_PYTHON:
        wanted = ".".join(map(str, MINIMUM_PYTHON))
        say(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}")
        return 2
    commands = {"run": run, "test": test, "picture": picture}
    if not arguments or arguments[0] not in commands:
        say("usage: python3 dev.py run [ARG …] | test [ARG …] | picture [--check]")
        return 2
    try:
        return commands[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
