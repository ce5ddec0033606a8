"""macOS: an application, signed if there is an identity, on a disk image."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from installer.build import Build
from installer.smoke import smoke_test
from installer.steps import Command, Say, Step, Task, fill

NOTE = "Read me.txt"
IDENTITY = "SA_STUDIO_SIGNING_IDENTITY"
"""Names the certificate, such as ``Developer ID Application: Somebody (TEAM)``."""
NOTARY_PROFILE = "SA_STUDIO_NOTARY_PROFILE"
"""Names what ``xcrun notarytool store-credentials`` has kept."""
UNSIGNED = (
    f"signing skipped: {IDENTITY} names no identity; whoever opens the application the first "
    "time has to allow it under System Settings, Privacy & Security"
)
ATTACH = ("hdiutil", "attach", "-nobrowse", "-readonly", "-mountpoint")
UNNOTARISED = f"notarisation skipped: {NOTARY_PROFILE} names no profile of notarytool"


def sign_steps(build: Build) -> list[Step]:
    """Sign the .app; skipped with a line that says so where there is no identity."""
    return [Step("Sign the application", [_sign(build)])]


def wrap_steps(build: Build) -> list[Step]:
    """The .dmg: the application beside a link to where it belongs."""
    image, stage = build.asset(".dmg"), build.work / "dmg"
    return [
        Step(
            "Wrap: a disk image",
            [
                Command(("rm", "-rf", stage, image)),
                Command(("mkdir", "-p", stage, build.wrapped)),
                Command(("cp", "-R", build.frozen, stage)),
                Task(
                    f"write {build.short(stage / NOTE)}, which says where the user's sounds are",
                    lambda _: write_note(build, stage / NOTE),
                ),
                Command(("ln", "-s", "/Applications", stage / "Applications")),
                Command(
                    (
                        "hdiutil",
                        "create",
                        "-volname",
                        "SA Studio",
                        "-srcfolder",
                        stage,
                        "-format",
                        "UDZO",
                        image,
                    )
                ),
                *_notarise(image),
            ],
        )
    ]


def test_steps(build: Build) -> list[Step]:
    """The smoke test from the disk image."""
    image, place = build.short(build.asset(".dmg")), Path("DIR")
    program = build.executable(place / build.frozen.name)
    return [
        Step(
            "Smoke-test what was wrapped, in an empty folder DIR",
            [
                Task(
                    f"run {shlex.join([*ATTACH, str(place), image])}; "
                    f"{shlex.join([str(program), '--smoke-test'])}; hdiutil detach {place}",
                    lambda say: test_image(build, say),
                )
            ],
        )
    ]


def _sign(build: Build) -> Command | Task:
    identity = os.environ.get(IDENTITY)
    if not identity:
        return Task(UNSIGNED, lambda say: say(UNSIGNED))
    entitlements = build.packaging / "macos" / "entitlements.plist"
    words = ("codesign", "--force", "--deep", "--options", "runtime", "--timestamp")
    return Command(
        (*words, "--entitlements", entitlements, "--sign", identity, build.frozen),
    )


def _notarise(image: Path) -> list[Command | Task]:
    profile = os.environ.get(NOTARY_PROFILE)
    if not profile or not os.environ.get(IDENTITY):
        return [Task(UNNOTARISED, lambda say: say(UNNOTARISED))]
    words = ("xcrun", "notarytool", "submit", "--wait", "--keychain-profile", profile)
    # stapled, so that it opens on a Mac without a network, too
    return [Command((*words, image)), Command(("xcrun", "stapler", "staple", image))]


def write_note(build: Build, note: Path) -> None:
    """What lies beside the application: macOS runs nothing when it is thrown away."""
    text = fill(build.packaging / "macos" / NOTE, version=build.version)
    note.write_text(text, encoding="utf-8")


def test_image(build: Build, say: Say) -> None:
    """Attach, make a sound, detach."""
    with tempfile.TemporaryDirectory() as folder:
        image = str(build.asset(".dmg"))
        subprocess.run([*ATTACH, folder, image], check=True, capture_output=True)
        try:
            smoke_test(build.executable(Path(folder) / build.frozen.name), say)
        finally:
            subprocess.run(["hdiutil", "detach", folder], check=False, capture_output=True)
