"""What of an edit can be taken hold of in the waveform, and what moving it does."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from sa_studio.vocabulary.sound_edit import SoundEdit

SHORTEST = 0.01
"""Seconds that a drag leaves of a sound."""
SHORTEST_CROSSFADE = 0.002
"""Seconds; a drag does not end a loop."""


class Handle(Enum):
    """A handle; the value is what it is called."""

    FADE_IN = "fade in"
    FADE_OUT = "fade out"
    CROSSFADE = "crossfade"
    START = "start"
    STOP = "end"

    @property
    def help(self) -> str:
        """What a drag does."""
        return _HELP[self]


_HELP = {
    Handle.FADE_IN: "Drag right to fade in.",
    Handle.FADE_OUT: "Drag left to fade out.",
    Handle.CROSSFADE: "Drag to make the crossfade of the loop longer or shorter.",
    Handle.START: "Drag right to cut the beginning, left to bring it back.",
    Handle.STOP: "Drag left to cut the end, right to bring it back.",
}


def handles(edit: SoundEdit, seconds: float) -> dict[Handle, float]:
    """The handles of an edit, and where they are in seconds of what is heard.

    Args:
        edit: what is changed.
        seconds: how long the take is as it was generated.
    """
    length = edit.duration(seconds)
    ends = {Handle.START: 0.0, Handle.STOP: length}
    if edit.is_loop:  # it has no fades
        return {Handle.CROSSFADE: min(edit.loop_crossfade, length), **ends}
    fade_in, fade_out = min(edit.fade_in, length), min(edit.fade_out, length)
    return {Handle.FADE_IN: fade_in, Handle.FADE_OUT: length - fade_out, **ends}


def moved(edit: SoundEdit, seconds: float, handle: Handle, place: float) -> SoundEdit:
    """The edit after a handle was moved.

    Args:
        edit: before.
        seconds: how long the take is as it was generated.
        handle: what was moved.
        place: where to, in seconds of what was heard before; it may be outside.
    """
    length = edit.duration(seconds)
    inside = min(max(place, 0.0), length)
    match handle:
        case Handle.FADE_IN:
            return replace(edit, fade_in=inside)
        case Handle.FADE_OUT:
            return replace(edit, fade_out=length - inside)
        case Handle.CROSSFADE:
            return edit.with_crossfade(seconds, max(inside, SHORTEST_CROSSFADE))
        case Handle.START:
            return edit.trimmed(seconds, min(place, length - min(SHORTEST, length / 2)), length)
        case Handle.STOP:
            return edit.trimmed(seconds, 0.0, max(place, min(SHORTEST, length / 2)))
