"""A delivery in the real window, with a mouse and a keyboard alone: profile, category, edit, drag
into another program, export, recipe back, cue sheet.

``SA_STUDIO_SHOTS=docs/delivery python3 dev.py test tests/ui/test_delivery_story.py`` saves the
pictures of ``docs/delivery.md``.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile
import wavinfo

from tests.ui.desk import Desk, desk_on_screen, middle
from tests.virtual_screen import Program

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "docs" / "examples" / "cues.csv"
PROMPT = "heavy rain on a tin roof"
CAT_ID = "RAINMetl"
UCS_NAME = f"{CAT_ID}_Heavy Rain On A Tin Roof"
CHOSEN = "Night Film: 48k · 24 · WAV"
FOLDER = "~/Night Film"
MAKING = 300.0  # seconds; a few on an idle machine, torch's import included

Drop = dict[str, Any]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk_on_screen("1900x940", tmp_path, monkeypatch) as made:
        yield made


def test_takes_are_delivered_and_come_back(desk: Desk, tmp_path: Path) -> None:
    daw = desk.screen.start([sys.executable, str(HERE / "drop_target.py")])
    place = middle(daw.expect("ready")["rect"])
    desk.open()
    make_a_profile(desk)
    make_two_takes(desk)
    accept_the_category(desk)
    edit(desk)
    arrived = drag_out(desk, daw, place)
    check_the_loop(arrived)
    before = arrived.read_bytes()
    undo_the_loop(desk)
    assert arrived.read_bytes() == before
    export_a_set(desk)
    out = tmp_path / "home" / "Night Film"
    check_the_set(out / "RAIN")
    drop_it_back(desk, daw, place)
    make_a_sheet(desk, tmp_path / "night.csv")
    check_the_sheet(out)
    desk.close()
    assert desk.open().says("delivery_button") == CHOSEN
    desk.close()


def make_a_profile(desk: Desk) -> None:
    """One of one's own from the UCS profile, chosen at once."""
    desk.click("welcome_skip_button")
    desk.see(lambda look: not look.sees("welcome_sheet"))
    desk.choose("delivery_button", "Edit profiles…")
    desk.see(lambda look: look.focus == "profiles_list")
    desk.key("Down", "Down")
    desk.see(lambda look: look.text("profile_name_edit") == "Library (UCS)")
    desk.click("profile_duplicate_button")
    desk.see(lambda look: look.focus == "profile_name_edit")
    desk.type("Night Film")
    desk.fill("profile_creator_edit", "ANN")
    desk.fill("profile_source_edit", "NIGHT")
    desk.picture("profile")
    desk.click("profile_use_button")
    desk.see(lambda look: "“Night Film”" in look.text("profile_note"))
    desk.key("Escape")
    desk.see(
        lambda look: not look.sees("profile_dialog") and look.says("delivery_button") == CHOSEN
    )


def make_two_takes(desk: Desk) -> None:
    desk.fill("prompt_edit", PROMPT)
    desk.click("advanced_button")
    desk.fill("duration_spin", "2")
    desk.fill("count_spin", "2")
    desk.fill("seed_spin", "100")
    desk.fill("steps_spin", "16" if desk.pictures else "4")
    desk.key("ctrl+Return")
    desk.see(
        lambda look: len(look.rows) == 2 and all("2.0 s" in take for take in look.takes),
        patience=MAKING,
    )


def accept_the_category(desk: Desk) -> None:
    """The suggestion for both takes; nothing was set without being asked."""
    desk.click_row(0)
    desk.key("ctrl+a")
    desk.click("tags_and_notes_button")
    offered = desk.see(lambda look: look.sees(f"category_suggestion_{CAT_ID}"))
    assert offered.text("category_edit") == ""
    desk.click(f"category_suggestion_{CAT_ID}")
    desk.see(lambda look: look.text("category_edit") == CAT_ID)
    desk.picture("category")


def edit(desk: Desk) -> None:
    """Select, trim with T, fade, then a loop, which has no fades."""
    desk.click_row(0)
    desk.key("e")
    before = desk.see(lambda look: look.sees("edit_bar"))
    x, y, width, height = before.widgets["waveform_view"]["at"]
    across = y + height * 2 // 5
    with desk.drag((x + width // 5, across), (x + width * 4 // 5, across)):
        pass
    desk.see(lambda look: look.widgets["trim_button"]["enabled"])
    desk.key("t")
    desk.see(
        lambda look: (
            look.text("edit_start_spin") != "0.000" and look.text("edit_stop_spin") != "2.000"
        )
    )
    desk.fill("fade_out_spin", "0.2")
    desk.key("Return")
    desk.see(lambda look: "faded out for 0.20 s" in look.says("edited_chip"))
    desk.picture("edit")
    desk.click("make_loop_button")
    made = desk.see(lambda look: look.sees("seam_label") and look.text("edited_chip") == "loop")
    assert float(made.text("crossfade_spin")) > 0
    desk.picture("loop")


def drag_out(desk: Desk, daw: Program, place: tuple[int, int]) -> Path:
    """Into the other program; what arrives is a file of its own."""
    look = desk.see(lambda look: UCS_NAME in look.says("drag_handle"))
    with desk.drag(middle(look.widgets["drag_handle"]["at"]), place):
        daw.expect("over")
    drop: Drop = daw.expect("drop")
    assert (drop["offered"], drop["action"]) == (["CopyAction"], "CopyAction")
    (file,) = map(Path, drop["files"])
    assert file.name == f"{UCS_NAME} 01_ANN_NIGHT.wav"
    return file


def check_the_loop(file: Path) -> None:
    """Rate, depth and chunks, as independent readers find them."""
    info = soundfile.info(file)
    assert (info.samplerate, info.subtype, info.channels) == (48_000, "PCM_24", 2)
    assert 0 < info.duration < 1.5
    chunks = wavinfo.WavInfoReader(str(file))
    assert chunks.bext.description == PROMPT
    assert chunks.bext.coding_history.startswith("A=PCM,F=48000,W=24,M=stereo,T=")
    root = chunks.ixml.raw_xml
    assert root.findtext("USER/CATID") == CAT_ID
    assert root.findtext("USER/CREATORID") == "ANN"
    assert root.findtext("ASWG/isGenerated") == "true"
    assert root.findtext("ASWG/isLoop") == "true"
    (loop,) = chunks.smpl.sample_loops
    assert (loop.start, loop.end) == (0, info.frames - 1)


def undo_the_loop(desk: Desk) -> None:
    """The fade is back; the file that was dragged out stays as it is."""
    desk.click_row(0)
    desk.key("ctrl+z")
    desk.see(lambda look: "faded out for 0.20 s" in look.says("edited_chip"))


def export_a_set(desk: Desk) -> None:
    """Ctrl+E and Enter."""
    desk.click_row(0)
    desk.key("ctrl+a", "ctrl+e")
    desk.see(lambda look: look.sees("export_dialog"))
    desk.fill("export_folder_edit", FOLDER)
    desk.click("export_set_radio")
    desk.key("Return")
    desk.see(lambda look: look.text("export_result") == f"Exported 2 files to {FOLDER}")
    desk.picture("export")
    desk.key("Escape")
    desk.see(lambda look: not look.sees("export_dialog"))


def check_the_set(folder: Path) -> None:
    """Numbered, in the folder of their category; loop points are not meant for a set."""
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        f"{UCS_NAME} {number:02}_ANN_NIGHT.wav" for number in (1, 2)
    ]
    for file in files:
        assert (soundfile.info(file).samplerate, soundfile.info(file).subtype) == (48_000, "PCM_24")
        assert wavinfo.WavInfoReader(str(file)).smpl is None


def drop_it_back(desk: Desk, daw: Program, place: tuple[int, int]) -> None:
    """Other settings go; those of the file come back."""
    desk.scroll_to_top("form_scroll")
    desk.fill("prompt_edit", "glass breaks")
    desk.fill("seed_spin", "5")
    desk.fill("steps_spin", "7")
    before = desk.see(lambda look: look.text("steps_spin") == "7")
    with desk.drag(place, middle(before.widgets["history_list"]["at"])):
        daw.expect("wanted", lambda event: event["action"] == "CopyAction")
    assert daw.expect("given")["action"] == "CopyAction"
    after = desk.see(lambda look: look.text("prompt_edit") == PROMPT)
    assert f"All settings are as in “{CAT_ID}_" in after.text("status_label")
    assert after.text("seed_spin") in ("100", "101")
    assert after.text("steps_spin") == ("16" if desk.pictures else "4")
    assert after.text("count_spin") == "1"
    desk.picture("recipe")


def make_a_sheet(desk: Desk, sheet: Path) -> None:
    """Two rows of the example, opened from a file, mended here, made to the report."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    few = [lines[0], *(line for line in lines if line.startswith(("Door", "UI")))]
    sheet.write_text("\n".join(few).replace(",DOORWood,", ",DOORWodo,"), encoding="utf-8")
    desk.choose("delivery_button", "Cue sheet…")
    desk.click("sheet_open_button")
    desk.see(lambda look: look.focus == "fileNameEdit")
    desk.type(str(sheet))
    desk.key("Return")
    desk.see(lambda look: "problem" in look.text("sheet_note"))
    desk.picture("sheet-problem")
    desk.fill("sheet_edit", few[0])
    for line in few[1:]:
        desk.key("Return")
        desk.type(line)
    desk.fill("sheet_folder_edit", FOLDER)
    desk.see(lambda look: look.text("sheet_note") == "2 rows, 4 sounds")
    desk.click("sheet_start_button")
    if desk.pictures:
        desk.see(
            lambda look: look.sees("sheet_stop_button") and "Step" in look.text("status_label"),
            at_rest=False,
            patience=MAKING,
        )
        desk.picture("sheet")
    desk.see(lambda look: look.sees("sheet_report_button"), patience=MAKING)
    assert desk.see().text("sheet_note") == "2 rows: 2 made."
    desk.picture("sheet-done")
    desk.key("Escape")
    desk.see(lambda look: not look.sees("sheet_dialog"))


def check_the_sheet(folder: Path) -> None:
    """The report names every file, and they are there, each in its own profile."""
    (report,) = folder.glob("* report.csv")
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 2
    (door,) = (folder / "Doors").rglob("*.wav")
    assert soundfile.info(door).subtype == "PCM_24"
    clicks = sorted(folder.rglob("*.ogg"))
    assert len(clicks) == 3
    assert all(soundfile.info(click).samplerate == 48_000 for click in clicks)
    assert report.with_suffix(".html").exists()
