"""Draw the rooms of the package and the doors between them as an SVG. Standard library only.

``python3 dev.py picture`` writes ``rooms.svg`` beside this file; with ``--check`` it only says
whether what is there is what the code would give.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from html import escape
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from rooms import PACKAGE, House, read_house

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "rooms.svg"

# pixels
LETTER, SMALL = 8.0, 6.1  # the width of a letter in a name, and in the line below it
BOX, ROW, GAP, MARGIN = 40, 88, 26, 24
LANE = 14  # what an arrow takes that passes between rooms
SWEEPS = 24

STYLE = """
  text { font-family: Inter, "Segoe UI", Helvetica, Arial, sans-serif; text-anchor: middle }
  .name { font-size: 14px; font-weight: 600; fill: #16202b }
  .libraries { font-size: 10px; fill: #51606f }
  .room { fill: #eef5f6; stroke: #2b7a83; stroke-width: 1.4 }
  .door { fill: none; stroke: #5d6f80; stroke-width: 1.3 }
"""

Node = tuple[str, ...]
"""A room, ``(name,)``, or the place where an arrow passes a row: ``(from, to, row)``."""


class Plan:
    """Where every room and every arrow goes.

    Args:
        house: what to draw.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.doors = house.needed_doors()
        self.row = self._rows()
        self.lines: list[list[Node]] = []
        self.rows: dict[int, list[Node]] = defaultdict(list)
        for layer in house.layers:
            for room in layer:
                self.rows[self.row[room]].append((room,))
        for room in self.row:
            for door in sorted(self.doors[room]):
                between = range(self.row[room] + 1, self.row[door])
                passed: list[Node] = [(room, door, str(row)) for row in between]
                for row, node in zip(between, passed, strict=True):
                    self.rows[row].append(node)
                self.lines.append([(room,), *passed, (door,)])
        self.x = self._places()
        self.height = 2 * MARGIN + max(self.row.values()) * ROW + BOX

    def _rows(self) -> dict[str, int]:
        """A room is a row below the lowest that opens a door to it."""
        row = {name: 0 for layer in self.house.layers for name in layer}
        for name in row:  # from the roof down
            for door in self.doors[name]:
                row[door] = max(row[door], row[name] + 1)
        return row

    def text_width(self, node: Node) -> float:
        """The width of a room; of an arrow, its lane."""
        if len(node) > 1:
            return LANE
        libraries = ", ".join(sorted(self.house.libraries[node[0]], key=str.lower))
        return max(LETTER * len(node[0]), SMALL * len(libraries)) + 24

    def _places(self) -> dict[Node, float]:
        """The middle of every node: near those that it is joined to, and beside no other."""
        joined: dict[Node, list[Node]] = defaultdict(list)
        for line in self.lines:
            for upper, lower in pairwise(line):
                joined[upper].append(lower)
                joined[lower].append(upper)
        x: dict[Node, float] = {}
        for nodes in self.rows.values():
            x.update(self._spread(nodes, dict.fromkeys(nodes, 0.0)))
        for sweep in range(SWEEPS):
            for number in sorted(self.rows, reverse=bool(sweep % 2)):
                nodes = self.rows[number]
                wish = {
                    node: fmean([x[other] for other in joined[node]] or [0.0]) for node in nodes
                }
                nodes.sort(key=lambda node: wish[node])
                x.update(self._spread(nodes, wish))
        left = min(place - self.text_width(node) / 2 for node, place in x.items())
        self.width = MARGIN - left + MARGIN
        self.width += max(place + self.text_width(node) / 2 for node, place in x.items())
        return {node: place - left + MARGIN for node, place in x.items()}

    def _spread(self, nodes: list[Node], wish: dict[Node, float]) -> dict[Node, float]:
        """Places in the order given, as near to the wishes as the widths allow."""
        places: list[float] = []
        for node in nodes:
            free = wish[node]
            if places:
                before = nodes[len(places) - 1]
                apart = (self.text_width(before) + self.text_width(node)) / 2 + GAP
                free = max(free, places[-1] + apart)
            places.append(free)
        # what was pushed to the right is shared by all
        drift = fmean(place - wish[node] for node, place in zip(nodes, places, strict=True))
        return {node: place - drift for node, place in zip(nodes, places, strict=True)}

    def y(self, row: int) -> float:
        """The upper edge of a row."""
        return MARGIN + row * ROW

    def path(self, line: list[Node]) -> str:
        """An arrow, from the lower edge of a room to the upper edge of another."""
        top = self.row[line[0][0]]
        points = [(self.x[line[0]], self.y(top) + BOX)]
        for row, node in enumerate(line[1:], top + 1):
            points.append((self.x[node], self.y(row)))
            if node != line[-1]:
                points.append((self.x[node], self.y(row) + BOX))
        drawn = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
        for (x, y), (x_next, y_next) in pairwise(points):
            bend = (y_next - y) / 2
            drawn += f" C{x:.0f} {y + bend:.0f} {x_next:.0f} {y_next - bend:.0f}"
            drawn += f" {x_next:.0f} {y_next:.0f}"
        return drawn


def draw(house: House) -> str:
    """The picture as SVG."""
    plan = Plan(house)
    width, height = round(plan.width), round(plan.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>The rooms of {PACKAGE} and what they import</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5d6f80"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    parts += [
        f'<path class="door" d="{plan.path(line)}" marker-end="url(#tip)">'
        f"<title>{line[0][0]} imports {line[-1][0]}</title></path>"
        for line in plan.lines
    ]
    for room, row in plan.row.items():
        parts += _room(room, house.libraries[room], plan.x[(room,)], plan.y(row), plan)
    return "\n".join([*parts, "</svg>", ""])


def _room(room: str, libraries: frozenset[str], x: float, y: float, plan: Plan) -> list[str]:
    width = plan.text_width((room,))
    below = escape(", ".join(sorted(libraries, key=str.lower)))
    return [
        f'<rect class="room" x="{x - width / 2:.0f}" y="{y:.0f}" width="{width:.0f}" '
        f'height="{BOX}" rx="7"/>',
        f'<text class="name" x="{x:.0f}" y="{y + (18 if below else 25):.0f}">{room}</text>',
        *(
            [f'<text class="libraries" x="{x:.0f}" y="{y + 32:.0f}">{below}</text>']
            if below
            else []
        ),
    ]


def main(arguments: list[str]) -> int:
    """Write the picture, or with ``--check`` compare it; returns the exit status."""
    drawn = draw(read_house(HERE.parents[1]))
    if arguments == ["--check"]:
        if PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == drawn:
            return 0
        sys.stderr.write("docs/architecture/rooms.svg is not what the code says; type: ")
        sys.stderr.write("python3 dev.py picture\n")
        return 1
    if arguments:
        sys.stderr.write("usage: python3 dev.py picture [--check]\n")
        return 2
    PICTURE.write_text(drawn, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{PICTURE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
