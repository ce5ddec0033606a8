from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from sa_studio.engine.config import (
    SAMPLERS,
    model_info,
    parse_model_config,
    read_model_config,
    read_model_folder,
)
from sa_studio.engine.diffusion_model import empty_model
from sa_studio.engine.samplers import SAMPLERS as BUILT_SAMPLERS
from sa_studio.errors import ModelError
from sa_studio.generation import SamplingDefaults
from sa_studio.vocabulary.sounds import NOTHING_SAID
from tests.engine.published import OPEN_CONFIG, SMALL_CONFIG
from tests.known_sounds import EXAMPLES, KNOWN, STUDIO
from tests.tiny_model import put, tiny_config

DIT = "model.diffusion.config"


def changed(path: str, value: Any) -> dict[str, Any]:
    content = json.loads(json.dumps(tiny_config()))
    put(content, path, value)
    return dict(content)


def refusal(content: object) -> str:
    with pytest.raises(ModelError) as caught:
        parse_model_config(content)
    assert caught.value.hint
    return caught.value.message


def test_stable_audio_open() -> None:
    config = parse_model_config(OPEN_CONFIG)
    assert config.objective == "v"
    assert config.network.head_dim == 64
    assert config.network.cond_width == 768
    assert config.network.attention.qk_norm == "none"
    assert config.max_seconds == pytest.approx(47.554, abs=1e-3)
    assert config.defaults == SamplingDefaults(
        sampler="dpmpp-3m-sde", steps=100, guidance_scale=7.0, seconds=10.0, init_noise_level=5.0
    )


def test_stable_audio_open_small() -> None:
    config = parse_model_config(SMALL_CONFIG)
    assert config.objective == "rf_denoiser"
    assert config.network.head_dim == 128
    assert config.network.cond_width == 1024
    assert config.network.attention.qk_norm == "ln"
    (seconds,) = (item for item in config.conditioners if item.id == "seconds_total")
    assert (seconds.min_val, seconds.max_val) == (0, 256)
    assert (config.defaults.sampler, config.defaults.steps) == ("pingpong", 8)
    assert config.defaults.guidance_scale == 1.0


def test_every_sampler_offered_is_built() -> None:
    assert {name for names in SAMPLERS.values() for name in names} == set(BUILT_SAMPLERS)


def test_own_section() -> None:
    content = tiny_config(studio={"canvas": "request", "min_canvas": 512, "whole_seconds": False})
    config = parse_model_config(content)
    assert config.studio.canvas == "request"
    assert config.studio.min_canvas == 512
    assert not config.studio.whole_seconds
    assert config.defaults.steps == 4


def test_training_section_is_ignored() -> None:
    parse_model_config(changed("training", {"demo": {"demo_every": 2000}}))


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("colour", "red", "The top level of the model's configuration: unknown: colour"),
        ("model.colour", 1, "model of the model's configuration: unknown: colour"),
        ("model.diffusion.colour", 1, "model.diffusion of the model's configuration: unknown"),
        (f"{DIT}.colour", 1, f"{DIT} of the model's configuration: unknown: colour"),
        (f"{DIT}.attn_kwargs", {"differential": True}, "attn_kwargs.*unknown: differential"),
        (f"{DIT}.ff_kwargs", {"use_conv": True}, "ff_kwargs.*unknown: use_conv"),
        (f"{DIT}.norm_kwargs", {"force_fp32": True}, "norm_kwargs.*unknown: force_fp32"),
        ("model.conditioning.colour", 1, "model.conditioning of .*unknown: colour"),
        ("sa_studio.colour", 1, "sa_studio of the model's configuration: unknown: colour"),
        ("sa_studio.defaults", {"stepz": 4}, "sa_studio.defaults of .*unknown: stepz"),
    ],
)
def test_unknown_keys_are_named(path: str, value: Any, named: str) -> None:
    message = refusal(changed(path, value))
    assert re.search(named, message), message


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("model_type", "autoencoder", "Models of type 'autoencoder' cannot be run"),
        ("model.diffusion.type", "unet", "A diffusion network of type 'unet' cannot be run"),
        ("model.diffusion.diffusion_objective", "edm", "The diffusion objective 'edm'"),
        ("model.diffusion.prepend_cond_ids", ["prompt"], "prepend_cond_ids cannot be run"),
        (f"{DIT}.transformer_type", "x-transformers", "transformer_type 'x-transformers'"),
        (f"{DIT}.global_cond_type", "film", "global_cond_type 'film' cannot be run"),
        (f"{DIT}.attn_kwargs", {"qk_norm": "rms"}, "qk_norm 'rms' cannot be run"),
        (f"{DIT}.num_heads", 0, "num_heads 0 cannot be run"),
        (f"{DIT}.num_heads", 3, "embed_dim 64 is no multiple of num_heads 3"),
        (f"{DIT}.io_channels", 8, "4 channels in the autoencoder, 4 in the model and 8 in the"),
        (f"{DIT}.global_cond_dim", 32, "64 wide, global_cond_dim says 32"),
        ("model.diffusion.global_cond_ids", ["bpm"], "no conditioner is called bpm"),
        ("sample_size", 0, "0 samples at 44100 Hz are no length of a sound"),
        ("sample_rate", 0, "samples at 0 Hz are no length of a sound"),
        ("sa_studio.canvas", "endless", "the canvas 'endless' is unknown"),
        ("sa_studio.defaults.sampler", "pingpong", "no sampler of v models is called 'pingpong'"),
        ("sample_rate", "fast", "The top level .*of the wrong type: sample_rate"),
    ],
)
def test_what_cannot_be_run_is_named(path: str, value: Any, named: str) -> None:
    message = refusal(changed(path, value))
    assert re.search(named, message), message


@pytest.mark.parametrize("value", [-1, 2**31, 10**400, -1e300, 1e300])
@pytest.mark.parametrize(
    "path",
    ["sample_size", f"{DIT}.embed_dim", f"{DIT}.num_memory_tokens", "model.conditioning.cond_dim"],
)
def test_sizes_that_nothing_has_are_named(path: str, value: float) -> None:
    assert path.rpartition(".")[2] in refusal(changed(path, value))


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 10**400])
def test_a_scale_is_a_finite_number(value: float) -> None:
    assert "scale" in refusal(changed("model.pretransform.scale", value))


@pytest.mark.parametrize("part", ["encoder", "decoder"])
@pytest.mark.parametrize(
    ("name", "value"), [("channels", 0), ("c_mults", [0, 1, 2]), ("strides", [4, 8, 0])]
)
def test_an_autoencoder_has_layers_of_some_size(part: str, name: str, value: object) -> None:
    path = f"model.pretransform.config.{part}.config.{name}"
    assert f"{part}: layers of no size" in refusal(changed(path, value))


def test_a_network_is_not_built_block_by_block_until_the_memory_is_full() -> None:
    assert "depth" in refusal(changed(f"{DIT}.depth", 2**30))


@pytest.mark.parametrize("tokens", [0, 4097, 2**31 - 1])
def test_a_prompt_has_a_length_that_can_be_read(tokens: int) -> None:
    path = "model.conditioning.configs"
    (text, *numbers) = json.loads(json.dumps(tiny_config()))["model"]["conditioning"]["configs"]
    text["config"]["max_length"] = tokens
    assert f"{tokens} tokens" in refusal(changed(path, [text, *numbers]))


def test_layers_that_no_memory_could_hold_are_refused() -> None:
    content = changed("model.pretransform.config.decoder.config.channels", 2**30)
    with pytest.raises(ModelError, match="cannot be built"):
        empty_model(parse_model_config(content), 32)


def test_every_place_of_the_longest_sound_needs_a_vector() -> None:
    content = changed(f"{DIT}.use_abs_pos_emb", True)
    places = parse_model_config(content).longest_sequence
    put(content, f"{DIT}.abs_pos_emb_max_length", places)
    parse_model_config(content)
    put(content, f"{DIT}.abs_pos_emb_max_length", places - 1)
    assert f"has {places} places, abs_pos_emb_max_length says {places - 1}" in refusal(content)


def test_only_a_velocity_can_be_preconditioned() -> None:
    content = changed(f"{DIT}.preconditioned", True)
    assert "a network that predicts v cannot be preconditioned" in refusal(content)


def test_the_clock_has_as_many_channels_as_the_network_reads() -> None:
    content = changed("model.diffusion.input_concat_ids", ["beat_clock"])
    put(content, f"{DIT}.input_concat_dim", 12)
    parse_model_config(content)
    put(content, f"{DIT}.input_concat_dim", 11)
    assert "the beat clock has 12 channels, input_concat_dim says 11" in refusal(content)


def conditioners(*items: dict[str, Any]) -> dict[str, Any]:
    return changed("model.conditioning.configs", list(items))


PROMPT = {"id": "prompt", "type": "t5", "config": {"max_length": 16}}
TOTAL = {"id": "seconds_total", "type": "number", "config": {"max_val": 512}}


@pytest.mark.parametrize(
    ("items", "named"),
    [
        ([PROMPT, {"id": "key", "type": "lut", "config": {}}], "key: a conditioner of type 'lut'"),
        ([TOTAL], "one conditioner has to read the prompt, not 0"),
        ([PROMPT, {**TOTAL, "id": "bpm"}], "no request says what bpm shall be"),
        ([PROMPT, {**TOTAL, "config": {"max_val": 0}}], "seconds_total: 0 to 0 is no range"),
        ([{**PROMPT, "config": {"lenght": 16}}], "prompt of .*unknown: lenght"),
    ],
)
def test_conditioners_that_cannot_be_run_are_named(items: list[dict[str, Any]], named: str) -> None:
    message = refusal(conditioners(*items))
    assert re.search(named, message), message


@pytest.mark.parametrize("content", [None, [], "model"])
def test_only_an_object_is_a_configuration(content: object) -> None:
    assert "is no JSON object" in refusal(content)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"There is no model_config\.json in"):
        read_model_config(tmp_path / "model_config.json")


@pytest.mark.parametrize("text", ["", "{", "\x00", '{"model":' * 100_000])
def test_file_that_is_no_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model_config.json"
    path.write_text(text)
    with pytest.raises(ModelError, match="cannot be read"):
        read_model_config(path)


def test_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "model_config.json"
    path.write_bytes(b'{"model_type": "\xff"}')
    with pytest.raises(ModelError, match="cannot be read"):
        read_model_config(path)


def test_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no model in it"):
        read_model_folder(tmp_path)


def test_info_of_a_native_folder(tmp_path: Path) -> None:
    (tmp_path / "model_config.json").write_text(json.dumps(tiny_config()))
    info = model_info(tmp_path, "tiny")
    assert (info.id, info.title, info.path) == ("tiny", "Tiny", tmp_path)
    assert info.samplers == SAMPLERS["v"]
    assert info.defaults.steps == 4
    assert 2.0 <= info.max_seconds < 2.01
    assert (info.sample_rate, info.channels) == (44_100, 2)
    assert info.example_prompts == ("a short noise", "a long noise")


def test_a_model_may_say_what_it_knows(tmp_path: Path) -> None:
    (tmp_path / "model_config.json").write_text(json.dumps(tiny_config(studio=STUDIO)))
    info = model_info(tmp_path, "tiny")
    assert info.vocabulary == KNOWN
    assert info.example_prompts == EXAMPLES


def test_most_models_do_not_say_what_they_know(tmp_path: Path) -> None:
    (tmp_path / "model_config.json").write_text(json.dumps(tiny_config()))
    assert model_info(tmp_path, "tiny").vocabulary == NOTHING_SAID


@pytest.mark.parametrize(
    ("sound", "problem"),
    [({}, "missing: label"), ({"label": 1}, "wrong type: label"), ("kick", "wrong type: classes")],
)
def test_a_sound_needs_a_name(tmp_path: Path, sound: object, problem: str) -> None:
    content = changed("sa_studio.classes", [sound])
    (tmp_path / "model_config.json").write_text(json.dumps(content))
    with pytest.raises(ModelError, match=problem):
        model_info(tmp_path, "tiny")


def test_info_of_a_diffusers_folder() -> None:
    folder = Path(__file__).parent.parent / "golden" / "engine" / "diffusers_v"
    info = model_info(folder, "some")
    assert info.objective == "v"
    assert info.title == "diffusers_v"
    assert info.max_seconds == pytest.approx(48 * 64 / 44_100)
