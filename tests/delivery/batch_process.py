"""The command line, but sounds are struck noises: a process that tests may interrupt and kill."""

from __future__ import annotations

import sys

from sa_studio import service
from sa_studio.cli import main
from tests.delivery.hits import HitPipeline, loader_of

if __name__ == "__main__":
    service.engine_loader = loader_of(HitPipeline())
    sys.exit(main())
