"""``sa-studio --smoke-test``: whether an installation can do what it is there for."""

from __future__ import annotations

import sys
import tempfile

from sa_studio import __version__
from sa_studio.cli.exit_status import BUG, DONE
from sa_studio.events import ClipFinished, JobEvent, JobFailed
from sa_studio.generation import Clip, GenerationRequest

SECONDS = 1.0
MODEL = "starter"


def run() -> int:
    """Make one second of sound with the starter, in a folder of its own, and read it back.

    It goes the way of every sound: through the queue, into a file, into the library. One line on
    stdout says so; one on stderr, what failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            clip_id = _make(folder)
            print(_check(folder, clip_id))
        except _SmokeTestError as failure:
            print(f"sa-studio: the smoke test failed: {failure}", file=sys.stderr)
            return BUG
    return DONE


class _SmokeTestError(Exception):
    """Says what is wrong."""


def _make(folder: str) -> str:
    """The id of a take that was made."""
    from sa_studio.service import Studio

    finished: list[Clip] = []
    problems: list[str] = []

    def emit(event: JobEvent) -> None:
        match event:
            case ClipFinished(clip=clip):
                finished.append(clip)
            case JobFailed(message=message):
                problems.append(message)

    with Studio(folder) as studio:
        request = GenerationRequest("kick drum", seconds=SECONDS, seed=1, steps=4, model=MODEL)
        studio.submit(request)
        studio.run_until_empty(emit)
    if problems or not finished:
        raise _SmokeTestError(" ".join(problems) or "no sound was made")
    return finished[0].id


def _check(folder: str, clip_id: str) -> str:
    """Compare what the library says, opened anew, with what the file holds; the line to print."""
    from sa_studio.service import Studio

    with Studio(folder) as studio:
        found = [clip.id for clip in studio.clips()]
        if found != [clip_id]:
            raise _SmokeTestError(f"the library holds {found}, not {clip_id!r}")
        samples, rate = studio.read_audio(clip_id)
    seconds = samples.shape[-1] / rate
    if samples.shape != (2, round(SECONDS * rate)):
        raise _SmokeTestError(f"{samples.shape[0]} channels of {seconds:g} s")
    if not samples.any():
        raise _SmokeTestError("the sound is silent")
    made = f"SA Studio {__version__}: made {seconds:g} s at {rate} Hz with {MODEL}"
    return f"{made}; file and library agree"
