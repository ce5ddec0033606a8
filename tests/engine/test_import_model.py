"""Whatever form a model comes in, its copy makes the very same samples."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from sa_studio.engine import text_encoder_files
from sa_studio.engine.checkpoint import load_weights
from sa_studio.engine.config import ModelConfig, read_model_folder
from sa_studio.engine.diffusion_model import DiffusionModel
from sa_studio.engine.import_model import CheckedModel, CheckedTextEncoder, check_loadable
from sa_studio.engine.model_sources import open_autoencoder, open_model
from sa_studio.errors import ModelError
from tests.engine import published
from tests.engine.imported import (
    AUTOENCODER,
    CONFIG,
    NETWORK,
    WEIGHTS,
    assert_equal,
    assert_same_sound,
    config_of,
    convert,
    folder_without_weights,
    normed,
    snapshot,
    sound,
    weights_of,
    with_weights,
)
from tests.tiny_model import make_tiny_model

DIFFUSERS = Path(__file__).parent.parent / "golden" / "engine" / "diffusers_v"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "imported"


# --- forms ----------------------------------------------------------------------------------
def test_a_folder_of_stable_audio_tools(tiny_folder: Path, new: Path) -> None:
    source = open_model(tiny_folder)
    assert source.notes == ()
    assert_same_sound(convert(source, new), tiny_folder)


@pytest.mark.parametrize("style", ["weight_g", "original0"])
def test_weight_norms_keep_their_halves(
    tiny_folder: Path, tmp_path: Path, new: Path, style: str
) -> None:
    tensors = normed(weights_of(tiny_folder), style)
    original = with_weights(tiny_folder, tmp_path / "normed", tensors)
    assert set(weights_of(convert(open_model(original), new))) == set(tensors)
    for dtype in ("float32", "bfloat16"):
        assert_same_sound(new, original, dtype)


def test_mixed_precisions_stay_as_they_are(tiny_folder: Path, tmp_path: Path, new: Path) -> None:
    kinds = (torch.float32, torch.float16, torch.bfloat16)
    tensors = {
        name: tensor.to(kinds[number % 3])
        for number, (name, tensor) in enumerate(normed(weights_of(tiny_folder)).items())
    }
    original = with_weights(tiny_folder, tmp_path / "mixed", tensors)
    written = weights_of(convert(open_model(original), new))
    assert {name: t.dtype for name, t in written.items()} == {
        name: t.dtype for name, t in tensors.items()
    }
    assert all(torch.equal(written[name], tensor) for name, tensor in tensors.items())
    for dtype in ("float32", "bfloat16", "float16"):
        assert_same_sound(new, original, dtype)


@pytest.mark.parametrize("fit", ["published", "fp16", "pickled"])
def test_a_diffusers_folder(tmp_path: Path, new: Path, fit: str) -> None:
    """What is loaded of the copy is what is loaded of the original, in every precision."""
    original = tmp_path / "diffusers"
    shutil.copytree(DIFFUSERS, original, ignore=shutil.ignore_patterns("text_encoder"))
    written_from = tmp_path / "as-found"
    shutil.copytree(original, written_from)
    for path in written_from.glob("*/diffusion_pytorch_model.safetensors"):
        if fit == "fp16":
            path.rename(path.with_name("diffusion_pytorch_model.fp16.safetensors"))
        if fit == "pickled":
            torch.save(load_file(path), path.with_suffix(".bin"))
            path.unlink()
    source = open_model(written_from)
    convert(source, new)
    assert {path.name for path in new.iterdir()} == {CONFIG, WEIGHTS}
    for dtype in (torch.float32, torch.bfloat16):
        found, wanted = (loaded(source.config, folder, dtype) for folder in (new, original))
        assert set(found) == set(wanted)
        assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    assert read_model_folder(new) == source.config


def loaded(config: ModelConfig, folder: Path, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    with torch.device("meta"):
        module = DiffusionModel(config, config.conditioners[0].output_dim)
    load_weights(module, folder, device="cpu", dtype=dtype)
    return module.state_dict()


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".pth", ".bin"])
@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])
def test_pickled_checkpoints(
    tiny_folder: Path, tmp_path: Path, new: Path, suffix: str, wrapped: bool
) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "pickled")
    tensors = weights_of(tiny_folder)
    torch.save({"state_dict": tensors} if wrapped else tensors, folder / f"model{suffix}")
    assert_same_sound(convert(open_model(folder), new), tiny_folder)


def test_a_checkpoint_of_old(tiny_folder: Path, tmp_path: Path, new: Path) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "old")
    content = {"state_dict": weights_of(tiny_folder)}
    torch.save(content, folder / "model.ckpt", _use_new_zipfile_serialization=False)
    assert_same_sound(convert(open_model(folder), new), tiny_folder)


def test_the_averages_of_a_training_snapshot_are_used(
    tiny_folder: Path, tmp_path: Path, new: Path
) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "run")
    torch.save(snapshot(weights_of(tiny_folder)), folder / "epoch=3-step=1000.ckpt")
    source = open_model(folder)
    assert_same_sound(convert(source, new), tiny_folder)
    count = sum(name.startswith(NETWORK) for name in source.tensors)
    assert source.notes[0] == f"The moving averages (EMA) of {count} tensors are used."
    # nothing is left out in silence
    assert source.notes[1].endswith("needs it: diffusion_ema.initted, diffusion_ema.step.")
    assert "callbacks, epoch, global_step and 4 more" in source.notes[2]


def test_a_training_snapshot_without_averages(tiny_folder: Path, tmp_path: Path, new: Path) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "run")
    torch.save(snapshot(weights_of(tiny_folder), averaged=False), folder / "last.ckpt")
    assert_same_sound(convert(open_model(folder), new), tiny_folder)


def test_averages_that_had_not_begun_are_not_used(
    tiny_folder: Path, tmp_path: Path, new: Path
) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "run")
    content = snapshot(weights_of(tiny_folder), averaged=False)
    content["state_dict"] |= {
        f"diffusion_ema.ema_model.{name.removeprefix(NETWORK)}": torch.zeros_like(tensor)
        for name, tensor in weights_of(tiny_folder).items()
        if name.startswith(NETWORK)
    } | {"diffusion_ema.initted": torch.tensor([0.0])}
    torch.save(content, folder / "last.ckpt")
    source = open_model(folder)
    assert "had not begun" in source.notes[0]
    assert_same_sound(convert(source, new), tiny_folder)


def test_a_snapshot_brings_its_configuration(tiny_folder: Path, tmp_path: Path, new: Path) -> None:
    content = {**snapshot(weights_of(tiny_folder)), "model_config": config_of(tiny_folder)}
    torch.save(content, tmp_path / "run.ckpt")
    shutil.copytree(tiny_folder / "t5", tmp_path / "t5")
    # the one for all files of the folder is of another model
    (tmp_path / CONFIG).write_text("{}")
    assert_same_sound(convert(open_model(tmp_path / "run.ckpt"), new), tiny_folder)


def test_shards(tiny_folder: Path, tmp_path: Path, new: Path) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "shards")
    tensors = weights_of(tiny_folder)
    places: dict[str, str] = {}
    for number, name in enumerate(tensors):
        places[name] = f"model-0000{number % 3}-of-00003.safetensors"
    for shard in set(places.values()):
        save_file({n: t for n, t in tensors.items() if places[n] == shard}, folder / shard)
    index = {"metadata": {}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert_same_sound(convert(open_model(folder), new), tiny_folder)


@pytest.mark.parametrize("beside", ["kicks_config.json", "kicks.json", CONFIG, "given"])
def test_a_single_file_and_its_configuration(
    tiny_folder: Path, tmp_path: Path, new: Path, beside: str
) -> None:
    weights = tmp_path / "kicks.safetensors"
    shutil.copy(tiny_folder / WEIGHTS, weights)
    shutil.copytree(tiny_folder / "t5", tmp_path / "t5")
    if beside == "given":
        shutil.copy(tiny_folder / CONFIG, tmp_path / "elsewhere.txt")
        source = open_model(weights, tmp_path / "elsewhere.txt")
    else:
        if beside != CONFIG:
            (tmp_path / CONFIG).write_text("{}")  # of other files: the file's own one counts
        shutil.copy(tiny_folder / CONFIG, tmp_path / beside)
        source = open_model(weights)
    assert_same_sound(convert(source, new), tiny_folder)


def test_choosing_the_configuration_means_its_folder(tiny_folder: Path, new: Path) -> None:
    assert_same_sound(convert(open_model(tiny_folder / CONFIG), new), tiny_folder)


def test_the_names_of_compiled_modules(tiny_folder: Path, tmp_path: Path, new: Path) -> None:
    tensors = {
        name.replace("model.model.", "model.model._orig_mod."): tensor
        for name, tensor in weights_of(tiny_folder).items()
    }
    assert "model.model._orig_mod.preprocess_conv.weight" in tensors
    folder = with_weights(tiny_folder, tmp_path / "compiled", tensors)
    assert_same_sound(convert(open_model(folder), new), tiny_folder)


@pytest.mark.parametrize("seconds", [1.0, 0.7777])
def test_any_sample_size(tiny_folder: Path, tmp_path: Path, new: Path, seconds: float) -> None:
    """Eight bars at some tempo are no whole number of latent frames."""
    folder = tmp_path / "bars"
    samples = round(seconds * 44_100)
    make_tiny_model(folder, changes={"sample_size": samples, "sa_studio.defaults.seconds": 0.5})
    convert(open_model(folder), new)
    assert sound(new, seconds=samples / 44_100).shape == (2, samples)
    assert np.array_equal(
        sound(new, seconds=samples / 44_100), sound(folder, seconds=samples / 44_100)
    )


# --- the autoencoder ------------------------------------------------------------------------
@pytest.fixture
def bare(tiny_folder: Path, tmp_path: Path) -> Path:
    """A fine-tune that was published without the autoencoder."""
    tensors = {n: t for n, t in weights_of(tiny_folder).items() if not n.startswith(AUTOENCODER)}
    return with_weights(tiny_folder, tmp_path / "bare", tensors)


def test_a_fine_tune_without_an_autoencoder_is_refused_alone(bare: Path) -> None:
    source = open_model(bare)
    assert source.lacks_autoencoder
    with pytest.raises(ModelError, match="bare' has no autoencoder") as error:
        CheckedModel(source)
    assert "fine-tuned from" in error.value.hint


def test_a_borrowed_autoencoder_is_the_lenders(tiny_folder: Path, bare: Path, new: Path) -> None:
    source = open_model(bare).with_autoencoder(open_autoencoder(tiny_folder))
    assert source.notes == (f"The autoencoder is that of {tiny_folder.name}.",)
    assert_same_sound(convert(source, new), tiny_folder)


@pytest.mark.parametrize("form", ["bare", "snapshot"])
def test_an_autoencoder_alone_can_lend_itself(
    tiny_folder: Path, bare: Path, tmp_path: Path, new: Path, form: str
) -> None:
    folder = tmp_path / "autoencoder"
    folder.mkdir()
    whole = config_of(tiny_folder)
    content = {
        "model_type": "autoencoder",
        "sample_size": 65_536,
        "sample_rate": 44_100,
        "audio_channels": 2,
        "model": whole["model"]["pretransform"]["config"],
        "training": {},
    }
    (folder / CONFIG).write_text(json.dumps(content))
    alone = {
        name.removeprefix(AUTOENCODER): tensor
        for name, tensor in weights_of(tiny_folder).items()
        if name.startswith(AUTOENCODER)
    }
    if form == "bare":
        save_file(alone, folder / "vae.safetensors")
    else:
        state = {f"autoencoder.{name}": torch.zeros_like(t) for name, t in alone.items()}
        state |= {f"autoencoder_ema.ema_model.{name}": t for name, t in alone.items()}
        state["discriminator.weight"] = torch.zeros(1)
        torch.save({"state_dict": state}, folder / "vae.ckpt")
    lender = open_autoencoder(folder)
    assert_same_sound(convert(open_model(bare).with_autoencoder(lender), new), tiny_folder)
    if form == "snapshot":
        assert "discriminator.weight" in lender.notes[1]


def test_a_diffusers_folder_can_lend_its_autoencoder(tmp_path: Path, new: Path) -> None:
    lender = tmp_path / "diffusers"
    shutil.copytree(DIFFUSERS, lender, ignore=shutil.ignore_patterns("text_encoder"))
    whole = convert(open_model(lender), tmp_path / "whole")
    tensors = weights_of(whole)
    bare = {n: t for n, t in tensors.items() if not n.startswith(AUTOENCODER)}
    assert len(bare) < len(tensors)
    source = open_model(with_weights(whole, tmp_path / "bare", bare))
    convert(source.with_autoencoder(open_autoencoder(lender)), new)
    written = weights_of(new)
    assert set(written) == set(tensors)
    assert all(torch.equal(written[name], tensor) for name, tensor in tensors.items())


def test_lenders_of_another_kind_are_refused(tiny_folder: Path, bare: Path, tmp_path: Path) -> None:
    other = make_tiny_model(
        tmp_path / "other",
        changes={
            f"model.pretransform.config.{part}.config.channels": 8
            for part in ("encoder", "decoder")
        },
    )
    with pytest.raises(ModelError, match="other' is of another kind"):
        open_model(bare).with_autoencoder(open_autoencoder(other))
    with pytest.raises(ModelError, match="bare' has no autoencoder to lend"):
        open_autoencoder(bare)
    with pytest.raises(ModelError, match="has an autoencoder of its own"):
        open_model(tiny_folder).with_autoencoder(open_autoencoder(tiny_folder))


# --- the text encoder -----------------------------------------------------------------------
def test_a_model_without_a_text_encoder_needs_none_to_be_imported(
    tiny_folder: Path, tmp_path: Path, new: Path
) -> None:
    shutil.copytree(tiny_folder, tmp_path / "alone", ignore=shutil.ignore_patterns("t5"))
    convert(open_model(tmp_path / "alone"), new)
    assert {path.name for path in new.iterdir()} == {CONFIG, WEIGHTS}


def test_the_projection_says_how_wide_a_missing_text_encoder_is(tmp_path: Path, new: Path) -> None:
    folder = make_tiny_model(
        tmp_path / "projected",
        changes={
            "model.conditioning.cond_dim": 48,
            "model.diffusion.config.cond_token_dim": 48,
            "model.diffusion.config.global_cond_dim": 96,
        },
    )
    shutil.rmtree(folder / "t5")
    written = weights_of(convert(open_model(folder), new))
    assert written["conditioner.conditioners.prompt.proj_out.weight"].shape == (48, 32)


def test_a_pickled_text_encoder_becomes_safetensors(
    tiny_folder: Path, tmp_path: Path, new: Path
) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(tiny_folder, folder)
    tensors = load_file(folder / "t5" / WEIGHTS)
    (folder / "t5" / WEIGHTS).unlink()
    state = {
        **tensors,
        "encoder.embed_tokens.weight": tensors["shared.weight"],
        "decoder.final_layer_norm.weight": torch.zeros(32),
        "lm_head.weight": torch.zeros(3, 32),
    }
    torch.save(state, folder / "t5" / "pytorch_model.bin")
    assert_same_sound(convert(open_model(folder), new), tiny_folder)
    assert set(load_file(new / "t5" / WEIGHTS)) == set(tensors)
    assert not list((new / "t5").glob("*.bin"))


def test_only_what_is_used_of_a_text_encoder_is_copied(
    tiny_folder: Path, tmp_path: Path, new: Path
) -> None:
    folder = tmp_path / "full"
    shutil.copytree(tiny_folder, folder)
    for name in ("pytorch_model.bin", "tf_model.h5", "flax_model.msgpack"):
        (folder / "t5" / name).write_bytes(b"x")
    (folder / "t5" / "onnx").mkdir()
    convert(open_model(folder), new)
    assert {path.name for path in (new / "t5").iterdir()} == {
        path.name for path in (tiny_folder / "t5").iterdir()
    }


def test_an_incomplete_text_encoder_is_refused(tiny_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "incomplete"
    shutil.copytree(tiny_folder, folder)
    weights = folder / "t5" / WEIGHTS
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1])
    with pytest.raises(ModelError, match=r"t5.model\.safetensors is cut off"):
        CheckedModel(open_model(folder))
    weights.unlink()
    with pytest.raises(ModelError, match=r"There are no weights in '.*t5'"):
        CheckedModel(open_model(folder))
    weights.write_bytes(whole)
    (folder / "t5" / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"t5' has no tokenizer\.json") as error:
        CheckedModel(open_model(folder))
    assert "shared" in error.value.hint or "share" in error.value.hint


@pytest.fixture
def trained(tiny_folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A model trained together with its text encoder: in one file, and as it would load."""
    encoder = load_file(tiny_folder / "t5" / WEIGHTS)
    tuned = {name: tensor * 1.5 for name, tensor in encoder.items()}
    wanted = tmp_path / "wanted"
    shutil.copytree(tiny_folder, wanted)
    save_file(tuned, wanted / "t5" / WEIGHTS, metadata={"format": "pt"})
    prefix = "conditioner.conditioners.prompt.model."
    whole = weights_of(tiny_folder) | {f"{prefix}{name}": t for name, t in tuned.items()}
    whole[f"{prefix}encoder.embed_tokens.weight"] = tuned["shared.weight"].clone()
    one_file = with_weights(tiny_folder, tmp_path / "trained", whole)
    return one_file, wanted


def test_a_text_encoder_trained_with_the_model_is_taken_out(
    tiny_folder: Path, trained: tuple[Path, Path], new: Path
) -> None:
    one_file, wanted = trained
    shutil.rmtree(one_file / "t5")
    source = open_model(one_file)
    with pytest.raises(ModelError, match="whose tokenizer is not here") as error:
        CheckedModel(source)
    assert "sa-studio models download t5-base" in error.value.hint
    CheckedModel(source, tiny_folder / "t5").write(new, lambda _file, _count: None)
    assert_same_sound(new, wanted)
    assert not np.array_equal(sound(new), sound(tiny_folder))


def test_a_trained_text_encoder_of_another_kind_is_refused(
    trained: tuple[Path, Path], tmp_path: Path
) -> None:
    one_file, _ = trained
    tensors = weights_of(one_file)
    del tensors["conditioner.conditioners.prompt.model.encoder.final_layer_norm.weight"]
    folder = with_weights(one_file, tmp_path / "odd", tensors)
    with pytest.raises(ModelError, match=r"1 missing \(encoder\.final_layer_norm\.weight\)"):
        CheckedModel(open_model(folder))


def test_only_the_half_of_t5_base_that_encodes_is_kept(
    tiny_folder: Path, tmp_path: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_t5 = tmp_path / "t5-base"
    shutil.copytree(tiny_folder / "t5", published_t5)
    encoder = load_file(published_t5 / WEIGHTS)
    save_file(encoder | {"decoder.x": torch.zeros(3)}, published_t5 / WEIGHTS)
    with pytest.raises(ModelError, match=r"another one than T5-base \(d_model, d_kv, d_ff, "):
        CheckedTextEncoder(published_t5)
    content = json.loads((published_t5 / "config.json").read_text())
    monkeypatch.setattr(text_encoder_files, "T5_BASE", {"model_type": "t5", "d_model": 32})
    model = CheckedTextEncoder(published_t5)
    files = model.write(new, lambda _file, _count: None)
    assert model.bytes == sum(item.bytes for item in files)
    assert set(load_file(new / WEIGHTS)) == set(encoder)
    alone = tmp_path / "alone"
    shutil.copytree(tiny_folder, alone, ignore=shutil.ignore_patterns("t5"))
    assert_equal(sound(alone, text_encoder=new), sound(tiny_folder))

    (published_t5 / "config.json").write_text(
        json.dumps(content | {"feed_forward_proj": "gated-gelu"})
    )
    with pytest.raises(ModelError, match="feed_forward_proj is not the same"):
        CheckedTextEncoder(published_t5)


# --- what does not fit ----------------------------------------------------------------------
def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        CheckedModel(open_model(folder))
    assert error.value.hint
    return error.value.message


def test_everything_that_does_not_fit_is_said_at_once(tiny_folder: Path, tmp_path: Path) -> None:
    tensors = weights_of(tiny_folder)
    del tensors["model.model.to_timestep_embed.0.bias"]
    tensors["model.model.preprocess_conv.weight"] = torch.zeros(4, 4, 3)
    tensors["model.model.extra"] = torch.zeros(1)
    message = refusal(with_weights(tiny_folder, tmp_path / "odd", tensors))
    assert "1 missing (model.model.to_timestep_embed.0.bias)" in message
    assert "1 unexpected (model.model.extra)" in message
    assert "preprocess_conv.weight is [4, 4, 3], not [4, 4, 1]" in message


def test_unknown_parts_of_a_snapshot_are_refused(tiny_folder: Path, tmp_path: Path) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "run")
    content = snapshot(weights_of(tiny_folder))
    content["state_dict"]["teacher_model.weight"] = torch.zeros(1)
    torch.save(content, folder / "last.ckpt")
    assert "teacher_model.weight" in open_model(folder).notes[1]
    CheckedModel(open_model(folder))
    content["state_dict"]["teacher.weight"] = torch.zeros(1)
    torch.save(content, folder / "last.ckpt")
    assert "1 unexpected (teacher.weight)" in refusal(folder)


def test_averages_are_never_mixed_with_the_last_state(tiny_folder: Path, tmp_path: Path) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "run")
    content = snapshot(weights_of(tiny_folder))
    del content["state_dict"]["diffusion_ema.ema_model.model.preprocess_conv.weight"]
    torch.save(content, folder / "last.ckpt")
    assert "1 missing (model.model.preprocess_conv.weight)" in refusal(folder)


@pytest.mark.parametrize(
    ("path", "value", "family"),
    [
        ("model.diffusion.type", "adp_cfg_1d", "Stable Audio 1.0"),
        ("model.conditioning.configs.0.type", "clap_text", "Stable Audio 2.0"),
        ("model.diffusion.config.local_add_cond_dim", 257, "Stable Audio 3"),
    ],
)
def test_other_families_are_refused_by_name(
    tiny_folder: Path, tmp_path: Path, path: str, value: Any, family: str
) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "foreign")
    content: Any = config_of(folder)
    *parents, last = path.split(".")
    place = content
    for name in parents:
        place = place[int(name)] if name.isdigit() else place[name]
    place[last] = value
    (folder / CONFIG).write_text(json.dumps(content))
    # although nobody could read these weights: the configuration is looked at first
    (folder / "model.ckpt").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=family):
        open_model(folder)


def test_missing_configurations_are_asked_for(tiny_folder: Path, tmp_path: Path) -> None:
    shutil.copy(tiny_folder / WEIGHTS, tmp_path / "kicks.safetensors")
    with pytest.raises(ModelError, match=r"kicks\.safetensors' comes without a config") as error:
        open_model(tmp_path / "kicks.safetensors")
    assert "--config" in error.value.hint
    for text in ("{", "[]"):
        (tmp_path / "kicks.json").write_text(text)
        with pytest.raises(ModelError, match=r"kicks\.json' (cannot be read|holds no JSON)"):
            open_model(tmp_path / "kicks.safetensors")


@pytest.mark.parametrize("name", ["x.lora_A.weight", "x/lora_down.weight", "lora_unet_x.alpha"])
def test_a_lora_is_told_from_a_model(tiny_folder: Path, tmp_path: Path, name: str) -> None:
    save_file({name: torch.zeros(1), f"{name}2": torch.zeros(1)}, tmp_path / "kicks.safetensors")
    with pytest.raises(ModelError, match=r"kicks\.safetensors' is a LoRA") as error:
        open_model(tmp_path / "kicks.safetensors")
    assert "sa-studio loras import" in error.value.hint


def test_missing_weights_are_named(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"There is no '.*nowhere'"):
        open_model(tmp_path / "nowhere")
    folder = folder_without_weights(tiny_folder, tmp_path / "empty")
    with pytest.raises(ModelError, match=r"There are no weights in '.*empty'"):
        open_model(folder)
    (folder / "one.safetensors").touch()
    (folder / "two.safetensors").touch()
    with pytest.raises(ModelError, match=r"several .*: one\.safetensors, two\.safetensors"):
        open_model(folder)
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ModelError, match="is of no kind that models come in"):
        open_model(tmp_path / "notes.txt", tiny_folder / CONFIG)


@pytest.mark.parametrize("name", ["model.safetensors", "model.ckpt"])
def test_truncated_files_are_refused_before_anything_is_written(
    tiny_folder: Path, tmp_path: Path, new: Path, name: str
) -> None:
    folder = folder_without_weights(tiny_folder, tmp_path / "cut")
    if name.endswith("ckpt"):
        torch.save(weights_of(tiny_folder), folder / name)
    else:
        shutil.copy(tiny_folder / name, folder)
    whole = (folder / name).read_bytes()
    for part in (0.1, 0.5, 0.999):
        (folder / name).write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(ModelError, match=name):
            convert(open_model(folder), new)
        assert not new.exists()


# --- writing --------------------------------------------------------------------------------
def test_what_was_written_is_described(tiny_folder: Path, new: Path) -> None:
    told: list[tuple[str, int]] = []
    model = CheckedModel(open_model(tiny_folder))
    files = model.write(new, lambda file, count: told.append((file, count)))
    on_disk = {p.relative_to(new).as_posix(): p for p in new.rglob("*") if p.is_file()}
    assert {item.file for item in files} == set(on_disk)
    for item in files:
        content = on_disk[item.file].read_bytes()
        assert item.bytes == len(content)
        assert item.sha256 == hashlib.sha256(content).hexdigest()
        assert sum(count for file, count in told if file == item.file) == item.bytes
    assert model.bytes == sum(item.bytes for item in files)
    assert config_of(new) == config_of(tiny_folder)


def test_a_model_is_given_the_title_that_was_asked_for(
    tiny_folder: Path, tmp_path: Path, new: Path
) -> None:
    folder = tmp_path / "nameless"
    shutil.copytree(tiny_folder, folder)
    content = config_of(folder)
    del content["sa_studio"]
    (folder / CONFIG).write_text(json.dumps(content))
    for source, section in ((tiny_folder, config_of(tiny_folder)["sa_studio"]), (folder, {})):
        model = CheckedModel(open_model(source), title="Kicks & Co")
        written = new.with_name(f"new {source.name}")
        model.write(written, lambda _file, _count: None)
        wanted = {**content, "sa_studio": {**section, "title": "Kicks & Co"}}
        assert config_of(written) == wanted


class Stop(Exception):  # noqa: N818
    pass


@pytest.mark.parametrize("after", [0, 3, 5])
def test_a_stopped_import_leaves_nothing(tiny_folder: Path, new: Path, after: int) -> None:
    calls = 0

    def stop(_file: str, _count: int) -> None:
        nonlocal calls
        if calls == after:
            raise Stop
        calls += 1

    with pytest.raises(Stop):
        CheckedModel(open_model(tiny_folder)).write(new, stop)
    assert not new.exists()


def test_what_is_there_is_never_written_over(tiny_folder: Path, new: Path) -> None:
    new.mkdir()
    (new / "mine.txt").write_text("kept")
    with pytest.raises(FileExistsError):
        convert(open_model(tiny_folder), new)
    assert (new / "mine.txt").read_text() == "kept"


# --- full size ------------------------------------------------------------------------------
needs_sparse_files = pytest.mark.skipif(
    sys.platform == "win32", reason="the files would fill gigabytes there"
)
OFFICIAL = [
    pytest.param(published.OPEN_CONFIG, published.open_tensors(), 745, id="open"),
    pytest.param(published.SMALL_CONFIG, published.small_tensors(), 750, id="small"),
]


@needs_sparse_files
@pytest.mark.parametrize("form", ["native", "checkpoint", "snapshot"])
@pytest.mark.parametrize(("config", "shapes", "count"), OFFICIAL)
def test_the_official_models_are_recognised(
    tmp_path: Path, config: dict[str, Any], shapes: published.Shapes, count: int, form: str
) -> None:
    """Every name and shape of the published files, with files that take no room on the disk."""
    if form == "native":
        published.write_empty_model(tmp_path, shapes)
    else:
        # memory that nothing touches, in a file that has a place for it
        tensors = {name: torch.empty(shape) for name, shape in shapes.items()}
        with torch.serialization.skip_data():
            content = {"state_dict": tensors} if form == "checkpoint" else snapshot_of(tensors)
            torch.save(content, tmp_path / "model.ckpt")
    (tmp_path / CONFIG).write_text(json.dumps(config))
    model = CheckedModel(open_model(tmp_path))
    values = sum(4 * math.prod(shape) for shape in shapes.values())
    assert len(shapes) == count
    assert values < model.bytes < values + (1 << 18)


def snapshot_of(tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    state = {f"diffusion.{name}": tensor for name, tensor in tensors.items()}
    state |= {
        f"diffusion_ema.ema_model.{name.removeprefix(NETWORK)}": tensor
        for name, tensor in tensors.items()
        if name.startswith(NETWORK)
    }
    return {"state_dict": state, "optimizer_states": []}


# --- using it where it lies -----------------------------------------------------------------
def test_folders_that_load_as_they_are(tiny_folder: Path, tmp_path: Path) -> None:
    check_loadable(tiny_folder)
    folder = folder_without_weights(tiny_folder, tmp_path / "pickled")
    torch.save(weights_of(tiny_folder), folder / "model.ckpt")
    with pytest.raises(ModelError, match=r"are in model\.ckpt, .* not loaded") as error:
        check_loadable(folder)
    assert "sa-studio models import" in error.value.hint
    copy = tmp_path / "half"
    shutil.copytree(tiny_folder, copy)
    check_loadable(copy)
    (copy / "t5" / WEIGHTS).rename(copy / "t5" / "model.fp16.safetensors")
    with pytest.raises(ModelError, match=r"t5' has no model\.safetensors, and has to be"):
        check_loadable(copy)
    assert_same_sound(convert(open_model(copy), tmp_path / "converted"), tiny_folder)
