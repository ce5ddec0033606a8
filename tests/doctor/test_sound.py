from __future__ import annotations

import pytest

from sa_studio.doctor import State
from sa_studio.doctor.sound import examine_sound
from tests.doctor.report import by_name


@pytest.mark.parametrize(
    ("devices", "text", "state"),
    [
        (["Speakers", "HDMI"], "Speakers, HDMI", State.OK),
        ([], "none found; everything but listening works", State.NOTE),
    ],
)
def test_the_sound_output_is_never_a_problem(
    monkeypatch: pytest.MonkeyPatch, devices: list[str], text: str, state: State
) -> None:
    monkeypatch.setattr("sa_studio.doctor.sound.output_devices", lambda: devices)
    finding = by_name(examine_sound())["Sound output"]
    assert (finding.state, finding.text) == (state, text)


def test_a_missing_portaudio_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> list[str]:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr("sa_studio.doctor.sound.output_devices", missing)
    finding = by_name(examine_sound())["Sound output"]
    assert finding.state is State.NOTE
    assert "libportaudio2" in finding.hint
