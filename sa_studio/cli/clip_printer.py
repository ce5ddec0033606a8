"""Shows a generation as it happens: results to stdout, a progress bar to a terminal's stderr."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sa_studio.cli.clip_facts import clip_facts
from sa_studio.errors import AudioFileError
from sa_studio.events import (
    ClipFinished,
    JobEvent,
    JobFailed,
    ModelLoading,
    ModelReady,
    PlanChanged,
    Progress,
)
from sa_studio.generation import Clip, ClipState


class ClipPrinter:
    """A listener for job events, to be used as a context manager.

    Args:
        target: where each finished take is copied to, if anywhere.
        as_json: print an object for each take instead of its path.

    Attributes:
        failure: the job's, if it failed.
        copy_problem: the first copy that could not be made, if any.
    """

    def __init__(self, target: Callable[[Clip], Path] | None, *, as_json: bool) -> None:
        self.failure: JobFailed | None = None
        self.copy_problem: AudioFileError | None = None
        self._target, self._json = target, as_json
        self._bar: Any = None

    def __enter__(self) -> ClipPrinter:
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(bar_format="{desc} {percentage:3.0f}% |{bar}|", leave=False)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, event: JobEvent) -> None:
        """Show ``event``; called on the thread that generates."""
        match event:
            case ClipFinished(clip=clip):
                self._finished(clip)
            case JobFailed():
                self.failure = event
            case ModelLoading() if self._bar is not None:
                self._bar.set_description_str("loading the model")
            case ModelReady(device=device, plan=plan) if self._bar is not None:
                self._say(f"{device}, {plan}")
            case PlanChanged(plan=plan, reason=reason):
                self._say(f"sa-studio: {reason}; trying again with: {plan}")
            case Progress() if self._bar is not None:
                self._progress(event)

    def _say(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        print(text, file=sys.stderr, flush=True)

    def _progress(self, event: Progress) -> None:
        what = "decoding" if event.state is ClipState.DECODING else "sampling"
        left = "" if event.eta_seconds is None else f", {event.eta_seconds:.0f} s left"
        text = f"take {event.take + 1}/{event.takes}, {what}{left}"
        self._bar.set_description_str(text, refresh=False)
        self._bar.total = event.steps
        self._bar.update(event.step - self._bar.n)

    def _finished(self, clip: Clip) -> None:
        path = clip.path
        assert path is not None
        if self._target is not None:
            try:
                path = copy_sound(path, self._target(clip))
            except AudioFileError as error:
                # the sound is in the library all the same, and so will the next ones be
                self.copy_problem = self.copy_problem or error
        if self._bar is not None:
            self._bar.clear()
        print(json.dumps(clip_facts(clip, path)) if self._json else path, flush=True)


def copy_sound(source: Path, wanted: Path) -> Path:
    """Copy a sound to ``wanted``, or to a name beside it that is free; returns that.

    Raises:
        AudioFileError: it cannot be written.
    """
    from sa_studio.audio.claim import claim

    target = claim(wanted)
    try:
        shutil.copyfile(source, target)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise AudioFileError(
            f"The sound cannot be copied to {str(target)!r} ({error.strerror or error})",
            f"It is kept as {str(source)!r}.",
        ) from error
    return target
