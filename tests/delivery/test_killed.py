"""Whatever moment an export is killed at, its folder holds whole files and nothing else."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.audio.files import write_audio
from sa_studio.delivery.new_file import PREFIX
from tests.delivery.takes import RATE, hit

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="Windows has no SIGKILL and no fork"
)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("way", ["nameless", "hidden"])
@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_a_killed_export_leaves_whole_files_or_none(tmp_path: Path, kills: int, way: str) -> None:
    source, folder = tmp_path / "source.wav", tmp_path / "out"
    write_audio(source, hit(seconds=0.5), RATE)
    folder.mkdir()
    moments = random.Random(6)  # noqa: S311
    command = [sys.executable, "-m", "tests.delivery.export_forever"]
    exporter = subprocess.Popen(
        [*command, str(source), str(folder), way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert exporter.stdin is not None
    assert exporter.stdout is not None
    expected: tuple[int, bytes] | None = None
    seen: set[str] = set()
    written = interrupted = 0
    try:
        for _ in range(kills):
            print(file=exporter.stdin, flush=True)
            child = int(exporter.stdout.readline())
            # the delivery of this start has swept what the last one may have left
            assert not any(name.startswith(PREFIX) for name in seen & names_in(folder))
            time.sleep(moments.uniform(0, 0.08))  # any moment of some deliveries
            os.kill(child, signal.SIGKILL)
            assert exporter.stdout.readline() == "ended\n"
            seen = names_in(folder)
            hidden = {name for name in seen if name.startswith(".")}
            interrupted += len(hidden)
            if way == "nameless" and sys.platform == "linux":
                assert not hidden
            assert all(name.startswith(PREFIX) for name in hidden)
            for name in seen - hidden:
                content = (folder / name).read_bytes()
                samples, _ = soundfile.read(folder / name)
                expected = expected or (len(content), samples.tobytes())
                assert (len(content), samples.tobytes()) == expected
                (folder / name).unlink()
                written += 1
    finally:
        exporter.kill()
        exporter.communicate()
    assert written >= kills
    assert expected is not None
    assert np.frombuffer(expected[1]).size == 48_000
    if way == "hidden" and kills == 200:
        assert interrupted, "no kill came while a file was written: the test tests nothing"
