"""The pages hang together: links lead somewhere, pictures are taken, quoted messages are said."""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.documents import DOCUMENTS, ROOT, code_blocks, prose, read

INDEX = "docs/README.md"
STORY = ROOT / "tests" / "ui" / "test_story.py"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
# pages whose quotes are what SA Studio says, and whose code in the text is files and names
QUOTING = ("docs/troubleshooting.md",)
NAMING_FILES = ("docs/architecture.md", "docs/extending.md", "CONTRIBUTING.md")


def anchors(document: Path) -> set[str]:
    """What can stand behind a # for a heading of the document."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    for target in LINK.findall(prose(document)):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (ROOT / document).parent / path if path else ROOT / document
        assert file.exists(), f"{target} in {document}"
        assert not anchor or anchor in anchors(file), f"{target} in {document}"


def test_the_index_leads_to_every_page() -> None:
    targets = {(ROOT / INDEX).parent / path for path in LINK.findall(read(INDEX))}
    reached = {path.resolve().relative_to(ROOT).as_posix() for path in targets if path.is_file()}
    pages = {page for page in DOCUMENTS if page not in (INDEX, "README.md")}
    reached |= {"models/starter/ATTRIBUTION.md"}  # by the model's card and the licences
    assert pages <= reached, f"{INDEX} lacks {sorted(pages - reached)}"


def pictures_of_the_story() -> set[str]:
    """The names that the story gives to the pictures that it takes."""
    tree = ast.parse(STORY.read_text(encoding="utf-8"))
    return {
        f"docs/desk/{node.args[0].value}.png"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "picture"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_picture_is_shown_and_made_by_a_command() -> None:
    shown = {
        ((ROOT / document).parent / target).resolve().relative_to(ROOT).as_posix()
        for document in DOCUMENTS
        for target in LINK.findall(prose(document))
        if target.endswith((".png", ".svg", ".jpg"))
    }
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").rglob("*")
        if path.suffix in (".png", ".svg", ".jpg")
    }
    assert shown == there
    assert there - {"docs/architecture/rooms.svg"} == pictures_of_the_story()
    assert "SA_STUDIO_SHOTS=docs/desk python3 dev.py test tests/ui/test_story.py" in read(
        "docs/desk.md"
    )


@cache
def said() -> str:
    """Every text in the code, with … for what is filled in; adjacent literals are one."""
    texts: list[str] = []
    for path in chain((ROOT / "sa_studio").rglob("*.py"), [ROOT / "dev.py"]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                texts.append(
                    "".join(
                        str(part.value) if isinstance(part, ast.Constant) else "…"
                        for part in node.values
                    )
                )
    return "\n".join(texts)


@pytest.mark.parametrize("document", QUOTING)
def test_quoted_messages_are_said(document: str) -> None:
    quotes = [quote for quote in re.findall(r'"([^"]+)"', prose(document)) if quote != "xcb"]
    assert len(quotes) > 15
    for quote in quotes:
        # what is filled in may itself be quoted, or hold more than one value
        parts = [part.strip(" ,") for part in quote.split("…") if part.strip(" ,")]
        pattern = r"[^\n]*".join(re.escape(part) for part in parts)
        assert re.search(pattern, said()), quote


def test_labels_of_the_window_are_there() -> None:
    """Bold words in these pages are what a button or a menu says, or keys."""
    keys = {"Ctrl+/", "Ctrl+L", "Space", "Up", "Down"}
    for document in ("README.md", "docs/models.md", "docs/drag-out.md"):
        for label in re.findall(r"\*\*([^*]+)\*\*", prose(document)):
            if label in keys or label.endswith((".", "**")) or label in LEADS:
                continue
            assert re.search(rf"(^|\n){re.escape(label)}(\t|\n|$)", said()), f"{label}: {document}"


# bold words that begin a paragraph or stand for emphasis
LEADS = {
    "doctor",
    "Choose the delivery profile",
    "WAV at 24 bits",
}


@pytest.mark.parametrize("document", NAMING_FILES)
def test_files_and_names_in_the_text_exist(document: str) -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("sa_studio", "tests/engine")
        for path in (ROOT / folder).rglob("*.py")
    )
    examples = "\n".join(code_blocks(document, "python"))
    for code in re.findall(r"`([^`\n]+)`", prose(document)):
        if re.fullmatch(r"[\w./]+\.(py|md|json|toml|svg)", code) and "/" in code:
            assert (ROOT / code).exists() or (ROOT / "sa_studio" / code).exists(), code
        elif re.fullmatch(r"[A-Z_]{4,}|_?[a-z]+(_[a-z0-9]+)+|[A-Z][a-z]+[A-Z]\w+", code):
            assert re.search(rf"\b{code}\b", sources + examples), code
