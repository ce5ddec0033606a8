"""Exports a sound over and over, in processes that a test kills.

Run as a process of its own: ``python -m tests.delivery.export_forever SOURCE FOLDER WAY``. For
each line on stdin it starts a child that delivers without end, and prints the child's number as
soon as that has begun; it prints "ended" when somebody has killed it. The children are forked: the
imports, which take longer than all the rest, are done once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sa_studio.delivery import new_file
from sa_studio.delivery.deliver import Delivery
from sa_studio.delivery.deliverable import of_file
from sa_studio.delivery.model_book import ModelBook
from sa_studio.hub.lora_store import LoraStore
from sa_studio.hub.store import ModelStore
from sa_studio.paths import resources
from sa_studio.vocabulary.delivery import DeliveryProfile
from sa_studio.vocabulary.ucs import UcsList


def main(source: Path, folder: Path, way: str) -> None:
    """Start children until stdin ends."""
    if way == "hidden":  # as on systems whose files need a name from the start
        new_file._write_nameless = lambda path, content: False  # type: ignore[assignment]
    sound = of_file(source)
    none = folder / "none"
    models = ModelBook(ModelStore(none, none), resources() / "catalog.json", LoraStore(none))
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            # a delivery of its own, as after a new start
            delivery = Delivery(DeliveryProfile(), folder, models, lambda: UcsList(()))
            delivery.deliver(sound)
            print(os.getpid(), flush=True)  # noqa: T201
            while True:
                delivery.deliver(sound)
        os.waitpid(child, 0)
        print("ended", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
