"""The models that are here: which can be used, and whether and how they can make a request."""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from pathlib import Path

from sa_studio.engine.config import model_info
from sa_studio.engine.token_counter import TokenCounter
from sa_studio.errors import LoraError, ModelError, RequestError
from sa_studio.generation import MAX_SEED, GenerationRequest, ModelInfo, TokenCount
from sa_studio.model_shelf import ModelShelf

log = logging.getLogger(__name__)


class ReadyModels:
    """What the configurations of installed models tell; weights are never read.

    Args:
        shelf: has the models and LoRAs.
    """

    def __init__(self, shelf: ModelShelf) -> None:
        self._shelf = shelf
        self._tokens = TokenCounter()

    def read(self) -> tuple[list[ModelInfo], list[ModelError]]:
        """Those that can be used, the starter first, and why the others cannot."""
        found, problems = [], []
        for model_id, folder in self._shelf.store.installed():
            try:
                found.append(model_info(folder, model_id))
            except ModelError as error:
                log.warning("the model %s is left out: %s", model_id, error.one_line())
                problems.append(error)
        return found, problems

    def info(self, model: str) -> ModelInfo:
        """The model with this id or path; raises ModelError if it is missing or unusable."""
        return model_info(self._shelf.locate(model), model)

    def count_tokens(self, model: str, prompt: str) -> TokenCount | None:
        """How long ``prompt`` is for a model; ``None`` if its text encoder is not here."""
        try:
            folder = self._shelf.locate(model)
            return self._tokens.count(folder, self._shelf.store.shared_text_encoder(), prompt)
        except ModelError as error:
            log.debug("prompts for %s cannot be counted: %s", model, error.one_line())
            return None

    def problems(self, request: GenerationRequest) -> list[RequestError]:
        """Everything that is wrong with ``request``; its LoRAs are looked at last."""
        try:
            return self._problems(self.info(request.model), request)
        except ModelError as error:
            return [RequestError("model", error.message, error.hint)]

    def resolved(self, request: GenerationRequest) -> GenerationRequest:
        """``request`` with everything that it leaves open.

        Models, LoRAs and files are named so that a later start finds them again, wherever it is
        started from.

        Raises:
            RequestError: the first of :meth:`problems`.
            ModelError: no such model.
        """
        model = self.info(request.model)
        if problems := self._problems(model, request):
            raise problems[0]
        resolved = model.resolved(request, seed=random.SystemRandom().randint(0, MAX_SEED))
        if all(model_id != request.model for model_id, _ in self._shelf.store.installed()):
            resolved = replace(resolved, model=str(model.path))
        lasting_name = self._shelf.lora_store.lasting_name
        loras = tuple((lasting_name(name), strength) for name, strength in resolved.loras)
        resolved = replace(resolved, loras=loras)
        if resolved.init_audio is not None:
            resolved = replace(resolved, init_audio=Path(resolved.init_audio).absolute())
        return resolved

    def _problems(self, model: ModelInfo, request: GenerationRequest) -> list[RequestError]:
        return model.problems(request) or self._problems_with_loras(request)

    def _problems_with_loras(self, request: GenerationRequest) -> list[RequestError]:
        found = []
        for name, _ in request.loras:
            try:
                self._shelf.locate_lora(name)
            except LoraError as error:
                found.append(RequestError("loras", error.message, error.hint))
        return found
