"""The inference engine: reads a model folder, returns arrays. No Qt, network or database.

Importing this package does not import torch; the two names below bring it in when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sa_studio.engine.loading import load_model
    from sa_studio.engine.pipeline import AudioPipeline

__all__ = ["AudioPipeline", "load_model"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sa_studio.engine import loading

        return getattr(loading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
