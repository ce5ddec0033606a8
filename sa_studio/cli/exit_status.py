"""What the process says with its last number."""

from __future__ import annotations

DONE = 0
BUG = 1  # ours
USER_ERROR = 2  # something the user can mend
INTERRUPTED = 130  # by Ctrl+C; by another signal, 128 and its number
