"""Make a take, and try again in another way where memory or precision do not suffice."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sa_studio.engine.out_of_memory import is_out_of_memory
from sa_studio.errors import NotFinite
from sa_studio.generation import GenerationRequest, PipelineEvent
from sa_studio.jobs.cache import ModelCache

if TYPE_CHECKING:
    import numpy as np

TOO_LITTLE_MEMORY = "There was too little memory"
# the plan that is used now, and why
Tell = Callable[[str, str], None]


class Attempts:
    """Makes the takes of a request with a model of the cache.

    Running out of memory is answered with the next smaller plan, values that are no numbers with
    full precision. What was chosen stays for the takes that follow.

    Args:
        cache: where the model is.
        folder: the model's.
        tell: called with the new plan and the reason whenever it has changed.
    """

    def __init__(self, cache: ModelCache, folder: Path, tell: Tell) -> None:
        self._cache, self._folder, self._tell = cache, folder, tell

    def take(
        self,
        number: int,
        request: GenerationRequest,
        init_audio: np.ndarray | None,
        lora_files: Sequence[Path],
        previews: bool,
    ) -> Generator[PipelineEvent, None, None]:
        """What the pipeline yields for one take; from its start again after each change.

        Args:
            number: which take of the job it is, from 0.
            request: what makes it alone.
            init_audio: what the request names, as the pipeline takes it.
            lora_files: likewise.
            previews: whether steps show what they foresee.

        Raises:
            NotFinite: in full precision, too.
            Exception: what the pipeline raises, also when memory runs out under the smallest plan.
        """
        while True:
            pipeline = self._cache.get(self._folder, request.device, request.dtype)
            try:
                # closing: what the generator holds is let go of at once when the job is cancelled
                with closing(
                    pipeline.generate(request, init_audio, lora_files, previews)
                ) as events:
                    for event in events:
                        yield replace(event, take=number)
                return
            except NotFinite as error:
                if pipeline.is_full_precision:
                    raise
                reason = error.message
            except Exception as error:
                if not (is_out_of_memory(error) and pipeline.can_shrink):
                    raise
                reason = TOO_LITTLE_MEMORY
            # outside of the handlers, for an error holds what the failed attempt has made
            if reason == TOO_LITTLE_MEMORY:
                pipeline.shrink()
            else:
                del pipeline
                pipeline = self._cache.reload_in_full_precision()
            self._tell(str(pipeline.plan), reason)
