"""A take as it is heard and delivered: its edit applied to a copy of its samples."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sa_studio.audio.fades import fade_ends, micro_fade
from sa_studio.audio.loop import best_loop, looped
from sa_studio.errors import RequestError
from sa_studio.vocabulary.sound_edit import SoundEdit

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class EditedSound:
    """What an edit makes of a take.

    Attributes:
        audio: float32 [channels, samples].
        loop: first and last sample of what is to be repeated, inclusive; ``None``: no loop.
    """

    audio: Samples
    loop: tuple[int, int] | None


def apply_edit(audio: Samples, rate: int, edit: SoundEdit) -> EditedSound:
    """Trim, reverse, gain, then either fades or the loop.

    A cut gets a micro-fade of 3 ms, unless the edit fades there for longer. So do both ends of a
    reversed sound, which were never meant to be met in this order. A loop has no fades at all:
    they would be a hole in every repetition. Fades are at most as long as what is kept, and the
    crossfade of a loop is at most half of it.

    Args:
        audio: float32 [channels, samples] as generated; not changed.
        rate: Hz.
        edit: what to do; a ``stop`` beyond the end is the end.

    Raises:
        RequestError: the edit begins behind the end of the sound.
    """
    first, last = kept_samples(audio.shape[-1], rate, edit)
    part = np.array(audio[:, first:last][:, :: -1 if edit.reverse else 1], np.float32, order="C")
    if edit.gain_db:
        part *= 10 ** (edit.gain_db / 20)
    length = part.shape[-1]
    if edit.is_loop and length:
        part = looped(part, max(round(min(edit.loop_crossfade, length / rate) * rate), 1))
        return EditedSound(part, (0, part.shape[-1] - 1))
    at_cut = micro_fade(rate, length)
    begins_cut, ends_cut = edit.reverse or first > 0, edit.reverse or last < audio.shape[-1]
    fade_in, fade_out = (
        round(min(seconds, length / rate) * rate) for seconds in (edit.fade_in, edit.fade_out)
    )
    fade_ends(
        part,
        max(fade_in, at_cut if begins_cut else 0),
        max(fade_out, at_cut if ends_cut else 0),
    )
    return EditedSound(part, None)


def loop_of(audio: Samples, rate: int, edit: SoundEdit) -> SoundEdit:
    """An edit that makes a loop of a part of what ``edit`` keeps, where it closes best.

    Args:
        audio: float32 [channels, samples] as generated.
        rate: Hz.
        edit: what is done to it; if it is a loop already, the new one is found in all it keeps.

    Raises:
        RequestError: that is too short for a loop, or begins behind the end of the sound.
    """
    edit = replace(edit, loop_crossfade=0.0)
    first, last = kept_samples(audio.shape[-1], rate, edit)
    # as it is heard, but with its ends as they are: fades would be taken for silence
    part = audio[:, first:last][:, :: -1 if edit.reverse else 1]
    points = best_loop(part, rate)
    edit = replace(edit, loop_crossfade=points.crossfade)
    return edit.trimmed(audio.shape[-1] / rate, points.start, points.stop - points.crossfade)


def kept_samples(total: int, rate: int, edit: SoundEdit) -> tuple[int, int]:
    """The first sample of ``total`` that an edit keeps, and the one behind the last.

    At least one sample is kept of a sound that has any.

    Raises:
        RequestError: the edit begins behind the end of the sound.
    """
    if total == 0:
        return 0, 0
    seconds = total / rate
    # seconds are compared before they become samples: any float may come from outside
    first = round(min(edit.start, seconds) * rate)
    if first >= total:
        raise RequestError(
            "start",
            f"The edit begins at {edit.start:g} s, but the sound is only {seconds:.3f} s long",
            "Choose an earlier start.",
        )
    last = total if edit.stop is None else round(min(edit.stop, seconds) * rate)
    return first, max(last, first + 1)
