"""File names that every operating system and every DAW takes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath

from sa_studio.audio.plain_text import ascii_text
from sa_studio.errors import AudioFileError
from sa_studio.generation import GenerationRequest
from sa_studio.vocabulary.delivery import FOLDER_FIELD, Naming

MAX_CHARACTERS = 80
# of a delivered file, without its extension: with the longest it has 100
MAX_STEM = 95
MAX_BLOCK = 20
MAX_FX_NAME = 40
MAX_FOLDER = 60
MAX_FOLDERS = 10
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)
NOTHING = "sound"
NOBODY = "NONE"  # what UCS says where there is no creator or source
_FORBIDDEN = re.compile(r"""[.:*?!=+@#<>|\\/"'%^$\[\]{}\x00-\x1f\x7f]+""")


@dataclass(frozen=True, slots=True)
class NameValues:
    """What a file's name and its folders are made of; each of it may be empty.

    Attributes:
        title: what the sound is: its name or its prompt.
        seed: of a take that has no other name.
        fx_name: the title as UCS wants it (:func:`fx_name`).
        cat_id, category, subcategory: of the UCS list.
        creator_id, source_id, user_data: blocks of UCS names.
        is_loop: whether it is meant to be repeated.
        library, collection, date, model: for folders.
    """

    title: str
    seed: int | None = None
    fx_name: str = ""
    cat_id: str = ""
    category: str = ""
    subcategory: str = ""
    creator_id: str = ""
    source_id: str = ""
    user_data: str = ""
    is_loop: bool = False
    library: str = ""
    collection: str = ""
    date: str = ""
    model: str = ""


def slug(text: str) -> str:
    """``text`` as lower-case ASCII words joined by hyphens; "sound" if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_CHARACTERS].strip("-")
    return _unreserved(words) or NOTHING


def clip_file_name(request: GenerationRequest) -> str:
    """The plain name of a take: prompt and seed."""
    return f"{slug(request.prompt)}_{request.seed}.wav"


def safe(text: str, limit: int = MAX_STEM) -> str:
    """``text`` in ASCII as a file or folder may be called anywhere; "sound" if nothing is left.

    What no system or DAW likes becomes a space, and so do line breaks; a name that Windows
    reserves is lengthened.
    """
    return _unreserved(_plain(text, limit)) or NOTHING


def fx_name(title: str) -> str:
    """``title`` as UCS wants it: "Heavy Door Slam", no more than ``MAX_FX_NAME`` characters."""
    words = re.sub(r"[^A-Za-z0-9-]+", " ", ascii_text(title).replace("'", "")).split()
    return _shortened(" ".join(map(_capitalised, words)), MAX_FX_NAME)


def file_stem(naming: Naming, values: NameValues, number: int) -> str:
    """The name of a file, without its extension; another one for each ``number``.

    - ``PLAIN``: ``heavy-door-slam_1234``, then ``heavy-door-slam_1234_02``; numbered from the
      first where there is no seed;
    - ``UCS``: ``DOORWood_Heavy Door Slam 01_CreatorID_SourceID``;
    - ``GAME``: ``Doors_Wood_HeavyDoorSlam_01``, of a loop with ``_lp`` at the end.

    Args:
        naming: the scheme.
        values: what it is made of.
        number: which variation it is, from 1, or the next one that may be free.

    Raises:
        ValueError: UCS without a CatID; or the number is none.
    """
    if number < 1:
        raise ValueError(f"variations are numbered from 1, not {number}")
    match naming:
        case Naming.UCS:
            return _ucs_stem(values, f"{number:02d}")
        case Naming.GAME:
            return _game_stem(values, f"{number:02d}")
    end = "" if values.seed is None else f"_{values.seed}"
    if values.seed is None or number > 1:
        end += f"_{number:02d}"
    return f"{slug(values.title)[: MAX_STEM - len(end)].strip('-')}{end}"


def folder_of(template: str, values: NameValues) -> PurePath:
    """The folders below the destination that ``template`` asks for; never a way out of it.

    A value makes one folder, whatever is in it. What is empty is left out.

    Args:
        template: see :class:`~sa_studio.vocabulary.delivery.DeliveryProfile`.
        values: what it is filled with.

    Returns:
        A relative path; empty if there are no folders.
    """
    fillings = {
        "category": values.category,
        "subcategory": values.subcategory,
        "catid": values.cat_id,
        "library": values.library,
        "collection": values.collection,
        "date": values.date,
        "model": values.model,
    }
    parts = []
    for part in re.split(r"[/\\]", template):
        filled = FOLDER_FIELD.sub(lambda match: fillings[match[1]], part)
        plain = _unreserved(_plain(filled, MAX_FOLDER))
        if plain:
            parts.append(plain)
    return PurePath(*parts[:MAX_FOLDERS])


def claim(path: Path) -> Path:
    """Make an empty file at ``path``, or at the first of "name 2", "name 3" … that is free.

    Making it is what keeps two programs that look at the same time from taking the same name.

    Raises:
        AudioFileError: no file can be made there.
    """
    candidate, number = path, 2
    while True:
        try:
            candidate.touch(exist_ok=False)
        except FileExistsError:
            candidate = path.with_name(f"{path.stem} {number}{path.suffix}")
            number += 1
        except OSError as error:
            raise AudioFileError(
                f"The sound cannot be written to {str(candidate)!r} ({error.strerror or error})",
                "Check the free space and the permissions of the folder.",
            ) from error
        else:
            return candidate


def _ucs_stem(values: NameValues, number: str) -> str:
    if not values.cat_id:
        raise ValueError("a UCS name needs a CatID")
    ends = [values.creator_id, values.source_id]
    blocks = [_block(text) or NOBODY for text in ends]
    if user_data := _block(values.user_data):
        blocks.append(user_data)
    head, tail = f"{_block(values.cat_id)}_", f" {number}_{'_'.join(blocks)}"
    name = _block(values.fx_name or fx_name(values.title), MAX_STEM - len(head) - len(tail))
    return f"{head}{name or NOTHING.capitalize()}{tail}"


def _game_stem(values: NameValues, number: str) -> str:
    head = f"{_joined(values.category) or 'Sfx'}_{_joined(values.subcategory) or 'Misc'}_"
    tail = f"_{number}_lp" if values.is_loop else f"_{number}"
    room = MAX_STEM - len(head) - len(tail)
    text = _shortened(values.fx_name or fx_name(values.title), room)
    return f"{head}{_joined(text, room) or NOTHING.capitalize()}{tail}"


def _block(text: str, limit: int = MAX_BLOCK) -> str:
    """A part of a UCS name: it holds no underscore, which separates the parts."""
    return _plain(text.replace("_", " "), limit)


def _joined(text: str, limit: int = MAX_BLOCK) -> str:
    """Words without anything between them: "CRASH & DEBRIS" becomes "CrashDebris"."""
    words = re.findall(r"[A-Za-z0-9]+", ascii_text(text).replace("'", ""))
    if text.isupper():
        words = [word.lower() for word in words]
    return "".join(map(_capitalised, words))[:limit]


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]


def _plain(text: str, limit: int) -> str:
    words = " ".join(_FORBIDDEN.sub(" ", ascii_text(text).replace("'", "")).split())
    return _shortened(words.strip(" -"), limit)


def _shortened(text: str, limit: int) -> str:
    """As many whole words as there is room for; a part of the first if it is longer."""
    if len(text) <= limit:
        return text
    words = text[: limit + 1].rpartition(" ")[0]
    return (words or text[:limit]).rstrip(" -,;")


def _unreserved(name: str) -> str:
    return f"{name}-{NOTHING}" if name.lower() in RESERVED else name
