"""Predict the memory that a model takes, before any weight is read.

The network and the decoder are run once on shapes alone (``allocation_meter.py``), by the very
code that makes sounds later, so that the prediction cannot drift away from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from sa_studio.engine.allocation_meter import AllocationMeter
from sa_studio.engine.config import ModelConfig
from sa_studio.engine.denoiser import ConditionTensors, Guidance, GuidedNetwork
from sa_studio.engine.devices import DTYPES
from sa_studio.engine.diffusion_model import DiffusionModel
from sa_studio.engine.memory_plan import MemoryPlan
from sa_studio.engine.weights_file import read_weights_file

# what a guided request needs is foreseen, whether or not it comes to that
GUIDED = 2.0
# what libraries take beside the tensors: on a processor torch's own threads and buffers for matrix
# products; on a GPU the context is there before, but cuDNN and cuBLAS want room to work in
WORKSPACE_BYTES = {"cpu": 64 * 2**20, "cuda": 192 * 2**20, "mps": 192 * 2**20}


@dataclass(frozen=True, slots=True)
class Forecast:
    """Bytes on the device, apart from what it holds already.

    Attributes:
        network, autoencoder, text_encoder: of the weights.
        sampling: beside the weights, while a step is computed.
        decoding: beside the weights, while a chunk is decoded.
        workspace: of the libraries.
        peak: the most at once under the plan.
    """

    network: int
    autoencoder: int
    text_encoder: int
    sampling: int
    decoding: int
    workspace: int
    peak: int


class Forecaster:
    """Predicts what the plans for one model on one kind of device take.

    Args:
        config: the model's.
        model: built under ``torch.device("meta")``, its autoencoder prepared for the device.
        text_parameters: how many its text encoder has; see :func:`count_text_encoder`.
        device_type: "cpu", "cuda" or "mps".
    """

    def __init__(
        self, config: ModelConfig, model: DiffusionModel, text_parameters: int, device_type: str
    ) -> None:
        self._config, self._model, self._device_type = config, model, device_type
        self._text_parameters = text_parameters
        # what was counted already: many plans have steps or chunks in common
        self._steps: dict[tuple[str, bool], int] = {}
        self._chunks: dict[tuple[str, int], int] = {}

    @property
    def canvas(self) -> int:
        """Samples of the longest sound."""
        return self._config.sample_size

    def weights(self, plan: MemoryPlan) -> tuple[int, int, int]:
        """Bytes of the network with its conditioners, of the autoencoder and the text encoder."""
        dtype, coder_dtype = DTYPES[plan.dtype], DTYPES[plan.autoencoder_dtype]
        autoencoder = _count(self._model.autoencoder)
        network = _count(self._model) - autoencoder
        return (
            network * dtype.itemsize,
            autoencoder * coder_dtype.itemsize,
            self._text_parameters * dtype.itemsize,
        )

    def forecast(self, plan: MemoryPlan) -> Forecast:
        """What the model takes under ``plan``, for the longest sound, guided."""
        network, autoencoder, text = self.weights(plan)
        step, chunk = (
            (plan.dtype, plan.splits_guidance),
            (plan.autoencoder_dtype, plan.decode_chunk),
        )
        if step not in self._steps:
            self._steps[step] = self._step_bytes(plan)
        if chunk not in self._chunks:
            self._chunks[chunk] = self._chunk_bytes(plan)
        sampling, decoding = self._steps[step], self._chunks[chunk]
        resting = text if plan.keeps_text_encoder else 0
        if plan.offloads:
            # the text encoder is read while the network waits in main memory
            phases = (text, network + resting + sampling, autoencoder + resting + decoding)
        else:
            weights = network + autoencoder
            phases = (
                weights + text,
                weights + resting + sampling,
                weights + resting + decoding,
            )
        workspace = WORKSPACE_BYTES[self._device_type]
        return Forecast(
            network, autoencoder, text, sampling, decoding, workspace, max(phases) + workspace
        )

    def _step_bytes(self, plan: MemoryPlan) -> int:
        """Of one guided step over the whole canvas."""
        config, dtype = self._config, DTYPES[plan.dtype]
        network = self._model.network.to(dtype)
        ratio = config.pretransform.autoencoder.downsampling_ratio
        frames = config.sample_size // ratio
        conditioners = {item.id: item for item in config.conditioners}
        tokens = sum(conditioners[name].tokens for name in config.cross_attention_ids)

        def empty(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
            return torch.empty(shape, dtype=dtype, device="meta")

        with torch.inference_mode(), AllocationMeter() as meter:
            conditions = ConditionTensors(
                tokens=empty(1, tokens, config.network.cond_token_dim, dtype=dtype)
                if tokens
                else None,
                global_cond=empty(1, config.network.global_cond_dim, dtype=dtype)
                if config.network.global_cond_dim
                else None,
                input_concat=empty(1, config.network.input_concat_dim, 1)
                if config.network.input_concat_dim
                else None,
            )
            guidance = Guidance(GUIDED)
            guided = GuidedNetwork(network, conditions, guidance, splits=plan.splits_guidance)
            # x, the noise and what a sampler of third order remembers
            state = [empty(1, config.network.io_channels, frames) for _ in range(5)]
            guided(state[0], 0.5, 0.5)
        return meter.peak

    def _chunk_bytes(self, plan: MemoryPlan) -> int:
        """Of a chunk in the middle; on a processor also what lies beside it in main memory."""
        autoencoder = self._model.autoencoder.to(DTYPES[plan.autoencoder_dtype])
        chunk = autoencoder.chunk_bytes(plan.decode_chunk)
        if self._device_type != "cpu":
            return chunk
        # the sound in pieces and put together, and the weights of the largest convolution, which
        # oneDNN rearranges for every call
        joined = 2 * self._config.sample_size * autoencoder.audio_channels * 4
        return chunk + joined + max(weight.nbytes for weight in autoencoder.parameters())


def _count(module: nn.Module) -> int:
    """Parameters and buffers."""
    return sum(tensor.numel() for tensor in module.state_dict().values())


def count_text_encoder(folder: Path) -> int:
    """Parameters that are read of the text encoder in ``folder``: T5's decoder is not."""
    return sum(
        math.prod(tensor.shape)
        for file in folder.glob("*.safetensors")
        for name, tensor in read_weights_file(file).items()
        if not name.startswith(("decoder.", "lm_head."))
    )
