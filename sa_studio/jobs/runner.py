"""Carries out a job: model, sound, file, library. The one place where failures are handled."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import numpy as np

from sa_studio.audio.claim import claim
from sa_studio.audio.files import read_audio, write_audio
from sa_studio.audio.metadata import recipe
from sa_studio.audio.naming import clip_file_name
from sa_studio.audio.thumbnail import thumbnail
from sa_studio.engine.out_of_memory import is_out_of_memory
from sa_studio.errors import OutOfMemory, StudioError, our_mistake
from sa_studio.events import (
    ChunkDecoded,
    ClipFinished,
    JobCancelled,
    JobFailed,
    JobFinished,
    ModelLoading,
    ModelReady,
    PlanChanged,
    StepPreview,
)
from sa_studio.generation import (
    Clip,
    ClipState,
    DecodedChunk,
    GeneratedAudio,
    GenerationRequest,
    SamplingStep,
)
from sa_studio.hub.lora_store import LoraStore
from sa_studio.hub.store import ModelStore
from sa_studio.jobs.attempts import Attempts
from sa_studio.jobs.cache import ModelCache
from sa_studio.jobs.job import Job
from sa_studio.jobs.outcome import note_outcome
from sa_studio.jobs.pace import PaceBook
from sa_studio.jobs.progress import ProgressMeter
from sa_studio.jobs.queue import Emit
from sa_studio.library.history import INTERRUPTED, History

log = logging.getLogger(__name__)


class _StoppedError(Exception):
    """The job shall stop, and its takes become ``state``."""

    def __init__(self, state: ClipState) -> None:
        super().__init__(state)
        self.state = state


class JobRunner:
    """Runs jobs one at a time, on the thread that calls :meth:`run`.

    Args:
        store: finds model folders.
        cache: keeps the loaded model.
        history: the library.
        clips: the folder where finished sounds are put, never to be renamed or deleted again.
        loras: finds the files of LoRAs.
        paces: how fast models were in this session.

    Attributes:
        shows_previews: whether somebody watches sounds while they are sampled.
    """

    def __init__(
        self,
        store: ModelStore,
        cache: ModelCache,
        history: History,
        clips: Path,
        loras: LoraStore,
        paces: PaceBook,
    ) -> None:
        self._store, self._cache, self._history, self._clips = store, cache, history, clips
        self._loras, self._paces = loras, paces
        self.shows_previews = False

    def run(self, job: Job, emit: Emit) -> None:
        """Carry out ``job`` and report; no failure of the job leaves this method."""
        unfinished = {clip.id: clip for clip in job.clips}

        def close(state: ClipState, message: str = "", hint: str = "") -> tuple[Clip, ...]:
            return note_outcome(self._history, unfinished.values(), state, message, hint)

        def failed(message: str, hint: str, details: str = "") -> None:
            clips = close(ClipState.FAILED, message, hint)
            emit(JobFailed(job.id, clips, message, hint, details))

        try:
            with closing(self._make(job, emit)) as made:
                for clip, plan in made:
                    del unfinished[clip.id]
                    emit(ClipFinished(job.id, clip, plan))
        except _StoppedError as stopped:
            why = INTERRUPTED if stopped.state is ClipState.INTERRUPTED else ()
            if unfinished:
                emit(JobCancelled(job.id, close(stopped.state, *why)))
            else:  # it came too late
                emit(JobFinished(job.id))
        except KeyboardInterrupt:
            close(ClipState.CANCELLED)
            raise
        except StudioError as error:
            failed(error.message, error.hint)
        except Exception as error:  # our bug: logged and shown, and the queue goes on
            if is_out_of_memory(error):
                self._cache.clear()
                memory = out_of_memory(job.request)
                failed(memory.message, memory.hint)
                return
            log.exception("job %s failed", job.id)
            mistake = our_mistake(error)
            failed(mistake.message, mistake.hint, traceback.format_exc())
        else:
            emit(JobFinished(job.id))

    def _make(self, job: Job, emit: Emit) -> Generator[tuple[Clip, str], None, None]:
        """The finished takes of ``job``, one after the other, and how each was computed."""

        def check() -> None:
            if job.cancel.is_set():
                raise _StoppedError(ClipState.CANCELLED)
            if job.interrupt.is_set():
                raise _StoppedError(ClipState.INTERRUPTED)

        check()
        request = job.request
        folder = self._store.locate(request.model)
        lora_files = [self._loras.locate(name) for name, _ in request.loras]
        loading = not self._cache.has(folder, request.device, request.dtype)
        if loading:
            self._history.set_state(job.clips[0].id, ClipState.LOADING)
            emit(ModelLoading(job.id, request.model))
        pipeline = self._cache.get(folder, request.device, request.dtype)
        if loading:
            dtype = str(pipeline.dtype).removeprefix("torch.")
            plan = str(pipeline.plan)
            emit(ModelReady(job.id, request.model, str(pipeline.device), dtype, plan))
        info = pipeline.info
        del pipeline  # it may be replaced while it works
        check()
        init_audio: np.ndarray | None = None
        if request.init_audio is not None:
            init_audio, _ = read_audio(
                Path(request.init_audio),
                sample_rate=info.sample_rate,
                channels=info.channels,
                seconds=info.max_seconds,
            )
        attempts = Attempts(
            self._cache, folder, lambda plan, reason: emit(PlanChanged(job.id, plan, reason))
        )
        meter = ProgressMeter(job.id, len(job.clips), self._paces)
        for number, clip in enumerate(job.clips):
            started = time.monotonic()
            self._history.set_state(clip.id, ClipState.RUNNING)
            meter.start()
            with closing(
                attempts.take(number, clip.request, init_audio, lora_files, self.shows_previews)
            ) as events:
                for event in events:
                    match event:
                        case SamplingStep():
                            emit(meter.step(clip, event))
                            if event.envelope is not None:
                                emit(StepPreview(job.id, clip.id, event.envelope, event.is_sketch))
                        case DecodedChunk():
                            emit(_chunk(job.id, clip, event, info.sample_rate))
                            emit(meter.chunk(clip, event))
                        case GeneratedAudio():
                            kept = self._keep(clip, event, time.monotonic() - started)
                            meter.finish(clip)
                            yield kept, event.plan
                    check()

    def _keep(self, clip: Clip, made: GeneratedAudio, elapsed: float) -> Clip:
        """Write the sound and enter it into the library."""
        channels, samples = made.audio.shape
        path = claim(self._clips / clip_file_name(made.request))
        try:
            write_audio(
                path, made.audio, made.sample_rate, recipe=recipe(made.request, clip.id, made.plan)
            )
            return self._history.finish(
                clip.id,
                path=path,
                seconds=samples / made.sample_rate,
                sample_rate=made.sample_rate,
                channels=channels,
                elapsed_seconds=elapsed,
                thumbnail=thumbnail(made.audio),
            )
        except BaseException:
            path.unlink(missing_ok=True)  # no file without its row
            raise


def _chunk(job_id: str, clip: Clip, event: DecodedChunk, sample_rate: int) -> ChunkDecoded:
    audio: np.ndarray = event.audio
    return ChunkDecoded(job_id, clip.id, event.start, event.total_samples, sample_rate, audio)


def out_of_memory(request: GenerationRequest) -> OutOfMemory:
    """The error for a request that does not fit into memory, with what to try next."""
    message = "There is too little memory for this sound"
    if request.dtype == "float32" and request.device != "cpu":
        return OutOfMemory(message, "Choose the precision float16.")
    if request.device != "cpu":
        return OutOfMemory(message, "Make a shorter sound, or choose the device cpu.")
    return OutOfMemory(message, "Make a shorter sound, or use a smaller model.")
