"""The steps of ``docs/extending.md`` work: its own code is run, and makes sound."""

from __future__ import annotations
import __future__

import inspect
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch

from sa_studio.cli import main
from sa_studio.engine import autoencoder, autoencoder_base, autoencoder_config, config, samplers
from tests.docs.documents import code_blocks
from tests.engine import test_samplers
from tests.engine.test_autoencoder import joined
from tests.tiny_model import make_tiny_model

PAGE = "docs/extending.md"
NEW_SAMPLER, NEW_AUTOENCODER = "flow-heun", "frames"


@contextmanager
def restored(table: dict[str, Any]) -> Iterator[None]:
    before = dict(table)
    try:
        yield
    finally:
        table.clear()
        table.update(before)


@pytest.fixture
def page() -> Iterator[dict[str, Any]]:
    """What the page defines, with its rows in the tables until the test is over."""
    tables = (
        samplers.SAMPLERS,
        config.SAMPLERS,
        autoencoder_config.READERS,
        autoencoder.AUTOENCODERS,
    )
    shown, *added = code_blocks(PAGE, "python")
    assert shown.strip() == inspect.getsource(samplers.euler).strip()
    names: dict[str, Any] = {}
    for module in (autoencoder_base, autoencoder_config, autoencoder, samplers):
        names |= vars(module)
    names |= {"nn": torch.nn, "OFFERED": config.SAMPLERS}
    names["__name__"] = autoencoder_config.__name__  # where annotations of dataclasses are read
    with ExitStack() as stack:
        for table in tables:
            stack.enter_context(restored(table))
        for block in added:
            # annotations are texts, as in the files that the page says they stand in
            code = compile(block, PAGE, "exec", __future__.annotations.compiler_flag)
            exec(code, names)  # noqa: S102
        yield names


def sound_of(model: Path, folder: Path, *arguments: str) -> np.ndarray:
    """What the command line makes with a model, [samples, channels]."""
    out = folder / "sound.wav"
    request = ["generate", "kick", "--model", str(model), "--seconds", "0.5", "--steps", "3"]
    assert main([*request, "--seed", "5", "--out", str(out), *arguments]) == 0
    return soundfile.read(out)[0]


def test_the_sampler_is_offered_and_makes_a_sound(page: dict[str, Any], tmp_path: Path) -> None:
    model = make_tiny_model(tmp_path / "flow", objective="rectified_flow")
    made = sound_of(model, tmp_path, "--sampler", NEW_SAMPLER)
    assert np.abs(made).max() > 0
    other = sound_of(model, tmp_path / "other", "--sampler", "euler")
    assert not np.allclose(made, other)


def test_the_sampler_passes_what_the_page_says_it_must(page: dict[str, Any]) -> None:
    test_samplers.test_deterministic_samplers_follow_the_flow(NEW_SAMPLER)
    test_samplers.test_order_of_convergence(NEW_SAMPLER, 3.4)
    test_samplers.test_all_samplers_have_one_signature()


def test_the_autoencoder_is_read_and_makes_a_sound(page: dict[str, Any], tmp_path: Path) -> None:
    (section,) = code_blocks(PAGE, "json")
    changes = {"model.pretransform": json.loads(section)}
    model = make_tiny_model(tmp_path / "frames", changes=changes)
    content = json.loads((model / "model_config.json").read_text(encoding="utf-8"))
    assert content["model"]["pretransform"]["config"]["encoder"]["type"] == NEW_AUTOENCODER
    made = sound_of(model, tmp_path)
    assert made.shape == (22_050, 2)
    assert np.abs(made).max() > 0


@torch.inference_mode()
def test_the_autoencoder_passes_what_the_page_says_it_must(page: dict[str, Any]) -> None:
    made = autoencoder.build_autoencoder(page["FramesConfig"](4, 256))
    audio = torch.randn(1, 2, 40 * 256)
    latents = made.encode(audio)
    assert latents.shape == (1, 4, 40)
    torch.testing.assert_close(made.encode_in_chunks(audio, chunk_size=7), latents)
    torch.testing.assert_close(joined(made, latents, 7), made.decode(latents))


def test_the_tables_are_as_they_were() -> None:
    assert NEW_SAMPLER not in samplers.SAMPLERS
    assert NEW_AUTOENCODER not in autoencoder.AUTOENCODERS
