"""A job: one request with all its takes, on its way through the queue."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sa_studio.generation import Clip, GenerationRequest


@dataclass(frozen=True, slots=True)
class Job:
    """What the runner needs; ``cancel`` and ``interrupt`` may be set from any thread.

    Attributes:
        request: fully resolved; what all takes have in common.
        clips: its takes in the library, each with what makes it alone.
        cancel: the user wants it no more.
        interrupt: the application ends; its takes can be resumed.
    """

    id: str
    request: GenerationRequest
    clips: tuple[Clip, ...]
    cancel: threading.Event = field(default_factory=threading.Event)
    interrupt: threading.Event = field(default_factory=threading.Event)
