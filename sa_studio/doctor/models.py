"""The models: which are here, and whether they can be used."""

from __future__ import annotations

from collections.abc import Iterator

from sa_studio.doctor.finding import Finding, State
from sa_studio.service import Studio


def examine_models(studio: Studio) -> Iterator[Finding]:
    """Every installed model."""
    installed = studio.models()
    yield Finding(
        "Models",
        State.OK if installed else State.PROBLEM,
        ", ".join(info.id for info in installed) or "none",
        "" if installed else "The starter model is missing: install SA Studio again.",
    )
    for number, error in enumerate(studio.model_problems(), 1):
        yield Finding.of_error(f"Unusable model {number}", error)
