"""What is dragged out: files in the profile that is chosen, made once and never replaced.

A DAW plays a file from where it was dragged. So each take has a folder here, with one folder in it
for each thing that its file ever was: another profile or edit makes another file, and the one in
use stays as it is.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

from sa_studio.delivery.deliverable import Deliverable
from sa_studio.delivery.new_file import PREFIX
from sa_studio.vocabulary.delivery import DeliveryProfile

# goes up when the same settings make other files
VERSION = 1
KEY_CHARACTERS = 16

Deliver = Callable[[Path], Path]
"""Delivers a sound into a folder; returns its file."""


class RenderedFolder:
    """The files that were made to be dragged out.

    Args:
        root: where they are; need not be there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        # two threads that want the same file would make it twice
        self._lock = threading.Lock()

    def file_of(
        self,
        sound: Deliverable,
        profile: DeliveryProfile,
        set_lufs: float | None,
        deliver: Deliver,
    ) -> Path:
        """The file of a take in a profile; made by ``deliver`` if it is not there."""
        folder = self.root / sound.clip_id / _key(sound, profile, set_lufs)
        with self._lock:
            return _file_in(folder) or deliver(folder)


def _file_in(folder: Path) -> Path | None:
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith(PREFIX)]
    except (FileNotFoundError, NotADirectoryError):
        return None
    return min(found, default=None)


def _key(sound: Deliverable, profile: DeliveryProfile, set_lufs: float | None) -> str:
    """A word for everything that decides what is in the file, and what it is called."""
    content = {
        "version": VERSION,
        # not its name: a profile that is renamed delivers the same
        "profile": {**profile.as_dict(), "name": ""},
        "edit": sound.edit.as_dict(),
        "told": [sound.cat_id, sound.name, sound.number, sound.tags, sound.notes],
        "collections": sound.collections,
        "set_lufs": None if set_lufs is None else round(set_lufs, 2),
    }
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_CHARACTERS]
