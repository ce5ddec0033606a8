"""What became of takes that come to nothing, noted in the library as far as it can be written."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from sa_studio.errors import LibraryError
from sa_studio.generation import Clip, ClipState
from sa_studio.library.history import History

log = logging.getLogger(__name__)


def note_outcome(
    history: History, clips: Iterable[Clip], state: ClipState, message: str = "", hint: str = ""
) -> tuple[Clip, ...]:
    """Note that takes failed, were cancelled or interrupted; returns them as they are now.

    The disk that failed a job may fail its record, too. The queue goes on all the same, and what
    is shown of the takes is true; they are offered to be resumed at the next start.
    """
    clips = tuple(clips)
    try:
        return history.fail([clip.id for clip in clips], state, message, hint)
    except LibraryError as error:
        for job_id in sorted({clip.job_id for clip in clips}):
            log.error("what became of job %s is not stored: %s", job_id, error.one_line())
        return tuple(replace(clip, state=state, error=message, hint=hint) for clip in clips)
