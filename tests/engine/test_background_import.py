from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from sa_studio.engine.background_import import background_import

PROBE = """
import gc, sys, threading, time
from sa_studio.engine.background_import import background_import, load_torch_library
assert "torch" not in sys.modules
if sys.platform != "win32":
    assert load_torch_library()
assert "torch" not in sys.modules
collections = []
gc.callbacks.append(lambda phase, facts: collections.append(facts["generation"]))
with background_import():
    import torch
collections_inside = list(collections)
assert collections_inside == [], collections_inside
assert gc.isenabled()
assert gc.get_freeze_count() > 50_000
frozen = gc.get_freeze_count()
with background_import():
    assert gc.isenabled()  # torch is there: nothing to do
assert gc.get_freeze_count() == frozen
"""


def test_nothing_is_collected_while_torch_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def fail(seen: list[bool]) -> None:
    seen.append(gc.isenabled())
    raise ImportError("broken")


def test_the_collector_comes_back_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "torch"]:
        monkeypatch.delitem(sys.modules, name)
    seen: list[bool] = []
    with pytest.raises(ImportError, match="broken"), background_import():
        fail(seen)
    assert seen == [False]
    assert gc.isenabled()
    gc.unfreeze()
