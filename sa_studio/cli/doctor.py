"""``sa-studio doctor``: what this computer has and what is missing."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sa_studio.cli.exit_status import DONE, USER_ERROR

# a finding's state → what a line begins with
MARKS = {"ok": "ok", "note": "ok", "warning": "!!", "problem": "NO"}


def add_to(commands: Any) -> None:
    """Add the command to the grammar."""
    doctor = commands.add_parser("doctor", help="say what this computer has and what is missing")
    doctor.add_argument("--json", action="store_true", help="one JSON list of findings")
    doctor.add_argument(
        "--online",
        action="store_true",
        help="ask the hub, too: whether it answers, and who you are",
    )
    doctor.add_argument("--verify", action="store_true", help="hash the files of every model again")
    doctor.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; the status says whether something must be mended."""
    from sa_studio.doctor import examine

    findings = examine(arguments.data_dir, online=arguments.online, verify=arguments.verify)
    if arguments.json:
        print(json.dumps([finding.as_json() for finding in findings], indent=2))
    else:
        for finding in findings:
            print(f"{MARKS[finding.state]:3} {finding.name}: {finding.text}")
            if finding.hint:
                print(f"    {finding.hint}")
    return DONE if all(finding.ok for finding in findings) else USER_ERROR
