from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command_line import Run


def test_models_are_listed_and_described(run: Run, tiny_model: Path) -> None:
    info = json.loads(run("models", "info", tiny_model, "--json")[1])
    assert (info["title"], info["path"], info["sample_rate"]) == ("Tiny", str(tiny_model), 44_100)
    assert run("models", "list")[0] == 0
