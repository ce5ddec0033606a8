"""Where stored clips lie in the judge's space, remembered from one evaluation to the next."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from sa_studio.atomic_file import write_atomically
from sa_studio.audio.files import read_audio
from sa_studio.evaluation.arrays import RATE, Array
from sa_studio.evaluation.judge import Judge


def read_clip(path: Path) -> Array:
    """The samples of a clip, [2, samples] at 44.1 kHz."""
    return read_audio(path, sample_rate=RATE, channels=2)[0]


class KnownEmbeddings:
    """Embeddings of clips that were judged before; thousands of clips take minutes.

    Args:
        judge: for those that were not. What another judge said does not count.
        file: where they are kept; a damaged file is as none.
    """

    def __init__(self, judge: Judge, file: Path) -> None:
        self._judge, self._file = judge, file
        self._known: dict[str, Array] = {}
        try:
            with np.load(file, allow_pickle=False) as content:
                if str(content["judge"]) == judge.fingerprint:
                    self._known = dict(zip(content["names"].tolist(), content["rows"], strict=True))
        except (OSError, ValueError, KeyError, EOFError):
            pass
        self._used: dict[str, Array] = {}

    def of(self, path: Path, audio: Array | None = None) -> Array:
        """The embedding of the clip at ``path``; ``audio`` are its samples, if they are read."""
        facts = path.stat()
        name = "|".join((*path.parts[-3:], str(facts.st_size), str(facts.st_mtime_ns)))
        if name in self._known:
            found = self._known[name]
        else:
            found = self._judge.embedding(read_clip(path) if audio is None else audio)
        self._used[name] = found
        return found

    def keep(self) -> None:
        """Remember those that were asked for."""
        content = io.BytesIO()
        np.savez(
            content,
            judge=np.array(self._judge.fingerprint),
            names=np.array(list(self._used)),
            rows=np.stack(list(self._used.values())),
        )
        write_atomically(self._file, content.getvalue())
