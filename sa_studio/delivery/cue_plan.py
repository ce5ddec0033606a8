"""What a row of a cue sheet comes to: a request, a profile, a category; and whether it can be."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PureWindowsPath
from typing import Any, Protocol

from sa_studio.audio.naming import safe
from sa_studio.delivery.batch_state import fingerprint
from sa_studio.delivery.sheet import Cue, Sheet, SheetProblem, short
from sa_studio.errors import LibraryError, ModelError, ProfileError, RequestError, SheetError
from sa_studio.generation import GenerationRequest, ModelInfo
from sa_studio.library.labels import MAX_CHARACTERS, LabelKind, tidied
from sa_studio.vocabulary.delivery import DeliveryProfile, LevelPolicy, Naming
from sa_studio.vocabulary.ucs import UcsCategory, UcsList

MIN_CONFIDENCE = 0.5  # of a category that nobody has named
GENERAL = ("misc", "general")  # subcategories for what is none of the others
# what a request calls the columns
_FIELDS = {"negative_prompt": "negative", "guidance_scale": "guidance"}


class Checks(Protocol):
    """What is here to make and deliver sounds with; a Studio."""

    @property
    def ucs(self) -> UcsList:
        """The categories."""

    def model(self, model: str) -> ModelInfo:
        """The model with this id or path; raises ModelError."""

    def find_profile(self, name: str) -> DeliveryProfile:
        """The profile of this name; raises ProfileError."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What counts where a row says nothing.

    Attributes:
        profile: how sounds are delivered.
        model: its id or path.
        device, dtype: where and how precisely to compute.
    """

    profile: DeliveryProfile
    model: str = "starter"
    device: str = "auto"
    dtype: str = "auto"


@dataclass(frozen=True, slots=True)
class CuePlan:
    """A row that can be made.

    Attributes:
        cue: the row.
        request: of all of its variations; its seed is ``None`` if the row has none.
        cat_id: its category; empty if none is told by the row or by the prompt.
        sound: the fingerprint of what decides how its variations sound, whichever their number.
        delivery: the fingerprint of what decides how they are delivered.
    """

    cue: Cue
    request: GenerationRequest
    profile: DeliveryProfile
    cat_id: str
    collection: str
    sound: str
    delivery: str

    @property
    def called(self) -> str:
        """What no other row of the sheet is called."""
        return f"{self.cue.folder}/{self.cue.name}"

    @property
    def is_set(self) -> bool:
        """Whether a file depends on the other variations of the row."""
        return self.cue.count > 1 and (
            self.cue.is_round_robin or self.profile.level is LevelPolicy.MATCH
        )


def plan(
    sheet: Sheet, checks: Checks, defaults: Defaults
) -> tuple[list[CuePlan], list[SheetProblem]]:
    """Every row that can be made, and everything that is wrong with the sheet, by row."""
    plans, problems = [], list(sheet.problems)
    find_model = functools.cache(checks.model)
    for cue in sheet.cues:
        found: list[SheetProblem] = []
        profile: DeliveryProfile | None = None
        try:
            profile = checks.find_profile(cue.profile) if cue.profile else defaults.profile
        except ProfileError as error:
            found.append(_problem(cue, "profile", error.message, error.hint))
        cat_id, problem = _category(cue, profile, checks.ucs)
        found += filter(None, (problem, _folder_problem(cue), _collection_problem(cue)))
        request = _request(cue, defaults)
        found += [
            _problem(cue, _FIELDS.get(error.field, error.field), error.message, error.hint)
            for error in _request_problems(replace(request, count=1), find_model)
        ]
        problems += found
        if profile is not None and not found:
            plans.append(_plan(cue, request, profile, cat_id, sheet.name))
    problems.sort(key=lambda problem: problem.row)
    return plans, problems


def checked(sheet: Sheet, checks: Checks, defaults: Defaults) -> list[CuePlan]:
    """Every row of a sheet with which nothing is wrong.

    Raises:
        SheetError: with all that is wrong.
    """
    plans, problems = plan(sheet, checks, defaults)
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise SheetError(
            f"The sheet {sheet.name!r} has {count}",
            "Nothing was made; mend the rows that are named.",
            tuple(problem.one_line() for problem in problems),
        )
    return plans


def _problem(cue: Cue, column: str, message: str, hint: str) -> SheetProblem:
    return SheetProblem(cue.row, column, message, hint)


def _request(cue: Cue, defaults: Defaults) -> GenerationRequest:
    return GenerationRequest(
        prompt=cue.prompt,
        negative_prompt=cue.negative,
        seconds=cue.seconds,
        seed=cue.seed,
        count=cue.count,
        steps=cue.steps,
        guidance_scale=cue.guidance,
        model=cue.model or defaults.model,
        device=defaults.device,
        dtype=defaults.dtype,
    )


def _request_problems(
    request: GenerationRequest, find_model: Callable[[str], ModelInfo]
) -> list[RequestError]:
    try:
        return find_model(request.model).problems(request)
    except ModelError as error:
        return [RequestError("model", error.message, error.hint)]


def _plan(
    cue: Cue, request: GenerationRequest, profile: DeliveryProfile, cat_id: str, sheet: str
) -> CuePlan:
    made = ("prompt", "negative_prompt", "seconds", "seed", "steps", "guidance_scale", "model")
    sound = fingerprint({name: getattr(request, name) for name in made})
    result = CuePlan(cue, request, profile, cat_id, cue.collection or _collection(sheet), sound, "")
    delivered: dict[str, Any] = {
        name: getattr(cue, name) for name in ("name", "category", "collection", "folder", "notes")
    }
    delivered["profile"] = profile.as_dict()
    # one is called and levelled otherwise than several
    delivered["set"] = [cue.count > 1, cue.is_round_robin, cue.count if result.is_set else 0]
    return replace(result, delivery=fingerprint(delivered))


def _folder_problem(cue: Cue) -> SheetProblem | None:
    folder = PureWindowsPath(cue.folder)  # which knows the separators of every system
    if folder.drive or folder.root or ".." in folder.parts:
        hint = "Name one below the destination, such as doors/wood."
        return _problem(cue, "folder", f"{short(cue.folder)} leads out of the delivery", hint)
    return None


def _collection(sheet: str) -> str:
    """The collection of takes whose rows name none: called as the sheet, if that can be."""
    try:
        return tidied(sheet[:MAX_CHARACTERS], LabelKind.COLLECTION)
    except LibraryError:
        return safe(sheet)


def _collection_problem(cue: Cue) -> SheetProblem | None:
    if cue.collection:
        try:
            tidied(cue.collection, LabelKind.COLLECTION)
        except LibraryError as error:
            return _problem(cue, "collection", error.message, error.hint)
    return None


def _category(
    cue: Cue, profile: DeliveryProfile | None, ucs: UcsList
) -> tuple[str, SheetProblem | None]:
    """The CatID of a row: what it says, or what its prompt says clearly."""
    if cue.category:
        category = named_category(cue.category, cue.prompt, ucs)
        if category is not None:
            return category.cat_id, None
        close = ", ".join(item.cat_id for item in ucs.search(cue.category)[:3])
        hint = f"Did you mean one of {close}?" if close else "Use a CatID such as DOORWood."
        return "", _problem(
            cue, "category", f"{short(cue.category)} is no category of the UCS list", hint
        )
    best = ucs.suggest(cue.prompt, 1)
    if best and best[0].confidence >= MIN_CONFIDENCE:
        return best[0].category.cat_id, None
    if profile is not None and profile.naming is Naming.UCS:
        close = ", ".join(item.category.cat_id for item in ucs.suggest(cue.prompt, 3))
        hint = f"Name a CatID; it may be one of {close}." if close else "Name a CatID."
        return "", _problem(cue, "category", "The prompt does not tell the UCS category", hint)
    return "", None


def named_category(typed: str, prompt: str, ucs: UcsList) -> UcsCategory | None:
    """The category that somebody typed: a CatID, or "doors / wood", or "doors" alone.

    Of a category that has several, it is the one that the prompt speaks of, else the general one.
    """
    found = ucs.find(typed)
    if found is not None:
        return found
    wanted = _bare(typed)
    for category in ucs.categories:
        if wanted in (_bare(category.cat_id), _bare(category.words)):
            return category
    inside = [category for category in ucs.categories if _bare(category.category) == wanted]
    for suggestion in ucs.suggest(prompt, len(ucs.categories)) if inside else ():
        if suggestion.category in inside:
            return suggestion.category
    return next((category for category in inside if _bare(category.subcategory) in GENERAL), None)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
