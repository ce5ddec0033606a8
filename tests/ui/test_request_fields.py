"""What the form shows of a take whose prompt had placeholders."""

from __future__ import annotations

from sa_studio.generation import GenerationRequest
from sa_studio.ui.clip_actions import request_fields

TAKE = GenerationRequest(r"{big|huge} \{rain", "{wind|}", seed=3).take(0)


def test_using_all_settings_gives_the_take_again_whatever_the_seed() -> None:
    fields = request_fields(TAKE)
    assert fields["seed"] == 3
    for seed in (3, 4):
        typed = GenerationRequest(fields["prompt"], fields["negative_prompt"], seed=seed).take(0)
        assert (typed.prompt, typed.negative_prompt) == (TAKE.prompt, TAKE.negative_prompt)


def test_a_remix_gives_the_placeholders_back() -> None:
    fields = request_fields(TAKE, as_asked=True)
    assert (fields["prompt"], fields["negative_prompt"]) == (r"{big|huge} \{rain", "{wind|}")


def test_the_form_is_not_told_of_templates() -> None:
    assert "template" not in request_fields(TAKE)
