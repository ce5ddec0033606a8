"""``sa-studio evaluate``: how good a model is, by meters and by an independent judge."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sa_studio.atomic_file import write_atomically
from sa_studio.cli.arguments import UsageError, limit
from sa_studio.cli.exit_status import DONE
from sa_studio.errors import StudioError

# what there is to evaluate against
NAMES = ("starter",)


def add_to(commands: Any) -> None:
    """Add the command to the grammar."""
    evaluate = commands.add_parser(
        "evaluate", help="judge the sounds of a model (development)", allow_abbrev=False
    )
    evaluate.add_argument("name", choices=NAMES, help="the recipe whose sheet is used")
    evaluate.add_argument(
        "--work", type=Path, required=True, metavar="DIR", help="the recipe's work folder"
    )
    evaluate.add_argument(
        "--judge", type=Path, required=True, metavar="DIR", help="aisfx, unpacked from its wheel"
    )
    evaluate.add_argument("--model", default="starter", metavar="ID|PATH")
    evaluate.add_argument(
        "--clips", type=limit, default=500, metavar="N", help="prompts at most (default 500)"
    )
    evaluate.add_argument("--threads", type=limit, default=2, metavar="N")
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    evaluate.add_argument("--keep", type=Path, metavar="DIR", help="keep the sounds there")
    evaluate.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Evaluate and print the report; a gate that is not reached is no error."""
    from sa_studio.evaluation.judge import Judge
    from sa_studio.evaluation.known_embeddings import KnownEmbeddings
    from sa_studio.evaluation.sheet import FILE, read_sheet

    sheet = read_sheet(arguments.work)
    judge = Judge.load(arguments.judge)
    _prepare(arguments)

    import torch

    from sa_studio.engine import load_model
    from sa_studio.evaluation.maker import Maker
    from sa_studio.evaluation.starter import StarterEvaluation
    from sa_studio.hub.store import ModelStore
    from sa_studio.paths import DataFolder, bundled_models

    store = ModelStore(bundled_models(), DataFolder.choose(arguments.data_dir).models)
    # on the processor, so that figures can be compared between machines
    pipeline = load_model(
        store.locate(arguments.model), device="cpu", text_encoder=store.shared_text_encoder()
    )
    torch.set_num_threads(arguments.threads)
    maker = Maker(pipeline, arguments.keep)
    known = KnownEmbeddings(judge, arguments.work / FILE.with_name("embeddings.npz"))
    report = StarterEvaluation(sheet, judge, known, maker, arguments.clips).run()
    if arguments.json is not None:
        content = json.dumps(report.values(), indent=1, ensure_ascii=False) + "\n"
        try:
            write_atomically(arguments.json, content.encode())
        except OSError as error:
            raise StudioError(
                f"{str(arguments.json)!r} cannot be written ({error.strerror or error})",
                "Choose another file with --json.",
            ) from error
    sys.stdout.write(report.markdown())
    known.keep()
    return DONE


def _prepare(arguments: argparse.Namespace) -> None:
    """Find out now, not after minutes, what cannot be written."""
    try:
        if arguments.keep is not None:
            arguments.keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {str(arguments.keep)!r} cannot be made ({error.strerror or error})",
            "Choose another with --keep.",
        ) from error
    if arguments.json is not None and not arguments.json.absolute().parent.is_dir():
        raise UsageError(
            f"There is no folder for {str(arguments.json)!r}", "Choose another file with --json."
        )
