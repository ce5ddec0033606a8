"""Fixtures for the tests of the benchmarks."""

from tests.ui.conftest import application, models, no_sound_output, only_tiny_models

__all__ = ["application", "models", "no_sound_output", "only_tiny_models"]
