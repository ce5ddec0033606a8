"""The table of licences names every library that is needed, and what its package declares."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata

import pytest

from tests.docs.documents import ROOT, read

ROWS = dict(re.findall(r"^\| ([\w-]+) \| ([\w.-]+) \|", read("docs/licences.md"), re.MULTILINE))
# how packages say what the identifiers of SPDX say
SPELLINGS = {
    "Apache-2.0": ("apache-2.0", "apache software license", "apache 2.0"),
    "BSD-3-Clause": ("bsd-3-clause", "bsd 3-clause"),
    "LGPL-2.1": ("lgpl-2.1",),
    "LGPL-3.0": ("lgpl-3.0",),
    "MIT": ("mit",),
    "MPL-2.0": ("mpl-2.0",),
}


def needed() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}  # type: ignore[index]


def test_every_library_that_is_needed_has_a_row() -> None:
    assert {name for name in ROWS if name != "package"} == needed()


@pytest.mark.parametrize("name", sorted(needed()))
def test_the_licence_is_what_the_package_declares(name: str) -> None:
    facts = metadata(name)
    declared = " ".join(
        [
            facts.get("License-Expression") or "",
            (facts.get("License") or "")[:200],
            *(facts.get_all("Classifier") or []),
        ]
    ).lower()
    assert any(spelling in declared for spelling in SPELLINGS[ROWS[name]]), declared
