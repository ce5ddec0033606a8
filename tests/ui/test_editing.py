"""Editing a take in the real window: heard, drawn, measured, kept; its player is mute."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from sa_studio.audio.files import read_audio
from sa_studio.generation import Clip
from sa_studio.ui.clip_model import ClipRole
from sa_studio.ui.edit_handle import Handle
from sa_studio.ui.main_window import MainWindow
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit
from tests.ui.conftest import Wait
from tests.ui.listening import RATE, add_sound, tone
from tests.ui.test_edit_handles import drag

SECONDS = 4.0
Make = Callable[..., Clip]


@pytest.fixture
def window(silent_player: None, open_window: Callable[[], MainWindow]) -> MainWindow:
    opened = open_window()
    opened.end_welcome()
    return opened


@pytest.fixture
def make(window: MainWindow, wait: Wait) -> Make:
    """Puts a sound into the library and shows it."""

    def make(prompt: str = "tone", audio: np.ndarray | None = None) -> Clip:
        clip = add_sound(window, prompt, tone(SECONDS, 0.5) if audio is None else audio)
        window.clips.reload()
        window.library.select(clip.id)
        wait(lambda: heard(window) == UNTOUCHED and window.take.readout.take is not None)
        return clip

    return make


def heard(window: MainWindow) -> SoundEdit | None:
    """What was done to the sound that would be played now."""
    sound = window.take.editing._sound
    return None if sound is None else sound.edit


def kept(window: MainWindow, clip: Clip) -> SoundEdit:
    return window.studio.clip(clip.id).edit


def settle(window: MainWindow, clip: Clip, wait: Wait) -> SoundEdit:
    """Wait until what is kept is heard and measured; returns it."""
    window.actions_.decisions.steps.settle()
    wait(lambda: heard(window) == kept(window, clip) and window.take.readout.take is not None)
    return kept(window, clip)


def test_a_trim_is_heard_drawn_measured_kept_and_undone(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    audio = tone(SECONDS, 0.5)
    audio[:, 2 * RATE :] *= 0.25
    clip = make(audio=audio)
    before = clip.path.read_bytes()
    take = window.take
    take.timeline.select(2.5, 3.5)
    take.waveform.setFocus()
    QTest.keyClick(take.waveform, Qt.Key.Key_T)
    assert settle(window, clip, wait) == SoundEdit(start=2.5, stop=3.5)
    assert take.waveform.duration == pytest.approx(1.0)
    assert take.player.duration == pytest.approx(1.0)
    assert take.timeline.selection is None
    assert take.readout.take.peak_db == pytest.approx(-18.06, abs=0.05)
    take.player.toggle()
    assert window.studio.player.duration == pytest.approx(1.0)
    assert clip.path.read_bytes() == before
    row = window.clips.find(clip.id)
    assert window.clips.data(row, ClipRole.STATE) == "1.0 s"
    assert "edited: 2.50 to 3.50 s" in window.clips.data(row, Qt.ItemDataRole.ToolTipRole)
    assert "2.50 to 3.50" in take.editing.chip.accessibleDescription()
    QTest.keyClick(take.waveform, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert settle(window, clip, wait) == UNTOUCHED
    assert take.waveform.duration == pytest.approx(SECONDS)
    assert take.readout.take.peak_db == pytest.approx(-6.02, abs=0.05)


def test_t_without_a_selection_says_what_to_do(window: MainWindow, make: Make) -> None:
    clip = make()
    told: list[str] = []
    window.take.message.connect(lambda text, _role: told.append(text))
    window.take.editing.trim()
    assert "Select" in told[0]
    assert kept(window, clip) == UNTOUCHED


def test_a_fade_is_dragged_and_keeps_what_is_in_view(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    clip = make()
    take = window.take
    take.waveform.setFocus()
    QTest.keyClick(take.waveform, Qt.Key.Key_E)
    assert take.editing.bar.isVisible()
    take.waveform.resize(600, 300)
    drag(take.waveform, Handle.FADE_IN, 1.0)
    take.timeline.zoom(2.0, 0.0)
    take.timeline.select(0.5, 1.0)
    view = take.timeline.view
    edit = settle(window, clip, wait)
    assert 0.5 < edit.fade_in < 1.5
    assert take.editing.bar.fade_in.spin.value() == pytest.approx(edit.fade_in, abs=0.001)
    assert (take.timeline.view, take.timeline.selection) == (view, (0.5, 1.0))
    start = round(0.1 * edit.fade_in * RATE)
    assert np.abs(take.editing._sound.audio[:, :start]).max() < 0.02
    window.actions_.decisions.undo()  # the whole drag was one step
    assert settle(window, clip, wait) == UNTOUCHED


def test_numbers_and_reverse_are_heard_and_reset_gives_the_take_back(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    audio = tone(SECONDS, 0.5)
    audio[:, : 2 * RATE] *= 0.1
    clip = make(audio=audio)
    bar = window.take.editing.bar
    window.take.editing.button.click()
    for _ in range(4):
        bar.gain.spin.stepBy(-1)
    bar.flush()
    assert settle(window, clip, wait) == SoundEdit(gain_db=-2.0)
    bar.reverse.click()
    assert settle(window, clip, wait) == SoundEdit(gain_db=-2.0, reverse=True)
    sound = window.take.editing._sound.audio
    assert np.abs(sound[:, RATE // 2 : RATE]).max() == pytest.approx(0.5 * 10**-0.1, rel=0.01)
    assert np.abs(sound[:, 3 * RATE : 4 * RATE]).max() < 0.06
    bar.reset.click()
    assert settle(window, clip, wait) == UNTOUCHED
    assert (window.take.editing._sound.audio == read_audio(clip.path)[0]).all()
    assert not bar.reset.isEnabled()
    assert not window.take.editing.chip.isVisible()


def test_a_loop_is_found_scored_and_auditioned(window: MainWindow, make: Make, wait: Wait) -> None:
    rng = np.random.default_rng(6)
    noise = rng.standard_normal((2, round(SECONDS * RATE))).astype(np.float32) * 0.1
    clip = make(audio=noise)
    take, tools = window.take, window.take.editing
    tools.button.click()
    take.timeline.select(0.5, 3.5)
    tools.bar.loop.make.click()
    wait(lambda: kept(window, clip).is_loop)
    edit = settle(window, clip, wait)
    start, stop = edit.kept(SECONDS)
    assert 0.5 <= start < stop <= 3.5
    sound = tools._sound
    assert sound.loop == (0, sound.audio.shape[-1] - 1)
    assert sound.seconds == pytest.approx(edit.duration(SECONDS), abs=2 / RATE)
    assert tools.bar.loop.seam.text() == f"seamless · {sound.seam:.1f}"
    assert tools.chip.text() == "loop"
    take.player.seek(0.25)
    tools.bar.loop.audition.click()
    wait(lambda: take.player.is_playing)
    assert window.studio.player.duration > 8  # four times a second before and after
    take.player.toggle()
    assert take.waveform.playhead == pytest.approx(0.25)
    take.player.toggle()
    assert window.studio.player.duration == pytest.approx(sound.seconds)
    tools.bar.loop.make.click()
    assert not settle(window, clip, wait).is_loop


def test_a_sound_too_short_for_a_loop_is_said(window: MainWindow, make: Make, wait: Wait) -> None:
    clip = make(audio=tone(0.05, 0.5))
    told: list[str] = []
    window.take.message.connect(lambda text, _role: told.append(text))
    window.take.editing.find_loop()
    wait(lambda: told)
    assert "too short" in told[0]
    assert kept(window, clip) == UNTOUCHED
    assert window.take.editing.bar.loop.make.isEnabled()


def test_a_number_that_was_just_entered_belongs_to_the_take_it_was_entered_for(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    first = make("first")
    window.take.editing.bar.gain.spin.setValue(3.0)
    second = make("second")
    assert kept(window, first) == SoundEdit(gain_db=3.0)
    assert kept(window, second) == UNTOUCHED
    assert window.take.editing.bar.gain.spin.value() == 0.0
    window.library.select(first.id)
    assert settle(window, first, wait).gain_db == 3.0


def test_an_edit_while_it_plays_goes_on_from_the_same_place(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    clip = make()
    window.take.player.play_from(1.0)
    window.take.editing.bar.gain.spin.setValue(-6.0)
    window.take.editing.bar.flush()
    settle(window, clip, wait)
    assert window.studio.player.is_playing
    assert window.studio.player.position == pytest.approx(1.0, abs=0.2)
    assert np.abs(window.studio.player._audio).max() == pytest.approx(0.25, rel=0.01)


def test_a_marked_take_is_compared_as_it_is_heard(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    clip = make()
    compare = window.take.compare
    compare.mark(clip)
    wait(lambda: compare._marked is not None)
    window.take.editing.bar.gain.spin.setValue(-12.0)
    window.take.editing.bar.flush()
    settle(window, clip, wait)
    wait(lambda: compare._marked is not None)
    assert compare._marked.loudness.peak_db == pytest.approx(-18.0, abs=0.1)


def test_the_bar_is_open_again_at_the_next_start(
    window: MainWindow, open_window: Callable[[], MainWindow]
) -> None:
    assert not window.take.editing.button.isChecked()
    window.take.editing.toggle()
    window.close()
    again = open_window()
    assert again.take.editing.button.isChecked()
    assert again.take.editing.bar.isVisible()
    again.take.editing.toggle()
    again.close()
    assert not open_window().take.editing.button.isChecked()


def test_handles_belong_to_the_bar(window: MainWindow, make: Make) -> None:
    make()
    overlay = window.take.waveform.editing.overlay
    assert not overlay.isVisible()
    window.take.editing.button.click()
    assert overlay.isVisible()
    assert overlay.handle_at(overlay.middles()[Handle.FADE_OUT] + QPointF(2, 2)) is Handle.FADE_OUT
    window.take.editing.button.click()
    assert not overlay.isVisible()
