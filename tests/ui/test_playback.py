"""Play in the real window, through a real sound server: what is heard is the clip."""

import json
import subprocess
import sys
from pathlib import Path

from sa_studio.audio.files import read_audio
from tests.audio.heard import assert_heard
from tests.sound_server import recording, sound_server
from tests.tiny_model import make_tiny_model

ROOT = Path(__file__).parents[2]


def test_the_window_plays_the_clip(tmp_path: Path) -> None:
    model = make_tiny_model(tmp_path / "tiny")
    data = str(tmp_path / "data")
    command = [sys.executable, "-m", "sa_studio", "--data-dir", data, "generate", "heavy door"]
    command += ["--model", str(model), "--seconds", "1.5", "--steps", "2", "--json"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    clip, _ = read_audio(Path(json.loads(made.stdout)["path"]))
    with sound_server(tmp_path) as environment, recording(environment, tmp_path / "heard.raw"):
        played = subprocess.run(
            [sys.executable, "-m", "tests.ui.playing_window", data],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert played.returncode == 0, played.stderr
    report = json.loads(played.stdout)
    assert report["problem"] == ""
    assert_heard(tmp_path / "heard.raw", clip)
    assert report["positions"] == sorted(report["positions"])
    assert report["positions"][-1] > 1.0
