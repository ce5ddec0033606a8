"""The ledger: which model made which sound, under which licence, from which words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from sa_studio.delivery.model_book import ModelBook, ModelFacts
from sa_studio.generation import Clip

UNKNOWN_LICENCE = "unknown"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One take. The names are the columns, and part of the public surface.

    Attributes:
        clip: its id.
        file: where it was written when it was made.
        model, model_licence: the model's id and its licence's name.
        date: when it was made, UTC, as ISO 8601 has it.
        loras: with their strengths.
        init_audio: the sound that it started from; empty if there was none.
    """

    clip: str
    file: str
    model: str
    model_licence: str
    prompt: str
    negative: str
    seed: int | None
    date: str
    loras: str = ""
    init_audio: str = ""


COLUMNS = tuple(item.name for item in fields(LedgerRow))


def ledger(clips: Iterable[Clip], models: ModelBook) -> Iterator[LedgerRow]:
    """A row for each finished take, in their order."""
    known: dict[str, ModelFacts] = {}
    for clip in clips:
        if clip.path is None:
            continue
        request = clip.request
        if request.model not in known:
            known[request.model] = models.facts(request.model)
        yield LedgerRow(
            clip=clip.id,
            file=str(clip.path),
            model=request.model,
            model_licence=known[request.model].licence or UNKNOWN_LICENCE,
            prompt=request.prompt,
            negative=request.negative_prompt,
            seed=request.seed,
            date=datetime.fromtimestamp(clip.created_at, UTC).isoformat(timespec="seconds"),
            loras=", ".join(f"{name}={strength:g}" for name, strength in request.loras),
            init_audio="" if request.init_audio is None else str(request.init_audio),
        )


def as_csv(rows: Iterable[LedgerRow]) -> str:
    """A table with a header, comma-separated as RFC 4180 has it, lines ended by LF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(getattr(row, name) for name in COLUMNS)
    return text.getvalue()


def as_json(rows: Iterable[LedgerRow]) -> str:
    """A list of objects."""
    return json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n"
