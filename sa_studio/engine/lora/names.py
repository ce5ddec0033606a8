"""Which weight of a network a LoRA file means, by any of the names that trainers give to layers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sa_studio.engine.diffusers_names import PREFIXES, native_tensors

WEIGHT = ".weight"
NETWORK = PREFIXES["transformer"]
CONDITIONERS = "conditioner."
# what may stand in front of a layer's name: the objects that trainers wrap a network in
_WRAPPERS = (
    *("base_model", "model", "diffusion", "diffusion_model", "diffusion_ema", "ema_model"),
    *("conditioner", "transformer", "projection_model", "lora_unet", "lora", "unet", "lycoris"),
    *("module", "_orig_mod"),
)
# the layers of diffusers' transformer that a LoRA can be on, in a block and beside the blocks
_BLOCK_LAYERS = (
    *(f"attn{n}.{name}" for n in (1, 2) for name in ("to_q", "to_k", "to_v", "to_out.0")),
    *("ff.net.0.proj", "ff.net.2"),
)
_OUTER_LAYERS = (
    *(f"{name}_proj.{n}" for name in ("timestep", "global", "cross_attention") for n in (0, 2)),
    *("proj_in", "proj_out", "preprocess_conv", "postprocess_conv"),
)
_PROJECTION_LAYERS = (
    "text_projection",
    *(f"{end}_number_conditioner.time_positional_embedding.1" for end in ("start", "end")),
)
# some trainers split these layers of the native network before they train it
_FUSED = {"to_qkv": ("to_q", "to_k", "to_v"), "to_kv": ("to_k", "to_v")}


@dataclass(frozen=True, slots=True)
class Place:
    """A weight, or one of several blocks of its rows, one below the other and all as high."""

    weight: str
    block: int = 0
    blocks: int = 1

    def rows(self, height: int) -> slice:
        """The rows of this block in a weight with ``height`` rows."""
        size = height // self.blocks
        return slice(self.block * size, (self.block + 1) * size)


class LayerNames:
    """The layers of a network by every name that LoRA files have for them.

    Args:
        weights: the names of the network's weights as in a native checkpoint.
    """

    def __init__(self, weights: Iterable[str]) -> None:
        native = [name for name in weights if name.endswith(WEIGHT)]
        self._places: dict[str, Place] = dict(_native_names(native))
        known = set(native)
        self._places |= {
            name: place for name, place in _diffusers_names(native) if place.weight in known
        }
        self._squashed: dict[str, Place | None] = {}
        for name, place in self._places.items():
            key = _squash(name)
            # two layers that only differ in their separators cannot be told apart
            same = self._squashed.get(key, place) == place
            self._squashed[key] = place if same else None

    def find(self, module: str) -> Place | None:
        """The place of the layer that a file calls ``module``; ``None`` if there is none."""
        parts = module.replace("/", ".").split(".")
        if len(parts) == 1:
            return self._find_squashed(_squash(module.replace("lora_unet", "")))
        for first, part in enumerate(parts):
            place = self._places.get(".".join(parts[first:]))
            if place is not None:
                return place
            if part not in _WRAPPERS:
                break
        return None

    def _find_squashed(self, name: str) -> Place | None:
        while name not in self._squashed:
            wrapper = next((w for w in map(_squash, _WRAPPERS) if name.startswith(w)), None)
            if wrapper is None:
                return None
            name = name.removeprefix(wrapper)
        return self._squashed[name]


def _native_names(weights: Iterable[str]) -> Iterator[tuple[str, Place]]:
    for weight in weights:
        layer = weight.removesuffix(WEIGHT).removeprefix(NETWORK).removeprefix(CONDITIONERS)
        yield layer, Place(weight)
        parent, _, last = layer.rpartition(".")
        parts = _FUSED.get(last, ())
        for block, part in enumerate(parts):
            yield f"{parent}.{part}", Place(weight, block, len(parts))


def _diffusers_names(weights: Iterable[str]) -> Iterator[tuple[str, Place]]:
    layers = (re.match(re.escape(NETWORK) + r"transformer\.layers\.(\d+)\.", w) for w in weights)
    depth = 1 + max((int(layer[1]) for layer in layers if layer), default=-1)
    theirs = {
        "transformer": [
            *_OUTER_LAYERS,
            *(f"transformer_blocks.{n}.{layer}" for n in range(depth) for layer in _BLOCK_LAYERS),
        ],
        "projection_model": list(_PROJECTION_LAYERS),
    }
    for part, names in theirs.items():
        for tensor in native_tensors(part, [name + WEIGHT for name in names]):
            for block, name in enumerate(tensor.rows):
                place = Place(tensor.name, block, len(tensor.rows))
                yield name.removesuffix(WEIGHT), place


def _squash(name: str) -> str:
    """``name`` without separators, which exporters turn into each other or drop."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
