"""What is said of a take in its row of the library: its state, its facts, its tooltip."""

from __future__ import annotations

from collections.abc import Iterator

from sa_studio.generation import Clip, ClipState, Verdict
from sa_studio.ui.edit_words import edit_words
from sa_studio.ui.running_takes import RunningTakes
from sa_studio.vocabulary.sound_edit import UNTOUCHED


def state_words(clip: Clip, running: RunningTakes) -> str:
    """How long a take is, or how far, or why it came to nothing."""
    state, progress = running.state(clip), running.progress(clip.id)
    if state is ClipState.FINISHED:
        return f"{clip.edit.duration(clip.seconds or 0):.1f} s"
    if state is ClipState.FAILED:
        return clip.error or "failed"
    if state is ClipState.RUNNING and progress:
        return f"step {progress.step}/{progress.steps}"
    if state is ClipState.DECODING and progress:
        return f"decoding {progress.step}/{progress.steps}"
    return {ClipState.QUEUED: "waiting", ClipState.LOADING: "loading the model"}.get(
        state, state.value
    )


def spoken_row(clip: Clip, running: RunningTakes) -> str:
    """What is read aloud of a row."""
    return ", ".join((clip.request.prompt, state_words(clip, running), *_decided(clip)))


def tool_tip(clip: Clip) -> str:
    """How a take was made, what was decided about it, and where it lies."""
    request = clip.request
    lines = [request.prompt.strip()[:300]]
    if request.negative_prompt:
        lines.append(f"without: {request.negative_prompt[:200]}")
    lines.append(
        f"seed {request.seed} · {request.steps} steps · cfg {request.guidance_scale:g} · "
        f"{request.sampler} · {request.model}"
    )
    decided = list(_decided(clip))
    if decided:
        lines.append(" · ".join(decided))
    lines += [text for text in (clip.error, clip.hint, clip.notes[:300]) if text]
    if clip.path is not None:
        lines.append(str(clip.path))
    return "\n".join(lines)


def _decided(clip: Clip) -> Iterator[str]:
    if clip.stars:
        yield f"{clip.stars} {'star' if clip.stars == 1 else 'stars'}"
    if clip.verdict is not Verdict.NONE:
        yield "kept" if clip.verdict is Verdict.KEEP else "rejected"
    if clip.edit != UNTOUCHED:
        yield f"edited: {edit_words(clip.edit, clip.seconds or 0)}"
    if clip.tags:
        yield f"tags: {', '.join(clip.tags)}"
    if clip.collections:
        yield f"in {', '.join(clip.collections)}"
