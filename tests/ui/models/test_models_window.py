"""The models window: licence, download, errors, token, import, check and removal."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QThread, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from sa_studio.errors import HubError, LicenceNotAccepted, ModelError, NotLoggedIn
from sa_studio.model_offers import HubAccount, OfferState
from sa_studio.ui.main_window import MainWindow
from sa_studio.ui.mnemonics import plain
from sa_studio.ui.models.entry_delegate import EntryRole
from sa_studio.ui.models.models_window import ModelsWindow
from tests.ui.conftest import Driver, Wait
from tests.ui.fake_shelf import BIG, PIECE, FakeShelf
from tests.ui.models.conftest import ModelsDriver
from tests.ui.test_main_window import CONTROLS, inner_part, named_text


def models_offered(window: MainWindow) -> list[str]:
    combo = window.top_bar.model_combo
    return [combo.itemText(row) for row in range(combo.count())]


# --- the list -------------------------------------------------------------------------------
def test_ctrl_m_and_the_button_open_the_same_window(window: MainWindow, shelf: FakeShelf) -> None:
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    dialog = window.models_window
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    dialog.close()
    window.top_bar.models.click()
    assert window.models_window is dialog
    assert dialog.isVisible()


def test_what_is_here_comes_first_and_every_state_is_said(
    models_driver: ModelsDriver, shelf: FakeShelf
) -> None:
    shelf.set_state(PIECE.id, OfferState.PARTIAL, present_bytes=165 * 10**6)
    models_driver.dialog.reload()
    assert models_driver.listed() == ["starter", PIECE.id, BIG.id]
    entries = models_driver.dialog.list.entries
    lines = [entries.index(row).data(EntryRole.LINE) for row in range(3)]
    assert lines[0].startswith("installed · ")
    assert lines[1] == "partly downloaded · 37 % · 440 MB"
    assert lines[2] == "not here · 4.85 GB · up to 47.5 s"
    spoken = entries.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"{PIECE.title}: {lines[1]}"


def test_the_details_tell_everything_of_an_offer(models_driver: ModelsDriver) -> None:
    models_driver.choose(BIG.id)
    details = models_driver.dialog.details
    assert details.title.text() == BIG.title
    assert details.description.text() == BIG.description
    facts = details.facts
    assert facts.value("Longest sound") == "47.5 s"
    assert facts.value("Size") == "4.85 GB"
    assert facts.value("Memory") == BIG.memory_hint
    assert facts.value("Licence") == "Community Licence. Free below a turnover."
    assert facts.value("Needs") == PIECE.title
    assert facts.value("Source") == BIG.repository
    assert details.licence_page.page == BIG.licence.page
    assert plain(details.download.text()) == "Download · 5.29 GB"  # with the piece
    assert not details.files.isVisible()


def test_the_starter_can_be_checked_but_not_removed(models_driver: ModelsDriver) -> None:
    models_driver.choose("starter")
    details = models_driver.dialog.details
    assert details.verify.isVisible()
    assert not details.remove.isVisible()
    assert not details.download.isVisible()
    assert details.files.topLevelItemCount() == len(models_driver.entry().installed.files)


def test_the_guide_is_there_until_a_model_was_got(
    models_driver: ModelsDriver, shelf: FakeShelf
) -> None:
    guide = models_driver.dialog.guide
    assert guide.isVisible()
    assert "Download" in guide.text()
    models_driver.download(BIG.id)
    models_driver.wait_until_idle()
    assert not guide.isVisible()


# --- licence --------------------------------------------------------------------------------
def test_not_one_byte_comes_before_the_licence_is_accepted(
    models_driver: ModelsDriver, shelf: FakeShelf
) -> None:
    dialog = models_driver.dialog
    models_driver.choose(BIG.id)
    dialog.details.download.click()
    page = dialog.licence
    assert page.isVisible()
    assert page.name.text() == BIG.licence.name
    assert page.summary.text() == BIG.licence.summary
    assert page.page.page == BIG.licence.page
    assert page.on_hub.isVisible()
    assert page.hub_page.page == BIG.page
    assert PIECE.title in page.others.text()
    assert plain(page.proceed.text()) == "Download · 5.29 GB"  # with the piece
    assert not page.proceed.isEnabled()
    page.proceed.click()
    assert shelf.downloads == []
    page.back.click()
    assert dialog.details.isVisible()
    dialog.details.download.click()
    assert not page.accept.isChecked()  # asked anew
    page.accept.click()
    page.proceed.click()
    models_driver.wait_until_idle()
    (download,) = shelf.downloads
    assert (download.model_id, download.licence_accepted) == (BIG.id, True)


def test_a_licence_that_the_hub_does_not_ask_for_says_nothing_of_it(
    models_driver: ModelsDriver,
) -> None:
    models_driver.choose(PIECE.id)
    models_driver.dialog.details.download.click()
    assert not models_driver.dialog.licence.on_hub.isVisible()
    assert not models_driver.dialog.licence.hub_page.isVisible()


# --- downloading ----------------------------------------------------------------------------
def test_progress_is_shown_in_the_window_the_list_and_the_top_bar(
    models_driver: ModelsDriver, shelf: FakeShelf, wait: Wait
) -> None:
    window, dialog = models_driver.window, models_driver.dialog
    shelf.gate.clear()
    models_driver.download(BIG.id)
    wait(lambda: shelf.downloads)
    shelf.tell(1_230 * 10**6)
    wait(lambda: dialog.strip.figures.text())
    assert dialog.strip.figures.text() == "1.23 of 4.85 GB · 25.0 MB/s · 2 min 25 s left"
    assert dialog.strip.title.whole_text() == "Downloading Stable Audio Big"
    assert dialog.strip.file.whole_text() == "model.safetensors"
    assert dialog.strip.bar.value() == 253
    assert dialog.details.state.text() == "downloading"
    row = dialog.list.currentIndex()
    assert row.data(EntryRole.LINE) == "downloading · 25 %"
    assert row.data(EntryRole.FRACTION) == pytest.approx(1230 / 4850)
    chip = window.top_bar.transfer
    assert chip.isVisible()
    assert chip.text() == "Downloading 25 %"
    dialog.close()
    assert window.transfers.current is not None  # closing the window stops nothing
    chip.click()
    assert dialog.isVisible()
    shelf.gate.set()
    models_driver.wait_until_idle()
    assert not dialog.strip.isVisible()
    assert not chip.isVisible()


def test_what_was_downloaded_can_be_chosen_at_once_and_the_form_stays(
    models_driver: ModelsDriver, driver: Driver
) -> None:
    window = models_driver.window
    driver.fill("half a thought", steps=3, sampler="dpmpp-2m")
    before = window.form.fields()
    models_driver.download(BIG.id)
    models_driver.wait_until_idle()
    assert window.top_bar.model_combo.count() == 2
    assert window.form.fields() == before
    assert window.form.request().model == "starter"
    assert models_driver.entry().state is OfferState.INSTALLED
    models_driver.dialog.details.use.click()
    assert window.form.request().model == BIG.id


def test_a_running_generation_is_not_disturbed(
    models_driver: ModelsDriver, driver: Driver, shelf: FakeShelf, wait: Wait
) -> None:
    shelf.gate.clear()
    models_driver.download(BIG.id)
    driver.generate(steps=20)
    wait(lambda: driver.window.tracker.current and driver.window.tracker.current.step > 1)
    shelf.gate.set()
    models_driver.wait_until_idle()
    driver.wait_until_idle()
    assert [clip.state for clip in driver.clips()] == ["finished"]


def test_cancel_keeps_what_is_here_and_resume_goes_on(
    models_driver: ModelsDriver, shelf: FakeShelf, wait: Wait
) -> None:
    dialog = models_driver.dialog
    shelf.gate.clear()
    models_driver.download(BIG.id)
    wait(lambda: shelf.downloads)
    shelf.set_state(BIG.id, OfferState.PARTIAL, present_bytes=1_790 * 10**6)
    dialog.strip.cancel.click()
    models_driver.wait_until_idle()
    assert not dialog.details.problem.isVisible()  # it was wanted
    assert dialog.details.state.text() == "partly downloaded · 36 %"
    assert plain(dialog.details.resume.text()) == "Resume · 3.50 GB to go"  # with the piece
    shelf.gate.set()
    dialog.details.resume.click()
    models_driver.wait_until_idle()
    assert models_driver.entry().state is OfferState.INSTALLED


def test_what_is_left_of_a_download_can_be_thrown_away(
    models_driver: ModelsDriver, shelf: FakeShelf
) -> None:
    shelf.set_state(BIG.id, OfferState.PARTIAL, present_bytes=10**9)
    models_driver.dialog.reload()
    models_driver.choose(BIG.id)
    models_driver.dialog.details.discard.click()
    models_driver.wait_until_idle()
    assert shelf.calls == [("discard", BIG.id)]
    assert models_driver.entry().state is OfferState.ABSENT


def test_closing_the_main_window_cancels_and_joins(
    models_driver: ModelsDriver, shelf: FakeShelf, wait: Wait
) -> None:
    shelf.gate.clear()
    models_driver.download(BIG.id)
    wait(lambda: shelf.downloads)
    threads = models_driver.window.transfers.findChildren(QThread)
    assert [thread.isRunning() for thread in threads].count(True) == 1
    assert models_driver.window.close()
    assert shelf.downloads[0].cancel.is_set()
    assert not models_driver.dialog.isVisible()
    assert not any(thread.isRunning() for thread in threads)


# --- what goes wrong ------------------------------------------------------------------------
@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    pages: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: pages.append(url.toString()) or True
    )
    return pages


def test_an_error_is_shown_where_it_happened_with_its_page_and_tried_again(
    models_driver: ModelsDriver, shelf: FakeShelf, opened: list[str]
) -> None:
    shelf.errors = [
        LicenceNotAccepted("Not accepted on the hub", "Accept it there.", "https://hub.invalid/a")
    ]
    models_driver.download(BIG.id)
    models_driver.wait_until_idle()
    problem = models_driver.dialog.details.problem
    assert problem.isVisible()
    assert problem.cause.text() == "Not accepted on the hub"
    assert problem.hint.text() == "Accept it there."
    assert not models_driver.dialog.details.token.isVisible()
    problem.page.click()
    assert opened == ["https://hub.invalid/a"]
    models_driver.choose("starter")
    assert not problem.isVisible()  # it belongs to the other model
    models_driver.choose(BIG.id)
    problem.retry.click()
    models_driver.wait_until_idle()
    assert not problem.isVisible()
    assert models_driver.entry().state is OfferState.INSTALLED


def test_an_error_without_a_page_offers_none(models_driver: ModelsDriver, shelf: FakeShelf) -> None:
    shelf.errors = [HubError("The disk is full", "Make room.")]
    models_driver.download(BIG.id)
    models_driver.wait_until_idle()
    assert not models_driver.dialog.details.problem.page.isVisible()


@pytest.mark.parametrize("keep", [True, False])
def test_a_token_is_asked_for_and_kept_or_used_once(
    models_driver: ModelsDriver, shelf: FakeShelf, wait: Wait, keep: bool
) -> None:
    shelf.errors = [NotLoggedIn("Who are you", "Make a token.", "https://hub.invalid/tokens")]
    models_driver.download(BIG.id)
    models_driver.wait_until_idle()
    token = models_driver.dialog.details.token
    assert token.isVisible()
    assert token.edit.echoMode() is QLineEdit.EchoMode.Password
    assert not token.proceed.isEnabled()
    token.keep.setChecked(keep)
    QTest.keyClicks(token.edit, "hf_secret")
    QTest.keyClick(token.edit, Qt.Key.Key_Return)
    assert token.edit.text() == ""
    models_driver.wait_until_idle()
    assert shelf.calls == ([("login", "hf_secret")] if keep else [])
    assert [download.token for download in shelf.downloads] == [None, "hf_secret"]
    assert models_driver.entry().state is OfferState.INSTALLED
    if keep:
        label = models_driver.dialog.account.label
        wait(lambda: label.whole_text() == "Hub: somebody (keyring)")
        models_driver.dialog.account.logout.click()
        wait(lambda: label.whole_text() == "Hub: not logged in")


def test_a_token_of_another_place_cannot_be_forgotten_here(
    models_driver: ModelsDriver, shelf: FakeShelf, wait: Wait
) -> None:
    shelf.token = HubAccount("environment")
    models_driver.dialog.close()
    models_driver.dialog.open()
    account = models_driver.dialog.account
    wait(lambda: account.label.whole_text() == "Hub: token from the environment")
    assert not account.logout.isVisible()


# --- checking and removing ------------------------------------------------------------------
def test_a_check_names_the_files_that_changed(
    models_driver: ModelsDriver, shelf: FakeShelf
) -> None:
    details = models_driver.dialog.details
    models_driver.choose("starter")
    details.verify.click()
    models_driver.wait_until_idle()
    assert details.verdict.text().endswith("files are as they were.")
    shelf.bad_files = {"model.safetensors"}
    details.verify.click()
    models_driver.wait_until_idle()
    assert details.verdict.text().startswith("1 of ")
    assert details.verdict.property("role") == "error"
    (row,) = details.files.findItems("model.safetensors", Qt.MatchFlag.MatchExactly)
    assert row.text(2) == "is not as it was"


def test_removing_asks_first_says_what_it_frees_and_the_combo_follows(
    models_driver: ModelsDriver, shelf: FakeShelf
) -> None:
    window, details = models_driver.window, models_driver.dialog.details
    models_driver.download(BIG.id)
    models_driver.wait_until_idle()
    details.use.click()
    details.remove.click()
    assert details.question.isVisible()
    assert "This frees " in details.question.text()
    details.keep.click()
    assert not details.question.isVisible()
    assert ("remove", BIG.id) not in shelf.calls
    details.remove.click()
    details.confirm.click()
    models_driver.wait_until_idle()
    assert ("remove", BIG.id) in shelf.calls
    assert models_offered(window) == ["Tiny"]
    assert window.form.request().model == "starter"


def test_the_question_does_not_pass_to_another_model(models_driver: ModelsDriver) -> None:
    models_driver.download(BIG.id)
    models_driver.wait_until_idle()
    details = models_driver.dialog.details
    details.remove.click()
    models_driver.choose("starter")
    assert not details.question.isVisible()
    models_driver.choose(BIG.id)
    assert not details.question.isVisible()


# --- importing ------------------------------------------------------------------------------
def test_an_import_takes_its_options_and_shows_the_new_model(
    models_driver: ModelsDriver, shelf: FakeShelf, tmp_path: Path
) -> None:
    dialog = models_driver.dialog
    dialog.import_model.click()
    page = dialog.importing
    assert not page.proceed.isEnabled()
    page.source.setText(str(tmp_path / "fine.safetensors"))
    page.name.setText("my-tune")
    page.config.setText(str(tmp_path / "config.json"))
    page.autoencoder.setCurrentIndex(page.autoencoder.findData("starter"))
    page.in_place.click()
    page.proceed.click()
    models_driver.wait_until_idle()
    assert shelf.calls == [
        (
            "import", tmp_path / "fine.safetensors", "my-tune", tmp_path / "config.json",
            "starter", True,
        )
    ]  # fmt: skip
    assert dialog.details.isVisible()
    assert models_driver.entry().id == "my-tune"
    assert models_driver.window.top_bar.choose("my-tune")


def test_an_import_that_fails_says_why_and_keeps_what_was_filled_in(
    models_driver: ModelsDriver, shelf: FakeShelf, tmp_path: Path
) -> None:
    shelf.errors = [ModelError("It has no autoencoder", "Borrow one.")]
    page = models_driver.dialog.importing
    models_driver.dialog.import_from(tmp_path / "tune.ckpt")
    page.proceed.click()
    models_driver.wait_until_idle()
    assert page.isVisible()
    assert page.problem.cause.text() == "It has no autoencoder"
    assert page.order().source == tmp_path / "tune.ckpt"


def test_a_lora_is_imported_by_its_name(
    models_driver: ModelsDriver, shelf: FakeShelf, tmp_path: Path
) -> None:
    models_driver.dialog.import_lora.click()
    page = models_driver.dialog.importing
    assert not page.autoencoder_box.isVisible()
    page.source.setText(str(tmp_path / "rain.safetensors"))
    page.proceed.click()
    models_driver.wait_until_idle()
    assert shelf.calls == [("import_lora", tmp_path / "rain.safetensors", None)]
    assert models_driver.dialog.details.isVisible()


def test_a_lora_is_listed_described_and_removed(
    models_driver: ModelsDriver, shelf: FakeShelf, tmp_path: Path
) -> None:
    dialog = models_driver.dialog
    dialog.import_from(tmp_path / "rain.safetensors", lora=True)
    dialog.importing.proceed.click()
    models_driver.wait_until_idle()
    assert models_driver.listed() == ["starter", "lora:rain", BIG.id, PIECE.id]
    details = dialog.details
    assert details.title.text() == "rain"
    assert details.facts.value("Trained as") == "LoRA, rank 16, 24 layers"
    assert details.facts.value("Source") == str(tmp_path / "rain.safetensors")
    assert not details.use.isVisible()
    details.remove.click()
    assert "This frees 12.0 MB" in details.question.text()
    details.confirm.click()
    models_driver.wait_until_idle()
    assert shelf.calls[-1] == ("remove_lora", "rain")
    assert models_driver.listed() == ["starter", BIG.id, PIECE.id]
    assert not models_driver.window.form.advanced.loras.add.isEnabled()


def drop(dialog: ModelsWindow, *urls: QUrl) -> bool:
    """Drop as the system would; whether it was taken."""
    data = QMimeData()
    data.setUrls(list(urls))
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), action, data, left, none)
    enter.ignore()
    QApplication.sendEvent(dialog, enter)
    if enter.isAccepted():
        QApplication.sendEvent(dialog, QDropEvent(QPointF(50, 50), action, data, left, none))
    return enter.isAccepted()


def test_a_folder_that_is_dropped_is_imported(
    models_driver: ModelsDriver, shelf: FakeShelf, tmp_path: Path
) -> None:
    folder = tmp_path / "dropped"
    folder.mkdir()
    assert drop(models_driver.dialog, QUrl.fromLocalFile(str(folder)))
    models_driver.wait_until_idle()
    assert shelf.calls == [("import", folder, None, None, None, False)]
    assert models_driver.entry().id == "dropped"


def test_what_is_no_file_of_this_computer_is_not_taken(
    models_driver: ModelsDriver, tmp_path: Path
) -> None:
    assert not drop(models_driver.dialog, QUrl("https://hub.invalid/model"))
    local = QUrl.fromLocalFile(str(tmp_path))
    assert not drop(models_driver.dialog, local, local)


# --- keyboard and names ---------------------------------------------------------------------
def test_esc_leaves_a_page_then_the_window(models_driver: ModelsDriver) -> None:
    dialog = models_driver.dialog
    dialog.import_model.click()
    QTest.keyClick(dialog.importing, Qt.Key.Key_Escape)
    assert dialog.details.isVisible()
    QTest.keyClick(dialog.list, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_enter_in_a_field_presses_no_other_button(
    models_driver: ModelsDriver, shelf: FakeShelf
) -> None:
    models_driver.dialog.import_model.click()
    QTest.keyClick(models_driver.dialog.importing.name, Qt.Key.Key_Return)
    QTest.keyClick(models_driver.dialog, Qt.Key.Key_Return)
    models_driver.wait_until_idle()
    assert (shelf.calls, shelf.downloads) == ([], [])


def test_every_control_has_both_names_and_takes_the_focus(dialog: ModelsWindow) -> None:
    controls = [
        control
        for kind in CONTROLS
        for control in dialog.findChildren(kind)
        if not inner_part(control)
    ]
    assert len(controls) > 25
    assert [c for c in controls if not c.objectName()] == []
    assert [c.objectName() for c in controls if not (c.accessibleName() or named_text(c))] == []
    unreachable = [
        control.objectName()
        for control in controls
        if isinstance(control, QAbstractButton | QLineEdit)
        and control.focusPolicy() & Qt.FocusPolicy.TabFocus != Qt.FocusPolicy.TabFocus
    ]
    assert unreachable == []
    assert len({control.objectName() for control in controls}) == len(controls)
