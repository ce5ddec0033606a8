"""File names that every operating system and every DAW takes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from sa_studio.audio.latin import latin_text
from sa_studio.audio.plain_text import ascii_text, clean, cut
from sa_studio.generation import GenerationRequest
from sa_studio.vocabulary.delivery import FOLDER_FIELD, Naming

MAX_CHARACTERS = 80
# of a delivered file, without its extension: with the longest it has 100
MAX_STEM = 95
MAX_BLOCK = 20
MAX_FX_NAME = 40
MAX_FOLDER = 60
MAX_FOLDERS = 10
# names of other letters than ASCII are shorter: file systems count bytes, and allow 255
BYTES_A_CHARACTER = 2.4
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)
NOTHING = "sound"
NOBODY = "NONE"  # what UCS says where there is no creator or source
_FORBIDDEN = re.compile(r"""[.:*?!=+@#<>|\\/"'%^$\[\]{}\x00-\x1f\x7f]+""")
# all of ASCII but letters and digits; what is not ASCII is letters, when it comes here
_BETWEEN = r"\x00-,./:-@\[-`{-\x7f"
_BETWEEN_WORDS = re.compile(f"[{_BETWEEN}]+")
_BETWEEN_LETTERS = re.compile(f"[{_BETWEEN}-]+")


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
        ascii_only: whether letters that are not ASCII are written in ASCII; else they are kept.
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
    ascii_only: bool = True

    @property
    def category_words(self) -> str:
        """What is known of a sound whose title cannot be written: "Doors Wood"."""
        return f"{self.category} {self.subcategory}".strip().title()


def slug(text: str, *, ascii_only: bool = True) -> str:
    """``text`` as lower-case words joined by hyphens; "sound" if nothing is left."""
    return _slug(text, ascii_only) or NOTHING


def clip_file_name(request: GenerationRequest) -> str:
    """The plain name of a take: prompt and seed."""
    return f"{slug(request.prompt)}_{request.seed}.wav"


def safe(text: str, limit: int = MAX_STEM, *, ascii_only: bool = True) -> str:
    """``text`` as a file or folder may be called anywhere; "sound" if nothing is left.

    What no system or DAW likes becomes a space, and so do line breaks; a name that Windows
    reserves is lengthened.
    """
    return _unreserved(_plain(text, limit, ascii_only)) or NOTHING


def fx_name(title: str, *, ascii_only: bool = True) -> str:
    """``title`` as UCS wants it: "Heavy Door Slam", no more than ``MAX_FX_NAME`` characters."""
    words = _BETWEEN_WORDS.sub(" ", _written(title, ascii_only).replace("'", "")).split()
    return _shortened(" ".join(map(_capitalised, words)), MAX_FX_NAME)


def file_stem(naming: Naming, values: NameValues, number: int) -> str:
    """The name of a file, without its extension; another one for each ``number``.

    - ``PLAIN``: ``heavy-door-slam_1234``, then ``heavy-door-slam_1234_02``; numbered from the
      first where there is no seed;
    - ``UCS``: ``DOORWood_Heavy Door Slam 01_CreatorID_SourceID``;
    - ``GAME``: ``Doors_Wood_HeavyDoorSlam_01``, of a loop with ``_lp`` at the end.

    A title of which nothing can be written gives way to the category, and that to "sound".

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
    kinds = (values.title, values.category_words)
    name = next(filter(None, (_slug(text, values.ascii_only) for text in kinds)), NOTHING)
    return f"{_cut(name, MAX_STEM - len(end)).strip('-')}{end}"


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
        plain = _unreserved(_plain(filled, MAX_FOLDER, values.ascii_only))
        if plain:
            parts.append(plain)
    return PurePath(*parts[:MAX_FOLDERS])


def _ucs_stem(values: NameValues, number: str) -> str:
    if not values.cat_id:
        raise ValueError("a UCS name needs a CatID")
    ascii_only = values.ascii_only
    ends = [values.creator_id, values.source_id]
    blocks = [_block(text, ascii_only) or NOBODY for text in ends]
    if user_data := _block(values.user_data, ascii_only):
        blocks.append(user_data)
    head, tail = f"{_block(values.cat_id, ascii_only)}_", f" {number}_{'_'.join(blocks)}"
    kinds = (values.fx_name, values.title, values.category_words)
    names = (fx_name(text, ascii_only=ascii_only) for text in kinds)
    name = _block(next(filter(None, names), ""), ascii_only, MAX_STEM - len(head) - len(tail))
    return f"{head}{name or NOTHING.capitalize()}{tail}"


def _game_stem(values: NameValues, number: str) -> str:
    ascii_only = values.ascii_only
    category, subcategory = (
        _joined(text, ascii_only) for text in (values.category, values.subcategory)
    )
    head = f"{category or 'Sfx'}_{subcategory or 'Misc'}_"
    tail = f"_{number}_lp" if values.is_loop else f"_{number}"
    room = MAX_STEM - len(head) - len(tail)
    # not the FX name: that may be made of the category, which is there already
    text = _shortened(fx_name(values.title, ascii_only=ascii_only), room)
    return f"{head}{_joined(text, ascii_only, room) or NOTHING.capitalize()}{tail}"


def _written(text: str, ascii_only: bool) -> str:
    """``text`` of ASCII alone, or of ASCII and the letters, marks and digits of all scripts."""
    if ascii_only:
        return ascii_text(latin_text(clean(text)))
    return "".join(
        letter if letter.isascii() or unicodedata.category(letter)[0] in "LMN" else " "
        for letter in unicodedata.normalize("NFC", clean(text))
    )


def _slug(text: str, ascii_only: bool) -> str:
    words = _BETWEEN_LETTERS.sub("-", _written(text, ascii_only).lower()).strip("-")
    return _unreserved(_cut(words, MAX_CHARACTERS).strip("-"))


def _block(text: str, ascii_only: bool, limit: int = MAX_BLOCK) -> str:
    """A part of a UCS name: it holds no underscore, which separates the parts."""
    return _plain(text.replace("_", " "), limit, ascii_only)


def _joined(text: str, ascii_only: bool, limit: int = MAX_BLOCK) -> str:
    """Words without anything between them: "CRASH & DEBRIS" becomes "CrashDebris"."""
    words = _BETWEEN_LETTERS.sub(" ", _written(text, ascii_only).replace("'", "")).split()
    if text.isupper():
        words = [word.lower() for word in words]
    return _cut("".join(map(_capitalised, words)), limit)


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]


def _plain(text: str, limit: int, ascii_only: bool) -> str:
    words = " ".join(_FORBIDDEN.sub(" ", _written(text, ascii_only).replace("'", "")).split())
    return _shortened(words.strip(" -"), limit)


def _shortened(text: str, limit: int) -> str:
    """As many whole words as there is room for; a part of the first if it is longer."""
    room = len(_cut(text, limit))
    if len(text) <= room:
        return text
    words = text[: room + 1].rpartition(" ")[0]
    return (words or text[:room]).rstrip(" -,;")


def _cut(text: str, limit: int) -> str:
    """The beginning of ``text``: ``limit`` characters, or fewer if they are of many bytes."""
    return cut(text[:limit], int(limit * BYTES_A_CHARACTER))


def _unreserved(name: str) -> str:
    return f"{name}-{NOTHING}" if name.lower() in RESERVED else name
