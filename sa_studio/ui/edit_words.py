"""What is changed about a take, and how well its loop closes, in words."""

from __future__ import annotations

from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit

SEAMLESS = 1.0
"""Up to this score, a seam is no more sudden than the sound itself."""


def edit_words(edit: SoundEdit, seconds: float) -> str:
    """``0.50 to 2.00 s, reversed, +3.0 dB``; empty if nothing is changed.

    Args:
        edit: what is changed.
        seconds: how long the take is without it.
    """
    start, stop = edit.kept(seconds)
    parts = []
    if (edit.start, edit.stop) != (UNTOUCHED.start, UNTOUCHED.stop):
        parts.append(f"{start:.2f} to {stop:.2f} s")
    if edit.reverse:
        parts.append("reversed")
    if edit.gain_db:
        parts.append(f"{edit.gain_db:+.1f} dB".replace("-", "−"))
    if edit.is_loop:
        parts.append(
            f"a loop of {edit.duration(seconds):.2f} s with a crossfade of "
            f"{edit.loop_crossfade:.3f} s"
        )
    else:
        fades = (("in", edit.fade_in), ("out", edit.fade_out))
        parts += [f"faded {which} for {length:.2f} s" for which, length in fades if length]
    return ", ".join(parts)


def seam_text(score: float) -> str:
    """``seamless · 0.8``."""
    return f"{'seamless' if score <= SEAMLESS else 'audible'} · {score:.1f}"


def seam_words(score: float) -> str:
    """The same as sentences."""
    found = (
        "The loop closes without an audible seam: it is no more sudden than the sound itself."
        if score <= SEAMLESS
        else f"The seam can be heard: it is {score:.1f} times as sudden as the sound itself."
    )
    advice = "" if score <= SEAMLESS else " Try a longer crossfade, or another part of the sound."
    return f"{found}{advice} Seam score {score:.2f}; up to {SEAMLESS:.0f} is seamless."
