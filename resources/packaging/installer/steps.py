"""Steps of a build: each is shown as it will be done, and done as it was shown."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from installer.build import Build, Stop

Say = Callable[[str], None]


@dataclass(frozen=True)
class Command:
    """A program that is run.

    Attributes:
        words: the program and its arguments.
        otherwise: what is run instead if it fails.
    """

    words: tuple[str | Path, ...]
    otherwise: Command | None = None

    def text(self, build: Build) -> str:
        """The line to type, from the checkout's folder."""
        words = [build.short(word) if isinstance(word, Path) else word for word in self.words]
        if build.system == "windows":
            return subprocess.list2cmdline(words)
        return shlex.join(words)

    def run(self, build: Build) -> None:
        """Run it in the checkout; what it says goes to a file."""
        log = build.work / "log.txt"
        with log.open("ab") as output:
            output.write(f"\n$ {self.text(build)}\n".encode())
            output.flush()
            done = subprocess.run(
                [str(word) for word in self.words],
                cwd=build.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode == 0:
            return
        if self.otherwise is not None:
            self.otherwise.run(build)
            return
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        raise Stop(
            "\n".join([*tail, f"It failed: {self.text(build)}", f"All of it: {build.short(log)}"])
        )


@dataclass(frozen=True)
class Task:
    """Something the script does itself.

    Attributes:
        text: what, in a few words.
        work: does it, and says with its argument what came out.
    """

    text: str
    work: Callable[[Say], None]


@dataclass(frozen=True)
class Step:
    """A part of the build."""

    title: str
    parts: Sequence[Command | Task]


def print_plan(build: Build, steps: Sequence[Step], say: Say) -> None:
    """Say what would be done."""
    say(f"{build.name}: {len(steps)} steps")
    for number, step in enumerate(steps, 1):
        say(f"{number:2}. {step.title}")
        for part in step.parts:
            if isinstance(part, Task):
                say(f"      - {part.text}")
                continue
            say(f"      $ {part.text(build)}")
            if part.otherwise is not None:
                say(f"        or, if that fails: {part.otherwise.text(build)}")


def run_steps(build: Build, steps: Sequence[Step], say: Say) -> None:
    """Do everything, one step after the other.

    Raises:
        Stop: something failed.
    """
    build.work.mkdir(parents=True, exist_ok=True)
    for number, step in enumerate(steps, 1):
        say(f"{number:2}. {step.title}")
        begun = time.monotonic()
        for part in step.parts:
            if isinstance(part, Task):
                part.work(lambda text: say(f"      {text}"))
            else:
                part.run(build)
        say(f"      done in {time.monotonic() - begun:.0f} s")


def fill(template: Path, **words: str) -> str:
    """A template with its ``$words`` filled in; one that is missing is an error."""
    return Template(template.read_text(encoding="utf-8")).substitute(words)
