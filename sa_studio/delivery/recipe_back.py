"""The way back: the recipe in a delivered file becomes a request again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sa_studio.audio.read_facts import read_recipe
from sa_studio.delivery.model_book import ModelBook
from sa_studio.errors import DeliveryError, LoraError, ModelError, RequestError
from sa_studio.generation import GenerationRequest, is_encodable
from sa_studio.library.presets import NUMBERS, fits
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

# of a request, but no field of a preset
TEMPLATES = ("template", "negative_template")
HINT = "Use a file that was delivered with its recipe."


@dataclass(frozen=True, slots=True)
class DroppedRecipe:
    """How a file was made, and what is lacking to make it again.

    Attributes:
        request: every setting.
        missing_model: that its model is not here, and how to get it, in words; empty if it is.
        missing_loras: the same of each of its LoRAs that is not here.
        remarks: what else may make it sound otherwise: another version of the model, an init
            audio that is gone.
        recipe: all that the file says, as it says it.
        clip_id: the take that it was made from.
        cat_id: its UCS category.
        edit: what had been changed about the take.
    """

    request: GenerationRequest
    missing_model: str = ""
    missing_loras: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    recipe: Mapping[str, Any] | None = None
    clip_id: str = ""
    cat_id: str = ""
    edit: SoundEdit = UNTOUCHED

    @property
    def problems(self) -> tuple[str, ...]:
        """All that is lacking or remarkable, a sentence or two each."""
        missing = (self.missing_model,) if self.missing_model else ()
        return (*missing, *self.missing_loras, *self.remarks)


def recipe_back(
    path: Path,
    models: ModelBook,
    locate_model: Callable[[str], Path],
    locate_lora: Callable[[str], Path],
) -> DroppedRecipe:
    """Every setting of a file that was made here: WAV, FLAC, OGG, MP3 or AIFF.

    A model or LoRA that has another name here is found by its hash.

    Args:
        path: the file.
        models: what is known of models.
        locate_model, locate_lora: find what is here; raise ModelError and LoraError.

    Raises:
        AudioFileError: it is no sound file.
        DeliveryError: there is no recipe in it, or a damaged one.
    """
    recipe = read_recipe(path)
    if recipe is None:
        raise DeliveryError(f"{path.name!r} does not say how it was made", HINT)
    request = request_of(recipe)
    remarks = []
    missing_model = ""
    sha256 = str(recipe.get("model_sha256", ""))
    try:
        locate_model(request.model)
    except ModelError as error:
        known = models.with_hash(sha256)
        if known is not None:
            request = replace(request, model=known)
        else:
            missing_model = _missing_model(request.model, recipe, models, error)
    else:
        here = models.facts(request.model)
        if sha256 and here.sha256 not in ("", sha256):
            remarks.append(f"{here.title} is here in another version than the one that made it.")
    missing_loras = []
    found_loras = []
    hashes = _lora_hashes(recipe)
    for place, (name, strength) in enumerate(request.loras):
        noted = hashes[place] if place < len(hashes) else ""
        found: str | None = name
        try:
            locate_lora(name)
        except LoraError:
            found = models.lora_with_hash(noted)
            if found is None:
                missing_loras.append(
                    f"The LoRA {name!r} is not here. "
                    "Import its file with: sa-studio loras import FILE."
                )
        else:
            if noted and models.lora_hash(name) not in ("", noted):
                remarks.append(f"The LoRA {name!r} is here as another file than the one then.")
        found_loras.append((found or name, strength))
    request = replace(request, loras=tuple(found_loras))
    init_audio = request.init_audio
    if init_audio is not None and not os.path.isfile(init_audio):  # noqa: PTH113 (never raises)
        remarks.append(f"The sound that it started from is not here: {str(init_audio)!r}.")
    return DroppedRecipe(
        request,
        missing_model,
        tuple(missing_loras),
        tuple(remarks),
        recipe,
        clip_id=str(recipe.get("clip_id", "")),
        cat_id=str(recipe.get("cat_id", "")),
        edit=_edit_of(recipe),
    )


def _lora_hashes(recipe: Mapping[str, Any]) -> list[str]:
    found = recipe.get("lora_sha256", [])
    return list(map(str, found)) if isinstance(found, list) else []


def _missing_model(
    model: str, recipe: Mapping[str, Any], models: ModelBook, error: ModelError
) -> str:
    """That a model is not here, and how to get it."""
    if models.offer(model) is not None:
        return error.one_line()
    title = str(recipe.get("model_title", "")) or model
    name = repr(title) if title == model else f"{title!r} ({model})"
    return (
        f"The model {name} is not here. Import it with: sa-studio models import PATH, "
        "or choose another model."
    )


def request_of(recipe: Mapping[str, Any]) -> GenerationRequest:
    """The request that a recipe tells of; what it does not name is as by default.

    Raises:
        DeliveryError: a value is none, or there is no prompt.
    """
    values: dict[str, Any] = {}
    for item in fields(GenerationRequest):
        if item.name not in recipe:
            continue
        value = recipe[item.name]
        if not _usable(item.name, value):
            raise DeliveryError(f"The recipe has an unusable {item.name}: {value!r}", HINT)
        values[item.name] = _as_stored(item.name, value)
    if "prompt" not in values:
        raise DeliveryError("The recipe has no prompt", HINT)
    return GenerationRequest(**values)


def _usable(name: str, value: object) -> bool:
    if name == "init_audio":
        return value is None or (isinstance(value, str) and is_encodable(value))
    if name in TEMPLATES:
        return isinstance(value, str) and is_encodable(value)
    return fits(name, value)


def _as_stored(name: str, value: Any) -> Any:
    """A value out of JSON as a request holds it."""
    if value is None:
        return None
    if name == "init_audio":
        return Path(value)
    if name == "guidance_interval":
        return (float(value[0]), float(value[1]))
    if name == "loras":
        return tuple((lora, float(strength)) for lora, strength in value)
    return float(value) if name in NUMBERS else value


def _edit_of(recipe: Mapping[str, Any]) -> SoundEdit:
    content = recipe.get("edit", {})
    try:
        if not isinstance(content, dict):
            raise TypeError(f"{content!r} is no edit")
        return SoundEdit.from_dict(content)
    except (RequestError, TypeError) as error:
        raise DeliveryError(f"The recipe has an unusable edit: {content!r}", HINT) from error
