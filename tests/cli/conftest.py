from __future__ import annotations

from pathlib import Path

import pytest

from sa_studio.cli import main
from tests.cli.command_line import Run


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: exit status, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def generate(run: Run, tiny_model: Path) -> Run:
    return lambda *arguments: run("generate", "--model", tiny_model, *arguments)
