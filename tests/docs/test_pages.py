"""The pages hang together: links lead somewhere, pictures are taken, quoted messages are said."""

from __future__ import annotations

import ast
import json
import math
import re
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest

from sa_studio.hub.catalog import Catalog
from sa_studio.paths import resources
from tests.docs.documents import DOCUMENTS, ROOT, code_blocks, prose, read

INDEX = "docs/README.md"
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


def pictures_of_the_stories() -> dict[str, set[str]]:
    """The command that takes pictures of the window, and which pictures, by story."""
    found = {}
    for path in (ROOT / "tests" / "ui").glob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        command = re.search(
            r"SA_STUDIO_SHOTS=(docs/\w+) python3 dev\.py test tests/ui/\w+\.py", text
        )
        if command is not None:
            assert command[0].endswith(path.name)
            found[command[0]] = {
                f"{command[1]}/{node.args[0].value}.png"
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith(".picture")
                and isinstance(node.args[0], ast.Constant)
            }
    return found


def test_every_picture_is_shown_and_made_by_a_command() -> None:
    suffixes = (".png", ".svg", ".jpg")
    shown = {
        ((ROOT / document).parent / target).resolve().relative_to(ROOT).as_posix()
        for document in DOCUMENTS
        for target in LINK.findall(prose(document))
        if target.endswith(suffixes)
    }
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").rglob("*")
        if path.suffix in suffixes
    }
    assert shown == there
    stories = pictures_of_the_stories()
    made = set().union(*stories.values()) | {"docs/architecture/rooms.svg"}
    assert there <= made, f"no command makes {sorted(there - made)}"
    everything = "\n".join(" ".join(read(document).split()) for document in DOCUMENTS)
    for command, pictures in stories.items():
        assert command in everything or not pictures & there


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


def keys_of_the_window() -> set[str]:
    """The keys that ``Key`` installs and lists, where they are written out."""
    return {
        node.args[0].value
        for path in (ROOT / "sa_studio" / "ui").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "Key"
        and isinstance(node.args[0], ast.Constant)
    }


def test_the_tour_has_every_key() -> None:
    listed = re.split(r"[|,]", read("docs/desk.md").partition("## All keys")[2])
    told = {cell.strip() for cell in listed}
    same = {"Return": "Enter", "Ctrl+Return": "Ctrl+Enter"}
    assert {same.get(key, key) for key in keys_of_the_window()} <= told


@pytest.mark.parametrize("document", ["README.md", "docs/models.md", "docs/drag-out.md", *QUOTING])
def test_keys_in_the_text_are_keys_of_the_window(document: str) -> None:
    for key in re.findall(r"\b(?:Ctrl|Shift|Alt)\+[\w/]+", prose(document)):
        assert key in keys_of_the_window() or f"\t{key}" in said(), key


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


def test_figures_that_are_told_are_right() -> None:
    config = json.loads(read("models/starter/model_config.json"))
    starter = ROOT / "models" / "starter"
    kinds, longest = len(config["sa_studio"]["classes"]), config["sample_size"] / 44_100
    files = [path for path in starter.rglob("*") if path.is_file()]
    shipped = [path for path in files if "recipe" not in path.relative_to(starter).parts]
    readme = read("README.md")
    assert f"It knows {kinds} kinds" in readme
    assert f"from 0.1 to {math.floor(longest * 10) / 10}" in readme
    assert f"{sum(path.stat().st_size for path in shipped) / 1e6:.0f} MB in all" in readme
    presets = len(list((ROOT / "resources" / "presets").glob("*.json")))
    assert f"{presets} of them come with the application" in read("docs/desk.md")
    ids = len(json.loads(read("resources/ucs/en.json")))
    assert f"{ids} CatIDs" in read("docs/delivery.md")


def test_the_models_that_can_be_had_are_told_as_the_catalogue_has_them() -> None:
    page = read("docs/models.md")
    for offer in (entry.offer for entry in Catalog(resources() / "catalog.json").entries()):
        if "diffusers" in offer.id:
            continue
        (row,) = (line for line in page.splitlines() if line.startswith(f"| {offer.title}"))
        assert f"| {offer.download_bytes / 1e9:.1f} GB |" in row
        if offer.max_seconds is not None:
            assert f"| {offer.max_seconds} s" in row
            assert offer.memory_hint[1:] in row


def test_every_room_is_told_of() -> None:
    layers = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    table = "\n".join(
        line.split("|")[1] for line in read("docs/architecture.md").splitlines() if line[:1] == "|"
    )
    rooms = {name for line in layers for name in re.findall(r"\w+", line)}
    there = {name for name in rooms if list((ROOT / "sa_studio").glob(f"{name}*"))}
    assert there - {"__main__"} <= set(re.findall(r"`(\w+)`", table))
