"""What trainers write beside the tensors of a LoRA: rank, α and kind, wherever they lie."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sa_studio.errors import LoraError

# the sections that a file of settings may keep them in
SECTIONS = ("lora_config", "lora", "loraw")
# what PEFT calls its weights, and its settings beside them
PEFT_STEM = "adapter_model"
PEFT_SETTINGS = "adapter_config.json"
SHARED_SETTINGS = ("lora_config.json", "model_config.json")


@dataclass(frozen=True, slots=True)
class LoraSettings:
    """How strong and of what kind the adapters of a file are; ``None`` where nothing is said.

    Attributes:
        alpha: the α of α/r.
        rank: the r that was asked for; the one in use shows in the tensors.
        kind: "lora", "dora-rows", "dora-cols", "dora", "bora", each also with "-xs".
        rank_stabilised: α is divided by √r instead (Kalajdzievski 2023, arXiv:2312.03732).
        alphas: α of single layers, by the ending of their names.
    """

    alpha: float | None = None
    rank: float | None = None
    kind: str | None = None
    rank_stabilised: bool = False
    alphas: Mapping[str, float] = field(default_factory=dict)

    def alpha_of(self, module: str) -> float | None:
        """α of a layer."""
        for name, alpha in self.alphas.items():
            if module == name or module.endswith(f".{name}"):
                return alpha
        return self.alpha

    def as_json(self) -> dict[str, Any]:
        """What :func:`settings_of` reads as the same settings."""
        content = {"alpha": self.alpha, "rank": self.rank, "adapter_type": self.kind}
        content = {name: value for name, value in content.items() if value is not None}
        if self.rank_stabilised:
            content["use_rslora"] = True
        return {**content, "alpha_pattern": dict(self.alphas)} if self.alphas else content


def settings_of(content: Mapping[str, Any]) -> LoraSettings:
    """The settings in a JSON object, by any trainer's names for them.

    Raises:
        ValueError: a value is of the wrong kind.
    """
    section = next(
        (content[name] for name in SECTIONS if isinstance(content.get(name), dict)), content
    )
    kind = section.get("adapter_type")
    pattern = section.get("alpha_pattern") or {}
    if not isinstance(kind, str | None) or not isinstance(pattern, dict):
        raise ValueError(f"adapter_type {kind!r}, alpha_pattern {pattern!r}")
    return LoraSettings(
        alpha=_number(section, "lora_alpha", "alpha"),
        rank=_number(section, "r", "rank"),
        kind=kind,
        rank_stabilised=section.get("use_rslora") is True,
        alphas={name: alpha for name in pattern if (alpha := _number(pattern, name)) is not None},
    )


def find_settings(path: Path, inside: Mapping[str, Any]) -> LoraSettings:
    """The settings of the LoRA file ``path``: those inside it, or those in a file beside it.

    Args:
        path: the LoRA file.
        inside: what the file itself says; safetensors keeps texts, a pickle any object.

    Raises:
        LoraError: there are settings, but they cannot be read.
    """
    for name, content in _candidates(path, inside):
        try:
            settings = settings_of(content)
        except ValueError as error:
            raise _unreadable(path, name, error) from error
        if settings != LoraSettings():
            return settings
    return LoraSettings()


def settings_files(path: Path) -> list[Path]:
    """The files beside ``path`` that may hold its settings, the closest first."""
    names = [f"{path.stem}.json"]
    if path.stem == PEFT_STEM:
        names.append(PEFT_SETTINGS)
    return [path.with_name(name) for name in (*names, *SHARED_SETTINGS)]


def _candidates(path: Path, inside: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in SECTIONS:
        section = inside.get(name)
        if isinstance(section, dict) or (name == SECTIONS[0] and section is not None):
            yield path.name, {name: _object(path, path.name, section)}
    if "lora_adapter_metadata" in inside:  # diffusers: every name behind that of the part
        content = _object(path, path.name, inside["lora_adapter_metadata"])
        yield path.name, {name.rpartition(".")[2]: value for name, value in content.items()}
    yield (
        path.name,
        {name: inside[name] for name in ("alpha", "rank", "adapter_type") if name in inside},
    )
    for file in settings_files(path):
        if file.is_file():
            try:
                text = file.read_text(encoding="utf-8")
            except (OSError, ValueError) as error:
                raise _unreadable(path, file.name, error) from error
            yield file.name, _object(path, file.name, text)


def _object(path: Path, name: str, value: object) -> Mapping[str, Any]:
    """``value``, or the JSON text that it is, as an object."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise _unreadable(path, name, error) from error
    if not isinstance(value, dict):
        raise _unreadable(path, name, ValueError("no JSON object"))
    return value


def _number(section: Mapping[str, Any], *names: str) -> float | None:
    """The first of ``names`` that is there, as a number; texts of numbers count."""
    value = next((section[name] for name in names if section.get(name) is not None), None)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{names[-1]} is {value!r}")
    number = float(value)
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{names[-1]} is {value!r}")
    return number


def _unreadable(path: Path, name: str, error: Exception) -> LoraError:
    return LoraError(
        f"The settings of the LoRA {path.stem!r} in {name!r} cannot be read: {error}",
        "Mend or remove them; without settings the strength 1 is taken as it is.",
    )
