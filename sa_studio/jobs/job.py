"""A job: one request with all its takes, on its way through the queue."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sa_studio.generation import Clip, GenerationRequest


@dataclass(frozen=True, slots=True)
class Job:
    """What the runner needs; ``cancel`` may be set from any thread.

    Attributes:
        request: fully resolved.
        clips: its takes in the library.
    """

    id: str
    request: GenerationRequest
    clips: tuple[Clip, ...]
    cancel: threading.Event = field(default_factory=threading.Event)
