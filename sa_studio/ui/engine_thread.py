"""The one thread on which jobs run, for the life of the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread, Signal

from sa_studio.service import Studio


class EngineThread(QThread):
    """Runs the job queue; everything that happens there comes out of one signal.

    torch is imported on this thread, by the first job, so the window never waits for it.
    """

    job_event = Signal(object)
    """A :class:`~sa_studio.events.JobEvent`; receivers in the window run on the GUI thread."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sa-studio-engine")
        self._studio = studio

    def run(self) -> None:
        """Runs on the new thread until :meth:`finish`."""
        self._studio.run_jobs(self.job_event.emit)

    def finish(self) -> None:
        """Let the running step end, then the thread; nothing is ever terminated."""
        self._studio.stop()
        self.wait()
