"""Shows a batch as it is made: results to stdout, a progress bar to a terminal's stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.events import JobEvent, ModelLoading, PlanChanged, Progress
from sa_studio.generation import ClipState

if TYPE_CHECKING:
    from sa_studio.service import Row, RowReport

NAME_CHARACTERS = 32


class BatchPrinter:
    """Prints rows and follows the queue, to be used as a context manager.

    Args:
        folder: the destination.
        as_json: print an object for each row instead of the paths of its new files.
    """

    def __init__(self, folder: Path, *, as_json: bool) -> None:
        self._folder, self._json = folder, as_json
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> BatchPrinter:
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(bar_format="{desc} {percentage:3.0f}% |{bar}|", leave=False)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def plan(self, rows: Sequence[RowReport]) -> None:
        """Print what would be made."""
        for row in rows:
            state = "unchanged" if row.state.is_done else "to make"
            if self._json:
                self._print(json.dumps({**self._facts(row), "state": state}))
            else:
                many = f" ×{row.count}" if row.count > 1 else ""
                facts = ", ".join(filter(None, (row.category, row.profile, row.format)))
                self._print(f"{row.row}: {state}: {row.name}{many} ({facts})")

    def show(self, row: RowReport) -> None:
        """Print a row that is done or has failed."""
        self._done += 1
        if self._json:
            self._print(json.dumps(self._facts(row)))
        elif row.state.is_new:
            for file in row.files:
                self._print(str(self._folder / file.path))
        if row.problem:
            self._say(f"sa-studio: row {row.row}, {row.name}: {row.problem}")

    def follow(self, event: JobEvent, row: Row | None) -> None:
        """Show how far the take is that is being made for ``row``."""
        match event:
            case PlanChanged(plan=plan, reason=reason):
                self._say(f"sa-studio: {reason}; trying again with: {plan}")
            case ModelLoading() if self._bar is not None:
                self._bar.set_description_str("loading the model")
            case Progress() if self._bar is not None and row is not None:
                what = "decoding" if event.state is ClipState.DECODING else "sampling"
                name = row.plan.cue.name[:NAME_CHARACTERS]
                take = f" {row.number_of(event.clip_id) + 1}/{row.plan.cue.count}"
                many = take if row.plan.cue.count > 1 else ""
                text = f"{self._done} rows done, {name}{many}: {what}"
                # a new phase is shown at once, however short it is
                self._bar.set_description_str(text, refresh=text != self._bar.desc)
                self._bar.total = event.steps
                self._bar.update(event.step - self._bar.n)

    def conclude(self, text: str) -> None:
        """Say how it ended, to who watches."""
        if sys.stderr.isatty():
            print(f"sa-studio: {text}", file=sys.stderr)

    def _facts(self, row: RowReport) -> dict[str, Any]:
        """A row as scripts see it; the keys are part of the public surface."""
        return {
            "row": row.row,
            "name": row.name,
            "state": row.state,
            "files": [str((self._folder / file.path).absolute()) for file in row.files],
            "clip_ids": [file.clip_id for file in row.files],
            "seeds": [file.seed for file in row.files],
            "seconds": [file.seconds for file in row.files],
            "lufs": [file.lufs for file in row.files],
            "true_peak_db": [file.true_peak_db for file in row.files],
            "prompt": row.prompt,
            "category": row.category,
            "profile": row.profile,
            "model": row.model,
            "problem": row.problem,
            "remark": row.remark,
        }

    def _say(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        print(text, file=sys.stderr, flush=True)

    def _print(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        print(text, flush=True)
