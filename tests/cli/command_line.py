"""The command line as tests use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sa_studio.library.history import History

KEYS = [
    *("clip_id", "path", "prompt", "seed", "seconds", "sample_rate", "channels", "model"),
    *("sampler", "steps", "guidance", "elapsed_seconds"),
]
QUICK = ("--seconds", "0.5", "--steps", "2", "--seed", "5")
Run = Callable[..., tuple[int, str, str]]


def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    """The command line as a process of its own."""
    command = [sys.executable, "-m", "sa_studio", *map(str, arguments)]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, text=True, **options)


def converse(
    *arguments: object, answers: Sequence[tuple[str, str]] = (), **options: Any
) -> tuple[int, str, str]:
    """The command line on a terminal: exit status, stdout, and what the terminal showed.

    Args:
        answers: pairs of what is waited for and what is then typed.
    """
    import pty
    import termios

    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 80))
    process = start(*arguments, stdin=follower, stderr=follower, **options)
    os.close(follower)
    shown = b""
    waiting = list(answers)
    try:
        while True:
            try:
                part = os.read(leader, 4096)
            except OSError:  # Linux: the other end is closed
                break
            if not part:
                break
            shown += part
            if waiting and waiting[0][0].encode() in shown:
                os.write(leader, waiting.pop(0)[1].encode())
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        os.close(leader)
    assert not waiting, f"{waiting[0][0]!r} was never asked: {shown!r}"
    return process.returncode, out, shown.decode()


def assert_one_line(error: str) -> None:
    assert error.startswith("sa-studio: ")
    assert error.count("\n") == 1
    assert error.endswith("\n")
    assert len(error) < 1000
    assert ". " in error, "what, then what to do"


def states(data_dir: Path) -> list[str]:
    history = History(data_dir / "library.sqlite3")
    found = [clip.state.value for clip in history.list()]
    history.close()
    return found


def copy_model(tiny_model: Path, folder: Path) -> Path:
    for path in tiny_model.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(tiny_model)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder
