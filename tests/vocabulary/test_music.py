"""Notes and tempi in prompts."""

import pytest

from sa_studio.vocabulary.music import note_in, tempo_in


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("piano C4", 60),
        ("saw lead in F#3, wide stereo", 54),
        ("Bb-1 sub", 10),
        ("flute, A♯5", 82),
        ("C-1", 0),
        ("G9", 127),
        ("harp Cb4", 59),
        ("G3 then C4", 55),
        # no octave, no note, beyond MIDI
        ("warm pad in A minor", None),
        ("B", None),
        ("MP3 player", None),
        ("R2D2", None),
        ("A440", None),
        ("C#", None),
        ("A9", None),
        ("a4 paper", None),
        ("", None),
    ],
)
def test_note(prompt: str, note: int | None) -> None:
    assert note_in(prompt) == note


@pytest.mark.parametrize(
    ("prompt", "tempo"),
    [
        ("120 bpm techno loop", 120.0),
        ("techno loop, 92.5BPM", 92.5),
        ("174-bpm jungle", 174.0),
        ("808 kick", None),
        ("5 bpm", None),
        ("1200 bpm", None),
        ("bpm 120", None),
        ("120 bpmx", None),
    ],
)
def test_tempo(prompt: str, tempo: float | None) -> None:
    assert tempo_in(prompt) == tempo
