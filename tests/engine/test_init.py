from __future__ import annotations

import subprocess
import sys

import pytest

import sa_studio.engine


@pytest.mark.parametrize(
    "module", ["sa_studio.engine", "sa_studio.engine.config", "sa_studio.engine.layouts"]
)
def test_import_needs_no_torch(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(found.stdout.split())
    assert module in imported
    assert not {"torch", "numpy", "transformers"} & imported


def test_public_names_come_when_asked_for() -> None:
    from sa_studio.engine import loading, pipeline

    assert sa_studio.engine.load_model is loading.load_model
    assert sa_studio.engine.AudioPipeline is pipeline.AudioPipeline


def test_other_names_are_unknown() -> None:
    with pytest.raises(AttributeError, match="no attribute 'load_modell'"):
        _ = sa_studio.engine.load_modell
