from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.audio.read_facts import read_recipe
from sa_studio.library.history import History
from tests.cli.command_line import KEYS, QUICK, Run, assert_one_line, copy_model, states


def test_json_has_exactly_the_documented_keys(
    generate: Run, tiny_model: Path, data_dir: Path
) -> None:
    status, out, err = generate("Kick 🥁", *QUICK, "--count", 2, "--json")
    assert (status, err) == (0, "")
    first, second = (json.loads(line) for line in out.splitlines())
    assert list(first) == list(second) == KEYS
    assert (first["prompt"], first["seed"], second["seed"]) == ("Kick 🥁", 5, 6)
    assert (first["seconds"], first["sample_rate"], first["channels"]) == (0.5, 44_100, 2)
    assert (first["model"], first["steps"], first["guidance"]) == (str(tiny_model), 2, 3.0)
    assert first["sampler"]
    assert first["elapsed_seconds"] > 0
    assert soundfile.info(first["path"]).frames == 22_050
    assert Path(first["path"]).parent == data_dir / "clips"


def test_plain_output_is_the_path_alone(generate: Run) -> None:
    status, out, err = generate("kick", *QUICK)
    assert (status, err) == (0, "")
    assert soundfile.info(out.removesuffix("\n")).frames == 22_050


def test_the_same_seed_gives_the_same_file(generate: Run) -> None:
    paths = [generate("kick", *QUICK)[1].strip() for _ in range(2)]
    assert paths[0] != paths[1]
    first, second = (soundfile.read(path)[0] for path in paths)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (("--rescale", "0.7"), "guidance_rescale", 0.7),
        (("--sigma-min", "0.5"), "sigma_min", 0.5),
        (("--sigma-max", "80"), "sigma_max", 80.0),
        (("--rho", "7"), "rho", 7.0),
    ],
)
def test_the_noise_schedule_and_the_guidance_are_those_asked_for(
    generate: Run, data_dir: Path, options: tuple[str, str], field: str, value: float
) -> None:
    assert generate("kick", *QUICK, *options)[0] == 0
    history = History(data_dir / "library.sqlite3")
    (clip,) = history.list()
    history.close()
    assert getattr(clip.request, field) == value


def test_out_is_a_folder_that_is_made_or_a_file(generate: Run, tmp_path: Path) -> None:
    status, out, _ = generate("kick", *QUICK, "--out", tmp_path / "new" / "folder")
    assert status == 0
    assert Path(out.strip()) == tmp_path / "new" / "folder" / "kick_5.wav"
    status, out, _ = generate("kick", *QUICK, "--out", tmp_path / "my kick.wav")
    assert Path(out.strip()) == tmp_path / "my kick.wav"
    assert soundfile.info(tmp_path / "my kick.wav").frames == 22_050


def test_out_never_overwrites(generate: Run, tmp_path: Path) -> None:
    taken = tmp_path / "a 01.wav"
    taken.write_text("mine", encoding="utf-8")
    status, out, _ = generate("kick", *QUICK, "--count", 2, "--out", tmp_path / "a.wav")
    assert status == 0
    assert [Path(line).name for line in out.splitlines()] == ["a 01 2.wav", "a 02.wav"]
    assert taken.read_text(encoding="utf-8") == "mine"


def test_a_copy_that_fails_loses_nothing(
    generate: Run, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    status, out, err = generate("kick", *QUICK, "--count", 2, "--out", tmp_path / "full")
    assert status == 2
    assert_one_line(err)
    assert "No space left" in err
    assert states(data_dir) == ["finished", "finished"]
    assert [Path(line).parent for line in out.splitlines()] == [data_dir / "clips"] * 2
    assert list((tmp_path / "full").iterdir()) == []


def test_init_audio_starts_from_a_file_of_any_rate(generate: Run, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "in.flac", np.sin(np.arange(8000) / 9), 8000)
    init = ("--init-audio", tmp_path / "in.flac", "--init-noise", "0.5")
    status, out, err = generate("kick", *QUICK, *init)
    assert (status, err) == (0, "")
    assert soundfile.info(out.strip()).frames == 22_050


@pytest.mark.parametrize(
    "arguments",
    [
        *(("",), ("   ",), ("x" * 5000,), ("\ud800",), ()),
        *(("kick", "--seconds", value) for value in ("0", "-1", "1e9", "nan", "inf", "-inf", "x")),
        *(("kick", "--seed", value) for value in ("x", "-1", "4294967296", "1.5", "9" * 5000, "")),
        *(("kick", "--count", value) for value in ("0", "-1", "17", "x", "9" * 30)),
        *(("kick", "--steps", value) for value in ("0", "-1", "1001", "2.5")),
        *(("kick", "--guidance", value) for value in ("-1", "99", "nan", "x")),
        *(("kick", "--rescale", value) for value in ("-0.1", "1.1", "nan", "x")),
        *(("kick", "--sigma-min", value) for value in ("0", "-1", "nan")),
        *(("kick", "--sigma-max", value) for value in ("0", "-1", "nan")),
        *(("kick", "--rho", value) for value in ("0", "-1", "nan", "x")),
        *(("kick", "--sampler", value) for value in ("nonesuch", "")),
        *(("kick", "--model", value) for value in ("nonesuch", "", "x" * 5000, "~nobody-here/x")),
        *(("kick", "--init-audio", value) for value in ("nowhere.wav", ".", "x" * 5000)),
        *(("kick", "--init-noise", value) for value in ("0", "-1", "nan")),
        *(("kick", "--out", value) for value in ("a.mp3", __file__, f"{__file__}/x", "x" * 5000)),
        ("kick", "--out", "/proc/none/a.wav"),
        ("kick", "--negative", "x" * 5000),
        ("kick", "--seconds"),
        ("kick", "--secs", "1"),
        ("kick", "drum"),
    ],
)
def test_bad_values_are_refused_in_one_line_before_anything_is_made(
    generate: Run, data_dir: Path, arguments: tuple[str, ...]
) -> None:
    status, out, err = generate(*arguments)
    assert (status, out) == (2, "")
    assert_one_line(err)
    if data_dir.exists():
        assert states(data_dir) == []
        assert list((data_dir / "clips").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "keep"),
    [
        *(("model.safetensors", keep) for keep in (None, 0, 4, 100, 50_000)),
        *(("t5/model.safetensors", keep) for keep in (None, 0, 100)),
        *(("t5/tokenizer.json", keep) for keep in (None, 0, 100)),
        *(("t5/config.json", keep) for keep in (None, 0, 20)),
    ],
)
def test_a_damaged_model_is_one_line_and_the_row_is_kept(
    run: Run, tiny_model: Path, tmp_path: Path, data_dir: Path, name: str, keep: int | None
) -> None:
    folder = copy_model(tiny_model, tmp_path / "damaged")
    content = (folder / name).read_bytes()
    (folder / name).unlink()
    if keep is not None:
        (folder / name).write_bytes(content[:keep])
    status, out, err = run("generate", "kick", *QUICK, "--model", folder)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert states(data_dir) == ["failed"]


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "{}", '{"model_type": "autoencoder"}', '{"model_type": "diffusion_cond"}'),
        '{"model_type": "diffusion_uncond", "sample_size": 1, "sample_rate": 1, "model": {}}',
    ],
)
def test_a_config_of_another_kind_is_one_line(
    run: Run, tiny_model: Path, tmp_path: Path, data_dir: Path, content: str
) -> None:
    folder = copy_model(tiny_model, tmp_path / "other")
    (folder / "model_config.json").write_text(content, encoding="utf-8")
    status, out, err = run("generate", "kick", "--model", folder)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert states(data_dir) == []


@pytest.mark.parametrize(("option", "value"), [("--device", "cuda:99"), ("--dtype", "float8")])
def test_a_device_or_precision_that_is_not_there_is_one_line_and_the_row_is_kept(
    generate: Run, data_dir: Path, option: str, value: str
) -> None:
    status, out, err = generate("kick", option, value)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert value in err
    assert states(data_dir) == ["failed"]


def test_our_bug_in_a_job_is_status_1_with_one_traceback(
    generate: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*arguments: object) -> bytes:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("sa_studio.jobs.runner.thumbnail", bug)
    status, out, err = generate("kick", *QUICK)
    assert (status, out) == (1, "")
    assert err.count("Traceback") <= 1
    assert err.splitlines()[-1].startswith("sa-studio: ")
    assert "report" in err.splitlines()[-1]
    assert states(data_dir) == ["failed"]
    assert list((data_dir / "clips").iterdir()) == []


def test_each_take_says_a_variant_of_its_own_that_its_seed_makes_again(generate: Run) -> None:
    asked = ("a {short|long} noise", "--negative", "{music|speech}", *QUICK, "--json")
    _, out, _ = generate(*asked, "--count", 2)
    first, second = (json.loads(line) for line in out.splitlines())
    assert {first["prompt"], second["prompt"]} == {"a short noise", "a long noise"}
    written = read_recipe(Path(second["path"]))
    assert written is not None
    assert written["prompt"] == second["prompt"]
    assert written["template"] == "a {short|long} noise"
    assert written["negative_prompt"] in ("music", "speech")
    _, out, _ = generate(*asked, "--seed", second["seed"])  # the last --seed counts
    alone = json.loads(out)
    assert alone["prompt"] == second["prompt"]
    sounds = [soundfile.read(take["path"])[0] for take in (alone, second)]
    np.testing.assert_array_equal(*sounds)


def test_braces_that_do_not_match_are_refused_in_one_line(generate: Run, data_dir: Path) -> None:
    status, out, err = generate("{short|long noise", *QUICK)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert "never closed" in err
    assert states(data_dir) == []
