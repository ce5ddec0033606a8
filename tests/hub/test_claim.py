"""Only one at a time, and on a full disk, too."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from sa_studio.errors import HubError
from sa_studio.hub.claim import Claim


def test_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "model.lock"
    with closing(Claim(path, "model")), pytest.raises(HubError, match="model is being downloaded"):
        Claim(path, "model")
    Claim(path, "model").close()


def test_holding_it_takes_no_space(tmp_path: Path) -> None:
    """What an unfinished download left can be thrown away when it has filled the disk."""
    path = tmp_path / "model.lock"
    with closing(Claim(path, "model")):
        assert [(item.name, item.stat().st_size) for item in tmp_path.iterdir()] == [(path.name, 0)]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HubError, match="cannot be written") as caught:
        Claim(tmp_path / "nothing" / "model.lock", "model")
    assert caught.value.hint
