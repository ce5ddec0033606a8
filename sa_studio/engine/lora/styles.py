"""Tells the styles of LoRA files apart by their tensors' names, and reads each.

Source: engine specification §6.4.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from enum import StrEnum

import torch
from torch import Tensor

from sa_studio.engine.lora.adapter import Adapter, Core, LowRank, Magnitudes
from sa_studio.engine.lora.settings import LoraSettings
from sa_studio.engine.name_list import some_of
from sa_studio.errors import LoraError

NO_LORA_HINT = (
    "Choose a LoRA file; LoHa and LoKr cannot be used, and a whole model is imported as a model."
)


class Style(StrEnum):
    """Who writes such files."""

    LORAW = "LoRAW"
    LORAW_EXPORT = "LoRAW for ComfyUI"
    PARAMETRIZATION = "stable-audio-tools"
    PEFT = "PEFT"
    KOHYA = "kohya"


# these divide α by the rank that was asked for, even where a layer is too narrow for it
_BY_RANK_ASKED_FOR = (Style.LORAW, Style.LORAW_EXPORT, Style.PARAMETRIZATION)

# The name of a tensor is a module's name, a joint and the part of the adapter that it is. The
# ComfyUI exporter of LoRAW joins the parts of a name with "_", or by mistake with "lora_unet_".
_PATTERNS = (
    (
        Style.PARAMETRIZATION,
        r"(?P<module>.+)\.parametrizations\.weight\.\d+"
        r"\.(?P<part>lora_A|lora_B|magnitude|magnitude_r|magnitude_c|U|V|M_xs)",
    ),
    (
        Style.PEFT,
        r"(?P<module>.+)\.(?P<part>lora_A|lora_B|lora_magnitude_vector)"
        r"(\.(?!bias$)[^.]+)?(\.weight)?",
    ),
    (Style.PEFT, r"(?P<module>.+)\.(?P<part>lora\.down|lora\.up)\.weight"),
    (Style.LORAW, r"(?P<module>.+/.+)/(?P<part>lora_down|lora_up|dora_mag)\.weight"),
    (
        Style.KOHYA,
        r"(?P<module>.+?)(\.|_|lora_unet_)(?P<part>lora_down|lora_up|dora_scale)(\.weight)?",
    ),
    # of several styles, so that it does not tell one
    (None, r"(?P<module>.+)\.(?P<part>alpha)"),
)
# what part of an adapter is called, whatever the style
_DOWN, _UP, _CORE, _LEFT, _RIGHT = "down", "up", "core", "left", "right"
_MAGNITUDE, _ROWS, _COLUMNS, _ALPHA = "magnitude", "rows", "columns", "alpha"
_PARTS = {
    "lora_A": _DOWN,
    "lora.down": _DOWN,
    "lora_down": _DOWN,
    "lora_B": _UP,
    "lora.up": _UP,
    "lora_up": _UP,
    "M_xs": _CORE,
    "U": _LEFT,
    "V": _RIGHT,
    "magnitude": _MAGNITUDE,
    "lora_magnitude_vector": _MAGNITUDE,
    "dora_mag": _MAGNITUDE,
    "dora_scale": _MAGNITUDE,
    "magnitude_r": _ROWS,
    "magnitude_c": _COLUMNS,
    "alpha": _ALPHA,
}
# the parts that make a change; magnitudes and α come on top
_CHANGES = ({_DOWN, _UP}, {_CORE}, {_CORE, _LEFT, _RIGHT})
_ON_TOP = {_MAGNITUDE, _ROWS, _COLUMNS, _ALPHA}
# what stable-audio-tools calls its kinds
_ADAPTER_TYPES = {
    *("lora", "dora", "dora-rows", "dora-cols", "bora"),
    *("lora-xs", "dora-rows-xs", "dora-cols-xs", "bora-xs"),
}
# what trainers save along without any use for it later: the layer's own weight, the mask and the
# strength of training, and the bias of the layer that LoRAW keeps magnitudes in
_WITHOUT_USE = re.compile(
    r".+\.parametrizations\.weight\.(original|\d+\.lora_(dropout_mask|strength))|.+/dora_mag\.bias"
)


def read_adapters(
    name: str, tensors: Mapping[str, Tensor], settings: LoraSettings
) -> tuple[Style, tuple[Adapter, ...]]:
    """The adapters in a file's tensors, in the order of the file.

    Args:
        name: what to call the LoRA in messages.
        tensors: by their names in the file, of any floating dtype.
        settings: what is known besides.

    Raises:
        LoraError: there are none, or the file holds something else too, or parts are missing or
            do not fit each other.
    """
    style, modules, foreign = _sorted_out(tensors)
    if style is None:
        raise LoraError(f"There is no LoRA in {name!r}", NO_LORA_HINT)
    if foreign:
        raise LoraError(
            f"{name!r} holds more than one LoRA: {some_of(foreign)}",
            "Files with several adapters, with other kinds or with whole weights cannot be used.",
        )
    if settings.kind is not None and settings.kind not in _ADAPTER_TYPES:
        raise LoraError(
            f"{name!r} is of the unknown kind {settings.kind!r}",
            f"These are known: {', '.join(sorted(_ADAPTER_TYPES))}.",
        )
    problems: list[str] = []
    adapters: list[Adapter] = []
    for module, parts in modules.items():
        try:
            adapters.append(_adapter(module, parts, style, settings))
        except ValueError as error:
            problems.append(f"{module} {error}")
    if problems:
        raise LoraError(
            f"The LoRA {name!r} is damaged: {some_of(problems, '; ')}",
            "Get the file again, or export it again from the trainer.",
        )
    return style, tuple(adapters)


def _sorted_out(
    tensors: Mapping[str, Tensor],
) -> tuple[Style | None, dict[str, dict[str, Tensor]], list[str]]:
    """The style, the parts of every adapter by its module, and the names that belong to none."""
    found: Style | None = None
    modules: dict[str, dict[str, Tensor]] = {}
    foreign: list[str] = []
    for name, tensor in tensors.items():
        if _WITHOUT_USE.fullmatch(name):
            continue
        matches = ((style, re.fullmatch(pattern, name)) for style, pattern in _PATTERNS)
        for style, match in matches:
            if match is None:
                continue
            found = found or style
            parts, part = modules.setdefault(match["module"], {}), _PARTS[match["part"]]
            if part in parts:
                foreign.append(name)
            parts[part] = tensor
            break
        else:
            foreign.append(name)
    if found is Style.KOHYA and not any(_ALPHA in parts for parts in modules.values()):
        found = Style.LORAW_EXPORT
    return found, modules, foreign


def _adapter(
    module: str, parts: Mapping[str, Tensor], style: Style, settings: LoraSettings
) -> Adapter:
    """Raises ValueError with an ending to the module's name."""
    # copies, as what is read may be mapped to the file
    tensors = {part: tensor.to(torch.float32, copy=True) for part, tensor in parts.items()}
    for part, tensor in tensors.items():
        if not torch.isfinite(tensor).all() or not tensor.numel():
            raise ValueError(f"has no numbers in its part {part}")
    change = _change(tensors)
    rank = float(change.rank)
    if style in _BY_RANK_ASKED_FOR and settings.rank:
        rank = settings.rank
    alpha = settings.alpha_of(module)
    if _ALPHA in tensors:
        if tensors[_ALPHA].numel() != 1:
            raise ValueError("has an alpha of several numbers")
        alpha = tensors[_ALPHA].item()
    divisor = math.sqrt(rank) if settings.rank_stabilised else rank
    # 0 and nothing both mean "as it is" to the trainers
    scale = alpha / divisor if alpha else 1.0
    return Adapter(module, change, scale, _magnitudes(tensors, change, style, settings.kind))


def _change(tensors: Mapping[str, Tensor]) -> LowRank | Core:
    present = set(tensors) - _ON_TOP
    if present not in _CHANGES:
        raise ValueError(f"has of its parts only {', '.join(sorted(present)) or 'the magnitude'}")
    if _CORE not in tensors:
        down, up = tensors[_DOWN], tensors[_UP]
        if min(down.dim(), up.dim()) < 2 or len(down) != up.flatten(1).shape[1]:
            raise ValueError(f"has parts that do not fit: {list(down.shape)} and {list(up.shape)}")
        return LowRank(down.flatten(1), up.flatten(1))
    core = tensors[_CORE]
    if core.dim() != 2 or core.shape[0] != core.shape[1]:
        raise ValueError(f"has a core of the shape {list(core.shape)}")
    if _LEFT not in tensors:
        return Core(core)
    left, right = tensors[_LEFT], tensors[_RIGHT]
    if any(side.dim() != 2 or side.shape[1] != len(core) for side in (left, right)):
        raise ValueError(f"has bases that do not fit: {list(left.shape)} and {list(right.shape)}")
    return LowRank(right.T, left @ core)


def _magnitudes(
    tensors: Mapping[str, Tensor], change: LowRank | Core, style: Style, kind: str | None
) -> Magnitudes | None:
    rows, columns = tensors.get(_ROWS), tensors.get(_COLUMNS)
    if (single := tensors.get(_MAGNITUDE)) is not None:
        if _are_of_columns(single, change, style, kind):
            columns = single
        else:
            rows = single
    if rows is None and columns is None:
        return None
    return Magnitudes(
        rows=None if rows is None else rows.flatten(),
        columns=None if columns is None else columns.flatten(),
        scale_output=style in (Style.LORAW, Style.LORAW_EXPORT),
    )


def _are_of_columns(
    magnitude: Tensor, change: LowRank | Core, style: Style, kind: str | None
) -> bool:
    """Whether a magnitude is that of a weight's columns; most are of its rows."""
    if style in (Style.LORAW, Style.PEFT):
        return False
    if kind is not None and kind.startswith(("dora-rows", "dora-cols")):
        return kind.startswith("dora-cols")
    if magnitude.dim() > 1:  # [1, columns] or [rows, 1]
        return magnitude.shape[0] == 1 and magnitude.numel() > 1
    if kind is None and isinstance(change, LowRank):
        rows, columns = len(change.up), change.down.shape[1]
        return len(magnitude) == columns != rows
    return False
