"""A real sound server of the tests' own: PulseAudio with a null sink, away from the user's."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SINK = "test_sink"
RATE = 44100
# what PortAudio reaches through ALSA is the sound server
ASOUNDRC = """
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


def require(*programs: str) -> None:
    """Skip where the programs are missing; on CI, which installs them, fail instead."""
    missing = [name for name in programs if shutil.which(name) is None]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@contextmanager
def sound_server(folder: Path) -> Iterator[dict[str, str]]:
    """Start the server; gives the environment in which programs play to it."""
    require("pulseaudio", "parec", "pactl")
    home, runtime = folder / "home", folder / "runtime"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    (home / ".asoundrc").write_text(ASOUNDRC)
    socket = runtime / "native"
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "PULSE_RUNTIME_PATH": str(runtime),
        "PULSE_SERVER": f"unix:{socket}",
    }
    sink = f"module-null-sink sink_name={SINK} rate={RATE} channels=2 format=float32le"
    with (folder / "pulseaudio.log").open("w") as log:
        server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"),
                *("--disallow-exit", "--log-target=stderr", "-L", sink),
                *("-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}"),
            ],
            env=environment,
            stderr=log,
            stdout=log,
        )
    try:
        _wait_until_ready(environment)
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait_until_ready(environment: dict[str, str]) -> None:
    for _ in range(100):
        done = subprocess.run(
            ["pactl", "list", "short", "sinks"], env=environment, capture_output=True, check=False
        )
        if SINK.encode() in done.stdout:
            return
        time.sleep(0.1)
    pytest.fail("the sound server did not start")


@contextmanager
def recording(environment: dict[str, str], file: Path) -> Iterator[None]:
    """Record what the sink plays, as float32 stereo."""
    with file.open("wb") as out:
        recorder = subprocess.Popen(
            [
                *("parec", "--raw", f"--device={SINK}.monitor", "--format=float32le"),
                *(f"--rate={RATE}", "--channels=2", "--latency-msec=20"),
            ],
            env=environment,
            stdout=out,
        )
        try:
            for _ in range(100):  # until the monitor delivers
                if file.stat().st_size:
                    break
                time.sleep(0.05)
            yield
            time.sleep(0.5)
        finally:
            recorder.terminate()
            recorder.wait(timeout=10)
