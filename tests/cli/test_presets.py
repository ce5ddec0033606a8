from __future__ import annotations

import json

from tests.cli.command_line import Run


def test_presets_are_saved_listed_shown_and_deleted(run: Run) -> None:
    assert run("presets", "save", "Mine", "--prompt", "kick", "--steps", 3) == (0, "", "")
    assert run("presets", "list")[1].splitlines()[-1] == "Mine"
    assert json.loads(run("presets", "show", "Mine")[1]) == {"prompt": "kick", "steps": 3}
    assert run("presets", "delete", "Mine")[0] == 0
    assert "Mine" not in run("presets", "list")[1].splitlines()
