"""Load a model: its configuration, a way to run it in the memory there is, its weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from sa_studio.amounts import bytes_text
from sa_studio.engine.checkpoint import load_weights
from sa_studio.engine.config import ModelConfig, model_info, read_model_folder
from sa_studio.engine.devices import (
    DTYPES,
    free_memory,
    release_memory,
    resolve_device,
    resolve_dtype,
    use_worker_threads,
)
from sa_studio.engine.diffusion_model import DiffusionModel, empty_model, stored_as
from sa_studio.engine.memory_forecast import Forecast, Forecaster, count_text_encoder
from sa_studio.engine.memory_plan import MemoryPlan, memory_plans
from sa_studio.engine.out_of_memory import is_out_of_memory
from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.engine.prompt_reader import PromptReader
from sa_studio.engine.text_encoder import TextEncoder, find_text_encoder, text_encoder_width
from sa_studio.engine.text_encoders import TEXT_ENCODERS
from sa_studio.errors import ModelError, OutOfMemory
from sa_studio.generation import ModelInfo

# the forecast's own accuracy
MARGIN = 1.15
# the layout of files is also that of devices other than processors
AS_STORED = "cuda"
# beside three times the weights: no model takes as much, for sounds up to so many samples
AMPLE_BYTES = 4 * 10**9
USUAL_CANVAS = 2**22


def load_model(
    path: Path | str,
    *,
    device: str = "auto",
    dtype: str = "auto",
    model_id: str | None = None,
    text_encoder: Path | None = None,
    free_bytes: int | None = None,
) -> AudioPipeline:
    """Load the model in a folder, by the fastest plan that fits into the memory there is.

    Args:
        path: the model folder.
        device, dtype: as in :class:`~sa_studio.generation.GenerationRequest`.
        model_id: what to call it; the folder's name if ``None``.
        text_encoder: the folder of the text encoder to use if the model brings none.
        free_bytes: how much memory may be used; what the device has free if ``None``.

    Raises:
        ModelError: the folder is missing, incomplete, damaged or of a family that cannot be run.
        OutOfMemory: not even the smallest plan fits.
        StudioError: there is no such device or precision.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {str(folder)!r}", "Check the path.")
    place = resolve_device(device)
    precision = resolve_dtype(dtype, place)
    use_worker_threads()
    config = read_model_folder(folder)
    info = model_info(folder, model_id or folder.name, config)
    parts = ModelParts(config, info, folder, place, text_encoder)
    plans = memory_plans(
        place.type,
        str(precision).removeprefix("torch."),
        parts.without_weights().autoencoder.decode_chunk_sizes,
        may_halve=dtype == "auto",
    )
    available = free_memory(place) if free_bytes is None else free_bytes
    return parts.load_by(fitting_plans(list(plans), parts.forecaster(), available))


def fitting_plans(
    plans: Sequence[MemoryPlan], forecaster: Forecaster, available: int
) -> list[MemoryPlan]:
    """``plans`` from the first one on that fits into ``available`` bytes.

    Raises:
        OutOfMemory: not even the last one fits.
    """
    weights = 3 * sum(forecaster.weights(plans[0]))
    if forecaster.canvas <= USUAL_CANVAS and weights + AMPLE_BYTES <= available:
        return list(plans)  # no need to look closer, which takes up to a second
    forecast: Forecast | None = None
    for index, plan in enumerate(plans):
        forecast = forecaster.forecast(plan)
        if forecast.peak * MARGIN <= available:
            return list(plans[index:])
    assert forecast is not None
    if forecast.peak <= available:  # a narrow fit, but there is nothing smaller
        return [plans[-1]]
    raise OutOfMemory(
        f"This model needs {bytes_text(forecast.peak)} of memory at the least, "
        f"and {bytes_text(available)} are free",
        "Close other programs, use a smaller model, or choose another device or precision.",
    )


class ModelParts:
    """What a model is made from.

    Args:
        text_encoder: the folder of the text encoder to use if the model in ``folder`` has none.
    """

    def __init__(
        self,
        config: ModelConfig,
        info: ModelInfo,
        folder: Path,
        device: torch.device,
        text_encoder: Path | None = None,
    ) -> None:
        self._config, self._info, self._folder, self._device = config, info, folder, device
        (text,) = (item for item in config.conditioners if item.type in TEXT_ENCODERS)
        self._text = text
        # the one that is shared is a T5; a model that wants another cannot use it
        self._shared = text_encoder if text.type == "t5" else None

    def without_weights(self) -> DiffusionModel:
        """The model on torch's device "meta", laid out as the real device wants it."""
        model = empty_model(self._config, text_encoder_width(self._folder, self._shared))
        model.autoencoder.work_on(self._device.type)
        return model.eval().requires_grad_(False)

    def forecaster(self) -> Forecaster:
        """Predicts the memory that the model takes."""
        encoder = find_text_encoder(self._folder, self._shared)
        return Forecaster(
            self._config, self.without_weights(), count_text_encoder(encoder), self._device.type
        )

    def load_by(self, plans: Sequence[MemoryPlan]) -> AudioPipeline:
        """Load by the first of ``plans`` for which the memory really suffices."""
        *earlier, last = range(len(plans))
        for first in earlier:
            try:
                return self._load(plans[first:])
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
            # here, because the error has held what was loaded so far
            release_memory()
        return self._load(plans[last:])

    def read_weights(self, plan: MemoryPlan) -> DiffusionModel:
        """The model with its weights, where and as ``plan`` wants them; raises ModelError.

        They lie in memory as they do in files, which is the quickest to read: whoever uses the
        autoencoder has it laid out for the device first.
        """
        model = self.without_weights()
        model.autoencoder.work_on(AS_STORED)
        load_weights(
            model,
            self._folder,
            device="cpu" if plan.offloads else self._device,
            dtype=lambda name: stored_as(name, plan),
        )
        model.conditioner.to(self._device)
        return model

    def _load(self, plans: Sequence[MemoryPlan]) -> AudioPipeline:
        plan = plans[0]
        model = self.read_weights(plan)
        prompts = PromptReader(
            self._text_encoder, DTYPES[plan.dtype], keeps_encoder=plan.keeps_text_encoder
        )
        prompts.load()
        return AudioPipeline(self._info, self._config, model, prompts, plans, self._device)

    def _text_encoder(self, dtype: torch.dtype) -> TextEncoder:
        text = next(item for item in self._config.conditioners if item.type in TEXT_ENCODERS)
        kind = TEXT_ENCODERS[text.type]
        return kind.load(self._folder, text, device=self._device, dtype=dtype, shared=self._shared)
