"""The vocabulary of a generation: what is asked for, what comes while it runs, what is kept.

Standard library only: every room speaks these types. Arrays are numpy ``float32``.
"""

from __future__ import annotations

import math
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import field as stored
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.errors import RequestError
from sa_studio.vocabulary.placeholders import PlaceholderError, can_be_blank, expand, literal
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit
from sa_studio.vocabulary.sounds import NOTHING_SAID, Vocabulary

if TYPE_CHECKING:
    import numpy as np

MAX_PROMPT_CHARACTERS = 2000
MAX_COUNT = 16
MAX_STEPS = 1000
MAX_GUIDANCE_SCALE = 50.0
MAX_SEED = 2**32 - 1
MAX_LORA_STRENGTH = 5.0
MIN_SECONDS = 0.1
_TEMPLATES = {"prompt": "template", "negative_prompt": "negative_template"}
MAX_STARS = 5


def is_encodable(text: str) -> bool:
    """Whether ``text`` can be stored; halves of characters (lone surrogates) cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def new_id() -> str:
    """An id for a job or a take that no other has."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Everything that decides how a sound comes out.

    ``None`` means "the model's own default" for seconds, steps, guidance scale and sampler, and
    "draw one" for the seed; :meth:`resolved` replaces every ``None``.

    Attributes:
        prompt: what to make, in words; placeholders such as ``{wood|metal}`` say something else
            in each take (:mod:`sa_studio.vocabulary.placeholders`).
        negative_prompt: what to steer away from; empty means unconditional guidance.
            Placeholders as in the prompt.
        seconds: length of the sound in seconds.
        seed: 0 … ``MAX_SEED``; take *i* of the request uses ``seed + i``.
        count: how many takes, 1 … ``MAX_COUNT``.
        steps: sampler steps.
        guidance_scale: classifier-free guidance scale; 1 switches guidance off.
        guidance_rescale: the φ of guidance rescale, 0 … 1.
        guidance_interval: noise levels (inclusive) within which guidance is active.
        sampler: a name that the model's objective offers.
        sigma_min, sigma_max, rho: noise schedule; ``None`` takes the model's.
        model: a model id, or the path of a model folder.
        init_audio: a sound file to start from.
        init_noise_level: how much of it is replaced: the largest noise level that is used.
        device: "auto", "cpu", "cuda", "cuda:1", "mps".
        dtype: "auto", "float32", "bfloat16", "float16".
        loras: adapters to attach to the model, in this order: the name of an installed LoRA or
            the path of a file, and its strength; 0 leaves the model as it is.
        template, negative_template: of a take: what the prompts were before their placeholders
            were expanded, and thus the sign that they are; empty if there were none.
    """

    prompt: str
    negative_prompt: str = ""
    seconds: float | None = None
    seed: int | None = None
    count: int = 1
    steps: int | None = None
    guidance_scale: float | None = None
    guidance_rescale: float = 0.0
    guidance_interval: tuple[float, float] = (0.0, 1.0)
    sampler: str | None = None
    sigma_min: float | None = None
    sigma_max: float | None = None
    rho: float | None = None
    model: str = "starter"
    init_audio: Path | None = None
    init_noise_level: float | None = None
    device: str = "auto"
    dtype: str = "auto"
    loras: tuple[tuple[str, float], ...] = ()
    template: str = ""
    negative_template: str = ""

    def take(self, index: int) -> GenerationRequest:
        """The request that makes take ``index`` (from 0) alone; the seed must be resolved.

        Its seed alone decides what its placeholders say.

        Raises:
            PlaceholderError: the braces of a prompt do not match: one of the problems that
                :meth:`ModelInfo.problems` finds.
        """
        if self.seed is None:
            raise ValueError("the seed of a request must be drawn before it is split into takes")
        seed = (self.seed + index) % (MAX_SEED + 1)
        prompt, template = _expanded(self.prompt, self.template, seed)
        negative, negative_template = _expanded(self.negative_prompt, self.negative_template, seed)
        return replace(
            self,
            count=1,
            seed=seed,
            prompt=prompt,
            template=template,
            negative_prompt=negative,
            negative_template=negative_template,
        )

    def takes(self) -> Iterator[GenerationRequest]:
        """One request for each take."""
        return (self.take(index) for index in range(self.count))

    @property
    def prompt_as_asked(self) -> str:
        """The prompt with its placeholders, for another take of the same idea."""
        return self.template or self.prompt

    @property
    def negative_prompt_as_asked(self) -> str:
        """The negative prompt with its placeholders."""
        return self.negative_template or self.negative_prompt

    @property
    def prompt_as_made(self) -> str:
        """What has to be typed for the prompt of this take, whatever the seed."""
        return literal(self.prompt) if self.template else self.prompt

    @property
    def negative_prompt_as_made(self) -> str:
        """What has to be typed for the negative prompt of this take, whatever the seed."""
        return literal(self.negative_prompt) if self.negative_template else self.negative_prompt


def _expanded(text: str, template: str, seed: int) -> tuple[str, str]:
    """A prompt and its template in the take of ``seed``."""
    if template:  # a take is expanded once
        return text, template
    said = expand(text, seed)
    return said, "" if said == text else text


@dataclass(frozen=True, slots=True)
class SamplingDefaults:
    """What a model uses where a request says ``None``."""

    sampler: str
    steps: int
    guidance_scale: float
    seconds: float
    sigma_min: float = 0.3
    sigma_max: float = 500.0
    rho: float = 1.0
    init_noise_level: float = 0.7


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What the application knows of an installed model without loading its weights."""

    id: str
    title: str
    path: Path
    objective: str
    samplers: tuple[str, ...]
    defaults: SamplingDefaults
    max_seconds: float
    sample_rate: int
    channels: int
    example_prompts: tuple[str, ...] = ()
    vocabulary: Vocabulary = NOTHING_SAID

    def problems(self, request: GenerationRequest) -> list[RequestError]:
        """Every value of ``request`` that this model cannot use, in the order of the form."""
        found: list[RequestError] = []

        def problem(field: str, message: str, hint: str) -> None:
            found.append(RequestError(field, message, hint))

        for field in ("prompt", "negative_prompt"):
            text: str = getattr(request, field)
            label = field.replace("_", " ")
            if field == "prompt" and not text.strip():
                problem("prompt", "The prompt is empty", "Describe the sound in a few words.")
            if not getattr(request, _TEMPLATES[field]):
                try:
                    blank = can_be_blank(text)
                except PlaceholderError as error:
                    problem(field, f"In the {label}, {error.message}", error.hint)
                else:
                    if field == "prompt" and blank and text.strip():
                        problem(
                            field,
                            "A variant of the prompt is empty",
                            "Say something outside of the braces, too.",
                        )
            if not is_encodable(text):
                problem(field, f"The {label} holds characters that are none", "Type it anew.")
            if len(text) > MAX_PROMPT_CHARACTERS:
                problem(
                    field,
                    f"The {label} has {len(text):,} characters; at most "
                    f"{MAX_PROMPT_CHARACTERS:,} can be used",
                    "Shorten it.",
                )
        if request.seconds is not None and not (
            MIN_SECONDS <= request.seconds <= self.max_seconds + 1e-6
        ):
            problem(
                "seconds",
                f"{request.seconds:g} seconds cannot be made by {self.title}",
                # rounded down, so that what is proposed can be made
                f"Choose between {MIN_SECONDS:g} and {math.floor(self.max_seconds * 10) / 10:g} "
                "seconds.",
            )
        if request.seed is not None and not 0 <= request.seed <= MAX_SEED:
            problem("seed", f"{request.seed} is no seed", f"Use a whole number, 0 to {MAX_SEED}.")
        if not 1 <= request.count <= MAX_COUNT:
            problem("count", f"{request.count} takes cannot be made", f"Use 1 to {MAX_COUNT}.")
        if request.steps is not None and not 1 <= request.steps <= MAX_STEPS:
            problem("steps", f"{request.steps} steps cannot be taken", f"Use 1 to {MAX_STEPS}.")
        if request.guidance_scale is not None and not (
            0.0 <= request.guidance_scale <= MAX_GUIDANCE_SCALE
        ):
            problem(
                "guidance_scale",
                f"A guidance scale of {request.guidance_scale:g} cannot be used",
                f"Use 0 to {MAX_GUIDANCE_SCALE:g}.",
            )
        if not 0.0 <= request.guidance_rescale <= 1.0:
            problem(
                "guidance_rescale",
                f"A guidance rescale of {request.guidance_rescale:g} cannot be used",
                "Use 0 to 1.",
            )
        low, high = request.guidance_interval
        if not low <= high:
            problem(
                "guidance_interval",
                f"{low:g} to {high:g} is no guidance interval",
                "Use two numbers, the smaller first.",
            )
        for field in ("sigma_min", "sigma_max", "rho"):
            value: float | None = getattr(request, field)
            if value is not None and not (value > 0 and math.isfinite(value)):
                problem(field, f"A {field} of {value:g} cannot be used", "Use a number above 0.")
        if request.sampler is not None and request.sampler not in self.samplers:
            problem(
                "sampler",
                f"{self.title} has no sampler {request.sampler!r}",
                f"Use one of: {', '.join(self.samplers)}.",
            )
        if request.init_audio is not None and not os.path.isfile(request.init_audio):  # noqa: PTH113
            problem(
                "init_audio",
                f"The init audio {str(request.init_audio)!r} is no file",
                "Choose a sound file that exists.",
            )
        level = request.init_noise_level
        if level is not None and not (level > 0 and math.isfinite(level)):
            problem(
                "init_noise_level",
                f"An init noise level of {level:g} cannot be used",
                "Use a number above 0.",
            )
        for lora, strength in request.loras:
            if not lora.strip() or not is_encodable(lora):
                problem("loras", f"{lora!r} is no LoRA", "Name an installed one, or its file.")
            if not abs(strength) <= MAX_LORA_STRENGTH:
                problem(
                    "loras",
                    f"The LoRA {lora!r} cannot have the strength {strength:g}",
                    f"Use {-MAX_LORA_STRENGTH:g} to {MAX_LORA_STRENGTH:g}; 1 is as it was trained.",
                )
        return found

    def resolved(self, request: GenerationRequest, *, seed: int) -> GenerationRequest:
        """``request`` with every ``None`` replaced by this model's default.

        Args:
            seed: the seed to use if the request has none.
        """
        defaults = self.defaults

        def default(value: Any, fallback: Any) -> Any:
            return fallback if value is None else value

        return replace(
            request,
            seconds=default(request.seconds, min(defaults.seconds, self.max_seconds)),
            seed=default(request.seed, seed),
            steps=default(request.steps, defaults.steps),
            guidance_scale=default(request.guidance_scale, defaults.guidance_scale),
            sampler=default(request.sampler, defaults.sampler),
            sigma_min=default(request.sigma_min, defaults.sigma_min),
            sigma_max=default(request.sigma_max, defaults.sigma_max),
            rho=default(request.rho, defaults.rho),
            init_noise_level=(
                default(request.init_noise_level, defaults.init_noise_level)
                if request.init_audio is not None
                else None
            ),
        )


@dataclass(frozen=True, slots=True)
class TokenCount:
    """How long a prompt is for a model's text encoder.

    Attributes:
        tokens: pieces of words, with those that mark the ends.
        limit: how many the model reads.
        end: where in the text it stops reading; ``None`` if it reads all of it.
    """

    tokens: int
    limit: int
    end: int | None = None


# What AudioPipeline.generate yields, in this order for every take:
# SamplingStep × steps, DecodedChunk × chunks, GeneratedAudio.


@dataclass(frozen=True, slots=True)
class SamplingStep:
    """One sampler step is done. ``step`` counts from 1 to ``steps``.

    ``envelope``, if there is one, holds the lowest and the highest sample to be expected in n
    stretches of the sound, [channels, 2, n], float32, -1 … 1; as ``is_sketch`` it tells where
    something happens, but not how loud it is.
    """

    take: int
    step: int
    steps: int
    envelope: np.ndarray | None = stored(default=None, compare=False, repr=False)
    is_sketch: bool = stored(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class DecodedChunk:
    """A stretch of the final audio is decoded. ``index`` counts from 1 to ``chunks``.

    ``audio`` is [channels, samples] and starts at sample ``start`` of ``total_samples``.
    """

    take: int
    index: int
    chunks: int
    start: int
    total_samples: int
    audio: np.ndarray


@dataclass(frozen=True, slots=True)
class GeneratedAudio:
    """A finished take: ``audio`` is [channels, samples], cropped to the seconds asked for.

    ``plan`` says in words where and how it was computed.
    """

    take: int
    request: GenerationRequest
    audio: np.ndarray
    sample_rate: int
    plan: str = ""


PipelineEvent = SamplingStep | DecodedChunk | GeneratedAudio


class ClipState(StrEnum):
    """The life of a take in the library."""

    QUEUED = "queued"
    LOADING = "loading"
    RUNNING = "running"
    DECODING = "decoding"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether nothing further will happen to the clip by itself."""
        return self in (
            ClipState.FINISHED,
            ClipState.FAILED,
            ClipState.CANCELLED,
            ClipState.INTERRUPTED,
        )


class Verdict(StrEnum):
    """What was decided about a take; rejected ones are hidden unless they are asked for."""

    NONE = ""
    KEEP = "keep"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Clip:
    """One take in the library, as stored.

    Attributes:
        request: the fully resolved request of this take alone (count 1, its own seed).
        path: the WAV file, once finished.
        seconds: the true length of the file in seconds, once finished.
        elapsed_seconds: wall time from the start of the take to the finished file.
        thumbnail: peak pairs for the list, int8 min, max, min, max …; empty until finished.
        error, hint: why it failed and what to do.
        stars: how good it is, 1 … ``MAX_STARS``; 0 means not rated.
        tags, collections: as they are spelled in the library, in alphabetical order.
        notes: anything, in the user's words.
        cat_id: its category in the Universal Category System, such as "DOORWood"; may be empty.
        edit: what is changed whenever it is heard or delivered; the file stays as it is.
    """

    id: str
    job_id: str
    take: int
    request: GenerationRequest
    state: ClipState
    created_at: float
    path: Path | None = None
    seconds: float | None = None
    sample_rate: int | None = None
    channels: int | None = None
    elapsed_seconds: float | None = None
    thumbnail: bytes = b""
    error: str = ""
    hint: str = ""
    stars: int = 0
    verdict: Verdict = Verdict.NONE
    tags: tuple[str, ...] = ()
    notes: str = ""
    collections: tuple[str, ...] = ()
    cat_id: str = ""
    edit: SoundEdit = UNTOUCHED


class ClipSort(StrEnum):
    """The order in which takes are listed; within it, the newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    STARS = "stars"
    LONGEST = "longest"
    SHORTEST = "shortest"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class ClipFilter:
    """Which takes are listed, and in which order; an empty value does not narrow the choice.

    Attributes:
        search: words that prompt, tags, notes and category must have between them; prefixes match.
        min_stars: at least so many stars.
        verdict: only these; ``None`` means all but the rejected ones.
        tag, collection: only takes that have it; case does not matter.
        model: only takes that this model made: its id or path, as in the request.
        with_rejected: if no verdict is asked for, list the rejected ones too.
        cat_id: only takes whose CatID begins so; case does not matter.
    """

    search: str = ""
    min_stars: int = 0
    verdict: Verdict | None = None
    tag: str = ""
    model: str = ""
    collection: str = ""
    sort: ClipSort = ClipSort.NEWEST
    with_rejected: bool = False
    cat_id: str = ""
