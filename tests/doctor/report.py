"""A report by the names of its findings."""

from __future__ import annotations

from collections.abc import Iterable

from sa_studio.doctor import Finding, State


def by_name(findings: Iterable[Finding]) -> dict[str, Finding]:
    found = list(findings)
    names = [finding.name for finding in found]
    assert len(set(names)) == len(names), names
    for finding in found:
        assert finding.text
        assert "\n" not in finding.text + finding.hint
        assert finding.hint or finding.state in (State.OK, State.NOTE)
    return {finding.name: finding for finding in found}
