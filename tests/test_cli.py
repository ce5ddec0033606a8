from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from sa_studio import __version__
from sa_studio.cli import main
from sa_studio.library.history import History

KEYS = [
    *("clip_id", "path", "prompt", "seed", "seconds", "sample_rate", "channels", "model"),
    *("sampler", "steps", "guidance", "elapsed_seconds"),
]
QUICK = ("--seconds", "0.5", "--steps", "2", "--seed", "5")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: exit status, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def generate(run: Run, tiny_model: Path) -> Run:
    return lambda *arguments: run("generate", "--model", tiny_model, *arguments)


def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    """The command line as a process of its own."""
    command = [sys.executable, "-m", "sa_studio", *map(str, arguments)]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, text=True, **options)


def assert_one_line(error: str) -> None:
    assert error.startswith("sa-studio: ")
    assert error.count("\n") == 1
    assert error.endswith("\n")
    assert len(error) < 1000
    assert ". " in error, "what, then what to do"


def states(data_dir: Path) -> list[str]:
    history = History(data_dir / "library.sqlite3")
    found = [clip.state.value for clip in history.list()]
    history.close()
    return found


# --- results --------------------------------------------------------------------------------


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


def test_the_library_shows_what_was_made(generate: Run, run: Run) -> None:
    made = json.loads(generate("heavy rain", *QUICK, "--json")[1])
    generate("kick", *QUICK)
    status, out, _ = run("library", "list", "rain", "--json")
    assert status == 0
    assert json.loads(out) == {**made, "state": "finished"}
    assert len(run("library", "list")[1].splitlines()) == 2
    assert len(run("library", "list", "--limit", 1)[1].splitlines()) == 1
    shown = json.loads(run("library", "show", made["clip_id"], "--json")[1])
    assert shown == {**made, "state": "finished", "error": "", "hint": ""}
    assert f"path: {made['path']}" in run("library", "show", made["clip_id"])[1]


def test_models_and_presets_are_listed(run: Run, tiny_model: Path) -> None:
    info = json.loads(run("models", "info", tiny_model, "--json")[1])
    assert (info["title"], info["path"], info["sample_rate"]) == ("Tiny", str(tiny_model), 44_100)
    assert run("models", "list")[0] == 0
    assert run("presets", "save", "Mine", "--prompt", "kick", "--steps", 3) == (0, "", "")
    assert run("presets", "list")[1].splitlines()[-1] == "Mine"
    assert json.loads(run("presets", "show", "Mine")[1]) == {"prompt": "kick", "steps": 3}
    assert run("presets", "delete", "Mine")[0] == 0


def test_the_doctor_reports_as_text_and_as_json(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sa_studio.doctor.output_devices", list)
    _, out, err = run("doctor", "--json")
    checks = json.loads(out)
    assert err == ""
    assert all(set(check) == {"name", "ok", "text", "hint"} for check in checks)
    assert f"ok  SA Studio: {__version__}" in run("doctor")[1].splitlines()
    (tmp_path / "file").touch()
    status, out, err = run("--data-dir", tmp_path / "file", "doctor")
    assert (status, err) == (2, "")
    assert "NO  Data folder: " in out


# --- what the user can mend -------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        *(("",), ("   ",), ("x" * 5000,), ("\ud800",), ()),
        *(("kick", "--seconds", value) for value in ("0", "-1", "1e9", "nan", "inf", "-inf", "x")),
        *(("kick", "--seed", value) for value in ("x", "-1", "4294967296", "1.5", "9" * 5000, "")),
        *(("kick", "--count", value) for value in ("0", "-1", "17", "x", "9" * 30)),
        *(("kick", "--steps", value) for value in ("0", "-1", "1001", "2.5")),
        *(("kick", "--guidance", value) for value in ("-1", "99", "nan", "x")),
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
    "arguments",
    [
        *(("nonesuch",), ("generate",), ("library",), ("models",), ("presets",), ("bench",)),
        *(("bench", "nonesuch"), ("--nonesuch",), ("library", "show"), ("models", "nonesuch")),
        ("library", "show", "nonesuch"),
        *(("library", "list", "--limit", value) for value in ("0", "-1", "9" * 30, "x")),
        *(("models", "info", value) for value in ("nonesuch", ".", "")),
        *(("presets", verb, "../settings") for verb in ("show", "delete")),
        ("presets", "save", "x"),
        ("presets", "save", "../x", "--prompt", "kick"),
    ],
)
def test_bad_commands_are_refused_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert_one_line(err)


@pytest.mark.parametrize("place", ["file", "file/below", "~nobody-of-that-name/file/x"])
def test_a_data_folder_that_cannot_be_written(run: Run, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    folder = tmp_path / place if place.startswith("file") else f"/dev/null/{place}"
    status, out, err = run("--data-dir", folder, "generate", "kick")
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert "--data-dir" in err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_library_that_is_none(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "library.sqlite3").write_text("no database" * 100, encoding="utf-8")
    status, _, err = run("library", "list")
    assert status == 2
    assert_one_line(err)


def copy_model(tiny_model: Path, folder: Path) -> Path:
    for path in tiny_model.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(tiny_model)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


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


# --- our bugs, interruptions, closed outputs --------------------------------------------------


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


def test_our_bug_elsewhere_is_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("sa_studio.service.Studio.clips", bug)
    status, out, err = run("library", "list")
    assert (status, out) == (1, "")
    assert err.count("Traceback") == 1
    assert "report" in err.splitlines()[-1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for other processes")
def test_ctrl_c_while_generating_is_status_130_and_the_take_is_cancelled(
    tiny_model: Path, data_dir: Path
) -> None:
    arguments = ("generate", "kick", "--model", tiny_model, "--steps", 200, "--count", 16)
    process = start(*arguments)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "the first take is done"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130
    assert err == "sa-studio: interrupted\n"
    found = states(data_dir)
    assert set(found) == {"finished", "cancelled"}
    assert len(list(data_dir.glob("clips/*"))) == found.count("finished")


def test_a_real_process_is_silent_but_for_its_results(tiny_model: Path) -> None:
    process = start("generate", "kick", "--model", tiny_model, *QUICK, "--json")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert list(json.loads(out)) == KEYS


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_has_seen_enough_is_no_error(tiny_model: Path, data_dir: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ("generate", "kick", "--model", tiny_model, *QUICK, "--count", 2)
    process = start(*arguments, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert states(data_dir) == ["finished", "finished"]


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("presets", "list")])
def test_short_outputs_may_be_cut_off_as_well(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*arguments, stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


def test_an_output_that_lacks_letters_shows_them_escaped(data_dir: Path) -> None:
    data_dir.mkdir()
    history = History(data_dir / "library.sqlite3")
    from sa_studio.generation import GenerationRequest

    history.add("job", [GenerationRequest("Ü 🥁", seed=1)])
    history.close()
    process = start("library", "list", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "\\xdc \\U0001f941" in out


def test_version_and_help(run: Run) -> None:
    assert run("--version") == (0, f"SA Studio {__version__}\n", "")
    status, out, err = run("generate", "--help")
    assert (status, err) == (0, "")
    for option in ("--negative", "--seconds", "--seed", "--init-audio", "--init-noise", "--json"):
        assert option in out


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
def test_a_terminal_shows_progress_and_stdout_stays_clean(tiny_model: Path) -> None:
    import pty
    import termios

    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 80))
    process = start("generate", "kick", "--model", tiny_model, *QUICK, "--json", stderr=follower)
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(leader)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert list(json.loads(out)) == KEYS
    assert b"take 1/1, sampling" in shown
    assert b"Traceback" not in shown


def test_the_data_folder_may_be_named_before_and_after_the_command(tmp_path: Path) -> None:
    for number, order in enumerate(("before", "after")):
        folder = str(tmp_path / f"folder {number}")
        command = ["presets", "list"]
        option = ["--data-dir", folder]
        assert main([*option, *command] if order == "before" else [*command, *option]) == 0
        assert Path(folder, "library.sqlite3").is_file()
