"""``python -m sa_studio`` is ``sa-studio``."""

import sys

from sa_studio.cli import main

sys.exit(main())
