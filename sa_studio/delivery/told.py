"""What a delivered file says of its sound, gathered from the take, the profile and the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sa_studio import __version__
from sa_studio.audio.metadata import SOFTWARE, recipe
from sa_studio.audio.sound_facts import SoundFacts
from sa_studio.delivery.deliverable import Deliverable
from sa_studio.delivery.model_book import ModelFacts
from sa_studio.vocabulary.delivery import DeliveryProfile
from sa_studio.vocabulary.music import note_in, tempo_in
from sa_studio.vocabulary.ucs import UcsCategory


def told(
    sound: Deliverable,
    profile: DeliveryProfile,
    model: ModelFacts | None,
    category: UcsCategory | None,
    fx_name: str,
    lora_hashes: Sequence[str] = (),
) -> SoundFacts:
    """All that is known before the sound is rendered.

    Args:
        model: what made it; ``None`` of sounds that were not made here.
        category: its UCS category, if it has one.
        fx_name: what UCS names call it.
        lora_hashes: of the LoRAs of its request, in their order; empty texts where none is known.
    """
    prompt = sound.request.prompt if sound.request else ""
    return SoundFacts(
        title=sound.title,
        description=prompt or sound.title,
        designer=profile.designer,
        library=profile.library,
        project=profile.project,
        creator_id=profile.creator_id,
        source_id=profile.source_id,
        cat_id=category.cat_id if category else sound.cat_id,
        category=category.category if category else "",
        subcategory=category.subcategory if category else "",
        fx_name=fx_name,
        keywords=sound.tags,
        notes=sound.notes,
        clip_id=sound.clip_id,
        created=datetime.fromtimestamp(sound.created_at, UTC).astimezone(),
        software=f"{SOFTWARE} {__version__}",
        model=model.title if model else "",
        copyright=profile.copyright,
        licence=model.licence if model else "",
        tempo=tempo_in(prompt) or None,  # "0 bpm" is none
        root_note=note_in(prompt),
        recipe=(
            full_recipe(sound, model, lora_hashes) if model and profile.embeds_recipe else None
        ),
    )


def full_recipe(
    sound: Deliverable, model: ModelFacts, lora_hashes: Sequence[str] = ()
) -> dict[str, Any]:
    """What makes a take again, which model and LoRAs that were, and what was changed about it."""
    assert sound.request is not None
    content = recipe(sound.request, sound.clip_id, sound.computed)
    if model.title != model.id:
        content["model_title"] = model.title
    if model.sha256:
        content["model_sha256"] = model.sha256
    if any(lora_hashes):
        content["lora_sha256"] = list(lora_hashes)
    if sound.cat_id:
        content["cat_id"] = sound.cat_id
    if edit := sound.edit.as_dict():
        content["edit"] = edit
    return content
