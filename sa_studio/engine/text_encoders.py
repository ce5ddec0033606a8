"""Which class is which kind of text encoder: the ``type`` of a text conditioner."""

from __future__ import annotations

from sa_studio.engine.minilm import MiniLMTextEncoder
from sa_studio.engine.text_encoder import T5TextEncoder

TEXT_ENCODERS: dict[str, type[T5TextEncoder] | type[MiniLMTextEncoder]] = {
    "t5": T5TextEncoder,
    "minilm": MiniLMTextEncoder,
}
