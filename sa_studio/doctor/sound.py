"""Whether something can be heard."""

from __future__ import annotations

from collections.abc import Iterator

from sa_studio.audio.playback import output_devices
from sa_studio.doctor.finding import Finding, State

NAME = "Sound output"


def examine_sound() -> Iterator[Finding]:
    """The sound outputs; a computer without one generates all the same."""
    try:
        devices = output_devices()
    except OSError as error:
        hint = "To listen, install PortAudio (Debian and Ubuntu: libportaudio2)."
        yield Finding(NAME, State.NOTE, f"none: PortAudio is not installed ({error})", hint)
        return
    if devices:
        yield Finding(NAME, State.OK, ", ".join(devices))
    else:
        hint = "To listen, plug in or switch on headphones or loudspeakers."
        yield Finding(NAME, State.NOTE, "none found; everything but listening works", hint)
