"""A sound that is to be delivered, and what is known of it: a take, or any sound file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sa_studio.audio.read_facts import read_recipe
from sa_studio.delivery.recipe_back import request_of
from sa_studio.errors import AudioFileError, LibraryError
from sa_studio.generation import Clip, GenerationRequest
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A sound and what its delivered file says of it.

    Attributes:
        path: where its samples are.
        created_at: when it was made, seconds since 1970.
        request: how it was made; ``None`` of sounds that were not made here.
        clip_id: of a take; empty otherwise.
        edit: applied when it is delivered.
        cat_id: its UCS category; may be empty.
        name: what it is called; empty: as its prompt says.
        tags, notes, collections: as of a take.
        number: which variation it is, from 1.
        computed: where and how it was computed, in words.
    """

    path: Path
    created_at: float
    request: GenerationRequest | None = None
    clip_id: str = ""
    edit: SoundEdit = UNTOUCHED
    cat_id: str = ""
    name: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    collections: tuple[str, ...] = ()
    number: int = 1
    computed: str = ""

    @property
    def title(self) -> str:
        """What it is called: its name, else its prompt, else its file's name."""
        if self.name:
            return self.name
        return self.request.prompt if self.request else self.path.stem


def file_of(clip: Clip) -> Path:
    """Where the sound of a finished take lies.

    Raises:
        LibraryError: it is not finished.
        AudioFileError: its file is gone: it was moved, renamed or deleted outside of the library.
    """
    if clip.path is None:
        raise LibraryError(f"The take {clip.id!r} is not finished", "Generate it again.")
    if not clip.path.is_file():
        raise AudioFileError(
            f"The sound file {str(clip.path)!r} is gone",
            "Put it back there, or make the sound again: its settings are kept.",
        )
    return clip.path


def of_clip(clip: Clip) -> Deliverable:
    """A finished take.

    Raises:
        LibraryError: it is not finished.
        AudioFileError: its file is gone or damaged.
    """
    path = file_of(clip)
    recipe = read_recipe(path) or {}
    return Deliverable(
        path=path,
        created_at=clip.created_at,
        request=clip.request,
        clip_id=clip.id,
        edit=clip.edit,
        cat_id=clip.cat_id,
        tags=clip.tags,
        notes=clip.notes,
        collections=clip.collections,
        # known to the file alone
        computed=str(recipe.get("computed", "")),
    )


def of_part(sound: Deliverable, seconds: float, start: float, stop: float) -> Deliverable:
    """A part of a take as a sound of its own, called by its place: it is no loop any more.

    Args:
        sound: the take, as long as ``seconds``.
        seconds: of the take as it was generated.
        start, stop: of the part, in seconds of what is heard.

    Raises:
        RequestError: the part holds no sound.
    """
    edit = sound.edit.with_crossfade(seconds, 0.0)
    heard = edit.duration(seconds)
    edit = edit.trimmed(seconds, max(start, 0.0), min(stop, heard))
    return replace(
        sound,
        edit=replace(
            edit,
            # fades of the take are those of its ends
            fade_in=edit.fade_in if start <= 0 else 0.0,
            fade_out=edit.fade_out if stop >= heard else 0.0,
        ),
        name=f"{sound.title} {round(start * 1000)}-{round(stop * 1000)} ms",
    )


def of_file(path: Path) -> Deliverable:
    """A sound file; one that was made here is known by its recipe.

    Raises:
        AudioFileError: it is no sound file.
        DeliveryError: its recipe is damaged.
    """
    recipe = read_recipe(path)
    if recipe is None:
        return Deliverable(path, path.stat().st_mtime)
    return Deliverable(
        path=path,
        created_at=path.stat().st_mtime,
        request=request_of(recipe),
        clip_id=str(recipe.get("clip_id", "")),
        # its edit was applied when it was delivered: it is not applied twice
        cat_id=str(recipe.get("cat_id", "")),
        computed=str(recipe.get("computed", "")),
    )
