from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from sa_studio.errors import StudioError
from sa_studio.generation import MAX_PROMPT_CHARACTERS, MAX_SEED, ClipState, GenerationRequest
from tests.fake_pipeline import fake_info

INFO = fake_info()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("prompt", value) for value in ("", "  \n\t", "x" * 2001, "\ud800")),
        *(("negative_prompt", value) for value in ("x" * 5000, "a\udfff")),
        *(("seconds", value) for value in (0, 0.0, -1, 0.09, 47.6, 1e300, math.inf, math.nan)),
        *(("seed", value) for value in (-1, MAX_SEED + 1, 10**30)),
        *(("count", value) for value in (0, -1, 17, 10**30)),
        *(("steps", value) for value in (0, -1, 1001)),
        *(("guidance_scale", value) for value in (-0.1, 51, math.nan, math.inf)),
        *(("guidance_rescale", value) for value in (-0.1, 1.1, math.nan)),
        *(("guidance_interval", value) for value in ((1.0, 0.0), (math.nan, 1.0))),
        *(("sigma_min", value) for value in (0, -1, math.nan, math.inf)),
        *(("sigma_max", value) for value in (0, math.inf)),
        ("rho", 0),
        ("sampler", "nonesuch"),
        *(("init_audio", Path(name)) for name in ("nowhere.wav", ".", "x" * 5000)),
        *(("init_noise_level", value) for value in (0, -1, math.nan, math.inf)),
        *(("loras", (("warm", value),)) for value in (5.1, -5.1, math.nan, math.inf, -math.inf)),
        *(("loras", ((name, 1.0),)) for name in ("", "  ", "\ud800")),
    ],
)
def test_bad_values_are_named_by_their_field_with_a_way_out(field: str, value: Any) -> None:
    request = GenerationRequest(**{"prompt": "kick", field: value})
    (problem,) = INFO.problems(request)
    assert problem.field == field
    assert problem.message
    assert problem.hint.endswith(".")
    assert "\n" not in problem.one_line()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("prompt", value) for value in ("x", "🥁" * MAX_PROMPT_CHARACTERS, "two\nlines")),
        *(("seconds", value) for value in (0.1, 1, 47.5, 47.554)),
        *(("seed", value) for value in (0, MAX_SEED)),
        *(("count", value) for value in (1, 16)),
        *(("steps", value) for value in (1, 1000)),
        *(("guidance_scale", value) for value in (0, 1, 50)),
        ("sampler", "euler"),
        ("init_audio", Path(__file__)),
        *(("loras", (("warm", value), ("folder/grit.safetensors", 1))) for value in (-5, 0, 5)),
    ],
)
def test_good_values_are_no_problem(field: str, value: Any) -> None:
    assert INFO.problems(GenerationRequest(**{"prompt": "kick", field: value})) == []


def test_all_problems_come_at_once_in_the_order_of_the_form() -> None:
    request = GenerationRequest("", seconds=-1, seed=-1, steps=0)
    assert [problem.field for problem in INFO.problems(request)] == [
        "prompt",
        "seconds",
        "seed",
        "steps",
    ]


def test_the_longest_length_that_is_proposed_can_be_made() -> None:
    (problem,) = INFO.problems(GenerationRequest("kick", seconds=99))
    longest = float(problem.hint.split()[-2])
    assert longest == 47.5
    assert INFO.problems(GenerationRequest("kick", seconds=longest)) == []


def test_resolving_fills_in_what_is_open_and_nothing_else() -> None:
    open_request = INFO.resolved(GenerationRequest("kick"), seed=7)
    assert (open_request.seed, open_request.seconds, open_request.steps) == (7, 1.0, 8)
    assert (open_request.sampler, open_request.guidance_scale) == ("dpmpp", 3.0)
    assert open_request.init_noise_level is None
    given = GenerationRequest("kick", seconds=2, seed=0, steps=1, guidance_scale=0.0)
    resolved = INFO.resolved(given, seed=7)
    assert (resolved.seed, resolved.seconds, resolved.steps) == (0, 2, 1)
    assert resolved.guidance_scale == 0.0
    assert INFO.resolved(resolved, seed=9) == resolved


def test_takes_have_seeds_of_their_own_and_wrap_at_the_end() -> None:
    request = GenerationRequest("kick", seed=MAX_SEED, count=3)
    assert [take.seed for take in request.takes()] == [MAX_SEED, 0, 1]
    assert {take.count for take in request.takes()} == {1}
    with pytest.raises(ValueError, match="seed"):
        GenerationRequest("kick").take(0)


def test_four_states_are_final() -> None:
    assert [state.value for state in ClipState if state.is_final] == [
        "finished",
        "failed",
        "cancelled",
        "interrupted",
    ]


def test_an_error_is_one_line_whatever_it_says() -> None:
    assert StudioError("two\nlines", "and  more.").one_line() == "two lines. and more."
    assert StudioError("alone").one_line() == "alone"


# --- placeholders ---------------------------------------------------------------------------
TEMPLATE = "{wood|metal|glass} impact"


def test_each_take_says_a_variant_of_its_own_and_keeps_the_template() -> None:
    request = GenerationRequest(TEMPLATE, "{music|speech}", seed=7, count=3)
    takes = list(request.takes())
    assert {take.prompt for take in takes} == {"wood impact", "metal impact", "glass impact"}
    assert {take.template for take in takes} == {TEMPLATE}
    assert {take.negative_prompt for take in takes} == {"music", "speech"}
    assert {take.negative_template for take in takes} == {"{music|speech}"}


def test_a_take_is_the_same_alone_and_is_expanded_once() -> None:
    request = GenerationRequest(r"{a|b|c} \{x", seed=MAX_SEED, count=3)
    for index, take in enumerate(request.takes()):
        alone = GenerationRequest(r"{a|b|c} \{x", seed=take.seed).take(0)
        assert alone == take == request.take(index)
        assert take.take(0) == take
        assert INFO.problems(take) == []


def test_a_prompt_without_placeholders_has_no_template() -> None:
    for prompt in ("kick", "{plain} kick", "a | b"):
        take = GenerationRequest(prompt, seed=1).take(0)
        assert (take.prompt, take.template) == (prompt, "")
        assert take.prompt_as_made == take.prompt_as_asked == prompt


def test_a_take_can_be_typed_as_it_was_made_and_as_it_was_asked() -> None:
    take = GenerationRequest(r"{big|huge} \{x", r"{a|b}\}", seed=1).take(0)
    assert (take.prompt, take.prompt_as_asked) == ("huge {x", r"{big|huge} \{x")
    assert (take.negative_prompt, take.negative_prompt_as_asked) == ("b}", r"{a|b}\}")
    typed = GenerationRequest(take.prompt_as_made, take.negative_prompt_as_made, seed=99).take(0)
    assert (typed.prompt, typed.negative_prompt) == (take.prompt, take.negative_prompt)


@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
@pytest.mark.parametrize("text", ["{a|b", "a}", "{" * 20])
def test_braces_that_do_not_match_are_a_problem_of_their_field(field: str, text: str) -> None:
    request = GenerationRequest(**{"prompt": "kick", field: text})
    (problem,) = INFO.problems(request)
    assert problem.field == field
    assert problem.message.startswith(f"In the {field.replace('_', ' ')}, ")


def test_a_variant_that_says_nothing_is_a_problem_of_the_prompt_alone() -> None:
    (problem,) = INFO.problems(GenerationRequest("{kick|}", "{music|}"))
    assert (problem.field, problem.message) == ("prompt", "A variant of the prompt is empty")
    assert INFO.problems(GenerationRequest("kick {short|}", "{music|}")) == []
