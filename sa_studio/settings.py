"""The user's settings: one JSON file, typed, versioned, replaced as a whole when saved."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from sa_studio.atomic_file import write_atomically
from sa_studio.errors import DataFolderError, RequestError
from sa_studio.json_file import read_json
from sa_studio.vocabulary.delivery import DeliveryProfile

log = logging.getLogger(__name__)

VERSION = 1
THEMES = ("dark", "light", "system")
INTERFACE_PERCENTS = (100, 125, 150, 200)
# version → what makes the next version's content of it
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


@dataclass
class Settings:
    """What is remembered between two starts. Assign, then :meth:`save`.

    Attributes:
        volume: of the player, 0 … 1.
        loop: whether the player repeats.
        seed_locked: whether the form keeps its seed for the next generation.
        advanced_shown: whether the form's advanced part is folded out.
        edit_shown: whether the bar for editing a take is open.
        last_request: fields of the form as they were left.
        device, dtype: where and how precisely to compute.
        sound_views: how a take is drawn: ``waveform``, ``spectrogram`` or ``both``.
        decibels: whether the waveform's height is in decibels.
        output: name of the sound output; empty is the system's.
        theme: ``dark``, ``light`` or ``system``.
        interface_percent: how large everything is drawn, one of ``INTERFACE_PERCENTS``; counts
            from the next start.
        welcomed: whether the welcome was seen; it is shown once.
        queue_order: ids of the jobs that ran and waited when the user last put them in order.
        given_up: when the newest of the interrupted takes was made that shall not be resumed.
        profiles: the user's own delivery profiles, each as
            :meth:`~sa_studio.vocabulary.delivery.DeliveryProfile.as_dict` gives it.
        profile: name of the chosen one, which may be built in.
        export_folder: where takes were exported to last.
        library_filter: what the library's menus leave out, and its order; the words are theirs.
        card_notice: the line about an idle graphics card that was put away.
        path: the file; not stored in it.
        unknown: keys of a newer version, kept as they are.
    """

    volume: float = 0.8
    loop: bool = False
    seed_locked: bool = False
    advanced_shown: bool = False
    edit_shown: bool = False
    last_request: dict[str, Any] = field(default_factory=dict)
    device: str = "auto"
    dtype: str = "auto"
    sound_views: str = "waveform"
    decibels: bool = False
    output: str = ""
    theme: str = "dark"
    interface_percent: int = 100
    welcomed: bool = False
    queue_order: list[str] = field(default_factory=list)
    given_up: float = 0.0
    profiles: list[dict[str, Any]] = field(default_factory=list)
    profile: str = "Studio"
    export_folder: str = ""
    library_filter: dict[str, Any] = field(default_factory=dict)
    card_notice: str = ""
    path: Path | None = None
    unknown: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read the settings; defaults where there are none.

        A file that cannot be understood is set aside as ``settings.broken.json``, never lost.
        """
        try:
            content = read_json(path)
            if not isinstance(content, dict):
                raise ValueError("it holds no JSON object")
            version = content.pop("version", VERSION)
            if type(version) is not int or version < 1:
                raise ValueError(f"{version!r} is no version")
        except FileNotFoundError:
            return cls(path=path)
        except (OSError, ValueError) as error:
            _set_aside(path, error)
            return cls(path=path)
        for older in range(version, VERSION):
            content = MIGRATIONS[older](content)
        settings = cls(path=path)
        for name, default in cls()._stored().items():
            value = content.pop(name, default)
            if type(value) is int and isinstance(default, float) and abs(value) < 2**53:
                value = float(value)
            if type(value) is type(default) and not _is_nan(value):
                setattr(settings, name, value)
            else:
                log.warning("the setting %s is no %s; ignored", name, type(default).__name__)
        settings.volume = min(max(settings.volume, 0.0), 1.0)
        if settings.theme not in THEMES:
            settings.theme = cls.theme
        if settings.interface_percent not in INTERFACE_PERCENTS:
            settings.interface_percent = cls.interface_percent
        settings.profiles = [item for item in settings.profiles if _is_profile(item)]
        settings.unknown = content
        return settings

    def save(self) -> None:
        """Write the file anew and put it in place of the old one.

        Raises:
            DataFolderError: it cannot be written.
        """
        if self.path is None:
            return
        content = {**self.unknown, **self._stored(), "version": VERSION}
        text = json.dumps(content, indent=2, sort_keys=True)
        try:
            write_atomically(self.path, text.encode())
        except OSError as error:
            raise DataFolderError(
                f"The settings cannot be saved ({error.strerror or error})",
                "Check the free space and the permissions of the data folder.",
            ) from error

    def _stored(self) -> dict[str, Any]:
        content = asdict(self)
        return {
            item.name: content[item.name]
            for item in fields(self)
            if item.name not in ("path", "unknown")
        }


def _is_profile(content: object) -> bool:
    """Whether a stored profile can be used; one that was spoiled does not spoil the others."""
    try:
        if not isinstance(content, dict):
            raise RequestError("profile", f"{content!r} is no profile")
        DeliveryProfile.from_dict(content)
    except RequestError as error:
        log.warning("a delivery profile cannot be used (%s); dropped", error.one_line())
        return False
    return True


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _set_aside(path: Path, reason: Exception) -> None:
    """Put a file that cannot be understood out of the way, so that saving does not destroy it."""
    aside = path.with_suffix(".broken.json")
    log.warning("the settings cannot be read (%s); set aside as %s", reason, aside.name)
    try:
        path.replace(aside)
    except OSError as error:
        raise DataFolderError(
            f"The settings {str(path)!r} cannot be read ({error.strerror or error})",
            "Change the permissions of the file, or move it away.",
        ) from error
