"""The evaluation of the starter model: everything together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from tqdm import tqdm

from sa_studio.evaluation.class_table import class_rows
from sa_studio.evaluation.gates_autoencoder import autoencoder_rows
from sa_studio.evaluation.gates_judge import agreement_row, frechet_row, memorisation_row
from sa_studio.evaluation.gates_meters import (
    fault_row,
    length_row,
    pitch_row,
    tempo_row,
    tone_row,
)
from sa_studio.evaluation.held_out import study_held_out
from sa_studio.evaluation.judge import Judge
from sa_studio.evaluation.known_embeddings import KnownEmbeddings
from sa_studio.evaluation.maker import Maker
from sa_studio.evaluation.measured import Measured, Wanted, measure
from sa_studio.evaluation.memorisation import Memorisation, memorisation
from sa_studio.evaluation.neighbours import hits, rankings
from sa_studio.evaluation.report import Report, Row, mean, percent, share_row
from sa_studio.evaluation.sheet import Prompt, Sheet
from sa_studio.evaluation.speed import THREADS, seconds_to_make
from sa_studio.evaluation.spread import spread
from sa_studio.evaluation.tone import centroid
from sa_studio.generation import GenerationRequest

# prompts for what is only reported
NEGATIVE_PROMPTS, GUIDANCE_PROMPTS = 12, 40
NEGATIVE = "bright"
SPEED_SECONDS, MAX_SPEED = 5.0, 2.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of one prompt."""

    prompt: Prompt
    seed: int
    measured: Measured


class StarterEvaluation:
    """Evaluates a model against a sheet.

    Args:
        sheet: what to ask for, and the clips to compare with.
        judge: says where sounds lie.
        known: where the stored clips lie.
        maker: makes them.
        clips: of the prompts, of the pairs of tones and of the round trips, take so many at most.
    """

    def __init__(
        self, sheet: Sheet, judge: Judge, known: KnownEmbeddings, maker: Maker, clips: int
    ) -> None:
        self._sheet, self._judge, self._known, self._maker = sheet, judge, known, maker
        self._prompts = spread(sheet.prompts, clips)
        self._tones = spread(sheet.tones, clips)
        self._trips = frozenset(spread(range(len(sheet.reference)), clips))

    def run(self) -> Report:
        """All of it; takes minutes."""
        sheet, judge, maker = self._sheet, self._judge, self._maker
        held_out, trips = study_held_out(
            enumerate(_progress(sheet.reference, "held-out clips")),
            sheet.classes,
            judge,
            self._known,
            maker,
            self._trips,
        )
        made = [
            self._ask(prompt, seed)
            for seed, prompt in enumerate(_progress(self._prompts, "prompts"))
        ]
        sounds = [item.measured for item in made]

        labels = [item.wanted.sound for item in held_out]
        references = _embeddings(held_out)
        original_hits = hits(
            rankings(references, references, labels, own=range(len(labels))), labels
        )
        trip_labels = [labels[trip.index] for trip in trips]
        trip_ranks = rankings(
            np.stack([trip.embedding for trip in trips]),
            references,
            labels,
            own=[trip.index for trip in trips],
        )
        trip_hits = hits(trip_ranks, trip_labels)
        ranks = rankings(_embeddings(sounds), references, labels)
        asked = [item.wanted.sound for item in sounds]
        first = hits(ranks, asked)
        round_trip = float(np.mean(trip_hits))
        copies = self._memorisation(sounds)

        rows = [
            *autoencoder_rows(
                # of the very clips that made the trip
                trips,
                float(np.mean([original_hits[trip.index] for trip in trips])),
                round_trip,
            ),
            agreement_row(first, hits(ranks, asked, among=3), round_trip),
            frechet_row(
                held_out, trips, [item.measured for item in made if item.prompt.asks == "synonym"]
            ),
            length_row(sounds, held_out),
            tone_row(self._centroids()),
            pitch_row(sounds, held_out),
            tempo_row(sounds, held_out),
            memorisation_row(copies, len(sounds)),
            self._stereo_row(sounds, held_out),
            self._negative_row(),
            self._guidance_row(first, references, labels),
        ]
        rows.append(fault_row(maker.faults, maker.made))
        rows.append(self._speed_row())
        return Report(
            rows=rows,
            tables={
                "classes": class_rows(
                    sheet.classes, held_out, original_hits, trip_labels, trip_hits, sounds, ranks
                ),
                "agreement by what is asked": self._by_purpose(made, first),
                "nearest pairs": self._pairs(copies, made),
            },
            clips=[self._clip(item, rank) for item, rank in zip(made, ranks, strict=True)],
            about={
                "classes": len(sheet.classes),
                "prompts": len(made),
                "held-out clips": len(held_out),
                "round trips": len(trips),
                "training clips": len(sheet.training),
            },
        )

    # --- making sounds ----------------------------------------------------------------------
    def _ask(self, prompt: Prompt, seed: int, guidance: float | None = None) -> Generated:
        request = GenerationRequest(
            prompt.text, seconds=self._possible(prompt.seconds), seed=seed, guidance_scale=guidance
        )
        name = f"{seed:04d} {self._sheet.classes[prompt.sound].folder}"
        audio = self._maker.make(request, name if guidance is None else f"{name} unguided")
        sustained = self._sheet.classes[prompt.sound].sustained
        wanted = Wanted(prompt.sound, prompt.seconds, sustained, prompt.note, prompt.tempo)
        return Generated(prompt, seed, measure(audio, wanted, self._judge.embedding(audio)))

    def _possible(self, seconds: float) -> float:
        return min(seconds, self._maker.pipeline.info.max_seconds)

    def _centroids(self) -> list[tuple[float, float]]:
        """Of each pair of tones, bright and dark."""
        found = []
        for seed, tone in enumerate(_progress(self._tones, "tones")):
            bright, dark = (
                centroid(
                    self._maker.make(
                        GenerationRequest(text, seconds=self._possible(tone.seconds), seed=seed),
                        f"tone {seed:04d} {name}",
                    )
                )
                for name, text in (("bright", tone.bright), ("dark", tone.dark))
            )
            found.append((bright, dark))
        return found

    def _one_a_class(self, *, sustained_only: bool = False) -> list[tuple[int, Prompt]]:
        """The first prompt of each class, with its seed."""
        found: dict[int, tuple[int, Prompt]] = {}
        for seed, prompt in enumerate(self._prompts):
            if self._sheet.classes[prompt.sound].sustained or not sustained_only:
                found.setdefault(prompt.sound, (seed, prompt))
        return list(found.values())

    # --- what is only reported --------------------------------------------------------------
    def _negative_row(self) -> Row:
        chosen = spread(self._one_a_class(sustained_only=True), NEGATIVE_PROMPTS)
        ratios = []
        for seed, prompt in _progress(chosen, "negative prompts"):
            plain = GenerationRequest(
                prompt.text, seconds=self._possible(prompt.seconds), seed=seed
            )
            without = centroid(self._maker.make(plain, f"negative {seed:04d} without"))
            request = replace(plain, negative_prompt=NEGATIVE)
            against = centroid(self._maker.make(request, f"negative {seed:04d} with"))
            ratios.append(against / without if without else 1.0)
        remark = f"centroid × {np.median(ratios):.2f} in the median" if ratios else ""
        return share_row(
            f'negative prompt "{NEGATIVE}" makes darker', [x < 1 for x in ratios], None, remark
        )

    def _guidance_row(
        self,
        first: Sequence[bool],
        references: np.ndarray,
        labels: Sequence[int],
    ) -> Row:
        chosen = spread(self._one_a_class(), GUIDANCE_PROMPTS)
        unguided = [
            self._ask(prompt, seed, guidance=1.0).measured
            for seed, prompt in _progress(chosen, "without guidance")
        ]
        ranks = rankings(_embeddings(unguided), references, labels)
        without = float(np.mean(hits(ranks, [item.wanted.sound for item in unguided])))
        guided = float(np.mean([first[seed] for seed, _ in chosen]))
        scale = self._maker.pipeline.info.defaults.guidance_scale
        return Row(
            f"class agreement with guidance {scale:g} / without",
            "",
            f"{percent(guided)} / {percent(without)} ({len(chosen)} sounds)",
            None,
            {"guided": guided, "unguided": without, "sounds": len(chosen)},
        )

    def _stereo_row(self, sounds: Sequence[Measured], held_out: Sequence[Measured]) -> Row:
        figures = {
            f"{name}{part}": mean([getattr(item, field) for item in items])
            for name, items in (("", sounds), ("held_out_", held_out))
            for part, field in (("share", "is_stereo"), ("correlation", "correlation"))
        }
        return Row(
            "stereo: sounds that are not mono",
            "",
            f"{percent(figures['share'] or 0)} (held-out clips "
            f"{percent(figures['held_out_share'] or 0)}); correlation between channels "
            f"{figures['correlation']:.2f} (held-out clips {figures['held_out_correlation']:.2f})",
            None,
            figures,
        )

    def _speed_row(self) -> Row:
        pipeline = self._maker.pipeline
        seconds = self._possible(SPEED_SECONDS)
        took = seconds_to_make(pipeline, self._prompts[0].text, seconds)
        return Row(
            f"speed: {seconds:.3g} s of sound, {THREADS} threads",
            f"≤ {MAX_SPEED:g} s",
            f"{took:.2f} s",
            took <= MAX_SPEED,
            {"seconds": took},
        )

    # --- copies -----------------------------------------------------------------------------
    def _memorisation(self, sounds: Sequence[Measured]) -> Memorisation:
        training = np.stack(
            [
                self._known.of(clip.path)
                for clip in _progress(self._sheet.training, "training clips")
            ]
        )
        return memorisation(_embeddings(sounds), training)

    def _pairs(self, copies: Memorisation, made: Sequence[Generated]) -> list[dict[str, Any]]:
        return [
            {
                "distance": f"{distance:.4f}",
                "prompt": made[sound].prompt.text,
                "seed": made[sound].seed,
                "training clip": "/".join(self._sheet.training[clip].path.parts[-2:]),
            }
            for distance, sound, clip in copies.pairs
        ]

    # --- sound by sound ---------------------------------------------------------------------
    def _by_purpose(self, made: Sequence[Generated], first: Sequence[bool]) -> list[dict[str, Any]]:
        found = []
        for purpose in dict.fromkeys(item.prompt.asks for item in made):
            own = [hit for hit, x in zip(first, made, strict=True) if x.prompt.asks == purpose]
            found.append({"asks": purpose, "sounds": len(own), "agreement": float(np.mean(own))})
        return found

    def _clip(self, item: Generated, rank: Sequence[int]) -> dict[str, Any]:
        found = item.measured
        return {
            "prompt": item.prompt.text,
            "asks": item.prompt.asks,
            "class": self._sheet.classes[item.prompt.sound].label,
            "seconds": item.prompt.seconds,
            "seed": item.seed,
            "taken_for": [self._sheet.classes[sound].label for sound in rank],
            "is_as_long": found.is_as_long,
            "centroid": found.centroid,
            "correlation": found.correlation,
            "note": item.prompt.note,
            "pitch": found.pitch,
            "tempo": item.prompt.tempo,
            "tempo_found": found.tempo,
            "tempo_near": found.tempo_near,
        }


def _embeddings(sounds: Sequence[Measured]) -> np.ndarray:
    return np.stack([item.embedding for item in sounds])


def _progress(items: Sequence[T], name: str) -> Iterable[T]:
    """``items``, with a bar on a terminal."""
    bar: Iterable[T] = tqdm(items, desc=name, disable=None)
    return bar
