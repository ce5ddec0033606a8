"""A case folder of reference data: a model, and tensors that a reference computed with it.

A case lies in the native layout (``model_config.json``, ``meta.json``) or in that of diffusers. Its
``tensors.safetensors`` holds groups of tensors, ``<group>.<name>``; a group is a part of the
engine ("dit", "ae", "cond" …) or one of the runs that ``meta.json`` describes.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor
from transformers import T5EncoderModel

from sa_studio.engine.checkpoint import load_weights
from sa_studio.engine.config import model_info, read_model_folder
from sa_studio.engine.diffusion_model import DiffusionModel
from sa_studio.engine.layouts import Layout, recognise_layout
from sa_studio.engine.memory_plan import MemoryPlan
from sa_studio.engine.pipeline import AudioPipeline
from sa_studio.engine.prompt_reader import PromptReader
from sa_studio.engine.t5 import T5TextEncoder
from sa_studio.engine.text_encoder import find_text_encoder, text_encoder_width

OWN_CASES = Path(__file__).parent.parent / "golden" / "engine"
EOS = 1


class ByteTokenizer:
    """The references' tokenizer: byte b is token 2 + b mod 62, then the end; padded with 0."""

    def __call__(self, texts: Sequence[str], *, max_length: int, **_: Any) -> dict[str, Tensor]:
        ids = torch.zeros(len(texts), max_length, dtype=torch.int64)
        mask = torch.zeros_like(ids)
        for row, text in enumerate(texts):
            tokens = [2 + byte % 62 for byte in text.encode()]
            tokens = [*tokens[: max_length - 1], EOS]
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        return {"input_ids": ids, "attention_mask": mask}


class Tensors(Mapping[str, Tensor]):
    """Some tensors of a case, which remember whether they were read."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self._tensors = tensors
        self.unread = set(tensors)

    def __getitem__(self, name: str) -> Tensor:
        tensor = self._tensors[name]
        self.unread.discard(name)
        return tensor

    def __contains__(self, name: object) -> bool:
        return name in self._tensors  # looking is not reading

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


@dataclass(frozen=True)
class Case:
    """One case, with its model loaded in float32 on the CPU."""

    folder: Path
    pipeline: AudioPipeline
    text_encoder: T5TextEncoder
    meta: dict[str, Any]
    all_tensors: dict[str, Tensor]

    def group(self, name: str) -> Tensors:
        """The tensors of one group, under their names within it."""
        prefix = f"{name}."
        return Tensors(
            {
                key.removeprefix(prefix): tensor
                for key, tensor in self.all_tensors.items()
                if key.startswith(prefix)
            }
        )


def case_folders() -> list[Path]:
    """Every case, of ``$SA_STUDIO_FIXTURES`` if that is set."""
    root = Path(os.environ.get("SA_STUDIO_FIXTURES") or OWN_CASES)
    folders = sorted(path.parent for path in root.glob("*/tensors.safetensors"))
    if not folders:
        raise FileNotFoundError(f"there are no cases in {root}")
    return folders


def groups(folder: Path) -> list[str]:
    """The groups of tensors in a native case."""
    with safe_open(folder / "tensors.safetensors", "pt") as file:
        return sorted({name.partition(".")[0] for name in file.keys()})  # noqa: SIM118


def is_diffusers(folder: Path) -> bool:
    """Whether a case is a folder of diffusers."""
    return recognise_layout(folder) is Layout.DIFFUSERS


@cache
def load_case(folder: Path) -> Case:
    """Read a case; its tiny text encoder comes without tokenizer files."""
    config = read_model_folder(folder)
    with torch.device("meta"):
        model = DiffusionModel(config, text_encoder_width(folder))
    load_weights(model, folder, device="cpu", dtype=torch.float32)
    (prompt,) = (item for item in config.conditioners if item.type == "t5")
    t5: Any = T5EncoderModel.from_pretrained(find_text_encoder(folder), local_files_only=True)
    text_encoder = T5TextEncoder(t5.eval(), ByteTokenizer(), prompt.max_length)
    info = model_info(folder, folder.name, config)
    plan = MemoryPlan("float32", "float32", model.autoencoder.decode_chunk_sizes[0])
    meta_file = folder / "meta.json"
    return Case(
        folder=folder,
        pipeline=AudioPipeline(
            info, config, model, PromptReader(lambda _: text_encoder), [plan], torch.device("cpu")
        ),
        text_encoder=text_encoder,
        meta=json.loads(meta_file.read_text(encoding="utf-8")) if meta_file.is_file() else {},
        all_tensors=load_file(folder / "tensors.safetensors"),
    )


def guidance_of(name: str) -> tuple[float, float]:
    """Scale and rescale from a name such as ``out_cfg4_phi0.75``."""
    found = re.fullmatch(r"out_cfg([\d.]+?)(?:_phi([\d.]+))?", name)
    if found is None:
        raise ValueError(f"{name!r} names no guidance")
    return float(found[1]), float(found[2] or 0)
