"""Selection, A/B and the drag handle in the real window; its player only keeps the books."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sa_studio.audio.files import read_audio
from sa_studio.audio.read_facts import read_recipe
from sa_studio.events import StepPreview
from sa_studio.generation import Clip, GenerationRequest
from sa_studio.service import measure
from sa_studio.ui import files_out
from sa_studio.ui.main_window import MainWindow
from tests.ui.conftest import Wait
from tests.ui.listening import RATE, add_sound, tone

Make = Callable[[str, np.ndarray], Clip]


@pytest.fixture
def window(silent_player: None, open_window: Callable[[], MainWindow]) -> MainWindow:
    opened = open_window()
    opened.welcome.hide()
    return opened


@pytest.fixture
def make(window: MainWindow, wait: Wait) -> Make:
    """Puts a sound into the library and shows it, read and measured."""

    def make(prompt: str, audio: np.ndarray) -> Clip:
        clip = add_sound(window, prompt, audio)
        show(window, clip, wait)
        return clip

    return make


def show(window: MainWindow, clip: Clip, wait: Wait) -> None:
    window.take.show_clip(clip)
    wait(lambda: window.take.player.duration > 0 and window.take.readout.take is not None)


# --- the selection --------------------------------------------------------------------------
def test_space_plays_the_selection_and_a_seek_leaves_it(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    make("tone", tone(4, 0.5))
    take, player = window.take, window.studio.player
    take.timeline.select(1.0, 2.0)
    assert take.waveform.playhead == 1.0
    take.player.toggle()
    assert player.is_playing
    assert player.position == pytest.approx(1.0, abs=0.1)
    assert (player._start, player._stop) == (RATE, 2 * RATE)
    take.timeline.select(2.5, 3.5)  # while it plays
    assert (player._start, player._stop) == (round(2.5 * RATE), round(3.5 * RATE))
    assert player.position == pytest.approx(2.5, abs=0.1)
    take.timeline.clear_selection()
    assert (player._start, player._stop) == (0, 4 * RATE)
    assert player.is_playing
    take.player.toggle()
    assert not player.is_playing


def test_replay_and_enter_go_to_the_start_of_the_selection(window: MainWindow, make: Make) -> None:
    make("tone", tone(4, 0.5))
    take = window.take
    take.timeline.select(1.0, 2.0)
    take.player.replay()
    assert window.studio.player.position == pytest.approx(1.0, abs=0.1)
    take.player.stop()
    assert take.waveform.playhead == 1.0
    take.timeline.clear_selection()
    take.player.to_start()
    assert take.waveform.playhead == 0


def test_another_take_has_no_selection(window: MainWindow, make: Make) -> None:
    make("one", tone(4, 0.5))
    window.take.timeline.select(1.0, 2.0)
    make("two", tone(3, 0.5))
    assert window.take.timeline.selection is None
    window.take.player.toggle()
    assert (window.studio.player._start, window.studio.player._stop) == (0, 3 * RATE)


# --- dragging the selection -----------------------------------------------------------------
def pull(window: MainWindow) -> None:
    """Press the handle and move away with the button down."""
    handle = window.take.player.drag_handle
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(handle, left, pos=QPoint(10, 10))
    place = QPointF(80, 10)
    QApplication.sendEvent(
        handle,
        QMouseEvent(
            QEvent.Type.MouseMove, place, handle.mapToGlobal(place), left, left,
            Qt.KeyboardModifier.NoModifier,
        ),
    )  # fmt: skip


@pytest.fixture
def dragged(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """What was dragged: offscreen, a drag ends at once, and no button is ever down."""
    found: list[list[Path]] = []
    monkeypatch.setattr(files_out, "start_drag", lambda _w, paths, _p: found.append(list(paths)))
    monkeypatch.setattr(QApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
    return found


def test_a_dragged_selection_is_a_file_of_its_own(
    window: MainWindow, make: Make, wait: Wait, dragged: list[list[Path]]
) -> None:
    clip = make("tone", tone(4, 0.5))
    window.take.player.delivery.choose("Original")
    window.take.timeline.select(1.0, 2.5)
    assert "1.50 s" in window.take.player.drag_handle.toolTip()
    pull(window)
    wait(lambda: dragged)
    ((path,),) = dragged
    assert path.is_relative_to(window.studio.data.rendered)
    assert path.name == "tone-1000-2500-ms_01.wav"
    audio, rate = read_audio(path)
    whole, _ = read_audio(clip.path)
    assert (audio.shape, rate) == ((2, round(1.5 * RATE)), RATE)
    part = whole[:, RATE + 200 : round(2.5 * RATE) - 200]
    assert abs(audio[:, 200:-200] - part).max() < 2**-21  # dithered 24 bits
    assert abs(audio[0, 0]) < 1e-4
    recipe = read_recipe(path)
    assert (recipe["clip_id"], recipe["edit"]) == (clip.id, {"start": 1.0, "stop": 2.5})
    assert len(window.studio.clips()) == 1
    # the same once more is the same file, and the whole take comes back with no selection
    QTest.mouseRelease(window.take.player.drag_handle, Qt.MouseButton.LeftButton)
    assert window.take.player.drag_handle.files == (path,)
    window.take.timeline.clear_selection()
    wait(lambda: window.take.player.drag_handle.files)
    (all_of_it,) = window.take.player.drag_handle.files
    assert read_audio(all_of_it)[0].shape == whole.shape
    window.take.timeline.select(1.0, 2.5)
    pull(window)
    wait(lambda: len(dragged) == 2)
    assert dragged[1] == [path]


def test_enter_on_the_handle_copies_the_selection(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    make("tone", tone(4, 0.5))
    window.take.timeline.select(0.5, 1.0)
    handle = window.take.player.drag_handle
    QTest.keyClick(handle, Qt.Key.Key_Return)
    wait(lambda: handle.files)
    assert handle.files[0].name == "tone-500-1000-ms_01.wav"
    urls = QApplication.clipboard().mimeData().urls()
    assert [Path(url.toLocalFile()) for url in urls] == list(handle.files)


def test_a_selection_of_a_lost_file_is_a_line_in_the_status(
    window: MainWindow, make: Make, wait: Wait, dragged: list[list[Path]]
) -> None:
    clip = make("tone", tone(4, 0.5))
    window.take.timeline.select(1.0, 2.5)
    clip.path.unlink()
    told: list[tuple[str, str]] = []
    window.take.message.connect(lambda text, role: told.append((text, role)))
    pull(window)
    wait(lambda: told)
    assert told[0][1] == "error"
    assert "tone.wav" in told[0][0]
    assert dragged == []


# --- A/B ------------------------------------------------------------------------------------
def test_x_switches_at_the_same_relative_place_and_the_louder_is_turned_down(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    take, player = window.take, window.studio.player
    loud = make("loud", tone(4, 0.5))
    take.mark.click()
    make("soft", tone(2, 0.125))
    library = window.studio.clips()
    assert take.chip.text() == "A marked"
    wait(lambda: take.compare._marked is not None)
    take.player.play_from(0.5)
    take.waveform.setFocus()
    QTest.keyClick(take.waveform, Qt.Key.Key_X)
    assert take.compare.hears_marked
    assert player.duration == 4
    assert player.position == pytest.approx(1.0, abs=0.1)
    assert player.gain == pytest.approx(0.25, rel=0.02)
    assert take.chip.text() == "Hearing A, −12.0 dB"
    assert "turned down by 12.0 dB" in take.chip.accessibleDescription()
    assert take.waveform.playhead == pytest.approx(0.5, abs=0.05)
    assert take.clip.request.prompt == "soft"
    QTest.keyClick(take.waveform, Qt.Key.Key_X)
    assert player.duration == 2
    assert player.position == pytest.approx(0.5, abs=0.1)
    assert player.gain == 1.0
    assert take.chip.text() == "Hearing B, as it is"
    assert window.studio.clips() == library
    assert measure(read_audio(loud.path)[0], RATE).peak_db == pytest.approx(-6.02, abs=0.01)


def test_pressed_before_all_is_measured_it_waits(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    loud = make("loud", tone(4, 0.5))
    make("soft", tone(2, 0.125))
    window.take.mark_for_compare(loud)  # as from the library
    window.take.switch_compared()
    wait(lambda: window.take.compare.hears_marked)
    assert window.studio.player.duration == 4
    assert window.studio.player.is_playing


def test_the_selection_is_compared_at_the_same_share(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    make("long", tone(4, 0.5))
    window.take.mark.click()
    make("short", tone(2, 0.5))
    wait(lambda: window.take.compare._marked is not None)
    window.take.timeline.select(0.5, 1.0)
    window.take.switch_compared()
    player = window.studio.player
    assert (player._start, player._stop) == (RATE, 2 * RATE)
    assert window.take.waveform.playhead == pytest.approx(0.5, abs=0.05)


def test_another_take_is_heard_as_it_is_and_unmarking_ends_it(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    take, player = window.take, window.studio.player
    loud = make("loud", tone(4, 0.5))
    take.mark.click()
    make("soft", tone(2, 0.125))
    wait(lambda: take.compare._marked is not None)
    take.switch_compared()
    assert player.gain < 1
    show(window, loud, wait)
    assert player.gain == 1.0
    assert not take.compare.is_on
    assert take.mark.isChecked()
    told: list[str] = []
    take.message.connect(lambda text, _role: told.append(text))
    take.switch_compared()
    assert "marked take" in told[0]
    take.mark.click()
    assert not take.chip.isVisible()
    take.switch_compared()
    assert "first" in told[1]


def test_a_marked_take_whose_file_is_gone_is_said(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    lost = make("lost", tone(1, 0.5))
    make("here", tone(1, 0.5))
    lost.path.unlink()
    told: list[str] = []
    window.take.message.connect(lambda text, _role: told.append(text))
    window.take.mark_for_compare(lost)
    wait(lambda: told)
    assert "lost.wav" in told[0]
    assert not window.take.chip.isVisible()


# --- the preview ----------------------------------------------------------------------------
def test_a_step_shows_the_envelope_until_the_sound_comes(
    window: MainWindow, make: Make, wait: Wait
) -> None:
    request = GenerationRequest("soon", seconds=1.0, seed=7, steps=2, sampler="euler")
    (clip,) = window.studio._history.add("job", [request])
    take = window.take
    take.show_clip(clip)
    envelope = np.stack([np.stack([-np.ones(50), np.ones(50)])] * 2).astype(np.float32) / 2
    take.on_event(StepPreview("job", clip.id, envelope))
    before = take.waveform.grab().toImage()
    assert before.pixelColor(before.rect().center() / 2) != before.pixelColor(3, 3)
    assert take.waveform.duration == 0
    make("another", tone(1, 0.5))  # and back: it is still known
    take.show_clip(clip)
    assert take.waveform.grab().toImage() == before
