"""Files in the delivery profile, made beside the window before they are dragged or copied."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile
from PySide6.QtWidgets import QApplication, QWidget

from sa_studio.service import Studio
from sa_studio.ui.files_out import FilesOut
from tests.delivery.takes import add_take, add_takes, hit
from tests.ui.conftest import Wait
from tests.ui.deliveries import Keep, dragged, held, keep, studio

__all__ = ["dragged", "held", "keep", "studio"]


class Gate:
    """Keeps the Studio from making files until it is opened."""

    def __init__(self, studio: Studio) -> None:
        self.asked: list[str] = []
        self.open = threading.Event()
        self._make = studio.dragged_file

    def dragged_file(self, clip_id: str, *part: Any) -> Path:
        self.asked.append(clip_id)
        assert self.open.wait(30)
        return self._make(clip_id, *part)


@pytest.fixture
def gate(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate(studio)
    monkeypatch.setattr(studio, "dragged_file", made.dragged_file)
    return made


@pytest.fixture
def out(studio: Studio, keep: Keep) -> Iterator[FilesOut]:
    made = FilesOut(keep(QWidget()), studio, "test")
    yield made
    made.close()


@pytest.fixture
def told(out: FilesOut) -> list[tuple[str, str]]:
    messages: list[tuple[str, str]] = []
    out.message.connect(lambda text, role: messages.append((text, role)))
    return messages


def test_a_drag_begins_once_the_file_is_there(
    out: FilesOut, studio: Studio, gate: Gate, wait: Wait, dragged: list[list[Path]],
    held: list[bool],
) -> None:  # fmt: skip
    clip = add_take(studio)
    out.prepare([clip.id])
    out.drag()
    assert (dragged, out.is_awaited) == ([], True)
    gate.open.set()
    wait(lambda: dragged)
    ((path,),) = dragged
    info = soundfile.info(path)
    assert (info.samplerate, info.subtype) == (48_000, "PCM_24")
    assert path.is_relative_to(studio.data.rendered)
    assert not out.is_awaited
    assert [file.was_taken for file in studio.rendered_files()] == [True], "it is kept from now on"


def test_no_drag_begins_after_the_button_was_let_go(
    out: FilesOut, studio: Studio, gate: Gate, wait: Wait, dragged: list[list[Path]],
    held: list[bool],
) -> None:  # fmt: skip
    clip = add_take(studio)
    out.prepare([clip.id])
    out.drag()
    held.append(False)
    gate.open.set()
    wait(lambda: out.files)
    assert dragged == []
    out.prepare([clip.id])
    out.drag()
    out.let_go()
    held.append(True)
    wait(lambda: out.files)
    assert dragged == []


def test_what_is_there_is_dragged_at_once(
    out: FilesOut, studio: Studio, wait: Wait, dragged: list[list[Path]]
) -> None:
    out.prepare([add_take(studio).id])
    wait(lambda: out.files)
    out.drag()
    assert dragged == [list(out.files)]


def test_another_profile_makes_another_file_and_leaves_the_first(
    out: FilesOut, studio: Studio, wait: Wait
) -> None:
    clip = add_take(studio)
    out.prepare([clip.id])
    wait(lambda: out.files)
    (first,) = out.files
    before = first.read_bytes()
    studio.choose_profile("Game")
    out.prepare([clip.id])
    wait(lambda: out.files)
    assert out.files[0] != first
    assert soundfile.info(out.files[0]).subtype == "PCM_16"
    assert first.read_bytes() == before


def test_a_lost_take_is_one_message_and_the_others_are_dragged(
    out: FilesOut, studio: Studio, wait: Wait, dragged: list[list[Path]],
    told: list[tuple[str, str]],
) -> None:  # fmt: skip
    there, lost, also_lost = add_takes(studio, [hit(seed=seed) for seed in range(3)])
    for clip in (lost, also_lost):
        assert clip.path is not None
        clip.path.unlink()
    out.prepare([lost.id, there.id, also_lost.id])
    wait(lambda: out.files)
    assert told == []
    out.drag()
    assert [len(paths) for paths in dragged] == [1]
    ((text, role),) = told
    assert role == "error"
    assert text.startswith("1 of 3 files: ")
    assert text.endswith("(2 takes have a problem)")


def test_a_take_without_the_category_that_its_name_needs_is_not_dragged(
    out: FilesOut, studio: Studio, wait: Wait, dragged: list[list[Path]],
    told: list[tuple[str, str]],
) -> None:  # fmt: skip
    studio.choose_profile("Library (UCS)")
    out.prepare([add_take(studio).id])
    wait(lambda: out.problem)
    assert told == [], "showing a take is no reason to complain"
    out.drag()
    assert dragged == []
    assert told == [(out.problem, "error")]
    assert "DOORWood" in out.problem


def test_copies_are_files_of_the_profile(
    out: FilesOut, studio: Studio, gate: Gate, wait: Wait, told: list[tuple[str, str]]
) -> None:
    clips = add_takes(studio, [hit(seed=seed) for seed in range(3)])
    out.prepare([clip.id for clip in clips])
    out.copy()
    assert told == [("Making 3 files…", "quiet")]
    gate.open.set()
    wait(lambda: len(told) == 2)
    assert told[1] == ("Copied 3 files", "quiet")
    urls = QApplication.clipboard().mimeData().urls()
    assert [Path(url.toLocalFile()) for url in urls] == list(out.files)


def test_what_is_not_wanted_any_more_is_not_made(
    out: FilesOut, studio: Studio, gate: Gate, wait: Wait
) -> None:
    clips = add_takes(studio, [hit(seed=seed) for seed in range(4)])
    out.prepare([clip.id for clip in clips])
    wait(lambda: gate.asked)
    out.drop()
    gate.open.set()
    out.prepare([clips[3].id])
    wait(lambda: out.files)
    assert gate.asked == [clips[0].id, clips[3].id]
