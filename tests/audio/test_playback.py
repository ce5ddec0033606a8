"""The player, through a real sound server where something must be heard."""

import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from subprocess import PIPE, Popen

import numpy as np
import pytest

from sa_studio.audio import outputs
from sa_studio.audio.files import write_audio
from sa_studio.audio.playback import Player, output_devices
from tests.audio.heard import TOLERANCE, assert_heard
from tests.sound_server import RATE, recording, sound_server

SCRIPT = Path(__file__).with_name("play_file.py")


def sweep(seconds: float) -> np.ndarray:
    """A rising tone on the left, noise on the right: no two places are alike."""
    t = np.arange(int(seconds * RATE)) / RATE
    left = 0.5 * np.sin(2 * np.pi * (200 + 1500 * t) * t)
    right = np.random.default_rng(1).uniform(-0.3, 0.3, t.size)
    return np.stack([left, right]).astype(np.float32)


def start(environment: dict[str, str], file: Path, volume: float, device: str = "") -> Popen[str]:
    return Popen(
        [sys.executable, str(SCRIPT), str(file), str(volume), device],
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
        text=True,
    )


def finish(playing: Popen[str]) -> dict:
    out, errors = playing.communicate(timeout=60)
    assert playing.returncode == 0, errors
    report = json.loads(out)
    assert report["problem"] == "", report["problem"]
    # the playhead never moved backwards
    assert report["positions"] == sorted(report["positions"])
    return report


@pytest.mark.parametrize("volume", [1.0, 0.5])
def test_what_the_sound_server_gets_is_the_clip(tmp_path, volume):
    clip = sweep(1.5)
    file = tmp_path / "clip.wav"
    write_audio(file, clip, RATE)
    with sound_server(tmp_path) as environment, recording(environment, tmp_path / "heard.raw"):
        report = finish(start(environment, file, volume))
    assert_heard(tmp_path / "heard.raw", volume * clip)
    assert report["positions"][-1] > 1.4


def test_when_a_device_goes_away_the_default_goes_on_from_the_same_place(tmp_path):
    clip = sweep(4)
    file, first, second = (tmp_path / name for name in ("clip.wav", "first.raw", "second.raw"))
    write_audio(file, clip, RATE)
    for name in ("other", "default"):
        (tmp_path / name).mkdir()
    with (
        ExitStack() as plugged,
        sound_server(tmp_path / "default") as environment,
        recording(environment, second),
    ):
        other = plugged.enter_context(sound_server(tmp_path / "other"))
        plugged.enter_context(recording(other, first))
        device = f'pcm.headphones {{ type pulse server "{other["PULSE_SERVER"]}" hint.show on }}'
        with Path(environment["HOME"], ".asoundrc").open("a") as settings:
            settings.write(device)
        playing = start(environment, file, 1.0, "headphones")
        wait_until(lambda: np.fromfile(first, np.float32).any(), seconds=30)
        plugged.close()
        report = finish(playing)
    assert report["missing_device"] == "headphones"
    assert report["positions"][-1] > 3.9
    there, here = (recorded(path) for path in (first, second))
    # all was heard, there or here, but for what was buffered, or came after the recorder's end
    assert abs(4 * RATE - there.shape[1] - here.shape[1]) < 0.6 * RATE
    np.testing.assert_allclose(here[:, -RATE:], clip[:, -RATE:], atol=TOLERANCE)


def recorded(path: Path) -> np.ndarray:
    """What was recorded between silence, [2, samples]."""
    heard = np.fromfile(path, np.float32)
    heard = heard[: heard.size // 2 * 2].reshape(-1, 2).T
    sound = np.flatnonzero(heard[1])
    return heard[:, sound[0] : sound[-1] + 1]


class FakeError(Exception):
    """Stands where PortAudio's own error would."""


class FakeStream:
    """Stands where PortAudio's stream would: takes blocks and remembers them."""

    latency = 0.0
    written: list[np.ndarray]
    opened: list[tuple[int, int | None]]  # rate and device
    refused_rate = 0
    fails_after: dict[int | None, int]  # blocks that a device takes

    def __init__(self, rate, channels, dtype, device):
        if rate == self.refused_rate:
            raise FakeError("Invalid sample rate")
        self.opened.append((rate, device))
        self.device = device

    def write(self, block):
        left = self.fails_after.get(self.device)
        if left is not None:
            if left == 0:
                raise FakeError("Unanticipated host error")
            self.fails_after[self.device] = left - 1
        self.written.append(block)
        time.sleep(0.001)

    def start(self):
        pass

    stop = abort = close = start


class FakeSoundDevice:
    """Stands where sounddevice would: a default output and headphones."""

    OutputStream = FakeStream
    PortAudioError = FakeError

    def __init__(self):
        self.starts = 1
        names = ("loudspeakers", "headphones")
        self.devices = [
            {"name": n, "index": i, "hostapi": 0, "max_output_channels": 2}
            | {"default_samplerate": 48_000.0}
            for i, n in enumerate(names)
        ]

    def query_devices(self, kind=""):
        return self.devices[0] if kind else self.devices

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def _terminate(self):
        pass

    def _initialize(self):
        self.starts += 1


@pytest.fixture
def sounddevice(monkeypatch):
    FakeStream.written, FakeStream.opened, FakeStream.fails_after = [], [], {}
    fake = FakeSoundDevice()
    monkeypatch.setattr(outputs, "load_sounddevice", lambda: fake)
    return fake


@pytest.fixture
def player(sounddevice):
    made = Player()
    yield made
    made.close()


def wait_until(condition, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.002)


def heard() -> np.ndarray:
    """Everything that was written but the silence before and after."""
    return np.concatenate([block for block in FakeStream.written if block.any()]).T


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
    assert written - 0.1 * RATE - 1 <= place * RATE <= written
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
    # but for the fade from the old place to the new one
    np.testing.assert_array_equal(heard()[:, -4000:], clip[:, -4000:])
    assert heard().shape[1] < clip.shape[1]
    assert len(FakeStream.opened) == 1


@pytest.mark.parametrize("how", ["seek", "range"])
def test_a_jump_does_not_click(player, how):
    clip = np.full((2, 4 * RATE), 0.5, np.float32)
    clip[:, 2 * RATE :] = -0.5
    player.play(clip, RATE)
    wait_until(lambda: player.position > 0.02)
    if how == "seek":
        player.seek(3.8)
    else:
        player.set_range(3.8, None)
    wait_until(lambda: not player.is_playing)
    assert heard()[:, -1].tolist() == [-0.5, -0.5]
    assert np.abs(np.diff(heard())).max() < 0.01


@pytest.mark.parametrize("what", ["volume", "gain"])
def test_volume_and_gain_change_without_a_click(player, what):
    clip = np.full((2, RATE), 0.5, np.float32)
    player.gain = 0.5
    player.play(clip, RATE)
    wait_until(lambda: player.position > 0.02)
    setattr(player, what, 0.25)
    wait_until(lambda: not player.is_playing)
    assert heard()[0, 0] == 0.25
    assert heard()[0, -1] == pytest.approx(0.5 * 0.25 * (0.5 if what == "volume" else 1))
    assert np.abs(np.diff(heard())).max() < 0.002


def test_loops(player):
    clip = sweep(0.05)
    player.loop = True
    player.play(clip, RATE)
    wait_until(lambda: len(FakeStream.written) > 13)
    player.stop()
    twice = heard()[:, : 2 * clip.shape[1]]
    np.testing.assert_array_equal(twice, np.concatenate([clip, clip], axis=1))


def test_a_selection_plays_and_nothing_else(player):
    clip = sweep(0.5)
    player.play(clip, RATE, start=0.1, selection=(0.1, 0.3))
    wait_until(lambda: not player.is_playing)
    np.testing.assert_array_equal(heard(), clip[:, 4410:13230])
    assert player.position == pytest.approx(0.3)
    player.resume()
    assert 0.1 <= player.position <= 0.3
    player.set_range(0, None)
    wait_until(lambda: not player.is_playing)
    assert player.position == pytest.approx(0.5)


def test_a_selection_loops_without_a_gap(player):
    clip = sweep(0.5)
    player.loop = True
    player.play(clip, RATE, selection=(0.1, 0.133))
    wait_until(lambda: len(FakeStream.written) > 20)
    assert 0.1 <= player.position <= 0.133
    player.stop()
    assert player.position == pytest.approx(0.1)
    part = clip[:, 4410 : round(0.133 * RATE)]
    played = heard()
    repeated = np.tile(part, 20)[:, : played.shape[1]]
    np.testing.assert_array_equal(played[:, : repeated.shape[1]], repeated)


def test_a_range_that_was_left_is_entered_again(player):
    player.loop = True
    player.play(sweep(3), RATE)
    wait_until(lambda: player.position > 0.05)
    player.set_range(2.0, 2.1)
    assert 2.0 <= player.position <= 2.1
    player.seek(0.5)
    assert 2.0 <= player.position <= 2.1
    player.set_range(1.5, 1.5)  # nothing is selected: all of it
    player.seek(0.5)
    assert 0.5 <= player.position < 1.5
    player.stop()
    assert player.position == 0


def test_levels_are_those_of_what_is_heard(player):
    clip = np.stack([np.full(RATE, 0.5), np.full(RATE, -0.25)]).astype(np.float32)
    assert player.levels() == (-np.inf, -np.inf)
    player.volume = 0.5
    player.loop = True
    player.play(clip, RATE)
    wait_until(lambda: player.levels()[0] > -100)
    assert player.levels() == pytest.approx((-12.04, -18.06), abs=0.01)
    player.play(clip[:1], RATE)
    wait_until(lambda: player.levels()[1] > -13)
    player.pause()
    assert player.levels() == (-np.inf, -np.inf)


def test_a_device_that_refuses_the_rate_gets_its_own(player, monkeypatch):
    monkeypatch.setattr(FakeStream, "refused_rate", RATE)
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    player.play(np.stack([tone, tone]).astype(np.float32), RATE)
    wait_until(lambda: not player.is_playing)
    assert [rate for rate, _ in FakeStream.opened] == [48_000]
    assert heard().shape[1] == pytest.approx(48_000, abs=2400)
    spectrum = np.abs(np.fft.rfft(heard()[0, 2400:26_400]))
    assert spectrum.argmax() == 500
    assert player.position == pytest.approx(1.0)


def test_the_chosen_device_plays_and_can_be_changed_while_playing(player):
    clip = sweep(2)
    player.device = "headphones"
    player.play(clip, RATE)
    wait_until(lambda: player.position > 0.1)
    player.device = ""
    assert player.position >= 0.1
    wait_until(lambda: not player.is_playing)
    assert [device for _, device in FakeStream.opened] == [1, None]
    np.testing.assert_array_equal(heard(), clip)


def test_a_device_that_fails_is_replaced_and_can_be_chosen_again(player, sounddevice):
    clip = sweep(1.5)
    FakeStream.fails_after = {1: 20}
    player.device = "headphones"
    player.play(clip, RATE)
    wait_until(lambda: not player.is_playing)
    assert player.problem == ""
    assert player.missing_device == "headphones"
    assert [device for _, device in FakeStream.opened] == [1, None]
    # what the device was given when it failed may be lost
    assert clip.shape[1] - heard().shape[1] < 0.1 * RATE
    np.testing.assert_array_equal(heard()[:, -RATE:], clip[:, -RATE:])
    FakeStream.fails_after = {}
    player.device = "headphones"
    assert player.missing_device == ""
    player.play(clip, RATE)
    wait_until(lambda: not player.is_playing)
    assert FakeStream.opened[-1] == (RATE, 1)


def test_a_device_that_is_not_there_is_looked_for_again_with_every_start(player, sounddevice):
    missing = sounddevice.devices.pop()
    player.device = "headphones"
    player.play(sweep(0.1), RATE)
    wait_until(lambda: not player.is_playing)
    assert player.missing_device == "headphones"
    sounddevice.devices.append(missing)
    player.play(sweep(0.1), RATE)
    wait_until(lambda: not player.is_playing)
    assert player.missing_device == ""
    assert [device for _, device in FakeStream.opened] == [None, 1]


def test_when_the_default_fails_at_once_the_problem_is_said(player):
    FakeStream.fails_after = {None: 0}
    player.play(sweep(0.5), RATE)
    wait_until(lambda: not player.is_playing)
    assert "Unanticipated host error" in player.problem


def test_devices_are_listed_afresh_but_not_while_something_plays(player, sounddevice):
    assert output_devices() == ["loudspeakers", "headphones"]
    assert sounddevice.starts == 2
    player.loop = True
    player.play(sweep(0.1), RATE)
    wait_until(lambda: player.position > 0)
    assert output_devices() == ["loudspeakers", "headphones"]
    assert sounddevice.starts == 2


def test_another_sound_replaces_the_first(player):
    player.play(sweep(2.0), RATE)
    wait_until(lambda: player.position > 0.02)
    other = np.full((1, 4410), 0.25, np.float32)
    player.play(other, 22050)
    wait_until(lambda: not player.is_playing)
    assert player.duration == pytest.approx(0.2)
    blocks = [block for block in FakeStream.written if (block == 0.25).all()]
    assert sum(block.shape[0] for block in blocks) == 4410
    assert {block.shape[1] for block in blocks} == {2}  # mono is heard on both sides
    assert [rate for rate, _ in FakeStream.opened] == [RATE, 22050]


def test_a_device_with_one_channel_gets_the_mean(player, sounddevice):
    sounddevice.devices[0]["max_output_channels"] = 1
    clip = np.stack([np.full(2000, 0.5), np.full(2000, -0.25)]).astype(np.float32)
    player.play(clip, RATE)
    wait_until(lambda: not player.is_playing)
    np.testing.assert_array_equal(heard(), np.full((1, 2000), 0.125, np.float32))


def test_without_a_library_only_listening_is_missing(monkeypatch):
    def missing():
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(outputs, "load_sounddevice", missing)
    player = Player()
    assert not player.available
    assert "PortAudio" in player.problem
    player.play(sweep(0.1), RATE)
    wait_until(lambda: not player.is_playing)
    assert "PortAudio" in player.problem
    player.close()


def test_without_a_device_only_listening_is_missing(player, sounddevice):
    sounddevice.devices.clear()
    assert not player.available
    assert "no sound output" in player.problem
    player.play(sweep(0.1), RATE)
    wait_until(lambda: not player.is_playing)
    assert "no sound output" in player.problem
