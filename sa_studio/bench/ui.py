"""``sa-studio bench ui``: how fluid the real window is.

It has four parts, each with a data folder of its own:

session: opens the window that ``sa-studio`` opens, presses Generate again and again, and meanwhile
types into the prompt and moves the playhead. The lag of the event loop is measured all the time,
with the engine idle first: that is the baseline.

library: a library of many takes; how long the window takes to appear with it and without, how
long a search takes from a letter to the rows that it finds, and frames of the list as it scrolls.

sound: frames of a long stereo file as it is zoomed and panned, and how soon the spectrogram of a
usual sound is there.

preview: what the live preview takes of a run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sa_studio.bench import start_up
from sa_studio.bench.figures import HEADING, table_row
from sa_studio.bench.machine import describe_machine, seconds_since_process_start
from sa_studio.bench.models import find_model
from sa_studio.bench.report import print_report
from sa_studio.errors import ModelError, StudioError
from sa_studio.paths import DataFolder, bundled_models

TARGET_P99, TARGET_MAX = 33.0, 150.0  # milliseconds
TARGET_VISIBLE, TARGET_ROW = 1500.0, 100.0
TARGET_RATIO, TARGET_SEARCH, TARGET_FRAME = 1.3, 50.0, 16.0
TARGET_COMPLETE = 100.0
TARGET_SPECTROGRAM, TARGET_PREVIEW = 500.0, 0.05
SESSION, LIBRARY, SOUND, PREVIEW = "session", "library", "sound", "preview"
PARTS = (SESSION, LIBRARY, SOUND, PREVIEW)  # the session first: it watches what is imported when


def main(argv: Sequence[str]) -> int:
    """Measure, print the figures, return 0; a job that fails is a StudioError."""
    arguments = _parser().parse_args(argv)
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    wanted = [part for part in PARTS if part in (arguments.only or PARTS)]
    report: dict[str, Any] = {"machine": describe_machine()}
    for part in wanted:
        with tempfile.TemporaryDirectory(prefix="sa-studio-bench-") as folder:
            report |= _measure(part, arguments, Path(folder))
    load = report["machine"].get("load_1min")  # from before the benchmark added its own
    report["machine"] = {**describe_machine(), "load_1min": load}
    report["qt_platform"] = _qt_platform()
    print_report(report, as_text, as_json=arguments.json)
    return 0


def _qt_platform() -> str:
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.platformName() or "no screen"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sa-studio bench ui",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="generate for at least so long (default 60)"
    )
    parser.add_argument(
        "--idle", type=float, default=10.0, help="length of the baseline in seconds (default 10)"
    )
    parser.add_argument(
        "--only", action="append", choices=PARTS, metavar="PART",
        help=f"one of {', '.join(PARTS)}; can be given several times (default: all)",
    )  # fmt: skip
    parser.add_argument(
        "--takes", type=int, default=100_000, help="in the library (default 100000)"
    )
    parser.add_argument(
        "--starts", type=int, default=5, help="with each library, at least 1 (default 5)"
    )
    parser.add_argument("--rows", type=int, default=5_000, help="to scroll through (default 5000)")
    parser.add_argument(
        "--file-seconds", type=float, default=600.0, metavar="S",
        help="length of the long file (default 600)",
    )  # fmt: skip
    parser.add_argument(
        "--spectrogram-seconds", type=float, default=47.0, metavar="S",
        help="length of what the spectrogram is made of (default 47)",
    )  # fmt: skip
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


def _measure(part: str, arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One part, with an empty folder for it."""
    if part == SESSION:
        data = DataFolder(folder)
        data.create()
        return _measure_session(arguments, data.root, _provide_model(arguments.model, data))
    if part == LIBRARY:
        return {LIBRARY: _measure_library(arguments, folder)}
    if part == SOUND:
        from sa_studio.app import application
        from sa_studio.bench import long_sound

        application()
        return {
            SOUND: long_sound.measure(
                folder / "settings.json", arguments.file_seconds, arguments.spectrogram_seconds
            )
        }
    from sa_studio.bench import preview_cost

    model = find_model(arguments.model)
    found = preview_cost.measure(model, seconds=arguments.clip_seconds, steps=arguments.steps)
    return {PREVIEW: found}


def _measure_library(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from sa_studio.bench.crowded_library import fill

    folders = {name: DataFolder(folder / name) for name in ("empty", "full")}
    for data in folders.values():
        data.create()
    fill(folders["full"], arguments.takes)
    starts = start_up.compare(
        {name: data.root for name, data in folders.items()}, max(1, arguments.starts)
    )
    from sa_studio.app import create, settle
    from sa_studio.bench import big_library
    from sa_studio.bench.painting import wait_until_painted

    application, window = create(["--data-dir", str(folders["full"].root)])
    settle()
    try:
        wait_until_painted(window)
        found = big_library.measure(window, arguments.rows)
    finally:
        window.close()
        application.processEvents()
    return {
        "takes": arguments.takes,
        "start_ms": {name: [round(value) for value in values] for name, values in starts.items()},
        "start_ratio": round(start_up.ratio(starts["full"], starts["empty"]), 3),
        **found,
    }


def _measure_session(arguments: argparse.Namespace, data_dir: Path, model: str) -> dict[str, Any]:
    began = time.monotonic()
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
    """The figures as tables for people."""
    machine = report["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, load {machine.get('load_1min', '?')}; "
        f"{machine['system']}",
        f"Python {machine['python']}, torch {machine.get('torch', '?')} with "
        f"{machine.get('torch_threads', '?')} threads, Qt on {report['qt_platform']}",
    ]
    if "lag_ms" in report:
        lines += ["", *_session_lines(report)]
    if LIBRARY in report:
        lines += ["", *_library_lines(report[LIBRARY])]
    if SOUND in report:
        lines += ["", *_sound_lines(report[SOUND])]
    if PREVIEW in report:
        lines += ["", *_preview_lines(report[PREVIEW])]
    return "\n".join(lines) + "\n"


def _session_lines(report: dict[str, Any]) -> list[str]:
    lines = [
        f"model {report['model']}: {report['clips']} sounds in {report['work_seconds']} s",
        "",
        "event-loop lag in ms, one sample every 5 ms, typing and a moving playhead throughout",
        HEADING,
    ]
    for name, figures in report["lag_ms"].items():
        met = not figures or (figures["p99"] <= TARGET_P99 and figures["max"] <= TARGET_MAX)
        lines.append(table_row(name, figures, met=met))
    lines.append(f"target: p99 at most {TARGET_P99:g}, max at most {TARGET_MAX:g}")
    shown = report["window_visible"]
    start = shown["from_process_start_ms"]
    return [
        *lines,
        "",
        f"window visible after {shown['from_command_ms']:.0f} ms"
        + ("" if start is None else f", {start:.0f} ms from the start of the process")
        + f" (target {TARGET_VISIBLE:g}); torch imported by then: "
        + ("yes" if shown["torch_imported"] else "no"),
        "click on Generate to row painted: "
        + ", ".join(f"{value:.0f}" for value in report["click_to_row_ms"])
        + f" ms (target {TARGET_ROW:g})",
    ]


def _library_lines(found: dict[str, Any]) -> list[str]:
    starts = {
        name: f"{statistics.median(values):.0f} ms ({', '.join(map(str, values))})"
        for name, values in found["start_ms"].items()
    }
    return [
        f"library of {found['takes']:,} takes, {found['listed']:,} of them not rejected",
        f"start of the process to window painted: {starts['full']}; "
        f"with an empty library {starts['empty']}",
        f"ratio of the medians {found['start_ratio']:.2f} (target {TARGET_RATIO:g})"
        + _verdict(found["start_ratio"] <= TARGET_RATIO),
        "",
        "in ms",
        HEADING,
        _all_within("letter typed to rows painted", found["search_ms"], TARGET_SEARCH),
        _all_within("list, page by page", found["paging_ms"], TARGET_FRAME),
        _all_within("list, to anywhere", found["jumps_ms"], TARGET_FRAME),
        _all_within("list, dragged through", found["drag_ms"], TARGET_FRAME),
        _all_within("rows stand after a page", found["paging_complete_ms"], TARGET_COMPLETE),
        _all_within("rows stand after a jump", found["jumps_complete_ms"], TARGET_COMPLETE),
        f"target: search at most {TARGET_SEARCH:g}, a frame at most {TARGET_FRAME:g}, "
        f"rows after at most {TARGET_COMPLETE:g}",
    ]


def _sound_lines(found: dict[str, Any]) -> list[str]:
    pictures = found["spectrogram_ms"]
    return [
        f"stereo sound of {found['seconds']:g} s, zoomed and panned with the wheel; a frame in ms",
        HEADING,
        _all_within("waveform", found["waveform_frames_ms"], TARGET_FRAME),
        _all_within("waveform and spectrogram", found["both_frames_ms"], TARGET_FRAME),
        f"target: at most {TARGET_FRAME:g}",
        "",
        f"spectrogram of {found['spectrogram_of_seconds']:g} s ready after {pictures['p50']:.0f} "
        f"ms, at worst {pictures['max']:.0f} ms (target {TARGET_SPECTROGRAM:g})"
        + _verdict(pictures["max"] <= TARGET_SPECTROGRAM),
    ]


def _preview_lines(found: dict[str, Any]) -> list[str]:
    return [
        f"live preview: sampling takes {found['share']:+.1%} with it "
        f"({found['previews']} pictures in {found['sampling_seconds']:.1f} s; "
        f"medians of {found['runs']}; target at most {TARGET_PREVIEW:.0%})"
        + _verdict(found["share"] <= TARGET_PREVIEW)
    ]


def _all_within(name: str, figures: dict[str, Any] | None, target: float) -> str:
    """A row whose worst value must not be above the target."""
    return table_row(name, figures, met=figures is None or figures["max"] <= target)


def _verdict(met: bool) -> str:
    return "" if met else "  above the target"
