"""ffmpeg's loudness meter: an implementation of EBU R 128 that is not ours."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg")
VALUE = re.compile(r"lavfi\.r128\.(I|true_peaks_ch\d)=(\S+)")


def metered(sounds: Sequence[tuple[np.ndarray, int]], folder: Path) -> list[tuple[float, float]]:
    """Integrated loudness in LUFS and true peak in dBTP of each [channels, samples], rate in Hz."""
    inputs: list[str] = []
    graph: list[str] = []
    outputs: list[str] = []
    for number, (audio, rate) in enumerate(sounds):
        soundfile.write(folder / f"{number}.wav", audio.T, rate, subtype="FLOAT")
        inputs += ["-i", f"{number}.wav"]
        graph.append(
            f"[{number}:a]ebur128=peak=true:metadata=1,"
            f"ametadata=print:file={number}.txt[out{number}]"
        )
        outputs += ["-map", f"[out{number}]"]
    command = ["ffmpeg", "-v", "error", "-nostdin", *inputs, "-filter_complex", ";".join(graph)]
    subprocess.run([*command, *outputs, "-f", "null", "-"], cwd=folder, check=True)
    return [_last_values(folder / f"{number}.txt") for number in range(len(sounds))]


def _last_values(file: Path) -> tuple[float, float]:
    """What the meter says when the sound has ended; it gives peaks as factors."""
    values = {name: float(value) for name, value in VALUE.findall(file.read_text())}
    peak = max(value for name, value in values.items() if name != "I")
    return values["I"], 20 * math.log10(peak)
