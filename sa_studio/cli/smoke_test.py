"""``sa-studio --smoke-test``: whether an installation can do what it is there for."""

from __future__ import annotations

import sys
import tempfile

from sa_studio import __version__
from sa_studio.cli.exit_status import BUG, DONE
from sa_studio.events import ClipFinished, JobEvent, JobFailed
from sa_studio.generation import Clip, GenerationRequest

SECONDS = 0.5


def run() -> int:
    """Make a short sound from nothing in a folder of its own, and read it back."""
    import soundfile

    from sa_studio.service import Studio

    with tempfile.TemporaryDirectory() as folder, Studio(folder) as studio:
        finished: list[Clip] = []
        problems: list[str] = []

        def emit(event: JobEvent) -> None:
            match event:
                case ClipFinished(clip=clip):
                    finished.append(clip)
                case JobFailed(message=message):
                    problems.append(message)

        studio.submit(GenerationRequest("kick drum", seconds=SECONDS, seed=1, steps=4))
        studio.run_until_empty(emit)
        if problems or not finished:
            reason = " ".join(problems) or "no sound was made"
            print(f"sa-studio: the smoke test failed: {reason}", file=sys.stderr)
            return BUG
        info = soundfile.info(str(finished[0].path))
        if info.frames != round(SECONDS * info.samplerate):
            print(f"sa-studio: the smoke test failed: {info.frames} samples", file=sys.stderr)
            return BUG
        print(f"SA Studio {__version__}: made {info.duration:g} s at {info.samplerate} Hz")
    return DONE
