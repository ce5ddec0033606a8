"""Read the full-precision MiniLM that the starter's int8 copy is made from."""

from __future__ import annotations

from pathlib import Path

from transformers import AutoTokenizer, BertModel

from sa_studio.engine.minilm import MiniLMTextEncoder


def load_full(folder: Path, max_length: int) -> MiniLMTextEncoder:
    model = BertModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return MiniLMTextEncoder(model.eval(), tokenizer, max_length)
