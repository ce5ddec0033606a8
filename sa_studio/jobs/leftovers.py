"""Takes that the end of the application interrupted, until they are resumed or given up."""

from __future__ import annotations

from collections.abc import Sequence

from sa_studio.generation import Clip
from sa_studio.jobs.job import Job
from sa_studio.library.history import History
from sa_studio.settings import Settings


class Leftovers:
    """What the queue held when the application ended, found again in the library.

    Args:
        history: the library.
        settings: where it is kept in which order jobs stood and what was given up.
    """

    def __init__(self, history: History, settings: Settings) -> None:
        self._history, self._settings = history, settings

    def clips(self) -> list[Clip]:
        """The interrupted takes that can be resumed, in the order in which they would be made."""
        clips = self._history.interrupted(self._settings.given_up)
        # jobs that came after the user last moved one stood behind those that were there
        ranks = {job_id: rank for rank, job_id in enumerate(self._settings.queue_order)}
        clips.sort(key=lambda clip: ranks.get(clip.job_id, len(ranks)))
        return clips

    def take_up(self) -> list[Job]:
        """Mark them as waiting again; returns their jobs, to be queued in this order.

        Raises:
            LibraryError: that cannot be noted; they stay as they are.
        """
        # all of them or none: a take that only says that it waits would be lost
        waiting = self._history.queue_again([clip.id for clip in self.clips()])
        by_job: dict[str, list[Clip]] = {}
        for clip in waiting:
            by_job.setdefault(clip.job_id, []).append(clip)
        return [Job(job_id, clips[0].request, tuple(clips)) for job_id, clips in by_job.items()]

    def give_up(self) -> None:
        """Never offer them again; they stay in the library.

        Raises:
            DataFolderError: that cannot be remembered.
        """
        clips = self.clips()
        if clips:
            self._settings.given_up = max(clip.created_at for clip in clips)
            self._settings.save()

    def remember_order(self, job_ids: Sequence[str]) -> None:
        """Keep the order of the queue for the next start.

        Raises:
            DataFolderError: it cannot be kept.
        """
        self._settings.queue_order = list(job_ids)
        self._settings.save()
