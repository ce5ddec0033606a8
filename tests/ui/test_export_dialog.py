"""Takes into a folder: progress, cancel, problems, and what is there afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile

from sa_studio.service import Studio
from sa_studio.ui import export_dialog
from sa_studio.ui.export_dialog import NO_TAKES, ExportDialog
from tests.delivery.takes import add_takes, hit
from tests.ui.conftest import Wait
from tests.ui.deliveries import Keep, keep, studio

__all__ = ["keep", "studio"]


@pytest.fixture
def dialog(studio: Studio, keep: Keep) -> Iterator[ExportDialog]:
    made = keep(ExportDialog(studio))
    yield made
    made.close_threads()


@pytest.fixture
def ids(studio: Studio) -> list[str]:
    return [clip.id for clip in add_takes(studio, [hit(seed=seed) for seed in range(3)])]


def finished(dialog: ExportDialog) -> Any:
    return lambda: dialog.outcome.text() and not dialog.progress.isVisibleTo(dialog)


def test_takes_are_exported_in_a_profile_of_their_own_choice(
    dialog: ExportDialog, studio: Studio, ids: list[str], tmp_path: Path, wait: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shown: list[Path] = []
    monkeypatch.setattr(export_dialog, "reveal", shown.append)
    dialog.show_takes(ids)
    assert dialog.heading.text() == "Export 3 takes"
    assert not dialog.start.isEnabled(), "no folder yet"
    dialog.folder.edit.setText(str(tmp_path / "out"))
    dialog.profile.combo.setCurrentText("Game")
    dialog.start.click()
    wait(finished(dialog))
    assert dialog.outcome.text() == f"Exported 3 files to {tmp_path / 'out'}"
    files = sorted((tmp_path / "out").iterdir())
    assert [soundfile.info(path).subtype for path in files] == ["PCM_16"] * 3
    dialog.reveal.click()
    assert shown[0] in files
    assert studio.profile.name == "Studio"
    assert studio.settings.export_folder == str(tmp_path / "out")


def test_a_set_is_numbered_in_the_order_of_the_list(
    dialog: ExportDialog, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    dialog.show_takes(ids[:1])
    assert not dialog.round_robin.isEnabled()
    dialog.show_takes(ids)
    dialog.folder.edit.setText(str(tmp_path))
    dialog.round_robin.setChecked(True)
    dialog.start.click()
    wait(finished(dialog))
    names = sorted(path.name for path in tmp_path.glob("*.wav"))
    assert [name[-6:-4] for name in names] == ["01", "02", "03"]


def test_a_cancelled_export_leaves_whole_files(
    dialog: ExportDialog, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    dialog.show_takes(ids)
    dialog.folder.edit.setText(str(tmp_path / "out"))
    dialog.start.click()
    dialog.reject()
    wait(finished(dialog))
    assert dialog.outcome.text().startswith("Cancelled: 1 file of 3")
    (path,) = (tmp_path / "out").iterdir()
    assert soundfile.info(path).frames > 0


def test_problems_are_one_line_and_the_dialog_goes_on(
    dialog: ExportDialog, studio: Studio, ids: list[str], tmp_path: Path, wait: Wait
) -> None:
    occupied = tmp_path / "a file"
    occupied.write_bytes(b"")
    dialog.show_takes(ids)
    dialog.folder.edit.setText(str(occupied))
    dialog.start.click()
    wait(finished(dialog))
    assert dialog.outcome.property("role") == "error"
    assert "a file" in dialog.outcome.text()
    dialog.folder.edit.setText(str(tmp_path / "out"))
    dialog.profile.combo.setCurrentText("Library (UCS)")
    dialog.start.click()
    wait(lambda: "category" in dialog.outcome.text())
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").rglob("*.wav")) == []
    studio.categorise_clips(ids, "DOORWood")
    dialog.start.click()
    wait(lambda: dialog.outcome.text().startswith("Exported"))
    names = sorted(path.name for path in (tmp_path / "out" / "DOORS").iterdir())
    assert names[0].startswith("DOORWood_Wooden Door Slam 01_")


def test_without_takes_it_says_what_to_do(dialog: ExportDialog) -> None:
    dialog.show_takes([])
    dialog.folder.edit.setText("somewhere")
    assert dialog.outcome.text() == NO_TAKES
    assert not dialog.start.isEnabled()
