"""What is logged ends up in the data folder."""

import logging
from pathlib import Path

import pytest

from sa_studio.log_file import LogFile

FULL = Path("/dev/full")


def test_keeps_warnings_and_tracebacks(tmp_path: Path) -> None:
    log = logging.getLogger("sa_studio.somewhere")
    file = LogFile(tmp_path)
    log.debug("not this")
    log.warning("a warning with an ü")
    try:
        raise ArithmeticError("odd")
    except ArithmeticError:
        log.exception("our bug")
    file.close()
    log.warning("after the end")
    text = (tmp_path / "sa-studio.log").read_text(encoding="utf-8")
    assert "WARNING sa_studio.somewhere: a warning with an ü" in text
    assert "Traceback" in text
    assert "ArithmeticError: odd" in text
    assert "not this" not in text
    assert "after the end" not in text


def test_makes_no_file_while_there_is_nothing_to_say(tmp_path: Path) -> None:
    LogFile(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is Linux's")
def test_a_full_disk_does_not_keep_the_application_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    (tmp_path / "sa-studio.log").symlink_to(FULL)
    file = LogFile(tmp_path)
    logging.getLogger("sa_studio.somewhere").warning("no room for this")
    file.close()
