from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sa_studio.doctor import Finding, State
from sa_studio.doctor.models import examine_models
from sa_studio.errors import StudioError
from sa_studio.model_shelf import ModelShelf
from sa_studio.service import Studio
from tests.doctor.report import by_name
from tests.hub_server import Fault, hub_server, sha256, stable_audio_repositories

Examine = Callable[..., dict[str, Finding]]
SMALL = "stable-audio-open-small"


@pytest.fixture
def examine(data_dir: Path) -> Examine:
    def examine(verify: bool = False) -> dict[str, Finding]:
        with Studio() as studio:
            return by_name(examine_models(studio, verify=verify))

    return examine


@pytest.fixture
def mine(tiny_model: Path, data_dir: Path) -> Path:
    """The folder of a model that was imported."""
    with Studio() as studio:
        studio.shelf.import_model(
            tiny_model, name="mine", report=lambda progress: None, cancel=threading.Event()
        )
    return data_dir / "models" / "mine"


def test_each_model_tells_its_files_and_hash(examine: Examine, mine: Path) -> None:
    found = examine()
    assert found["Models"].text == "starter, mine"
    finding = found["Model mine"]
    assert finding.state is State.OK
    assert finding.text.startswith("mine, up to ")
    weights = sha256((mine / "model.safetensors").read_bytes())
    assert f"model.safetensors has SHA-256 {weights[:12]}…" in finding.text
    recorded = {file["file"]: file["sha256"] for file in finding.details["files"]}
    assert recorded["model.safetensors"] == weights
    assert finding.details["source"]
    assert found["Model starter"].state is State.OK


def test_hashes_are_only_compared_when_asked(examine: Examine, mine: Path) -> None:
    assert "every file is as it was installed" in examine(verify=True)["Model mine"].text
    content = bytearray((mine / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (mine / "model.safetensors").write_bytes(content)
    assert examine()["Model mine"].state is State.OK
    finding = examine(verify=True)["Model mine"]
    assert finding.state is State.PROBLEM
    assert "model.safetensors is not what was installed" in finding.text
    assert "sa-studio models remove mine" in finding.hint


def test_files_that_are_cut_off_or_gone_are_seen_at_once(examine: Examine, mine: Path) -> None:
    content = (mine / "model.safetensors").read_bytes()
    (mine / "model.safetensors").write_bytes(content[:-8])
    finding = examine()["Model mine"]
    assert finding.state is State.PROBLEM
    assert f"has {len(content) - 8} bytes instead of {len(content)}" in finding.text
    (mine / "model.safetensors").unlink()
    assert "model.safetensors is missing" in examine()["Model mine"].text


def test_a_model_that_cannot_be_used_gives_its_reason(examine: Examine, mine: Path) -> None:
    (mine / "model_config.json").write_text('{"model_type": "x"}', encoding="utf-8")
    found = examine()
    assert found["Model mine"].state is State.PROBLEM
    assert found["Model mine"].hint
    assert found["Model starter"].state is State.OK


def test_a_linked_folder_that_has_gone(
    examine: Examine, tiny_model: Path, tmp_path: Path, data_dir: Path
) -> None:
    from tests.cli.command_line import copy_model

    folder = copy_model(tiny_model, tmp_path / "elsewhere")
    with Studio() as studio:
        studio.shelf.import_model(
            folder, name="linked", in_place=True,
            report=lambda progress: None, cancel=threading.Event(),
        )  # fmt: skip
    assert examine()["Model linked"].state is State.OK
    folder.rename(tmp_path / "moved")
    finding = examine()["Model linked"]
    assert finding.state is State.PROBLEM
    assert str(folder) in finding.text


def test_a_model_that_lacks_the_shared_text_encoder(examine: Examine, mine: Path) -> None:
    (mine / "t5").rename(mine.parent / "t5-base")
    found = examine()
    assert found["Shared piece t5-base"].state is State.OK
    problem = "mine uses the text encoder that models share, which is not installed"
    assert problem not in found["Model mine"].text
    (mine.parent / "t5-base" / "config.json").unlink()
    finding = examine()["Model mine"]
    assert (finding.state, finding.text) == (State.PROBLEM, problem)
    assert "sa-studio models download t5-base" in finding.hint


def test_an_unfinished_download_says_how_to_go_on(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with hub_server(monkeypatch, tmp_path) as hub, Studio() as studio:
        hub.repositories = stable_audio_repositories(gated=False)
        weights = hub.repositories[f"stabilityai/{SMALL}"].files["model.safetensors"]
        hub.fault(Fault(sha256(weights), times=None, drop_at=100_000))
        with pytest.raises(StudioError):
            studio.shelf.download(
                SMALL,
                licence_accepted=True,
                report=lambda progress: None,
                cancel=threading.Event(),
            )
    found = examine()
    finding = found[f"Unfinished download {SMALL}"]
    assert finding.state is State.NOTE
    assert finding.details["present_bytes"] >= 100_000
    assert f"sa-studio models download {SMALL}" in finding.hint
    assert f"Model {SMALL}" not in found


def test_a_model_that_breaks_the_check_hides_no_other(
    examine: Examine, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_verify = ModelShelf.verify

    def verify(shelf: ModelShelf, model_id: str) -> object:
        if model_id == "starter":
            raise PermissionError("not for you")
        return true_verify(shelf, model_id)

    monkeypatch.setattr(ModelShelf, "verify", verify)
    found = examine(verify=True)
    assert found["Model starter"].state is State.PROBLEM
    assert "not for you" in found["Model starter"].text
    assert found["Model mine"].state is State.OK
