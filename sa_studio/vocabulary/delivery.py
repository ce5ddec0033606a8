"""What a delivered file is like: the profile that a studio asks for."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from sa_studio.errors import RequestError

SAMPLE_RATES = (44_100, 48_000, 96_000)
FOLDER_FIELDS = ("category", "subcategory", "catid", "library", "collection", "date", "model")
FOLDER_FIELD = re.compile(rf"\{{({'|'.join(FOLDER_FIELDS)})\}}")
MAX_TEXT_CHARACTERS = 200
TEXTS = (
    "name",
    "folder_template",
    "designer",
    "library",
    "creator_id",
    "source_id",
    "project",
    "copyright",
)


class FileFormat(StrEnum):
    """What kind of file; the value is its extension."""

    WAV = "wav"
    FLAC = "flac"
    OGG = "ogg"
    MP3 = "mp3"
    AIFF = "aiff"

    @property
    def is_lossy(self) -> bool:
        """Whether its samples are not kept as they are; it has no depth then."""
        return self in (FileFormat.OGG, FileFormat.MP3)

    @property
    def sample_rates(self) -> tuple[int, ...]:
        """What of ``SAMPLE_RATES`` such files can have, Hz."""
        return (44_100, 48_000) if self is FileFormat.MP3 else SAMPLE_RATES

    @property
    def depths(self) -> tuple[Depth, ...]:
        """What their samples can be; of lossy ones it does not matter."""
        return (Depth.INT16, Depth.INT24) if self is FileFormat.FLAC else tuple(Depth)


class Depth(StrEnum):
    """What a sample is; OGG and MP3 have none."""

    INT16 = "16"
    INT24 = "24"
    FLOAT32 = "32f"


class Naming(StrEnum):
    """How files are called."""

    PLAIN = "plain"
    UCS = "ucs"
    GAME = "game"


class LevelPolicy(StrEnum):
    """What is done about the level; none lets the true peak above the ceiling."""

    AS_IS = "as-is"
    PEAK = "peak"
    LUFS = "lufs"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class DeliveryProfile:
    """What every file that leaves the application is like.

    Attributes:
        name: of the profile.
        sample_rate: Hz.
        level: ``PEAK`` brings the true peak to the ceiling, ``LUFS`` the loudness to the target,
            ``MATCH`` every sound of a set to the median loudness of the set.
        target_lufs: LUFS, for ``LUFS``.
        ceiling_db: dBTP that no sound exceeds.
        trim_silence: cut what follows the sound and is below ``trim_db`` of its peak.
        trim_db: dB below the peak.
        tail_seconds: what is left of it at least.
        ascii_names: whether names and folders hold ASCII alone; else letters of all scripts.
        folder_template: folders below the destination, of ``{category}``, ``{subcategory}``,
            ``{catid}``, ``{library}``, ``{collection}``, ``{date}``, ``{model}``; empty: none.
        designer, library, creator_id, source_id, project: for metadata and UCS names.
        copyright: who owns the sound, for metadata, such as "© 2026 A. Designer".
        embeds_recipe: whether the file tells how it was made.
    """

    name: str = "Studio"
    format: FileFormat = FileFormat.WAV
    sample_rate: int = 48_000
    depth: Depth = Depth.INT24
    level: LevelPolicy = LevelPolicy.AS_IS
    target_lufs: float = -23.0
    ceiling_db: float = -1.0
    trim_silence: bool = False
    trim_db: float = -60.0
    tail_seconds: float = 0.05
    naming: Naming = Naming.PLAIN
    ascii_names: bool = True
    folder_template: str = ""
    designer: str = ""
    library: str = ""
    creator_id: str = ""
    source_id: str = ""
    project: str = ""
    copyright: str = ""
    embeds_recipe: bool = True

    def __post_init__(self) -> None:
        if self.sample_rate not in SAMPLE_RATES:
            raise _problem("sample_rate", self.sample_rate, "Use 44100, 48000 or 96000.")
        for name, low, high in (
            ("target_lufs", -70.0, 0.0),
            ("ceiling_db", -20.0, 0.0),
            ("trim_db", -120.0, -20.0),
            ("tail_seconds", 0.0, 10.0),
        ):
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                raise _problem(name, value, f"Use {low:g} to {high:g}.")
        for name in TEXTS:
            if len(getattr(self, name)) > MAX_TEXT_CHARACTERS:
                shown = f"{getattr(self, name)[:20]}…"
                raise _problem(name, shown, f"Use at most {MAX_TEXT_CHARACTERS} characters.")
        if re.search(r"[{}]", FOLDER_FIELD.sub("", self.folder_template)):
            known = ", ".join(f"{{{name}}}" for name in FOLDER_FIELDS)
            raise _problem("folder_template", self.folder_template, f"In braces, use {known}.")

    def conflicts(self) -> list[RequestError]:
        """What files of this format cannot be; each names the field that can give way."""
        found = []
        if self.sample_rate not in self.format.sample_rates:
            rates = " or ".join(map(str, self.format.sample_rates))
            found.append(
                RequestError(
                    "sample_rate",
                    f"{self.format.upper()} files cannot have {self.sample_rate} samples a second",
                    f"Use {rates} Hz.",
                )
            )
        if self.depth not in self.format.depths:
            found.append(
                RequestError(
                    "depth",
                    f"{self.format.upper()} files hold whole numbers only",
                    "Use 16 or 24 bits, or WAV for 32-bit float.",
                )
            )
        return found

    def fitted(self) -> DeliveryProfile:
        """The nearest that files of this format can be; the profile itself if nothing is wrong."""
        return replace(
            self,
            sample_rate=_nearest(self.sample_rate, self.format.sample_rates),
            depth=_nearest(self.depth, self.format.depths),
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> DeliveryProfile:
        """The other way round; what is missing is as by default, what is unknown passed over.

        Raises:
            RequestError: a value is none.
        """
        kinds = {"format": FileFormat, "depth": Depth, "level": LevelPolicy, "naming": Naming}
        values: dict[str, Any] = {}
        for item in fields(cls):
            if item.name not in content:
                continue
            value, default = content[item.name], item.default
            if item.name in kinds:
                if value not in list(kinds[item.name]):
                    choices = ", ".join(kinds[item.name])
                    raise _problem(item.name, value, f"Use one of {choices}.")
                value = kinds[item.name](value)
            elif type(default) is float and type(value) is int:
                value = float(value)
            elif type(value) is not type(default):
                raise _problem(item.name, value, f"Use a value like {default!r}.")
            values[item.name] = value
        return cls(**values)


Choice = TypeVar("Choice")


def _nearest(value: Choice, choices: tuple[Choice, ...]) -> Choice:
    """``value`` if it is there, else the last: what is offered is in order, and too much was."""
    return value if value in choices else choices[-1]


def _problem(name: str, value: object, hint: str) -> RequestError:
    return RequestError(name, f"{name.replace('_', ' ')} cannot be {value!r}", hint)
