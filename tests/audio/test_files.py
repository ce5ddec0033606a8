from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sa_studio.audio.files import read_audio, write_audio
from sa_studio.errors import AudioFileError

RATE = 44_100
STEP = 2.0**-23


def noise(samples: int, channels: int = 2) -> np.ndarray:
    """Random values that 24 bits hold exactly."""
    whole = np.random.default_rng(1).integers(-(2**23), 2**23, (channels, samples))
    return (whole * STEP).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("samples", [1, 2, 1000])
def test_24_bits_come_back_exactly(tmp_path: Path, samples: int, channels: int) -> None:
    audio = noise(samples, channels)
    audio[0, 0] = -1.0
    path = tmp_path / "sound.wav"
    write_audio(path, audio, RATE)
    back, rate = read_audio(path)
    assert rate == RATE
    assert back.dtype == np.float32
    assert back.flags.c_contiguous
    np.testing.assert_array_equal(back, audio)
    info = soundfile.info(path)
    assert (info.format, info.subtype) == ("WAV", "PCM_24")


def test_values_between_two_steps_go_to_the_nearer_one(tmp_path: Path) -> None:
    steps = np.array([[0.4, 0.6, -0.4, -0.6, 1000.4, -1000.4]], np.float64)
    write_audio(tmp_path / "a.wav", (steps * STEP).astype(np.float32), RATE)
    back, _ = read_audio(tmp_path / "a.wav")
    np.testing.assert_array_equal(back / np.float32(STEP), np.rint(steps))


def test_what_is_too_loud_is_clipped_and_does_not_wrap(tmp_path: Path) -> None:
    audio = np.array([[1.0, 1.5, 1e30, -1.0, -1.5, -1e30]], np.float32)
    write_audio(tmp_path / "a.wav", audio, RATE)
    back, _ = read_audio(tmp_path / "a.wav")
    top = 1 - STEP
    np.testing.assert_array_equal(back, np.array([[top, top, top, -1, -1, -1]], np.float32))


def test_no_samples_make_a_valid_file_that_holds_no_sound(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", np.zeros((2, 0), np.float32), RATE)
    assert soundfile.info(tmp_path / "a.wav").frames == 0
    with pytest.raises(AudioFileError, match="no samples"):
        read_audio(tmp_path / "a.wav")


def test_values_that_are_no_numbers_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no numbers"):
        write_audio(tmp_path / "a.wav", np.array([[0.0, np.nan]], np.float32), RATE)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_audio(path, noise(10), RATE)
    write_audio(path, noise(20), RATE)
    assert soundfile.info(path).frames == 20
    assert [item.name for item in tmp_path.iterdir()] == ["a.wav"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.wav"
    write_audio(path, noise(10), RATE)

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    with pytest.raises(AudioFileError, match="No space left on device") as caught:
        write_audio(path, noise(20), RATE)
    assert caught.value.hint
    assert [item.name for item in tmp_path.iterdir()] == ["a.wav"]
    assert soundfile.info(path).frames == 10


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_audio(tmp_path / "a.wav", noise(20), RATE)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_really_full_is_reported(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, old[1]))
    try:
        with pytest.raises(AudioFileError, match="cannot be written"):
            write_audio(tmp_path / "a.wav", noise(RATE), RATE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="No such file"):
        write_audio(tmp_path / "none" / "a.wav", noise(10), RATE)


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"no sound at all" * 100, b"RIFF\x24\x00\x00\x00WAVEfmt "]
)
def test_files_that_are_no_sound_are_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(AudioFileError) as caught:
        read_audio(path)
    assert str(path) in caught.value.message
    assert caught.value.message.count(str(path)) == 1
    assert caught.value.hint
    assert "\n" not in caught.value.one_line()


@pytest.mark.parametrize("name", ["missing.wav", ".", "x" * 5000, "nul\0"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AudioFileError, match="no sound file"):
        read_audio(tmp_path / name)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("kind", ["aiff", "wav", "flac"])
def test_a_sound_that_is_cut_off_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / f"sound.{kind}"
    soundfile.write(path, noise(5000).T, RATE)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(AudioFileError):
        read_audio(path)


def test_a_recording_whose_length_was_never_filled_in_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    soundfile.write(path, noise(5000).T, RATE)
    content = bytearray(path.read_bytes())
    place = content.index(b"data") + 4
    content[place : place + 4] = b"\xff" * 4
    path.write_bytes(content)
    assert read_audio(path)[0].shape == (2, 5000)


def test_samples_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.0, np.nan]), RATE, subtype="FLOAT")
    with pytest.raises(AudioFileError, match="no numbers"):
        read_audio(tmp_path / "a.wav")


@pytest.mark.parametrize(("channels", "expected"), [(1, [0.25]), (2, [0.5, 0.0]), (None, None)])
def test_channels_are_mixed_dropped_or_kept(
    tmp_path: Path, channels: int | None, expected: list[float] | None
) -> None:
    four = np.tile(np.array([[0.5, 0.0, 0.25, 0.25]]), (10, 1))
    soundfile.write(tmp_path / "a.wav", four, RATE, subtype="FLOAT")
    audio, _ = read_audio(tmp_path / "a.wav", channels=channels)
    assert audio[:, 5].tolist() == (expected or [0.5, 0.0, 0.25, 0.25])


def test_mono_is_doubled(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(10, 0.5), RATE, subtype="FLOAT")
    audio, _ = read_audio(tmp_path / "a.wav", channels=2)
    np.testing.assert_array_equal(audio, np.full((2, 10), 0.5, np.float32))


def test_resampling_keeps_length_and_pitch(tmp_path: Path) -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(48_000) / 48_000)
    soundfile.write(tmp_path / "a.wav", 0.5 * tone, 48_000, subtype="FLOAT")
    audio, rate = read_audio(tmp_path / "a.wav", sample_rate=RATE)
    assert (rate, audio.shape) == (RATE, (1, RATE))
    expected = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    np.testing.assert_allclose(audio[0, 1000:-1000], expected[1000:-1000], atol=1e-4)


def test_only_the_seconds_asked_for_are_read(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", noise(RATE), RATE)
    assert read_audio(tmp_path / "a.wav", seconds=0.1)[0].shape == (2, 4410)
    assert read_audio(tmp_path / "a.wav", seconds=99)[0].shape == (2, RATE)
