"""The window around a generation: bad input, memory, keys, names, no sound output."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QWidget,
)

from sa_studio.audio import playback
from sa_studio.audio.read_facts import read_recipe
from sa_studio.generation import MAX_SEED, ClipFilter, ClipSort, ClipState, Verdict
from sa_studio.ui.filter_bar import SORTS, VERDICTS
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.mnemonics import plain
from tests.ui.conftest import Driver, Wait

PUBLIC_NAMES = [
    "prompt_edit",
    "negative_prompt_edit",
    "duration_slider",
    "duration_spin",
    "seed_spin",
    "seed_lock_button",
    "steps_spin",
    "guidance_spin",
    "sampler_combo",
    "model_combo",
    "count_spin",
    "generate_button",
    "cancel_button",
    "progress_bar",
    "status_label",
    "waveform_view",
    "play_button",
    "loop_button",
    "volume_slider",
    "history_list",
    "search_edit",
    "preset_combo",
    "save_preset_button",
    "drag_handle",
    "queue_list",
]
CONTROLS = (
    QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QListView,
    QPlainTextEdit, QProgressBar,
)  # fmt: skip
Open = Callable[[], MainWindow]


# --- names ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_the_public_widgets_are_there_and_named(window: MainWindow, name: str) -> None:
    (widget,) = window.findChildren(QWidget, name)
    assert widget.accessibleName()


def inner_part(widget: QWidget) -> bool:
    """A part that Qt makes for itself inside a control."""
    parent = widget.parent()
    while parent is not None:
        if isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit | QAbstractSlider):
            return True
        parent = parent.parent()
    return widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)


def test_every_control_has_an_accessible_name_and_takes_the_focus(driver: Driver) -> None:
    window = driver.window
    driver.generate()
    driver.generate()
    reachable = [
        control
        for kind in CONTROLS
        for control in window.findChildren(kind)
        if not inner_part(control)
    ]
    assert len(reachable) > 25
    assert [c.objectName() for c in reachable if not (c.accessibleName() or named_text(c))] == []
    unreachable = [
        control.objectName()
        for control in reachable
        if control.isVisible()
        and not isinstance(control, QProgressBar)
        and control.focusPolicy() & Qt.FocusPolicy.TabFocus != Qt.FocusPolicy.TabFocus
    ]
    assert unreachable == []
    driver.wait_until_idle()


def named_text(control: QWidget) -> str:
    return control.text() if isinstance(control, QAbstractButton) else ""


# --- bad input ------------------------------------------------------------------------------
def problem(window: MainWindow, field: str) -> str:
    box = window.form.boxes[field]
    assert bool(box.problem) == bool(box.field.property("invalid"))
    return box.problem


def press_generate(window: MainWindow) -> None:
    QTest.mouseClick(window.form.generate, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("prompt", ["", "   \n ", "x" * 5000])
def test_an_unusable_prompt_is_marked_and_kept(window: MainWindow, prompt: str) -> None:
    window.form.prompt.setPlainText(prompt)
    press_generate(window)
    assert "prompt" in problem(window, "prompt").lower()
    assert window.form.status.parent() is not None
    why_not = window.findChild(QWidget, "why_not_label")
    assert why_not.isVisible()
    assert "the prompt" in why_not.text()
    assert window.form.prompt.toPlainText() == prompt
    assert window.clips.rowCount() == 0
    window.form.prompt.setPlainText("rain")
    assert problem(window, "prompt") == ""
    assert not why_not.isVisible()


@pytest.mark.parametrize(
    ("field", "spin_name", "typed"),
    [
        ("seconds", "duration_spin", "0"),
        ("seconds", "duration_spin", "-3"),
        ("seconds", "duration_spin", "1e9"),
        ("seconds", "duration_spin", "nan"),
        ("seconds", "duration_spin", "long"),
        ("seed", "seed_spin", "abc"),
        ("seed", "seed_spin", "-5"),
        ("seed", "seed_spin", "1.5"),
        ("seed", "seed_spin", str(MAX_SEED + 1)),
        ("count", "count_spin", "0"),
        ("count", "count_spin", "17"),
        ("steps", "steps_spin", "0"),
        ("guidance_scale", "guidance_spin", "1000"),
    ],
)
def test_an_unusable_number_is_marked_and_kept(
    driver: Driver, field: str, spin_name: str, typed: str
) -> None:
    window = driver.window
    driver.fill()
    window.form.advanced_button.setChecked(True)
    spin = window.findChild(QAbstractSpinBox, spin_name)
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, typed)
    press_generate(window)
    assert f"“{typed}”" in problem(window, field)
    assert spin.text() == typed
    assert window.clips.rowCount() == 0
    spin.selectAll()
    QTest.keyClicks(spin, "1")
    assert problem(window, field) == ""


def test_the_duration_is_bounded_by_the_model(window: MainWindow) -> None:
    duration = window.form.duration
    assert duration.maximum() == pytest.approx(2.0, abs=0.1)
    assert duration.slider.maximum() == round(duration.maximum() * 10)
    duration.slider.setValue(7)
    assert duration.seconds() == 0.7
    duration.spin.setValue(1.2)
    assert duration.slider.value() == 12


def test_init_audio_that_is_not_there_is_marked(driver: Driver, tmp_path: Path) -> None:
    driver.generate(init_audio=str(tmp_path / "gone.wav"))
    assert "is no file" in problem(driver.window, "init_audio")
    assert driver.window.form.advanced.isVisible()


def test_a_model_that_is_damaged_fails_its_job_only(
    driver: Driver, models: Path, tmp_path: Path, open_window: Open, wait: Wait
) -> None:
    folder = driver.window.studio.data.models / "damaged"
    shutil.copytree(models / "starter", folder)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    driver.window.close()
    again = Driver(open_window(), wait)
    assert again.window.top_bar.choose("damaged")
    again.generate()
    again.window.top_bar.choose("starter")
    again.generate()
    again.wait_until_idle()
    good, bad = again.clips()
    assert (good.state, bad.state) == (ClipState.FINISHED, ClipState.FAILED)
    assert "model.safetensors" in bad.error
    page = again.window.take.failure
    assert page.cause.text() == bad.error
    assert page.hint.text() == bad.hint
    assert not page.details.isVisible()  # nothing to report: it is no bug of ours


def test_a_model_of_another_family_is_left_out_and_said_so(
    models: Path, data_dir: Path, open_window: Open
) -> None:
    folder = data_dir / "models" / "foreign"
    shutil.copytree(models / "starter", folder)
    config = json.loads((folder / "model_config.json").read_text())
    config["model_type"] = "lm"
    (folder / "model_config.json").write_text(json.dumps(config))
    window = open_window()
    assert window.top_bar.model_combo.count() == 1
    assert "lm" in window.form.status.label.text()
    assert window.form.status.label.property("role") == "warning"


# --- seed -----------------------------------------------------------------------------------
def test_the_lock_keeps_the_seed_that_was_just_heard(driver: Driver) -> None:
    form = driver.window.form
    driver.generate(seed=None)
    driver.wait_until_idle()
    assert form.seed.spin.text() == "random"
    form.seed.lock.click()
    assert form.seed.seed() == driver.clips()[0].request.seed
    form.seed.lock.click()
    assert form.seed.seed() is None
    form.seed.spin.setValue(MAX_SEED)
    assert form.seed.lock.isChecked()
    assert form.request().seed == MAX_SEED


# --- library --------------------------------------------------------------------------------
def test_the_library_and_the_unsent_form_survive_a_restart(
    driver: Driver, open_window: Open
) -> None:
    driver.generate("a short noise", count=2)
    driver.wait_until_idle()
    kept = driver.clips()
    driver.fill("not sent yet", negative_prompt="music", seconds=0.9, seed=99, steps=5, count=4)
    driver.window.take.player.volume.setValue(31)
    driver.window.take.player.loop.setChecked(True)
    before = driver.window.form.fields()
    filters = driver.window.library.filters
    filters.sort.choose(SORTS[1])
    filters.verdict.choose(VERDICTS[2])
    driver.window.close()
    window = open_window()
    filters = window.library.filters
    assert (filters.sort.value, filters.verdict.value) == (SORTS[1].value, VERDICTS[2].value)
    assert window.clips.filter == ClipFilter(verdict=Verdict.NONE, sort=ClipSort.OLDEST)
    assert filters.clear_button.isVisible()
    assert not filters.stars.is_active
    filters.clear()
    filters.sort.choose(SORTS[0])
    again = [window.clips.clip(window.clips.index(row)) for row in range(2)]
    assert again == kept
    assert all(clip.thumbnail for clip in again)
    assert window.form.fields() == before
    assert window.take.player.volume.value() == 31
    assert window.take.player.loop.isChecked()


def test_search_finds_takes_as_one_types(driver: Driver, wait: Wait) -> None:
    window = driver.window
    driver.generate("wooden door")
    driver.generate("metal door")
    driver.wait_until_idle()
    QTest.keyClicks(window.library.search, "met")
    wait(lambda: window.clips.rowCount() == 1)
    assert window.clips.index(0).data() == "metal door"
    window.library.search.setText("nothing like it")
    wait(lambda: window.clips.rowCount() == 0)
    assert window.library.empty.isVisible()
    window.library.search.clear()
    wait(lambda: window.clips.rowCount() == 2)


def test_removing_a_take_keeps_its_file(driver: Driver) -> None:
    driver.generate(count=2)
    driver.wait_until_idle()
    (_, second) = driver.clips()
    driver.window.library.select(second.id)
    driver.window.actions_.remove.trigger()
    assert [clip.id for clip in driver.clips()] == [driver.clips()[0].id]
    assert second.path.is_file()


def test_a_file_that_was_deleted_is_said_to_be_gone(driver: Driver, wait: Wait) -> None:
    driver.generate(count=2)
    driver.wait_until_idle()
    _, second = driver.clips()
    second.path.unlink()
    driver.window.library.select(second.id)
    wait(driver.window.take.failure.isVisible)
    page = driver.window.take.failure
    assert page.cause.text() == f"The sound file {str(second.path)!r} is gone"
    assert "make the sound again" in page.hint.text()
    assert not driver.window.take.player.drag_handle.isEnabled()
    driver.window.actions_.copy.trigger()
    wait(lambda: "is gone" in driver.window.form.status.label.text())


def test_a_bug_while_a_take_is_read_is_said_and_the_take_can_be_read_again(
    driver: Driver, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.generate(count=2)
    driver.wait_until_idle()
    first, second = driver.clips()
    take, library = driver.window.take, driver.window.library

    def broken(*_: object) -> None:
        raise IndexError("our bug")

    with monkeypatch.context() as patched:
        patched.setattr(driver.window.studio, "edited_audio", broken)
        library.select(second.id)
        wait(take.failure.isVisible)
    assert "IndexError: our bug" in take.failure.cause.text()
    assert "report" in take.failure.hint.text()
    library.select(first.id)
    library.select(second.id)
    wait(lambda: take.player.drag_handle.isEnabled() and not take.failure.isVisible())


def test_the_drag_handle_holds_the_file_that_is_shown(driver: Driver, wait: Wait) -> None:
    handle = driver.window.take.player.drag_handle
    assert not handle.isEnabled()
    driver.generate()
    driver.wait_until_idle()
    wait(lambda: handle.files)
    (path,) = handle.files
    assert soundfile.info(path).samplerate == 48_000
    assert read_recipe(path)["clip_id"] == driver.clips()[0].id
    assert driver.window.take.waveform.duration == pytest.approx(0.5, abs=0.001)


# --- presets --------------------------------------------------------------------------------
def test_a_preset_is_saved_loaded_and_replaced(driver: Driver) -> None:
    window, bar = driver.window, driver.window.presets
    driver.fill("glass breaking", negative_prompt="music", seconds=0.6)
    bar.save.click()
    assert bar.dialog is not None
    bar.dialog.name.setText("Glass")
    bar.dialog.save.click()
    assert bar.dialog is None
    assert bar.combo.currentText() == "Glass"
    driver.fill("something else", negative_prompt="", seconds=1.0)
    bar.combo.setCurrentIndex(bar.combo.findText("Glass"))
    bar.combo.activated.emit(bar.combo.currentIndex())
    assert window.form.prompt.toPlainText() == "glass breaking"
    assert window.form.negative.text() == "music"
    assert window.form.duration.seconds() == 0.6
    bar.save.click()
    assert plain(bar.dialog.save.text()) == "Replace"
    bar.dialog.save.click()
    assert bar.dialog is None
    assert window.studio.presets().count("Glass") == 1


def test_a_preset_without_a_usable_name_is_refused_in_the_dialog(driver: Driver) -> None:
    bar = driver.window.presets
    bar.save.click()
    assert not bar.dialog.save.isEnabled()
    bar.dialog.name.setText("a/b")
    bar.dialog.save.click()
    assert "a/b" in bar.dialog.name_box.problem
    bar.dialog.reject()


def test_a_built_in_preset_fills_the_form(window: MainWindow) -> None:
    combo = window.presets.combo
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert window.studio.is_builtin_preset(combo.currentText())
    assert window.form.prompt.toPlainText()


# --- sound output ---------------------------------------------------------------------------
def test_without_a_sound_output_the_window_says_so_and_works(driver: Driver, wait: Wait) -> None:
    player = driver.window.take.player
    wait(player.problem.isVisible)
    assert player.problem.whole_text() == "There is no sound output device"
    driver.generate()
    driver.wait_until_idle()
    wait(lambda: driver.window.take.waveform.filled == 1)
    assert player.drag_handle.isEnabled()
    QTest.keyClick(driver.window, Qt.Key.Key_Space)
    assert not player.is_playing
    assert "There is no sound output device" in player.play.toolTip()


def test_an_output_that_comes_back_is_found_by_pressing_play(
    silent_player: None, open_window: Open, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = Driver(open_window(), wait)
    player = driver.window.take.player
    driver.generate()
    driver.wait_until_idle()
    wait(lambda: player.duration > 0)
    monkeypatch.setattr(playback, "find_problem", lambda: "There is no sound output device")
    player.look_for_output()  # as when it is unplugged while it plays
    wait(player.problem.isVisible)
    player.play.click()
    wait(lambda: not player._probe.is_alive())
    QApplication.processEvents()
    assert player.problem.isVisible()
    assert not player.is_playing
    monkeypatch.setattr(playback, "find_problem", lambda: "")
    player.play.click()
    wait(lambda: player.is_playing)
    assert not player.problem.isVisible()


# --- keys -----------------------------------------------------------------------------------
@pytest.fixture
def library_of_two(silent_player: None, open_window: Open, wait: Wait) -> Driver:
    driver = Driver(open_window(), wait)
    driver.generate("first noise", seed=21, steps=3)
    driver.generate("second noise", seed=22)
    driver.wait_until_idle()
    wait(driver.window.take.player.play.isEnabled)
    driver.window.library.list.setFocus()
    return driver


def press(driver: Driver, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focus = QApplication.focusWidget() or driver.window
    QTest.keyClick(focus, key, modifier or Qt.KeyboardModifier.NoModifier)
    QApplication.processEvents()


def test_space_plays_and_stops_shift_space_replays_enter_goes_to_the_start(
    library_of_two: Driver,
) -> None:
    player = library_of_two.window.take.player
    press(library_of_two, Qt.Key.Key_Space)
    assert player.is_playing
    player.seek(0.25)
    press(library_of_two, Qt.Key.Key_Space)
    assert not player.is_playing
    assert library_of_two.window.take.waveform.playhead == pytest.approx(0.25, abs=0.01)
    press(library_of_two, Qt.Key.Key_Return)
    assert library_of_two.window.take.waveform.playhead == 0
    press(library_of_two, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert player.is_playing
    press(library_of_two, Qt.Key.Key_L)
    assert player.loop.isChecked()


def test_up_and_down_go_through_the_takes_and_play_them(library_of_two: Driver, wait: Wait) -> None:
    window = library_of_two.window
    assert window.take.clip.request.prompt == "first noise"
    press(library_of_two, Qt.Key.Key_Up)
    wait(lambda: window.take.player.is_playing)
    assert window.take.clip.request.prompt == "second noise"
    press(library_of_two, Qt.Key.Key_Up)  # the end of the list
    press(library_of_two, Qt.Key.Key_Down)
    wait(lambda: window.take.player.is_playing)
    assert window.take.clip.request.prompt == "first noise"


def test_a_finished_take_does_not_stop_what_plays(library_of_two: Driver) -> None:
    player = library_of_two.window.take.player
    press(library_of_two, Qt.Key.Key_Space)
    library_of_two.generate("third noise")
    library_of_two.wait_until_idle()
    QApplication.processEvents()
    assert player.is_playing


def test_a_s_and_r_bring_settings_back(library_of_two: Driver) -> None:
    form = library_of_two.window.form
    library_of_two.fill("", seconds=1.0, seed=None, steps=9)
    library_of_two.window.library.list.setFocus()
    press(library_of_two, Qt.Key.Key_S)
    assert (form.seed.seed(), form.prompt.toPlainText()) == (21, "")
    press(library_of_two, Qt.Key.Key_R)
    assert (form.seed.seed(), form.prompt.toPlainText()) == (None, "first noise")
    press(library_of_two, Qt.Key.Key_A)
    fields = form.fields()
    assert (fields["seed"], fields["steps"], fields["seconds"]) == (21, 3, 0.5)


def test_ctrl_c_copies_the_takes_in_the_delivery_profile(library_of_two: Driver) -> None:
    library_of_two.window.library.list.selectAll()
    press(library_of_two, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    status = library_of_two.window.form.status.label
    library_of_two.wait(lambda: status.text() == "Copied 2 files")
    urls = QApplication.clipboard().mimeData().urls()
    copied = [read_recipe(Path(url.toLocalFile())) for url in urls]
    assert [recipe["clip_id"] for recipe in copied] == [clip.id for clip in library_of_two.clips()]


def test_letters_belong_to_the_text_field_that_has_the_focus(library_of_two: Driver) -> None:
    window = library_of_two.window
    press(library_of_two, Qt.Key.Key_F)
    assert window.library.search.hasFocus()
    for key in (Qt.Key.Key_L, Qt.Key.Key_F, Qt.Key.Key_S, Qt.Key.Key_Space):
        press(library_of_two, key)
    assert window.library.search.text() == "lfs "
    assert not window.take.player.loop.isChecked()
    assert not window.take.player.is_playing


def test_space_presses_the_button_that_has_the_focus(library_of_two: Driver) -> None:
    player = library_of_two.window.take.player
    player.loop.setFocus()
    press(library_of_two, Qt.Key.Key_Space)
    assert player.loop.isChecked()
    assert not player.is_playing


def test_ctrl_enter_generates_from_the_prompt_and_shift_esc_cancels(driver: Driver) -> None:
    driver.fill(steps=500)
    driver.window.form.prompt.setFocus()
    press(driver, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert driver.window.clips.rowCount() == 1
    assert driver.window.form.prompt.toPlainText() == "a short noise"
    press(driver, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    driver.wait_until_idle()
    driver.wait(lambda: driver.clips()[0].state is ClipState.CANCELLED)


def test_an_example_prompt_is_one_click_away(window: MainWindow) -> None:
    chips = window.form.sounds.help.findChildren(QAbstractButton)
    chips = [chip for chip in chips if chip.isVisible()]
    assert {"a short noise", "a long noise"} <= {chip.text() for chip in chips}
    next(chip for chip in chips if chip.text() == "a long noise").click()
    assert window.form.prompt.toPlainText() == "a long noise"
