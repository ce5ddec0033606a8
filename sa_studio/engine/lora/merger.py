"""Merges LoRAs into the weights of a network, and takes them out again to the last bit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sa_studio.engine.lora.adapter import Adapter
from sa_studio.engine.lora.file import LoraFile
from sa_studio.engine.lora.names import WEIGHT, LayerNames, Place
from sa_studio.engine.name_list import some_of
from sa_studio.errors import LoraError

LoraUse = tuple[LoraFile, float]


@dataclass(frozen=True, slots=True)
class _Step:
    """One adapter on its way into a weight."""

    adapter: Adapter
    place: Place
    strength: float


class LoraMerger:
    """Keeps the weights of a network merged with the LoRAs that are wanted.

    Merged weights cost no time while sampling. What they were before is kept in main memory, in
    the network's own precision, for as long as a LoRA is attached: as many bytes as the touched
    weights have, which for adapters on every layer of Stable Audio Open 1.0 are 2.1 GB in 16 bit
    and of Small 0.7 GB. While merging, one weight at a time is there three times in float32
    (the largest has 75 MB), on the device where it lives.

    Args:
        roots: the parts of a model, each under what its parameters' names begin with in a native
            checkpoint: ``{"model.model.": network, "conditioner.": conditioner}``. Their
            parameters may move between devices and change their precision.
    """

    def __init__(self, roots: Mapping[str, nn.Module]) -> None:
        self._roots = dict(roots)
        self._names = LayerNames(
            name for name, parameter in self._parameters().items() if parameter.dim() > 1
        )
        self._base: dict[str, Tensor] = {}
        self._used: tuple[LoraUse, ...] = ()

    @property
    def used(self) -> tuple[LoraUse, ...]:
        """What is attached, in the order in which it was merged."""
        return self._used

    @property
    def kept_bytes(self) -> int:
        """Main memory that the weights as they were before take."""
        return sum(base.numel() * base.element_size() for base in self._base.values())

    def use(self, loras: Sequence[LoraUse]) -> None:
        """Attach these and no others, each with its strength; later ones see the earlier ones.

        Merged anew from the weights as they were, in float32, and rounded once to the network's
        precision. If they are in use already, nothing is done; what has the strength 0
        is as if it were not there.

        Raises:
            LoraError: one of them is for another model; then nothing was changed.
            ValueError: a strength is no number.
        """
        wanted = tuple((lora, float(strength)) for lora, strength in loras)
        if not all(math.isfinite(strength) for _, strength in wanted):
            raise ValueError(f"strengths {[strength for _, strength in wanted]}")
        if wanted == self._used:
            return
        parameters = self._parameters()
        steps: dict[str, list[_Step]] = {}
        for lora, strength in wanted:
            for place, adapter in self._places(lora, parameters):
                if strength:
                    steps.setdefault(place.weight, []).append(_Step(adapter, place, strength))
        try:
            with torch.inference_mode():
                self._restore([name for name in self._base if name not in steps])
                for weight, chain in steps.items():
                    self._merge(parameters, weight, chain)
        except BaseException:  # half merged is worse than not at all
            self.detach()
            raise
        self._used = wanted

    def detach(self) -> None:
        """Put every weight back as it was before the first LoRA, bit by bit."""
        self._restore(list(self._base))
        self._used = ()

    def _parameters(self) -> dict[str, nn.Parameter]:
        return {
            root + name: parameter
            for root, part in self._roots.items()
            for name, parameter in part.named_parameters()
        }

    def _places(
        self, lora: LoraFile, parameters: Mapping[str, Tensor]
    ) -> list[tuple[Place, Adapter]]:
        """Where every adapter of a LoRA goes.

        Raises:
            LoraError: not all of them have a place of their own that they fit.
        """
        found: dict[Place, Adapter] = {}
        unknown: list[str] = []
        unfit: list[str] = []
        twice: list[str] = []
        for adapter in lora.adapters:
            place = self._names.find(adapter.module)
            if place is None:
                unknown.append(adapter.module)
                continue
            shape = parameters[place.weight].shape
            rows, columns = shape[0] // place.blocks, shape[1:].numel()
            problem = adapter.problem(rows, columns)
            if problem is not None:
                unfit.append(f"{adapter.module} {problem}, not {rows} × {columns}")
            if place in found:
                twice.append(f"{adapter.module} and {found[place].module}")
            found[place] = adapter
        if unknown or unfit:
            kinds = ((unknown, "for unknown layers", ", "), (unfit, "of another shape", "; "))
            text = "; ".join(
                f"{len(names)} {kind} ({some_of(names, separator)})"
                for names, kind, separator in kinds
                if names
            )
            raise LoraError(
                f"The LoRA {lora.name!r} is for another model: of its {len(lora.adapters)} "
                f"adapters, {text}",
                "Use it with the model that it was trained on; LoRAs of Stable Audio Open 1.0 "
                "and Small are not interchangeable.",
            )
        if twice:
            raise LoraError(
                f"The LoRA {lora.name!r} has several adapters for one layer: {some_of(twice)}",
                "Export it again with one adapter for each layer.",
            )
        return list(found.items())

    def _merge(self, parameters: Mapping[str, Tensor], name: str, chain: Sequence[_Step]) -> None:
        """Fill a weight, and its bias where there is one, with what the adapters make of it."""
        bias_name = name.removesuffix(WEIGHT) + ".bias"
        scales_bias = any(step.adapter.scales_bias for step in chain) and bias_name in parameters
        device = parameters[name].device
        base = self._keep(parameters, name).flatten(1).to(device, torch.float32)
        bias = None
        if scales_bias:
            bias = self._keep(parameters, bias_name).to(device, torch.float32)
        merged = base
        for step in chain:
            rows = step.place.rows(len(base))
            changed, changed_bias = step.adapter.applied(
                merged[rows], None if bias is None else bias[rows], base[rows], step.strength
            )
            merged = _with_rows(merged, rows, changed)
            if bias is not None and changed_bias is not None:
                bias = _with_rows(bias, rows, changed_bias)
        parameters[name].copy_(merged.view(parameters[name].shape))
        if bias is not None:
            parameters[bias_name].copy_(bias)

    def _keep(self, parameters: Mapping[str, Tensor], name: str) -> Tensor:
        """The value of a parameter without any LoRA, kept from now on."""
        if name not in self._base:
            value = parameters[name].detach()
            self._base[name] = torch.empty_like(value, device="cpu").copy_(value)
        return self._base[name]

    def _restore(self, names: Sequence[str]) -> None:
        parameters = self._parameters()
        with torch.inference_mode():
            for name in names:
                parameters[name].copy_(self._base[name])
                del self._base[name]


def _with_rows(whole: Tensor, rows: slice, values: Tensor) -> Tensor:
    """``whole`` with other values in some rows; it is left as it was."""
    if len(values) == len(whole):
        return values
    return torch.cat((whole[: rows.start], values, whole[rows.stop :]))
