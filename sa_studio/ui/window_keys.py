"""Every key of the window, and every gesture that stands beside the keys in their list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sa_studio.ui.key_overlay import SEQUENCE as OVERLAY_KEY
from sa_studio.ui.shortcuts import Asleep, Gesture, Key

if TYPE_CHECKING:
    from sa_studio.ui.main_window import MainWindow

MAKE, HEAR, TAKES, WINDOW = "Make", "Listen", "Takes", "Window"
"""The headings that they stand under."""

GESTURES = (
    Gesture("Alt+Up, Alt+Down", "Earlier or later, in the queue", MAKE),
    Gesture("Delete", "Cancel the job, in the queue", MAKE),
    Gesture("Ctrl+Up, Ctrl+Down", "Prompts of before, in the prompt", MAKE),
    Gesture("Drag", "Select a part; a click or Esc clears", HEAR),
    Gesture("Wheel", "Zoom the waveform", HEAR),
    Gesture("Shift+Wheel", "Move along the waveform", HEAR),
)


def window_keys(window: MainWindow) -> list[Key]:
    """The keys, in the order in which they are listed; Ctrl is Cmd on macOS."""
    take, actions = window.take, window.actions_
    player, decide = take.player, actions.decisions
    typing, pressing, stepping = Asleep.TYPING, Asleep.PRESSING, Asleep.STEPPING
    return [
        Key("Ctrl+Return", window.generate, text="Generate", group=MAKE),
        Key("Ctrl+Enter", window.generate, text="Generate", group=MAKE),
        Key("Shift+Esc", window.cancel_current, text="Cancel the current job", group=MAKE),
        Key("A", actions.use_all_settings, typing, "Use all settings of the take", MAKE),
        Key("R", actions.use_all_but_seed, typing, "Remix: all but the seed", MAKE),
        Key("S", actions.use_only_seed, typing, "Use the seed of the take", MAKE),
        Key("Ctrl+L", window.form.sounds.show_list, text="Sounds and examples", group=MAKE),
        Key("Space", window.play_or_stop, pressing, "Play, or stop", HEAR),
        Key("Shift+Space", player.replay, pressing, "Play from the start", HEAR),
        Key("Return", player.to_start, pressing, "Playhead to the start", HEAR),
        Key("Enter", player.to_start, pressing, "Playhead to the start", HEAR),
        Key("X", take.switch_compared, typing, "A/B with the marked take", HEAR),
        Key("L", player.loop.toggle, typing, "Loop", HEAR),
        Key("E", take.editing.toggle, typing, "Edit the take", TAKES),
        Key("T", take.editing.trim, typing, "Trim to the selection", TAKES),
        Key("Up", window.previous_take, stepping, "Previous take, and hear it", TAKES),
        Key("Down", window.next_take, stepping, "Next take, and hear it", TAKES),
        Key("Right", decide.keep, stepping, "Keep", TAKES),
        Key("Left", decide.reject, stepping, "Reject", TAKES),
        *(
            Key(str(stars), partial(decide.rate, stars), typing, "Stars", TAKES)
            for stars in (1, 2, 3, 4, 5, 0)
        ),
        Key("Ctrl+Z", decide.undo, typing, "Undo what was decided", TAKES),
        Key("Ctrl+Shift+Z", decide.redo, typing, "Redo", TAKES),
        Key("F", window.library.focus_search, typing, "Search", TAKES),
        Key("Ctrl+C", actions.copy_files, typing, "Copy the files, for a DAW or a folder", TAKES),
        Key("Ctrl+E", window.export, text="Export the selected takes", group=TAKES),
        Key("Ctrl+M", window.show_models, text="Models", group=WINDOW),
        Key(OVERLAY_KEY, window.key_overlay.toggle, text="All keys", group=WINDOW),
    ]
