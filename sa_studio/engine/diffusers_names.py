"""What a diffusers folder's tensors are called in a native checkpoint. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# What the names of a part have in front of them in a native checkpoint.
PREFIXES = {
    "transformer": "model.model.",
    "projection_model": "conditioner.conditioners.",
    "vae": "pretransform.model.",
}

# A pattern for a whole name, and what replaces it. A replacement that ends in "#<n>" is number n
# of the parts that a native tensor is joined from, one below the other.
_ENDING = r"\.(weight|bias)"
_BLOCK = r"transformer_blocks\.(\d+)\."
_LAYER = r"transformer.layers.\1."
_TRANSFORMER = (
    (r"time_proj\.weight", r"timestep_features.weight"),
    (r"timestep_proj\.([02])" + _ENDING, r"to_timestep_embed.\1.\2"),
    (r"global_proj\.([02])" + _ENDING, r"to_global_embed.\1.\2"),
    (r"cross_attention_proj\.([02])" + _ENDING, r"to_cond_embed.\1.\2"),
    (r"proj_(in|out)\.weight", r"transformer.project_\1.weight"),
    (r"(pre|post)process_conv\.weight", r"\1process_conv.weight"),
    (_BLOCK + r"norm1\.weight", _LAYER + "pre_norm.gamma"),
    (_BLOCK + r"norm1\.bias", _LAYER + "pre_norm.beta"),
    (_BLOCK + r"norm2\.weight", _LAYER + "cross_attend_norm.gamma"),
    (_BLOCK + r"norm2\.bias", _LAYER + "cross_attend_norm.beta"),
    (_BLOCK + r"norm3\.weight", _LAYER + "ff_norm.gamma"),
    (_BLOCK + r"norm3\.bias", _LAYER + "ff_norm.beta"),
    (_BLOCK + r"attn1\.to_q\.weight", _LAYER + "self_attn.to_qkv.weight#0"),
    (_BLOCK + r"attn1\.to_k\.weight", _LAYER + "self_attn.to_qkv.weight#1"),
    (_BLOCK + r"attn1\.to_v\.weight", _LAYER + "self_attn.to_qkv.weight#2"),
    (_BLOCK + r"attn1\.to_out\.0\.weight", _LAYER + "self_attn.to_out.weight"),
    (_BLOCK + r"attn2\.to_q\.weight", _LAYER + "cross_attn.to_q.weight"),
    (_BLOCK + r"attn2\.to_k\.weight", _LAYER + "cross_attn.to_kv.weight#0"),
    (_BLOCK + r"attn2\.to_v\.weight", _LAYER + "cross_attn.to_kv.weight#1"),
    (_BLOCK + r"attn2\.to_out\.0\.weight", _LAYER + "cross_attn.to_out.weight"),
    (_BLOCK + r"ff\.net\.0\.proj" + _ENDING, _LAYER + r"ff.ff.0.proj.\2"),
    (_BLOCK + r"ff\.net\.2" + _ENDING, _LAYER + r"ff.ff.2.\2"),
)
_PROJECTION = (
    # there only if the text encoder is of another width than the conditioning
    (r"text_projection" + _ENDING, r"prompt.proj_out.\1"),
    (
        r"start_number_conditioner\.time_positional_embedding\.(.+)",
        r"seconds_start.embedder.embedding.\1",
    ),
    (
        r"end_number_conditioner\.time_positional_embedding\.(.+)",
        r"seconds_total.embedder.embedding.\1",
    ),
)
# The module that a tensor belongs to, also where torch keeps the halves of its weight norm apart.
_TENSOR_OF_MODULE = re.compile(r"(?P<module>.+?)\.(?P<tensor>(parametrizations\.weight\.)?[^.]+)")
_TABLES = {"transformer": _TRANSFORMER, "projection_model": _PROJECTION}

# The places of the submodules within an Oobleck residual unit, and within a block.
_UNIT = {"snake1": 0, "conv1": 1, "snake2": 2, "conv2": 3}
_BLOCKS = {
    "encoder": {"res_unit1": 0, "res_unit2": 1, "res_unit3": 2, "snake1": 3, "conv1": 4},
    "decoder": {"snake1": 0, "conv_t1": 1, "res_unit1": 2, "res_unit2": 3, "res_unit3": 4},
}


@dataclass(frozen=True, slots=True)
class NativeTensor:
    """A tensor of a native checkpoint, by the names of the rows it is joined from."""

    name: str
    rows: tuple[str, ...]


def native_tensors(part: str, names: Iterable[str]) -> list[NativeTensor]:
    """How the tensors ``names`` of a part of a diffusers folder make native ones.

    Args:
        part: a key of :data:`PREFIXES`.
        names: the names in the part's file; the halves of a weight norm keep their endings.

    Returns:
        Every name is in exactly one of them. A name that is not known keeps its own behind the
        name of the part, ``"vae/decoder.extra"``, and so fits no parameter.
    """
    names = list(names)
    modules = _vae_modules(names) if part == "vae" else {}
    rows: dict[str, dict[int, str]] = {}
    for name in names:
        if part == "vae":
            place = _TENSOR_OF_MODULE.fullmatch(name)
            known = place is not None and place["module"] in modules
            native = f"{modules[place['module']]}.{place['tensor']}" if place and known else None
        else:
            native = _substitute(_TABLES[part], name)
        if native is None:
            rows[f"{part}/{name}"] = {0: name}
            continue
        native, _, row = native.partition("#")
        rows.setdefault(PREFIXES[part] + native, {})[int(row or 0)] = name
    return [
        NativeTensor(native, tuple(found[row] for row in sorted(found)))
        for native, found in rows.items()
    ]


def _substitute(table: Iterable[tuple[str, str]], name: str) -> str | None:
    matches = ((re.fullmatch(pattern, name), replacement) for pattern, replacement in table)
    return next((match.expand(replacement) for match, replacement in matches if match), None)


def _vae_modules(names: Iterable[str]) -> dict[str, str]:
    """The native name of every module of an autoencoder with as many blocks as ``names`` have."""
    modules: dict[str, str] = {}
    for side, places in _BLOCKS.items():
        numbers = (re.match(rf"{side}\.block\.(\d+)\.", name) for name in names)
        count = 1 + max((int(number[1]) for number in numbers if number), default=-1)
        ends = {"conv1": 0, "snake1": count + 1, "conv2": count + 2}
        modules |= {f"{side}.{module}": f"{side}.layers.{place}" for module, place in ends.items()}
        for block in range(count):
            for module, place in places.items():
                theirs = f"{side}.block.{block}.{module}"
                ours = f"{side}.layers.{block + 1}.layers.{place}"
                if module.startswith("res_unit"):
                    modules |= {f"{theirs}.{key}": f"{ours}.layers.{n}" for key, n in _UNIT.items()}
                else:
                    modules[theirs] = ours
    return modules
