"""Batches as tests run them, and what a delivery of one must look like."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile

from sa_studio import service
from sa_studio.delivery.batch import STATE_FILE
from sa_studio.delivery.report import RowReport
from sa_studio.delivery.sheet import parse_sheet
from sa_studio.service import Batch, Studio
from tests.delivery.hits import HitPipeline, loader_of


class BatchRun:
    """A Studio whose sounds are struck noises, and a folder to deliver into.

    Attributes:
        pipeline: knows what was made.
        shown: the rows of the last batch, as they were done.
    """

    def __init__(self, studio: Studio, pipeline: HitPipeline, out: Path) -> None:
        self.studio, self.pipeline, self.out = studio, pipeline, out
        self.shown: list[RowReport] = []

    def open(self, text: str, **options: Any) -> Batch:
        self.shown.clear()
        self.pipeline.requests.clear()
        sheet = parse_sheet(text, "cues")
        return self.studio.batch(sheet, self.out, show=self.shown.append, **options)

    def run(self, text: str, **options: Any) -> Batch:
        batch = self.open(text, **options)
        try:
            batch.begin()
            self.studio.run_until_empty(batch.handle)
        finally:
            batch.stop()
        batch.write_report()
        return batch

    @property
    def made(self) -> list[str]:
        """The prompts of the takes that the last batch made."""
        return [request.prompt for request in self.pipeline.requests]

    def states(self) -> dict[str, str]:
        return {row.name: row.state.value for row in self.shown}

    def files(self) -> list[str]:
        return sounds_in(self.out)


@pytest.fixture
def batch_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[BatchRun]:
    pipeline = HitPipeline()
    monkeypatch.setattr(service, "engine_loader", loader_of(pipeline))
    with Studio() as studio:
        yield BatchRun(studio, pipeline, tmp_path / "out")


def sounds_in(folder: Path) -> list[str]:
    """Everything in a folder of a delivery but the report and the state: hidden things, too."""
    own = {STATE_FILE, "cues report.html", "cues report.csv"}
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and path.name not in own
    )


def read_report(out: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with (out / "cues report.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def format_of(path: Path) -> tuple[str, int, str]:
    info = soundfile.info(path)
    return info.format, info.samplerate, info.subtype
