"""``sa-studio doctor``: what this computer has and what is missing."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sa_studio.cli.exit_status import DONE, USER_ERROR


def add_to(commands: Any) -> None:
    """Add the command to the grammar."""
    doctor = commands.add_parser("doctor", help="say what this computer has and what is missing")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; the status says whether something must be mended."""
    from sa_studio.doctor import examine

    checks = examine(arguments.data_dir)
    if arguments.json:
        print(json.dumps([check.as_json() for check in checks], indent=2))
    else:
        for check in checks:
            print(f"{'ok' if check.ok else 'NO':3} {check.name}: {check.text}")
            if check.hint:
                print(f"    {check.hint}")
    return DONE if all(check.ok for check in checks) else USER_ERROR
