"""A row of a batch while it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sa_studio.delivery.batch_state import DeliveredFile, Entry
from sa_studio.delivery.cue_plan import CuePlan
from sa_studio.delivery.report import RowReport, RowState
from sa_studio.generation import MAX_COUNT, MAX_SEED, Clip, GenerationRequest
from sa_studio.vocabulary.delivery import DeliveryProfile


@dataclass(slots=True)
class Row:
    """A row, and how far it has come.

    Attributes:
        plan: what it asks for.
        entry: what is kept of it.
        clips: the takes that are made, by the number of the variation from 0.
        jobs: the ids of its jobs that wait or run.
        state: what has become of it in this call.
        problem: why it failed, and what to do.
        remark: what else there is to know.
    """

    plan: CuePlan
    entry: Entry
    clips: dict[int, Clip] = field(default_factory=dict)
    jobs: set[str] = field(default_factory=set)
    state: RowState = RowState.NOT_MADE
    problem: str = ""
    remark: str = ""

    @property
    def numbers(self) -> range:
        """Of its variations, from 0."""
        return range(self.plan.cue.count)

    def requests(self) -> Iterator[tuple[int, GenerationRequest]]:
        """What makes the takes that are missing, each with the number of its first one.

        The seed of a variation depends on its number alone, whichever of them are missing.
        """
        for first, count in runs(number for number in self.numbers if number not in self.clips):
            seed = (self.entry.seed + first) % (MAX_SEED + 1)
            yield first, replace(self.plan.request, seed=seed, count=count)

    def finished(self, clip: Clip) -> None:
        """Take note of a take that is made."""
        self.clips[self.number_of(clip.id)] = clip

    def number_of(self, clip_id: str) -> int:
        """Which variation a take is, from 0."""
        numbers = (number for number, known in self.entry.clips.items() if known == clip_id)
        return next(numbers, 0)

    def report(self) -> RowReport:
        """As the report tells of it."""
        cue, files = self.plan.cue, self.entry.files
        there: tuple[DeliveredFile, ...] = ()
        if self.state.is_done:
            there = tuple(files[number] for number in self.numbers)
        return RowReport(
            row=cue.row,
            name=cue.name,
            state=self.state,
            files=there,
            prompt=cue.prompt,
            category=self.plan.cat_id,
            count=cue.count,
            profile=self.plan.profile.name,
            format=format_text(self.plan.profile),
            model=self.plan.request.model,
            problem=self.problem,
            remark=self.remark,
        )


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow each other, as many as one job can make: the first and how many."""
    first = count = 0
    for number in numbers:
        if count and (number != first + count or count == MAX_COUNT):
            yield first, count
            count = 0
        if not count:
            first = number
        count += 1
    if count:
        yield first, count


def format_text(profile: DeliveryProfile) -> str:
    """Such as "48 kHz, 24-bit WAV"."""
    kind = profile.format.upper()
    depth = "" if profile.format.is_lossy else f"{profile.depth.removesuffix('f')}-bit "
    depth = depth.replace("32-bit", "32-bit float")
    return f"{profile.sample_rate / 1000:g} kHz, {depth}{kind}"
