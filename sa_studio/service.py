"""Studio: the one door through which the window and the command line use everything else.

Importing this module imports neither torch nor Qt; torch comes in when the first job runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.errors import RequestError
from sa_studio.events import JobEvent
from sa_studio.generation import Clip, GenerationRequest, ModelInfo

if TYPE_CHECKING:
    import numpy as np


class Studio:
    """The application without a face: models, queue, library, presets, playback.

    Every method may be called from the GUI thread and returns quickly, except :meth:`run_jobs`
    and :meth:`run_until_empty`, which work on the thread that calls them.

    Args:
        data_dir: where everything is kept; see :class:`sa_studio.paths.DataFolder`.

    Raises:
        DataFolderError: the data folder cannot be created or written.
        LibraryError: the library database cannot be used.
    """

    def __init__(self, data_dir: Path | str | None = None) -> None:
        raise NotImplementedError

    # --- models -----------------------------------------------------------------------------
    def models(self) -> list[ModelInfo]:
        """Every installed model that can be used, the starter first; reads configs only."""
        raise NotImplementedError

    def model(self, model: str) -> ModelInfo:
        """The model with this id or path; raises ModelError if it is missing or unusable."""
        raise NotImplementedError

    # --- jobs -------------------------------------------------------------------------------
    def problems(self, request: GenerationRequest) -> list[RequestError]:
        """Everything that is wrong with ``request``; empty if it can be submitted."""
        raise NotImplementedError

    def submit(self, request: GenerationRequest) -> str:
        """Resolve the request, enter its takes into the library as queued, and queue the job.

        A ``JobQueued`` event goes to the listeners before this returns. Returns the job id.

        Raises:
            RequestError: the first of :meth:`problems`.
            ModelError: no such model.
        """
        raise NotImplementedError

    def cancel(self, job_id: str) -> None:
        """Cancel a queued or running job; unknown or finished ids are ignored."""
        raise NotImplementedError

    def run_jobs(self, emit: Callable[[JobEvent], None]) -> None:
        """Run jobs as they come, on this thread, until :meth:`stop`; blocks."""
        raise NotImplementedError

    def run_until_empty(self, emit: Callable[[JobEvent], None]) -> None:
        """Run the jobs that are queued, on this thread, and return."""
        raise NotImplementedError

    def stop(self) -> None:
        """Make :meth:`run_jobs` return after the running step; its job becomes cancelled."""
        raise NotImplementedError

    # --- library ----------------------------------------------------------------------------
    def clips(self, search: str = "", *, limit: int = 500, offset: int = 0) -> list[Clip]:
        """Takes, newest first, whose prompt has every word of ``search`` (prefixes match)."""
        raise NotImplementedError

    def clip(self, clip_id: str) -> Clip:
        """One take; raises LibraryError if there is none of this id."""
        raise NotImplementedError

    def remove_clips(self, clip_ids: Sequence[str]) -> None:
        """Take clips out of the list; finished files stay on disk, for a DAW may use them."""
        raise NotImplementedError

    def read_audio(self, clip_id: str) -> tuple[np.ndarray, int]:
        """The samples of a finished take, float32 [channels, samples], and the sample rate."""
        raise NotImplementedError

    # --- presets ----------------------------------------------------------------------------
    def presets(self) -> list[str]:
        """Names of built-in and own presets, built-in first, then alphabetical."""
        raise NotImplementedError

    def load_preset(self, name: str) -> dict[str, Any]:
        """The request fields that the preset sets; raises PresetError."""
        raise NotImplementedError

    def save_preset(
        self, name: str, fields: dict[str, Any], *, overwrite: bool = False
    ) -> None:
        """Save request fields under a name; raises PresetError if it exists and not overwrite."""
        raise NotImplementedError

    def delete_preset(self, name: str) -> None:
        """Delete one of the user's presets; built-in ones are refused with PresetError."""
        raise NotImplementedError

    # --- the rest ---------------------------------------------------------------------------
    def close(self) -> None:
        """Stop playing, close the library; the Studio cannot be used afterwards."""
        raise NotImplementedError
