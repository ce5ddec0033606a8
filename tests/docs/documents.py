"""The documents, and what stands in them: commands, code, links, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "docs/*.md", "models/starter/*.md", "models/starter/recipe/*.md")
        for path in ROOT.glob(pattern)
    )
)
# documents that tell of commands and do not show how to type them
NAMING = ("CHANGELOG.md",)
# what a line of an indented block, or a piece of text in backticks, begins with if it is typed
PROGRAM = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:sa-studio(?= |$)|"
    r"(?:python3?|pip|sudo|apt|apt-get|flatpak|git|tar|cat|sha256sum) )"
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)((?: {4}.*\n)+)")
_CODE = re.compile(r"`([^`]+)`")
_GRAMMAR = re.compile(r"\[[^\]]*\]|…$| · |\w\|\w")
_COMMENT = re.compile(r"\s{2,}#.*$")


@dataclass(frozen=True, slots=True)
class Command:
    """Something to be typed.

    Attributes:
        document: where it stands.
        text: as it stands there, without the comment behind it.
    """

    document: str
    text: str

    @property
    def words(self) -> str:
        """As an installed SA Studio would be asked: what ``dev.py run`` passes on."""
        return re.sub(r"\bpython3 dev\.py run\b", "sa-studio", self.text)

    @property
    def is_synopsis(self) -> bool:
        """Whether it shows a grammar or only names a command, and cannot be typed."""
        return self.document in NAMING or bool(
            re.search(r"\[[^\]]*\]|…$| · |\w\|\w", self._unquoted)
        )

    @property
    def _unquoted(self) -> str:
        return re.sub(r'"[^"]*"|\'[^\']*\'', "", self.text)


def read(document: str) -> str:
    """The text of a document."""
    return (ROOT / document).read_text(encoding="utf-8")


def code_blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of a language; "" is none, which is what is typed."""
    return [block for name, block in _FENCE.findall(read(document)) if name == language]


def prose(document: str) -> str:
    """The text without its blocks of code."""
    return _INDENTED.sub("", _FENCE.sub("", read(document)))


def commands(document: str) -> Iterator[Command]:
    """Everything to be typed, in blocks and in the text, from top to bottom, each once."""
    found: list[tuple[int, str]] = []
    text = read(document)
    for block in _FENCE.finditer(text):
        if block[1] in ("", "sh", "bash", "console"):
            found += [(block.start(), line) for line in _lines(block[2])]
    rest = _FENCE.sub(lambda block: " " * len(block[0]), text)
    for block in _INDENTED.finditer(rest):
        lines = (line.strip() for line in _lines(block[1]))
        found += [(block.start(), line) for line in lines if PROGRAM.match(line)]
    for code in _CODE.finditer(_INDENTED.sub(lambda block: " " * len(block[0]), rest)):
        line = " ".join(code[1].split())
        if PROGRAM.match(line):
            found.append((code.start(), line))
    found.sort(key=lambda place: place[0])
    for line in dict.fromkeys(line for _, line in found):
        yield Command(document, line)


def _lines(block: str) -> Iterator[str]:
    for line in block.replace("\\\n", " ").splitlines():
        typed = _COMMENT.sub("", line).removeprefix("$ ").rstrip()
        if typed and not typed.lstrip().startswith("#"):
            yield typed
