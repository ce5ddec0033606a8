"""The handles of an edit in the waveform, and the words for what they do; no window is needed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGraphicsView

from sa_studio.ui.edit_bar import EditBar
from sa_studio.ui.edit_handle import SHORTEST, Handle, handles, moved
from sa_studio.ui.edit_words import edit_words, seam_text, seam_words
from sa_studio.ui.waveform_view import WaveformView
from sa_studio.vocabulary.sound_edit import UNTOUCHED, SoundEdit
from tests.ui.conftest import KEPT

RATE, SECONDS = 8_000, 4.0
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(application: QApplication) -> WaveformView:
    widget = WaveformView()
    KEPT.append(widget)
    widget.resize(600, 300)
    widget.show()
    widget.set_audio(np.full((2, round(SECONDS * RATE)), 0.5, np.float32), RATE)
    widget.editing.set_edit(UNTOUCHED, SECONDS)
    application.processEvents()
    return widget


def send(view: WaveformView, kind: QEvent.Type, place: QPointF, *, held: bool = True) -> None:
    target = view.findChild(QGraphicsView).viewport()
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    buttons = LEFT if held else Qt.MouseButton.NoButton
    QApplication.sendEvent(
        target,
        QMouseEvent(
            kind, place, target.mapToGlobal(place), button, buttons,
            Qt.KeyboardModifier.NoModifier,
        ),
    )  # fmt: skip


def drag(view: WaveformView, handle: Handle, seconds: float) -> list[SoundEdit]:
    """Take hold of a handle and move it by some seconds; returns what it settles at."""
    found: list[SoundEdit] = []
    view.editing.settled.connect(found.append)
    start = view.editing.overlay.middles()[handle]
    stop = start + QPointF(seconds * 600 / SECONDS, 0)
    send(view, QEvent.Type.MouseButtonPress, start)
    send(view, QEvent.Type.MouseMove, (start + stop) / 2)
    send(view, QEvent.Type.MouseMove, stop)
    send(view, QEvent.Type.MouseButtonRelease, stop, held=False)
    return found


@pytest.mark.parametrize(
    ("handle", "seconds", "name", "value"),
    [
        (Handle.FADE_IN, 1.0, "fade_in", 1.0),
        (Handle.FADE_OUT, -0.5, "fade_out", 0.5),
        (Handle.START, 0.8, "start", 0.8),
        (Handle.STOP, -0.8, "stop", 3.2),
    ],
)
def test_a_drag_is_one_edit_and_selects_nothing(
    view: WaveformView, handle: Handle, seconds: float, name: str, value: float
) -> None:
    sought: list[float] = []
    view.seek_requested.connect(sought.append)
    (edit,) = drag(view, handle, seconds)
    assert getattr(edit, name) == pytest.approx(value, abs=0.02)
    assert {key for key, _ in edit.as_dict().items()} == {name}
    assert view.timeline.selection is None
    assert sought == []


def test_a_click_on_a_handle_changes_nothing(view: WaveformView) -> None:
    assert drag(view, Handle.FADE_IN, 0.0) == []


def test_beside_the_handles_the_pointer_selects_as_ever(view: WaveformView) -> None:
    settled: list[SoundEdit] = []
    view.editing.settled.connect(settled.append)
    send(view, QEvent.Type.MouseButtonPress, QPointF(150, 150))
    send(view, QEvent.Type.MouseMove, QPointF(300, 150))
    send(view, QEvent.Type.MouseButtonRelease, QPointF(300, 150), held=False)
    assert view.timeline.selection == pytest.approx((1.0, 2.0), abs=0.05)
    assert settled == []


def test_without_an_edit_there_is_nothing_to_take_hold_of(view: WaveformView) -> None:
    place = view.editing.overlay.middles()[Handle.FADE_IN]
    view.editing.set_edit(None)
    assert not view.editing.overlay.isVisible()
    send(view, QEvent.Type.MouseButtonPress, place)
    send(view, QEvent.Type.MouseMove, place + QPointF(150, 0))
    send(view, QEvent.Type.MouseButtonRelease, place + QPointF(150, 0), held=False)
    assert view.timeline.selection is not None


def test_what_was_cut_is_dragged_back(view: WaveformView) -> None:
    view.editing.set_edit(SoundEdit(start=1.0), SECONDS + 1)
    (edit,) = drag(view, Handle.START, -0.5)
    assert edit.start == pytest.approx(0.5, abs=0.02)


def test_handles_that_are_not_in_view_are_not_there(view: WaveformView) -> None:
    view.zoom(4, 2.0)
    assert view.editing.overlay.middles() == {}


def test_a_drag_paints_what_will_be_cut(view: WaveformView) -> None:
    before = view.grab().toImage()
    start = view.editing.overlay.middles()[Handle.START]
    send(view, QEvent.Type.MouseButtonPress, start)
    send(view, QEvent.Type.MouseMove, start + QPointF(200, 0))
    during = view.grab().toImage()

    def is_repainted(x: int) -> bool:
        rows = range(before.height())
        return any(during.pixelColor(x, y) != before.pixelColor(x, y) for y in rows)

    assert is_repainted(100)
    assert not is_repainted(500)


# --- what moving does -----------------------------------------------------------------------
def test_a_loop_has_a_crossfade_in_the_place_of_its_fades() -> None:
    loop = SoundEdit(start=1.0, stop=3.0, loop_crossfade=0.5)
    assert handles(loop, SECONDS) == {Handle.CROSSFADE: 0.5, Handle.START: 0.0, Handle.STOP: 1.5}
    assert moved(loop, SECONDS, Handle.CROSSFADE, 0.25).loop_crossfade == 0.25
    assert moved(loop, SECONDS, Handle.CROSSFADE, -1.0).is_loop


@pytest.mark.parametrize("edit", [UNTOUCHED, SoundEdit(reverse=True), SoundEdit(loop_crossfade=1)])
@pytest.mark.parametrize(("handle", "place"), [(Handle.START, 99.0), (Handle.STOP, -99.0)])
def test_no_drag_leaves_nothing(edit: SoundEdit, handle: Handle, place: float) -> None:
    assert moved(edit, SECONDS, handle, place).duration(SECONDS) >= SHORTEST * 0.49


# --- words ----------------------------------------------------------------------------------
def test_an_edit_in_words() -> None:
    assert edit_words(UNTOUCHED, SECONDS) == ""
    edit = SoundEdit(start=0.5, reverse=True, gain_db=-3.0, fade_out=0.25)
    assert edit_words(edit, SECONDS) == "0.50 to 4.00 s, reversed, −3.0 dB, faded out for 0.25 s"
    assert "a loop of 3.50 s" in edit_words(SoundEdit(loop_crossfade=0.5), SECONDS)


def test_a_seam_in_words() -> None:
    assert seam_text(0.84) == "seamless · 0.8"
    assert seam_text(2.5) == "audible · 2.5"
    assert "2.5 times" in seam_words(2.5)


# --- the bar --------------------------------------------------------------------------------
@pytest.fixture
def bar(application: QApplication) -> EditBar:
    widget = EditBar()
    widget.set_edit(UNTOUCHED, SECONDS, None)
    return widget


def told(bar: EditBar) -> list[SoundEdit]:
    found: list[SoundEdit] = []
    bar.edited.connect(found.append)
    return found


def test_steps_that_come_together_are_one_edit(bar: EditBar) -> None:
    found = told(bar)
    for _ in range(5):
        bar.fade_in.spin.stepBy(1)
    assert found == []
    bar.flush()
    assert found == [SoundEdit(fade_in=0.05)]


def test_numbers_that_change_while_the_sound_is_made_are_not_lost(bar: EditBar) -> None:
    found = told(bar)
    bar.gain.spin.setValue(3.0)
    bar.flush()
    bar.gain.spin.setValue(6.0)
    bar.set_edit(found[0], SECONDS, None)  # the sound of the first one is there
    bar.flush()
    assert [edit.gain_db for edit in found] == [3.0, 6.0]
    assert bar.gain.spin.value() == 6.0


def test_ends_are_those_of_what_is_heard_of_a_reversed_take(bar: EditBar) -> None:
    found = told(bar)
    bar.set_edit(SoundEdit(start=1.0, reverse=True), SECONDS, None)
    assert (bar.start.spin.value(), bar.stop.spin.value()) == (0.0, 3.0)
    bar.start.spin.setValue(0.5)
    bar.flush()
    assert found[0].kept(SECONDS) == (1.0, 3.5)


def test_a_crossfade_makes_a_loop_and_none_ends_it(bar: EditBar) -> None:
    found = told(bar)
    bar.loop.crossfade.spin.setValue(0.5)
    bar.flush()
    bar.set_edit(found[0], SECONDS, 0.7)
    assert not bar.fade_in.isEnabled()
    assert bar.loop.seam.text() == "seamless · 0.7"
    bar.loop.make.click()
    assert [edit.is_loop for edit in found] == [True, False]


def test_what_cannot_be_is_refused_where_it_is_typed(bar: EditBar) -> None:
    found = told(bar)
    bar.gain.spin.lineEdit().setText("99")
    bar.gain.spin.interpretText()
    assert "from -40.0 to 40.0" in bar.gain.spin.accessibleDescription()
    bar.flush()
    assert found == []
    bar.set_edit(SoundEdit(gain_db=1.0), SECONDS, None)  # another take
    assert bar.gain.spin.accessibleDescription() == ""
    assert bar.gain.spin.value() == 1.0
