"""The rooms of the package and who opens a door to whom, read from the code. Standard library only.

A room is a module or package directly below ``sa_studio``; a door is an import statement, wherever
in a file it stands. Imports that only a type checker sees are no doors, as for the contracts in
``pyproject.toml``, which also say in what order the rooms lie.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "sa_studio"
# parts of the standard library that are worth telling
TOLD = frozenset({"sqlite3"})


@dataclass(frozen=True, slots=True)
class House:
    """The rooms and their doors.

    Attributes:
        layers: the rooms, from the roof to the cellar; those of one layer are siblings.
        doors: for each room those that it imports.
        libraries: for each room the packages of others that it imports.
    """

    layers: tuple[tuple[str, ...], ...]
    doors: dict[str, frozenset[str]]
    libraries: dict[str, frozenset[str]]

    def needed_doors(self) -> dict[str, frozenset[str]]:
        """The doors that do not follow from others: no way leads there through other rooms."""
        reached: dict[str, frozenset[str]] = {}
        for room in (name for layer in reversed(self.layers) for name in layer):
            reached[room] = self.doors[room].union(*(reached[door] for door in self.doors[room]))
        return {
            room: frozenset(
                door
                for door in doors
                if not any(door in reached[other] for other in doors if other != door)
            )
            for room, doors in self.doors.items()
        }


def read_house(root: Path) -> House:
    """The house as its code is now.

    Args:
        root: the checkout.

    Raises:
        ValueError: a room has no place in the layers of ``pyproject.toml``.
    """
    doors: dict[str, frozenset[str]] = {}
    libraries: dict[str, frozenset[str]] = {}
    places = {path.stem for path in (root / PACKAGE).iterdir() if _is_room(path)}
    for room in places:
        found = {name for path in _files(root / PACKAGE, room) for name in _imported(path)}
        inside = {name.split(".")[1] for name in found if name.startswith(f"{PACKAGE}.")}
        doors[room] = frozenset(inside & places - {room})
        outside = {name.split(".")[0] for name in found} - {PACKAGE}
        libraries[room] = frozenset(outside - (sys.stdlib_module_names - TOLD))
    layers = tuple(
        layer
        for names in _layers(root)
        if (layer := tuple(name for name in names if name in places))
    )
    homeless = places - {name for layer in layers for name in layer}
    if homeless:
        raise ValueError(f"no layer of pyproject.toml has {', '.join(sorted(homeless))}")
    return House(layers, doors, libraries)


def _is_room(path: Path) -> bool:
    return path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").is_file())


def _files(package: Path, room: str) -> Iterator[Path]:
    module = package / f"{room}.py"
    return iter([module]) if module.is_file() else (package / room).rglob("*.py")


def _layers(root: Path) -> list[list[str]]:
    """The layers of the first contract; brackets mark rooms that need not be there."""
    content = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (
        contract["layers"]
        for contract in content["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    return [[name.strip(" ()") for name in line.split("|")] for line in layers]


def _imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports; of ``from a import b`` both ``a`` and ``a.b``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
