"""Fixtures for the tests of the benchmarks."""

from tests.ui.conftest import application

__all__ = ["application"]
