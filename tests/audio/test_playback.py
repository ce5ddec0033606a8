"""The player, through a real sound server where something must be heard."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sa_studio.audio import playback
from sa_studio.audio.files import write_audio
from sa_studio.audio.playback import Player
from tests.audio.heard import assert_heard
from tests.sound_server import RATE, recording, sound_server

SCRIPT = Path(__file__).with_name("play_file.py")


def sweep(seconds: float) -> np.ndarray:
    """A rising tone on the left, noise on the right: no two places are alike."""
    t = np.arange(int(seconds * RATE)) / RATE
    left = 0.5 * np.sin(2 * np.pi * (200 + 1500 * t) * t)
    right = np.random.default_rng(1).uniform(-0.3, 0.3, t.size)
    return np.stack([left, right]).astype(np.float32)


def play(environment: dict[str, str], file: Path, volume: float) -> dict:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(file), str(volume)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["problem"] == "", report["problem"]
    return report


@pytest.mark.parametrize("volume", [1.0, 0.5])
def test_what_the_sound_server_gets_is_the_clip(tmp_path, volume):
    clip = sweep(1.5)
    file = tmp_path / "clip.wav"
    write_audio(file, clip, RATE)
    with sound_server(tmp_path) as environment, recording(environment, tmp_path / "heard.raw"):
        report = play(environment, file, volume)
    assert_heard(tmp_path / "heard.raw", volume * clip)
    # the playhead moved on, never backwards, and reached the end
    positions = report["positions"]
    assert positions == sorted(positions)
    assert positions[-1] > 1.0


class FakeStream:
    """Stands where PortAudio's stream would: takes blocks and remembers them."""

    latency = 0.0
    written: list[np.ndarray]

    def __init__(self, rate, channels, dtype):
        self.rate = rate

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def write(self, block):
        FakeStream.written.append(block)
        time.sleep(0.001)

    def stop(self):
        pass

    abort = stop


@pytest.fixture
def player(monkeypatch):
    FakeStream.written = []

    class FakeSoundDevice:
        OutputStream = FakeStream

    monkeypatch.setattr(playback, "load_sounddevice", lambda: FakeSoundDevice)
    made = Player()
    yield made
    made.close()


def wait_until(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.002)


def heard() -> np.ndarray:
    """Everything that was written but the silence before and after."""
    return np.concatenate([block for block in FakeStream.written if block.any()]).T


def heard_frames(channels: int) -> int:
    blocks = [b for b in FakeStream.written if b.any() and b.shape[1] == channels]
    return sum(block.shape[0] for block in blocks)


def test_plays_everything_once(player):
    clip = sweep(0.3)
    player.play(clip, RATE)
    wait_until(lambda: not player.is_playing)
    np.testing.assert_array_equal(heard(), clip)
    assert player.position == pytest.approx(0.3)


def test_starts_in_the_middle(player):
    clip = sweep(0.3)
    player.play(clip, RATE, start=0.1)
    wait_until(lambda: not player.is_playing)
    np.testing.assert_array_equal(heard(), clip[:, 4410:])


def test_pause_and_resume_miss_nothing(player):
    clip = sweep(0.5)
    player.play(clip, RATE)
    wait_until(lambda: player.position > 0.1)
    player.pause()
    place = player.position
    assert not player.is_playing
    assert 0.1 < place < 0.5
    player.resume()
    wait_until(lambda: not player.is_playing)
    np.testing.assert_array_equal(heard(), clip)


def test_what_was_buffered_but_not_heard_comes_again_after_a_pause(player, monkeypatch):
    monkeypatch.setattr(FakeStream, "latency", 0.1)
    clip = sweep(1.0)
    player.play(clip, RATE)
    wait_until(lambda: player.position > 0.2)
    player.pause()
    place = player.position
    written = heard().shape[1]
    # the last block may still be on its way when the pause comes
    assert place * RATE == pytest.approx(written - 0.1 * RATE, abs=0.02 * RATE + 1)
    player.resume()
    assert player.position == pytest.approx(place)
    wait_until(lambda: not player.is_playing)
    rest = clip[:, round(place * RATE) :]
    np.testing.assert_array_equal(heard()[:, -rest.shape[1] :], rest)


def test_the_playhead_is_never_before_the_place_that_was_asked_for(player, monkeypatch):
    monkeypatch.setattr(FakeStream, "latency", 0.1)
    player.play(sweep(2.0), RATE, start=0.5)
    wait_until(lambda: FakeStream.written)
    assert player.position >= 0.5
    player.seek(1.5)
    assert player.position >= 1.5
    player.stop()
    assert player.position == 0


def test_stop_goes_back_to_the_start(player):
    player.play(sweep(0.5), RATE)
    wait_until(lambda: player.position > 0.1)
    player.stop()
    assert player.position == 0


def test_seek_goes_on_from_there(player):
    clip = sweep(2.0)
    player.play(clip, RATE)
    wait_until(lambda: player.position > 0.02)
    player.seek(1.9)
    wait_until(lambda: not player.is_playing)
    np.testing.assert_array_equal(heard()[:, -4410:], clip[:, -4410:])
    assert heard().shape[1] < clip.shape[1]


def test_loops(player):
    clip = sweep(0.05)
    player.loop = True
    player.play(clip, RATE)
    wait_until(lambda: len(FakeStream.written) > 13)
    player.stop()
    twice = heard()[:, : 2 * clip.shape[1]]
    np.testing.assert_array_equal(twice, np.concatenate([clip, clip], axis=1))


def test_another_sound_replaces_the_first(player):
    player.play(sweep(2.0), RATE)
    wait_until(lambda: player.position > 0.02)
    other = np.full((1, 4410), 0.25, np.float32)
    player.play(other, 22050)
    wait_until(lambda: not player.is_playing)
    assert player.duration == pytest.approx(0.2)
    assert heard_frames(1) == 4410


def test_without_a_library_only_listening_is_missing(monkeypatch):
    def missing():
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(playback, "load_sounddevice", missing)
    player = Player()
    assert not player.available
    assert "PortAudio" in player.problem
    player.play(sweep(0.1), RATE)
    wait_until(lambda: not player.is_playing)
    assert "PortAudio" in player.problem
    player.close()


def test_without_a_device_only_listening_is_missing(monkeypatch):
    class NoDevices:
        @staticmethod
        def query_devices():
            return []

    monkeypatch.setattr(playback, "load_sounddevice", lambda: NoDevices)
    player = Player()
    assert not player.available
    assert "no sound output" in player.problem
    player.close()
