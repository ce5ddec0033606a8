from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import Run
from tests.evaluation.judge_weights import write_judge
from tests.evaluation.work_folder import write_work


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return write_work(tmp_path / "work")


@pytest.fixture
def judge(tmp_path: Path) -> Path:
    return write_judge(tmp_path / "judge")


def test_every_gate_is_measured_and_written(
    run: Run, tmp_path: Path, tiny_model: Path, work: Path, judge: Path
) -> None:
    file, kept = tmp_path / "found.json", tmp_path / "kept"
    status, out, err = run(
        *("evaluate", "starter", "--work", work, "--judge", judge, "--model", tiny_model),
        *("--threads", 1, "--json", file, "--keep", kept),
    )
    assert (status, err) == (0, "")
    for words in ("log-spectral L1", "attack error", "| Test tone | Test | 2 |", "nearest pairs"):
        assert words.lower() in out.lower()

    found = json.loads(file.read_text(encoding="utf-8"))
    gates = {gate["name"]: gate for gate in found["gates"]}
    assert all(gate["verdict"] != "not measured" for gate in gates.values())
    faults = gates["silent, clipped or not finite"]["figures"]
    # 6 prompts, 2 tones, 2 sustained classes with and without, 3 classes without guidance
    assert faults["sounds"] == 15
    assert len(list(kept.glob("*.wav"))) == 15 - faults["not finite"]
    assert gates["pitch within 50 cents"]["figures"]["held_out"] == 1.0
    assert gates["tempo within 4 %"]["figures"]["held_out"] == 1.0
    assert gates["autoencoder: log-spectral L1"]["verdict"] == "not reached"
    assert found["clips"][0]["prompt"] == "a rush"
    assert (work / "evaluation" / "embeddings.npz").is_file()


def test_a_part_of_the_prompts(run: Run, tiny_model: Path, work: Path, judge: Path) -> None:
    status, out, _ = run(
        *("evaluate", "starter", "--work", work, "--judge", judge, "--model", tiny_model),
        *("--clips", 2, "--threads", 1),
    )
    assert status == 0
    assert "prompts: 2, held-out clips: 9, round trips: 2," in out
    assert "| tempo within 4 % | ≥ 70 % | nothing to measure | not measured |" in out


@pytest.mark.parametrize("missing", ["--work", "--judge", "--json", "--keep"])
def test_bad_input_is_one_line(
    run: Run, tmp_path: Path, tiny_model: Path, work: Path, judge: Path, missing: str
) -> None:
    (tmp_path / "a file").touch()
    given = {"--work": work, "--judge": judge, "--model": tiny_model}
    nowhere = tmp_path / "a file" / "below"
    options = [part for pair in {**given, missing: nowhere}.items() for part in pair]
    status, out, err = run("evaluate", "starter", *options)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "below" in err
