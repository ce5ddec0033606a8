"""All learned parts of a model under the names of the published checkpoints."""

from __future__ import annotations

from typing import cast

import torch
from torch import nn

from sa_studio.engine.autoencoder import build_autoencoder
from sa_studio.engine.autoencoder_base import Autoencoder
from sa_studio.engine.conditioning import MultiConditioner
from sa_studio.engine.config import ModelConfig
from sa_studio.engine.config_fields import HINT
from sa_studio.engine.devices import DTYPES
from sa_studio.engine.dit import DiffusionTransformer
from sa_studio.engine.memory_plan import MemoryPlan
from sa_studio.errors import ModelError


class _Wrapper(nn.Module):
    """One level of nesting in the published names: ``model.model``, ``pretransform.model``."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model


class DiffusionModel(nn.Module):
    """All learned parts under the names of the published checkpoints, without the text encoder."""

    def __init__(self, config: ModelConfig, text_width: int) -> None:
        super().__init__()
        pretransform = config.pretransform
        self.model = _Wrapper(DiffusionTransformer(config.network))
        self.pretransform = _Wrapper(
            build_autoencoder(pretransform.autoencoder, pretransform.scale)
        )
        self.conditioner = MultiConditioner(config, text_width)

    @property
    def network(self) -> DiffusionTransformer:
        """The denoiser network."""
        return cast(DiffusionTransformer, self.model.model)

    @property
    def autoencoder(self) -> Autoencoder:
        """Between latents and audio."""
        return cast(Autoencoder, self.pretransform.model)


def empty_model(config: ModelConfig, text_width: int) -> DiffusionModel:
    """The model on torch's device "meta": every shape, and not a byte of memory.

    Args:
        text_width: of the text encoder's states.

    Raises:
        ModelError: the configuration asks for layers that no memory could hold.
    """
    try:
        with torch.device("meta"):
            return DiffusionModel(config, text_width)
    except RuntimeError as error:
        raise ModelError(
            f"The network that the configuration describes cannot be built ({error})", HINT
        ) from error


def stored_as(name: str, plan: MemoryPlan) -> torch.dtype:
    """The precision of the parameter ``name`` under ``plan``.

    The small parts that numbers go through stay float32: half would merge neighbours.
    """
    if name.startswith("conditioner.") or name.endswith("timestep_features.weight"):
        return torch.float32
    if name.startswith("pretransform."):
        return DTYPES[plan.autoencoder_dtype]
    return DTYPES[plan.dtype]
