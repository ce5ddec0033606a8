"""What SECURITY.md promises, as far as it can be read in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from sa_studio.hub.catalog import Catalog
from sa_studio.paths import resources
from tests.docs.documents import ROOT

PACKAGE = ROOT / "sa_studio"
NETWORK = {
    *("asyncio", "ftplib", "http.client", "http.server", "httpx", "huggingface_hub", "requests"),
    *("smtplib", "socket", "socketserver", "ssl", "urllib.request", "urllib3", "xmlrpc"),
    *("PySide6.QtNetwork", "PySide6.QtWebEngineWidgets", "websockets", "aiohttp"),
}
# how a file that somebody sent comes to run what is in it
RUNNING = {"eval", "exec", "pickle.load", "pickle.loads", "torch.hub.load", "yaml.load"}


def sources() -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path.relative_to(PACKAGE), node


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return set()


def is_network(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in NETWORK)


def test_only_the_hub_uses_the_network() -> None:
    asking = {path.parts[0] for path, node in sources() if any(map(is_network, imported(node)))}
    assert asking == {"hub"}


def test_nothing_that_was_sent_is_run() -> None:
    reading = []
    for path, node in sources():
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        assert name not in RUNNING, f"{path}: {name}"
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        assert options.get("trust_remote_code", "False") == "False", path
        assert options.get("allow_pickle", "False") == "False", path
        if name == "torch.load":
            assert options.get("weights_only") == "True", path
            reading.append(path.as_posix())
        if name.endswith("from_pretrained"):
            assert options.get("local_files_only") == "True", path
    assert "engine/pickled_weights.py" in reading


def test_the_catalogue_asks_for_files_that_cannot_run() -> None:
    suffixes = {
        Path(name).suffix
        for entry in Catalog(resources() / "catalog.json").entries()
        for name in (*entry.files, *entry.optional)
    }
    assert suffixes == {".json", ".safetensors", ".model"}
