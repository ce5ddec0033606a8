"""How long it takes to make a sound: from the prompt to the finished file, without loading."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

import torch

from sa_studio.audio.files import write_audio
from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.generation import GeneratedAudio, GenerationRequest

THREADS = 2
RUNS = 3


def seconds_to_make(pipeline: AudioPipeline, prompt: str, seconds: float) -> float:
    """The median of three runs on two threads, after one that warms up."""
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        with tempfile.TemporaryDirectory() as folder:
            # another prompt each time: the states of those that were read are remembered
            runs = [
                _run(pipeline, f"{prompt}, take {take}", seconds, Path(folder) / f"{take}.wav")
                for take in range(RUNS + 1)
            ]
    finally:
        torch.set_num_threads(before)
    return median(runs[1:])


def _run(pipeline: AudioPipeline, prompt: str, seconds: float, path: Path) -> float:
    started = time.perf_counter()
    *_, last = pipeline.generate(GenerationRequest(prompt, seconds=seconds, seed=1))
    assert isinstance(last, GeneratedAudio)
    write_audio(path, last.audio, last.sample_rate)
    return time.perf_counter() - started
