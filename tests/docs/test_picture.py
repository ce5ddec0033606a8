"""The picture of the rooms is what the imports are."""

from __future__ import annotations

import subprocess
import sys

import grimp

from tests.docs.documents import ROOT

FOLDER = ROOT / "docs" / "architecture"
sys.path.insert(0, str(FOLDER))

import picture  # noqa: E402
from rooms import PACKAGE, House, read_house  # noqa: E402

HOUSE = House(
    (("roof",), ("left", "right"), ("cellar",)),
    {
        "roof": frozenset({"left", "right", "cellar"}),
        "left": frozenset({"cellar"}),
        "right": frozenset(),
        "cellar": frozenset(),
    },
    {"roof": frozenset({"Qt"}), "left": frozenset(), "right": frozenset(), "cellar": frozenset()},
)


def test_the_picture_is_up_to_date() -> None:
    command = [sys.executable, ROOT / "dev.py", "picture", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_doors_are_the_imports_that_import_linter_sees() -> None:
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True)
    house = read_house(ROOT)
    assert {child.split(".")[1] for child in graph.find_children(PACKAGE)} == set(house.doors)
    for room, doors in house.doors.items():
        for other in set(house.doors) - {room}:
            is_open = graph.direct_import_exists(
                importer=f"{PACKAGE}.{room}", imported=f"{PACKAGE}.{other}", as_packages=True
            )
            assert is_open == (other in doors), f"{room} to {other}"


def test_a_door_that_follows_from_others_is_left_out() -> None:
    assert HOUSE.needed_doors()["roof"] == {"left", "right"}


def test_rooms_stand_below_those_that_import_them() -> None:
    plan = picture.Plan(HOUSE)
    assert plan.row == {"roof": 0, "left": 1, "right": 1, "cellar": 2}
    assert abs(plan.x[("left",)] - plan.x[("right",)]) > plan.text_width(("left",))


def test_every_room_and_every_needed_door_is_drawn() -> None:
    drawn = picture.draw(HOUSE)
    assert drawn.count('class="room"') == 4
    assert drawn.count('class="door"') == 3
    assert "<title>roof imports left</title>" in drawn
    assert ">Qt<" in drawn
