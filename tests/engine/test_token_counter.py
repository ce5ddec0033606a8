"""Counting tokens without the text encoder, as the text encoder will."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from sa_studio.engine.token_counter import TokenCounter
from sa_studio.errors import ModelError
from sa_studio.generation import TokenCount
from sa_studio.paths import bundled_models
from tests.tiny_model import PROMPT_TOKENS

PROMPTS = [
    "",
    "rain",
    "Heavy wooden door, slam!",
    "  two   spaces\nand a line ",
    "日本 ünï 🎧 café",
]


@pytest.fixture
def counter() -> TokenCounter:
    return TokenCounter()


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("model", ["tiny", "starter"])
def test_it_counts_as_the_text_encoder_does(
    counter: TokenCounter, tiny_model: Path, model: str, prompt: str
) -> None:
    folder = tiny_model if model == "tiny" else bundled_models() / "starter"
    words = folder / ("t5" if model == "tiny" else "tokenizer")
    ids = AutoTokenizer.from_pretrained(words, local_files_only=True)(prompt)["input_ids"]
    found = counter.count(folder, None, prompt)
    assert found is not None
    assert found.tokens == len(ids)


def test_it_says_where_the_model_stops_reading(counter: TokenCounter, tiny_model: Path) -> None:
    # a token a letter, one before the first for the beginning of a word, one for the end
    prompt = "a" * (PROMPT_TOKENS - 2)
    fits = counter.count(tiny_model, None, prompt)
    assert fits == TokenCount(PROMPT_TOKENS, PROMPT_TOKENS, None)
    longer = counter.count(tiny_model, None, prompt + "bc")
    assert longer == TokenCount(PROMPT_TOKENS + 2, PROMPT_TOKENS, len(prompt))


def test_what_is_read_before_the_end_fills_the_limit(counter: TokenCounter) -> None:
    folder = bundled_models() / "starter"
    prompt = "a heavy wooden door, slams shut; " * 10
    found = counter.count(folder, None, prompt)
    assert found is not None
    assert found.end is not None
    read = counter.count(folder, None, prompt[: found.end])
    assert read == TokenCount(found.limit, found.limit)


def test_models_without_their_own_count_with_the_shared_one(
    counter: TokenCounter, tiny_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(tiny_model / "model_config.json", folder)
    with pytest.raises(ModelError, match="has no text encoder"):
        counter.count(folder, None, "rain")
    shared = counter.count(folder, tiny_model / "t5", "rain")
    assert shared == counter.count(tiny_model, None, "rain")


@pytest.mark.parametrize("content", [None, b"{", b"\xff\xfe"])
def test_a_tokenizer_that_is_gone_or_damaged_is_an_error_of_the_model(
    counter: TokenCounter, tiny_model: Path, tmp_path: Path, content: bytes | None
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    (folder / "t5" / "tokenizer.json").unlink()
    if content is not None:
        (folder / "t5" / "tokenizer.json").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        counter.count(folder, None, "rain")


def test_it_needs_no_torch(tiny_model: Path) -> None:
    script = (
        "import sys; from pathlib import Path; "
        "from sa_studio.engine.token_counter import TokenCounter; "
        f"TokenCounter().count(Path({str(tiny_model)!r}), None, 'rain'); "
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
