"""Which class is which kind of text encoder: the ``type`` of a text conditioner."""

from __future__ import annotations

from sa_studio.engine.minilm import MiniLMTextEncoder
from sa_studio.engine.t5 import T5TextEncoder
from sa_studio.engine.text_encoder import TextEncoder

TEXT_ENCODERS: dict[str, type[TextEncoder]] = {
    "t5": T5TextEncoder,
    "minilm": MiniLMTextEncoder,
}
