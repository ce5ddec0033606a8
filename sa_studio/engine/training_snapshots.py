"""The model inside what a training run saved: which weights count, what is left behind.

Source: engine specification §2.1. stable-audio-tools trains a wrapper around the model; a snapshot
of it has the model's tensors behind "diffusion.", and behind "diffusion_ema.ema_model." their
moving average, which sounds better and is what it exports itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch

from sa_studio.engine.name_list import some_of
from sa_studio.engine.weight_sources import WeightSource

NETWORK_PREFIX = "model."


@dataclass(frozen=True, slots=True)
class Wrapper:
    """How the wrapper of a training run calls its parts.

    Attributes:
        plain: stands before every tensor of the model.
        averaged: stands before the moving averages.
        average_of: what the averages replace, in the model's own names.
        leftovers: what training needs and the model does not.
        is_averaged: the tensor that says whether averaging has begun.
    """

    plain: str
    averaged: str
    average_of: str
    leftovers: tuple[str, ...]
    is_averaged: str


# What judges or guides the model while it learns.
_ADVERSARIES = ("clap_model.", "discriminator.", "discriminator_head.", "teacher_model.")
WRAPPERS = (
    Wrapper(
        plain="diffusion.",
        averaged="diffusion_ema.ema_model.",
        average_of=NETWORK_PREFIX,
        leftovers=("diffusion_ema.", "losses.", *_ADVERSARIES),
        is_averaged="diffusion_ema.initted",
    ),
    Wrapper(
        plain="autoencoder.",
        averaged="autoencoder_ema.ema_model.",
        average_of="",
        leftovers=(
            "autoencoder_ema.",
            "eval_losses.",
            "losses_disc.",
            "losses_gen.",
            "lrstft.",
            "sdstft.",
            *_ADVERSARIES,
        ),
        is_averaged="autoencoder_ema.initted",
    ),
)
# Before the names of what torch compiled.
_COMPILED = "_orig_mod."


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The model's tensors under its own names, and remarks on what was chosen and left out."""

    tensors: dict[str, WeightSource]
    notes: tuple[str, ...]


def unwrap_snapshot(stored: Mapping[str, WeightSource]) -> Unwrapped:
    """The model in a snapshot of a training run; anything else as it is.

    Names that belong neither to the model nor to the known parts of training stay as they are,
    and so turn up as unexpected.
    """
    named = {name.replace(_COMPILED, ""): source for name, source in stored.items()}
    for wrapper in WRAPPERS:
        if any(name.startswith((wrapper.plain, wrapper.averaged)) for name in named):
            return _unwrap(wrapper, named)
    return Unwrapped(named, ())


def _unwrap(wrapper: Wrapper, named: Mapping[str, WeightSource]) -> Unwrapped:
    plain = _behind(wrapper.plain, named)
    averaged = {
        wrapper.average_of + name: source
        for name, source in _behind(wrapper.averaged, named).items()
    }
    notes = []
    tensors = plain
    if averaged and _is_true(named.get(wrapper.is_averaged)):
        # never a mixture of both: what the averages lack shall turn up as missing
        kept = {n: s for n, s in plain.items() if not n.startswith(wrapper.average_of)}
        tensors = kept | averaged
        notes.append(f"The moving averages (EMA) of {len(averaged)} tensors are used.")
    elif averaged:
        notes.append("The moving averages (EMA) had not begun; the weights themselves are used.")
    taken = (wrapper.plain, wrapper.averaged)
    rest = {name: source for name, source in named.items() if not name.startswith(taken)}
    left = [name for name in rest if name.startswith(wrapper.leftovers)]
    if left:
        notes.append(left_out(left))
    return Unwrapped(
        tensors | {name: source for name, source in rest.items() if name not in left},
        tuple(notes),
    )


def left_out(names: Iterable[str]) -> str:
    """The remark on what a model file holds and no model needs."""
    return f"Left out, because only training needs it: {some_of(sorted(names))}."


def _behind(prefix: str, named: Mapping[str, WeightSource]) -> dict[str, WeightSource]:
    return {
        name.removeprefix(prefix): source
        for name, source in named.items()
        if name.startswith(prefix)
    }


def _is_true(flag: WeightSource | None) -> bool:
    """The value of a flag that may not be stored; then averaging has begun."""
    if flag is None:
        return True
    value = torch.empty(flag.shape, dtype=torch.float32)
    flag.read_into(value)
    return bool(value.all())
