"""Prompts to learn from, by category: words, notes, tempi, layers, placeholders."""

from __future__ import annotations

import json
from pathlib import Path


def read_examples(path: Path) -> dict[str, tuple[str, ...]]:
    """The prompts in ``path``, a file that ships with the application, in its order."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return {category: tuple(prompts) for category, prompts in content.items()}
