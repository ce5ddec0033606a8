"""What the building machine must have, said before an hour is spent."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil

from installer.build import Build, Stop
from installer.steps import Say, Step, Task

# program → Debian package
LINUX_PROGRAMS = {
    "objdump": "binutils",
    "ldconfig": "libc-bin",
    "dpkg-deb": "dpkg",
}
CLEAN_ROOT_PROGRAMS = {
    "debootstrap": "debootstrap",
    "chroot": "coreutils",
    "dbus-daemon": "dbus-daemon",
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
}
# Library → Debian package; what is not here when it is frozen, the bundle lacks
LINUX_LIBRARIES = {
    "portaudio": "libportaudio2",
    "EGL": "libegl1",
    "GL": "libgl1",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-randr": "libxcb-randr0",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-xinerama": "libxcb-xinerama0",
    "xcb-xkb": "libxcb-xkb1",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}
OTHER_PROGRAMS = {
    "windows": {"ISCC": "Inno Setup 6.3 or newer, https://jrsoftware.org/isdl.php"},
    "macos": {"hdiutil": "macOS", "codesign": "Xcode's command line tools"},
}
SYSTEM_PATH = "/usr/sbin:/sbin"
FREE_BYTES = {"cpu": 6 * 2**30, "cuda": 30 * 2**30}


def check_step(build: Build, *, in_clean_root: bool) -> Step:
    """Look for programs, libraries and room on the disk."""
    return Step(
        "Check this machine",
        [
            Task(
                "programs, libraries that are frozen with it, free space on the disk",
                lambda say: check(build, say, in_clean_root=in_clean_root),
            )
        ],
    )


def check(build: Build, say: Say, *, in_clean_root: bool) -> None:
    """Stop with everything that is missing at once, and the command that gets it.

    Raises:
        Stop: something is missing.
    """
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop("This Python has no venv. On Debian: apt-get install python3-venv")
    programs = OTHER_PROGRAMS.get(build.system, LINUX_PROGRAMS)
    if in_clean_root:
        programs = {**programs, **CLEAN_ROOT_PROGRAMS}
        if os.geteuid() != 0:
            raise Stop("--clean-root makes a root folder of its own: start it as root")
    path = os.pathsep.join([os.environ.get("PATH", ""), SYSTEM_PATH])
    missing = {package for name, package in programs.items() if not shutil.which(name, path=path)}
    if build.system == "linux":
        libraries = LINUX_LIBRARIES.items()
        missing |= {package for name, package in libraries if not ctypes.util.find_library(name)}
    if missing:
        get = "apt-get install" if build.system == "linux" else "get"
        raise Stop(f"Missing here; {get} {' '.join(sorted(missing))}")
    build.work.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(build.work).free
    if free < FREE_BYTES[build.torch]:
        wanted = FREE_BYTES[build.torch] / 2**30
        raise Stop(f"{free / 2**30:.1f} GiB are free on the disk; {wanted:.0f} are needed")
    say("everything is here")
