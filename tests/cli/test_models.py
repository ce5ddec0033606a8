from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sa_studio.amounts import bytes_text
from sa_studio.model_shelf import ModelShelf
from sa_studio.paths import DataFolder
from tests.cli.command_line import Run, assert_one_line, converse, copy_model
from tests.known_sounds import STUDIO
from tests.tiny_model import tiny_config

SMALL = "stable-audio-open-small"


@pytest.fixture
def tiny(tiny_model: Path, data_dir: Path) -> str:
    """The id of a tiny model in the data folder, put there by hand."""
    copy_model(tiny_model, data_dir / "models" / "tiny")
    return "tiny"


def lines(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


# --- list, catalog, info --------------------------------------------------------------------


def test_what_is_installed_is_listed_for_people_and_programs(run: Run, tiny: str) -> None:
    starter, own = run("models", "list")[1].splitlines()
    assert starter.startswith("starter  ")
    assert starter.endswith("ships with SA Studio")
    assert own.startswith("tiny  Tiny, up to ")
    first, second = lines(run("models", "list", "--json")[1])
    assert (first["id"], first["bundled"], second["id"]) == ("starter", True, "tiny")
    assert second["title"] == "Tiny"
    assert isinstance(second["max_seconds"], float)
    assert second["bytes"] == sum(file["bytes"] for file in second["files"])  # type: ignore
    assert "problem" not in second


def test_a_model_that_cannot_be_used_says_why(run: Run, tiny: str, data_dir: Path) -> None:
    (data_dir / "models" / tiny / "model_config.json").write_text("{", encoding="utf-8")
    status, out, err = run("models", "list")
    assert (status, err) == (0, "")
    assert "tiny  cannot be used: " in out
    listed = {row["id"]: row for row in lines(run("models", "list", "--json")[1])}
    assert listed["tiny"]["problem"]
    assert "problem" not in listed["starter"]


def test_the_catalog_tells_size_licence_and_state(run: Run) -> None:
    text = run("models", "catalog")[1]
    assert "stable-audio-open-1.0  Stable Audio Open 1.0, 4.85 GB, Stability AI Community" in text
    offers = {offer["id"]: offer for offer in lines(run("models", "catalog", "--json")[1])}
    assert list(offers) == [
        *("stable-audio-open-1.0", "stable-audio-open-1.0-diffusers", SMALL, "t5-base")
    ]
    assert (offers[SMALL]["state"], offers[SMALL]["needs"]) == ("absent", ["t5-base"])
    assert offers[SMALL]["licence"]["must_accept_on_hub"] is True  # type: ignore


def test_everything_about_a_model(run: Run, tiny: str, tiny_model: Path) -> None:
    facts = json.loads(run("models", "info", tiny_model, "--json")[1])
    assert (facts["title"], facts["path"]) == ("Tiny", str(tiny_model))
    assert facts["sample_rate"] == 44_100
    assert set(facts["defaults"]) >= {"sampler", "steps", "guidance_scale", "sigma_max"}
    assert "files" not in facts, "nobody has recorded them"
    facts = json.loads(run("models", "info", "starter", "--json")[1])
    assert all(len(file["sha256"]) == 64 for file in facts["files"])
    text = run("models", "info", "starter")[1]
    assert f"\nsteps: {facts['defaults']['steps']}\n" in text
    assert "\nsigma_max: " in text
    (size,) = (file["bytes"] for file in facts["files"] if file["file"] == "model_config.json")
    assert f"\n    model_config.json  {bytes_text(size)}  " in text
    assert f"example_prompts: {facts['example_prompts'][0]}, " in text


def test_what_a_model_knows_is_listed_by_category(run: Run, tiny: str, data_dir: Path) -> None:
    assert "sounds: " not in run("models", "info", tiny)[1]
    (data_dir / "models" / tiny / "model_config.json").write_text(
        json.dumps(tiny_config(studio=STUDIO)), encoding="utf-8"
    )
    text = run("models", "info", tiny)[1]
    assert "\n    Drums (3): kick drum, closed hi-hat, hand clap\n    Loops (1): " in text
    assert "\nwords: bright, dark, heavy, metal, in a hall\n" in text
    assert "SoundClass" not in text
    facts = json.loads(run("models", "info", tiny, "--json")[1])
    assert facts["vocabulary"]["classes"][0] == {
        "label": "kick drum",
        "category": "Drums",
        "synonyms": ["kick", "bass drum", "kick hit"],
    }


@pytest.mark.parametrize(
    ("arguments", "model"),
    [
        (("models", "info", SMALL), SMALL),
        (("models", "info", "t5-base"), "t5-base"),
        (("generate", "kick", "--model", SMALL), SMALL),
    ],
)
def test_what_could_be_downloaded_says_how(
    run: Run, arguments: tuple[str, ...], model: str
) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert "is not installed" in err
    assert f"sa-studio models download {model}" in err


# --- import, verify, remove -----------------------------------------------------------------


def test_a_folder_is_imported_verified_and_removed(
    run: Run, tiny_model: Path, data_dir: Path
) -> None:
    status, out, _ = run("models", "import", tiny_model, "--name", "mine")
    assert (status, out) == (0, "mine\n")
    assert (data_dir / "models" / "mine" / "model.safetensors").is_file()
    status, out, err = run("models", "verify", "mine")
    assert (status, err) == (0, "")
    assert out.startswith("mine  ")
    assert out.endswith(": as installed\n")
    status, _, err = run("models", "remove", "mine")
    assert status == 2
    assert_one_line(err)
    assert "--yes" in err
    assert (data_dir / "models" / "mine").is_dir(), "nobody could be asked"
    assert run("models", "remove", "mine", "--yes") == (0, "", "")
    assert not (data_dir / "models" / "mine").exists()


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize(("answer", "is_left"), [("y\n", False), ("n\n", True), ("\x04", True)])
def test_on_a_terminal_it_is_asked_whether_it_is_meant(
    tiny: str, data_dir: Path, answer: str, is_left: bool
) -> None:
    status, out, shown = converse("models", "remove", tiny, answers=[("[y/N]", answer)])
    assert (status, out) == (0, "")
    assert "Delete tiny (" in shown
    assert (data_dir / "models" / tiny).exists() is is_left


def test_an_import_in_place_leaves_the_files_where_they_are(
    run: Run, tiny_model: Path, data_dir: Path
) -> None:
    status, out, _ = run("models", "import", tiny_model, "--name", "mine", "--in-place", "--json")
    assert status == 0
    facts = json.loads(out)
    assert list(facts) == ["id", "folder", "notes"]
    assert (facts["id"], facts["folder"]) == ("mine", str(tiny_model))
    assert not list(data_dir.rglob("*.safetensors"))
    assert f"used where it lies, from {tiny_model}" in run("models", "list")[1]
    status, _, err = run("models", "remove", "mine")
    assert f"the files in {str(tiny_model)!r} stay" in err
    assert run("models", "remove", "mine", "--yes")[0] == 0
    assert (tiny_model / "model.safetensors").is_file()


def test_a_weights_file_with_its_config_elsewhere(
    run: Run, tiny_model: Path, tmp_path: Path
) -> None:
    folder = copy_model(tiny_model, tmp_path / "apart")
    (folder / "model_config.json").rename(tmp_path / "config.json")
    (folder / "model.safetensors").rename(tmp_path / "my tune.safetensors")
    arguments = ("models", "import", tmp_path / "my tune.safetensors", "--name", "tune")
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert run(*arguments, "--config", tmp_path / "config.json")[:2] == (0, "tune\n")


def test_a_file_that_differs_is_named_and_the_status_says_so(
    run: Run, tiny_model: Path, data_dir: Path
) -> None:
    run("models", "import", tiny_model, "--name", "mine")
    weights = data_dir / "models" / "mine" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    status, out, err = run("models", "verify", "mine")
    assert status == 2
    assert "mine  model.safetensors " in out
    assert_one_line(err)
    assert "model.safetensors of mine" in err
    status, out, _ = run("models", "verify", "--json")
    assert status == 2
    rows = lines(out)
    assert {row["id"] for row in rows} == {"starter", "mine"}
    (bad,) = [row for row in rows if row["problem"]]
    assert (bad["id"], bad["file"], bad["bytes"]) == ("mine", "model.safetensors", len(content))


@pytest.mark.parametrize(
    "arguments",
    [
        *(("remove", model, "--yes") for model in ("nonesuch", "../clips", "", "starter")),
        *(("verify", model) for model in ("nonesuch", "..", "")),
        *(("import", path) for path in ("nowhere", "", __file__, "x" * 5000)),
        *(("import", __file__, "--config", path) for path in ("nowhere.json", "x" * 5000)),
        ("info", "nonesuch"),
        ("download", "nonesuch", "--accept-licence"),
        ("download",),
        ("login", "--token", "hf_secret"),
        ("login",),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = run("models", *arguments)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert "hf_secret" not in err, "a token is never shown"


def test_the_shelf_of_the_command_line_is_that_of_the_data_folder(
    run: Run, tiny: str, data_dir: Path, tmp_path: Path
) -> None:
    shelf = ModelShelf(DataFolder(data_dir), tmp_path / "bundled")
    assert [item.id for item in shelf.installed()] == [tiny]
    assert run("models", "remove", tiny, "--yes")[0] == 0
    assert shelf.installed() == []
