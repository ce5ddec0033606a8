"""``sa-studio bench ui``: how fluid the real window stays while sounds are made.

Opens the window that ``sa-studio`` opens, with a data folder of its own, presses Generate again
and again, and meanwhile types into the prompt and the search and moves the playhead. The lag of
the event loop is measured all the time, with the engine idle first: that is the baseline.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sa_studio.bench.machine import describe_machine, seconds_since_process_start
from sa_studio.bench.report import print_report
from sa_studio.errors import ModelError, StudioError
from sa_studio.paths import DataFolder, bundled_models

TARGET_P99, TARGET_MAX = 33.0, 150.0  # milliseconds
TARGET_VISIBLE, TARGET_ROW = 1500.0, 100.0


def main(argv: Sequence[str]) -> int:
    """Measure, print the figures, return 0; a job that fails is a StudioError."""
    arguments = _parser().parse_args(argv)
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="sa-studio-bench-") as folder:
        data = DataFolder(Path(folder))
        data.create()
        model = _provide_model(arguments.model, data)
        report = _measure(arguments, data.root, model)
    print_report(report, as_text, as_json=arguments.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sa-studio bench ui", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="generate for at least so long (default 60)"
    )
    parser.add_argument(
        "--idle", type=float, default=10.0, help="length of the baseline in seconds (default 10)"
    )
    parser.add_argument("--model", default="starter", metavar="ID|PATH")
    parser.add_argument("--clip-seconds", type=float, metavar="S", help="length of each sound")
    parser.add_argument("--steps", type=int, metavar="N", help="sampler steps")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser


def _provide_model(model: str, data: DataFolder) -> str:
    """Make a model that does not come with the application visible in the benchmark's folder.

    Returns its id there.

    Raises:
        ModelError: there is no such model.
    """
    places = [Path(model).expanduser()]
    if Path(model).name == model:  # an id, not a path
        if (bundled_models() / model).is_dir():
            return model
        places.append(DataFolder.choose().models / model)
    for folder in places:
        if folder.is_dir():
            (data.models / folder.name).symlink_to(folder.absolute(), target_is_directory=True)
            return folder.name
    raise ModelError(f"There is no model {model!r}", "Give an installed model or a model folder.")


def _measure(arguments: argparse.Namespace, data_dir: Path, model: str) -> dict[str, Any]:
    began = time.monotonic()
    machine = describe_machine()  # now, for the load before the benchmark adds its own
    from sa_studio.app import create

    application, window = create(["--data-dir", str(data_dir)])
    from sa_studio.bench.session import Session

    try:
        session = Session(
            window,
            model=model,
            idle_seconds=arguments.idle,
            work_seconds=arguments.seconds,
            clip_seconds=arguments.clip_seconds,
            steps=arguments.steps,
        )
        visible = session.show()
        age = seconds_since_process_start()
        torch_imported = "torch" in sys.modules
        session.run(application)
    finally:
        window.close()
        application.processEvents()
    if session.problem:
        raise StudioError(session.problem, "The benchmark needs jobs that succeed.")
    return {
        "machine": {**machine, **describe_machine(), "load_1min": machine.get("load_1min")},
        "qt_platform": application.platformName(),
        "model": model,
        "clips": session.clips,
        "work_seconds": round(session.work_seconds, 1),
        "window_visible": {
            "from_process_start_ms": None if age is None else round(age * 1000, 1),
            "from_command_ms": round((visible - began) * 1000, 1),
            "torch_imported": torch_imported,
        },
        "click_to_row_ms": [round(value, 1) for value in session.click_to_row],
        "lag_ms": {
            name: figures and asdict(figures) for name, figures in session.figures().items()
        },
    }


def as_text(report: dict[str, Any]) -> str:
    """The figures as a table for people."""
    machine = report["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, load {machine.get('load_1min', '?')}; "
        f"{machine['system']}",
        f"Python {machine['python']}, torch {machine.get('torch', '?')} with "
        f"{machine.get('torch_threads', '?')} threads, Qt on {report['qt_platform']}",
        f"model {report['model']}: {report['clips']} sounds in {report['work_seconds']} s",
        "",
        "event-loop lag in ms, one sample every 5 ms, typing and a moving playhead throughout",
        f"{'':26}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}{'samples':>9}",
    ]
    for name, figures in report["lag_ms"].items():
        if figures is None:
            lines.append(f"{name:26}{'not reached':>41}")
            continue
        row = "".join(f"{figures[key]:8.1f}" for key in ("p50", "p95", "p99", "max"))
        met = figures["p99"] <= TARGET_P99 and figures["max"] <= TARGET_MAX
        verdict = "" if met else "  above the target"
        lines.append(f"{name:26}{row}{figures['samples']:9d}{verdict}")
    lines.append(f"target: p99 at most {TARGET_P99:g}, max at most {TARGET_MAX:g}")
    shown = report["window_visible"]
    start = shown["from_process_start_ms"]
    lines += [
        "",
        f"window visible after {shown['from_command_ms']:.0f} ms"
        + ("" if start is None else f", {start:.0f} ms from the start of the process")
        + f" (target {TARGET_VISIBLE:g}); torch imported by then: "
        + ("yes" if shown["torch_imported"] else "no"),
        "click on Generate to row painted: "
        + ", ".join(f"{value:.0f}" for value in report["click_to_row_ms"])
        + f" ms (target {TARGET_ROW:g})",
    ]
    return "\n".join(lines) + "\n"
