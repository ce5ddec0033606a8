"""``python -m sa_studio`` is ``sa-studio``."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """The command line as a process of its own; returns the exit status.

    Before a command runs and after it has ended nothing is left to be put in order: Ctrl+C ends
    the process then and there, without a traceback of what happened to be imported.
    """
    waits_for_ctrl_c = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if waits_for_ctrl_c:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sa_studio import cli

    if not waits_for_ctrl_c:
        return cli.main()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return cli.main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
