from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sa_studio.ui.clip_drag import DragHandle, clip_mime_data, copy_to_clipboard


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "löud # door 100%.wav"
    path.write_bytes(b"RIFF")
    return path


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Qt.DropAction, bool]]:
    """Drags that were started: files, actions offered, whether there was a picture."""
    started: list[tuple[list[str], Qt.DropAction, bool]] = []

    def record(drag: QDrag, offered: Qt.DropAction) -> Qt.DropAction:
        files = [url.toLocalFile() for url in drag.mimeData().urls()]
        started.append((files, offered, not drag.pixmap().isNull()))
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", record)
    return started


def move(handle: DragHandle, to: QPoint) -> None:
    place = QPointF(to)
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        place,
        handle.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(handle, event)


def test_mime_data_holds_urls_and_nothing_else(application: QApplication, clip: Path) -> None:
    data = clip_mime_data([clip, clip.with_name("b.wav")])
    assert data.formats() == ["text/uri-list"]
    assert [url.toLocalFile() for url in data.urls()] == [str(clip), str(clip.with_name("b.wav"))]


def test_no_files_are_refused(application: QApplication) -> None:
    with pytest.raises(ValueError, match="no files"):
        clip_mime_data([])


def test_the_clipboard_gets_the_same(application: QApplication, clip: Path) -> None:
    copy_to_clipboard([clip])
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [url.toLocalFile() for url in urls] == [str(clip)]


def test_a_drag_starts_past_the_drag_distance_and_only_copies(
    application: QApplication, clip: Path, drags: list[tuple[list[str], Qt.DropAction, bool]]
) -> None:
    handle = DragHandle()
    handle.set_files([clip], bytes([0x81, 0x7F] * 50))
    start = QPoint(20, 15)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    move(handle, start + QPoint(QApplication.startDragDistance() - 1, 0))
    assert drags == []
    move(handle, start + QPoint(QApplication.startDragDistance(), 0))
    assert drags == [([str(clip)], Qt.DropAction.CopyAction, True)]
    move(handle, start + QPoint(90, 0))
    assert len(drags) == 1


def test_a_click_is_no_drag(
    application: QApplication, clip: Path, drags: list[tuple[list[str], Qt.DropAction, bool]]
) -> None:
    handle = DragHandle()
    handle.set_files([clip])
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
    move(handle, QPoint(100, 100))
    assert drags == []


def test_without_a_file_the_handle_is_disabled_and_says_why(
    application: QApplication, clip: Path
) -> None:
    handle = DragHandle()
    assert handle.objectName() == "drag_handle"
    assert handle.accessibleName()
    assert not handle.isEnabled()
    assert "finished" in handle.toolTip()
    handle.set_files([clip])
    assert handle.isEnabled()
    assert clip.name in handle.toolTip()
    assert clip.name in handle.accessibleDescription()
    handle.set_files([])
    assert not handle.isEnabled()


def test_enter_copies(application: QApplication, clip: Path) -> None:
    QGuiApplication.clipboard().clear()
    handle = DragHandle()
    handle.set_files([clip])
    QTest.keyClick(handle, Qt.Key.Key_Return)
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [url.toLocalFile() for url in urls] == [str(clip)]
