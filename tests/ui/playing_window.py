"""The real application as a process of its own: selects the newest take, clicks Play, closes.

``python -m tests.ui.playing_window DATA_DIR`` prints one JSON object: where the playhead was seen,
in seconds, and what the window said about the sound output.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from sa_studio.app import create

application, window = create(["--data-dir", sys.argv[1]])
window.take.player.volume.setValue(window.take.player.volume.maximum())
player = window.studio.player
seen: list[float] = []
started = False


def look() -> None:
    """Ten times a second: wait for the take, play it, follow it to its end."""
    global started
    if not started:
        if window.take.player.play.isEnabled():
            QTest.mouseClick(window.take.player.play, Qt.MouseButton.LeftButton)
            started = True
        return
    if player.is_playing:
        seen.append(player.position)
    elif seen:
        json.dump({"positions": seen, "problem": player.problem}, sys.stdout)
        window.close()
        application.quit()


window.library.select(window.clips.clip(window.clips.index(0)).id)
timer = QTimer(interval=100, timeout=look)
timer.start()
QTimer.singleShot(30_000, application.quit)
sys.exit(application.exec())
