"""The ledger names model, licence, words and seed of every take, in tables that others read."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

import pytest

from sa_studio.delivery.ledger import COLUMNS
from sa_studio.errors import LibraryError
from sa_studio.service import Studio, ledger_as_csv, ledger_as_json
from tests.delivery.takes import add_take


def test_each_take_has_its_model_its_licence_and_its_words(studio: Studio) -> None:
    hostile = 'a "door", slammed;\nthen\tügly =1+1'
    first = add_take(studio, hostile, model="starter")
    second = add_take(studio, "rain", model="stable-audio-open-1.0", seed=9)
    lost = add_take(studio, "wind", model="/gone/my-model", loras=())
    studio.collect_clips([first.id, second.id], "Film")
    rows = studio.ledger()
    assert [row.clip for row in rows] == [first.id, second.id, lost.id]
    assert [row.model_licence for row in rows] == [
        "Apache-2.0",
        "Stability AI Community License",
        "unknown",
    ]
    assert [row.seed for row in rows] == [7, 9, 7]
    assert rows[0].prompt == hostile
    assert rows[0].negative == "low quality"
    assert rows[0].file == str(first.path)
    assert rows[0].loras == "warm=0.5"
    assert rows[0].date.endswith("+00:00")
    assert [row.clip for row in studio.ledger("film")] == [first.id, second.id]
    read = list(csv.DictReader(io.StringIO(ledger_as_csv(rows))))
    assert tuple(read[0]) == COLUMNS[: len(COLUMNS)]
    assert COLUMNS[:8] == (
        *("clip", "file", "model", "model_licence", "prompt", "negative", "seed", "date"),
    )
    assert read[0]["prompt"] == hostile
    assert [row["seed"] for row in read] == ["7", "9", "7"]
    assert json.loads(ledger_as_json(rows)) == [asdict(row) for row in rows]


def test_takes_that_were_rejected_later_stay_in_the_ledger(studio: Studio) -> None:
    from sa_studio.generation import Verdict

    clip = add_take(studio)
    studio.judge_clips([clip.id], Verdict.REJECT)
    assert [row.clip for row in studio.ledger()] == [clip.id]


def test_a_ledger_of_no_takes_has_a_header(studio: Studio) -> None:
    assert ledger_as_csv(studio.ledger()) == ",".join(COLUMNS) + "\n"
    assert json.loads(ledger_as_json(studio.ledger())) == []


def test_a_collection_that_is_none_is_an_error(studio: Studio) -> None:
    with pytest.raises(LibraryError, match="no collection 'Film'"):
        studio.ledger("Film")
