"""The command line: ``sa-studio``. Results go to stdout, progress and errors to stderr.

Exit status: 0 done; 2 something the user can mend, in one line; 1 our bug; 130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import math
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from sa_studio import __version__
from sa_studio.errors import AudioFileError, StudioError
from sa_studio.events import ClipFinished, JobEvent, JobFailed, ModelLoading, Progress
from sa_studio.generation import Clip, ClipState, GenerationRequest

DONE, BUG, USER_ERROR, INTERRUPTED = 0, 1, 2, 130
SMOKE_SECONDS = 0.5
MAX_LIMIT = 10**6


class UsageError(StudioError):
    """The command line itself cannot be understood."""


class _Parser(argparse.ArgumentParser):
    """Reports what is wrong in one line; knows ``--data-dir``, before and after a command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_argument(
            "--data-dir", metavar="DIR", default=argparse.SUPPRESS, help="where everything is kept"
        )

    def error(self, message: str) -> NoReturn:
        raise UsageError(message[:1].upper() + message[1:], f"Try: {self.prog} --help")


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


def _whole(text: str) -> int:
    return int(text)


def _limit(text: str) -> int:
    value = int(text)
    if not 1 <= value <= MAX_LIMIT:
        raise ValueError
    return value


# argparse says "invalid number value: …"
_number.__name__ = "number"
_whole.__name__ = "whole number"
_limit.__name__ = f"limit (1 to {MAX_LIMIT})"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (the process's own if ``None``); returns the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a prompt may hold what a terminal's or a pipe's encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = _run(argv)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except StudioError as error:
        print(f"sa-studio: {error.one_line()}", file=sys.stderr)
        return USER_ERROR
    except BrokenPipeError:
        _discard_output()
        return DONE
    except KeyboardInterrupt:
        print("sa-studio: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception:  # noqa: BLE001 (our bug: say so, with everything a report needs)
        traceback.print_exc()
        print(
            "sa-studio: this is a bug of SA Studio; please report the lines above", file=sys.stderr
        )
        return BUG


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit:  # --help and --version have said what they say
        return DONE
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    command: Callable[[argparse.Namespace], int] = arguments.command
    return command(arguments)


def _discard_output() -> None:
    """Whoever read our output has seen enough; nothing more may be written at exit either."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = _Parser(
        prog="sa-studio",
        description="Make sounds from words. Without a command the window opens.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"SA Studio {__version__}")
    top.set_defaults(data_dir=None)
    top.add_argument(
        "--smoke-test", action="store_true", help="make a short sound, check it, and say so"
    )
    top.set_defaults(command=_open_window_or_test)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    _add_generate(commands)
    _add_lists(commands)
    _add_presets(commands)
    doctor = commands.add_parser("doctor", help="say what this computer has and what is missing")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(command=_doctor)
    bench = commands.add_parser("bench", help="measure, and print the figures", add_help=False)
    bench.add_argument("rest", nargs=argparse.REMAINDER)
    bench.set_defaults(command=_bench)
    return top


def _add_generate(commands: Any) -> None:
    generate = commands.add_parser("generate", help="make sounds", allow_abbrev=False)
    generate.add_argument("prompt", metavar="PROMPT")
    generate.add_argument("--negative", default="", metavar="TEXT", help="what to steer away from")
    generate.add_argument("--seconds", type=_number, metavar="S")
    generate.add_argument("--seed", type=_whole, metavar="N")
    generate.add_argument("--count", type=_whole, default=1, metavar="N", help="how many takes")
    generate.add_argument("--steps", type=_whole, metavar="N")
    generate.add_argument("--guidance", type=_number, metavar="G")
    generate.add_argument("--sampler", metavar="NAME")
    generate.add_argument("--model", default="starter", metavar="ID|PATH")
    generate.add_argument("--init-audio", type=Path, metavar="FILE", help="a sound to start from")
    generate.add_argument("--init-noise", type=_number, metavar="X", help="how much to replace")
    generate.add_argument("--device", default=None, metavar="D")
    generate.add_argument("--dtype", default=None, metavar="T")
    generate.add_argument(
        "--out", type=Path, metavar="FILE|DIR", help="copy the sounds there; never overwrites"
    )
    generate.add_argument("--json", action="store_true", help="one JSON object a line per sound")
    generate.set_defaults(command=_generate)


def _add_lists(commands: Any) -> None:
    library = commands.add_parser("library", help="what was made").add_subparsers(required=True)
    listing = library.add_parser("list", help="the newest takes")
    listing.add_argument("search", nargs="?", default="")
    listing.add_argument("--limit", type=_limit, default=50)
    listing.set_defaults(command=_library_list)
    show = library.add_parser("show", help="everything about a take")
    show.add_argument("clip_id")
    show.set_defaults(command=_library_show)
    models = commands.add_parser("models", help="what is installed").add_subparsers(required=True)
    listed = models.add_parser("list")
    listed.set_defaults(command=_models_list)
    info = models.add_parser("info")
    info.add_argument("model", metavar="ID|PATH")
    info.set_defaults(command=_models_info)
    for command in (listing, show, listed, info):
        command.add_argument("--json", action="store_true")


def _add_presets(commands: Any) -> None:
    presets = commands.add_parser("presets", help="saved settings").add_subparsers(required=True)
    presets.add_parser("list").set_defaults(command=_presets_list)
    for name, command in (("show", _presets_show), ("delete", _presets_delete)):
        sub = presets.add_parser(name)
        sub.add_argument("name")
        sub.set_defaults(command=command)
    save = presets.add_parser("save")
    save.add_argument("name")
    save.add_argument("--prompt")
    save.add_argument("--negative", dest="negative_prompt")
    save.add_argument("--seconds", type=_number)
    save.add_argument("--steps", type=_whole)
    save.add_argument("--guidance", dest="guidance_scale", type=_number)
    save.add_argument("--sampler")
    save.add_argument("--model")
    save.add_argument("--overwrite", action="store_true")
    save.set_defaults(command=_presets_save)


# Imports inside the commands keep --version and --help quick.


def _open_window_or_test(arguments: argparse.Namespace) -> int:
    if arguments.smoke_test:
        return _smoke_test()
    from sa_studio import app

    return app.main([] if arguments.data_dir is None else ["--data-dir", arguments.data_dir])


def _studio(arguments: argparse.Namespace) -> Any:
    from sa_studio.service import Studio

    return Studio(arguments.data_dir)


def _generate(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        request = GenerationRequest(
            prompt=arguments.prompt,
            negative_prompt=arguments.negative,
            seconds=arguments.seconds,
            seed=arguments.seed,
            count=arguments.count,
            steps=arguments.steps,
            guidance_scale=arguments.guidance,
            sampler=arguments.sampler,
            model=arguments.model,
            init_audio=arguments.init_audio,
            init_noise_level=arguments.init_noise,
            device=arguments.device or studio.settings.device,
            dtype=arguments.dtype or studio.settings.dtype,
        )
        targets = _targets(arguments.out, request.count)
        printer = _Printer(targets, as_json=arguments.json)
        with printer:
            studio.submit(request)
            studio.run_until_empty(printer)
    if printer.failure is None:
        if printer.copy_problem is not None:
            raise printer.copy_problem
        return DONE
    if printer.failure.details:  # the runner has logged them, which is to stderr here
        print(
            f"sa-studio: {printer.failure.message}; please report the lines above", file=sys.stderr
        )
        return BUG
    raise StudioError(printer.failure.message, printer.failure.hint)


def _targets(out: Path | None, count: int) -> Callable[[Clip], Path] | None:
    """Where each finished take is copied to; checked before anything is made."""
    if out is None:
        return None
    is_file = bool(out.suffix) and not os.path.isdir(out)  # noqa: PTH112 (never raises)
    if is_file and out.suffix.lower() != ".wav":
        raise UsageError(
            f"--out {str(out)!r} is neither a .wav file nor a folder that exists",
            "Sounds are written as WAV files.",
        )
    if is_file and os.path.lexists(out):
        raise UsageError(f"--out {str(out)!r} exists already", "Choose another name.")
    folder = out.parent if is_file else out
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # proves that it can be written, by whatever rules the file system has
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UsageError(
            f"The folder {str(folder)!r} cannot be written ({error.strerror or error})",
            "Choose another with --out.",
        ) from error

    def target(clip: Clip) -> Path:
        if not is_file:
            assert clip.path is not None
            return folder / clip.path.name
        return out if count == 1 else out.with_stem(f"{out.stem} {clip.take + 1:02}")

    return target


class _Printer:
    """Shows what happens: results to stdout, a progress bar to a terminal's stderr."""

    def __init__(self, target: Callable[[Clip], Path] | None, *, as_json: bool) -> None:
        self.failure: JobFailed | None = None
        self.copy_problem: AudioFileError | None = None
        self._target, self._json = target, as_json
        self._bar: Any = None

    def __enter__(self) -> _Printer:
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(bar_format="{desc} {percentage:3.0f}% |{bar}|", leave=False)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, event: JobEvent) -> None:
        match event:
            case ClipFinished(clip=clip):
                self._finished(clip)
            case JobFailed():
                self.failure = event
            case ModelLoading() if self._bar is not None:
                self._bar.set_description_str("loading the model")
            case Progress() if self._bar is not None:
                self._progress(event)

    def _progress(self, event: Progress) -> None:
        what = "decoding" if event.state is ClipState.DECODING else "sampling"
        left = "" if event.eta_seconds is None else f", {event.eta_seconds:.0f} s left"
        text = f"take {event.take + 1}/{event.takes}, {what}{left}"
        self._bar.set_description_str(text, refresh=False)
        self._bar.total = event.steps
        self._bar.update(event.step - self._bar.n)

    def _finished(self, clip: Clip) -> None:
        path = clip.path
        assert path is not None
        if self._target is not None:
            try:
                path = _copy(path, self._target(clip))
            except AudioFileError as error:
                # the sound is in the library all the same, and so will the next ones be
                self.copy_problem = self.copy_problem or error
        if self._bar is not None:
            self._bar.clear()
        try:
            print(json.dumps(_facts(clip, path)) if self._json else path, flush=True)
        except BrokenPipeError:  # nobody reads on, but the other takes were asked for
            _discard_output()


def _copy(source: Path, wanted: Path) -> Path:
    from sa_studio.audio.naming import claim

    target = claim(wanted)
    try:
        shutil.copyfile(source, target)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise AudioFileError(
            f"The sound cannot be copied to {str(target)!r} ({error.strerror or error})",
            f"It is kept as {str(source)!r}.",
        ) from error
    return target


def _facts(clip: Clip, path: Path | None) -> dict[str, Any]:
    """A take as scripts see it."""
    request = clip.request
    return {
        "clip_id": clip.id,
        "path": None if path is None else str(path.absolute()),
        "prompt": request.prompt,
        "seed": request.seed,
        "seconds": clip.seconds,
        "sample_rate": clip.sample_rate,
        "channels": clip.channels,
        "model": request.model,
        "sampler": request.sampler,
        "steps": request.steps,
        "guidance": request.guidance_scale,
        "elapsed_seconds": clip.elapsed_seconds,
    }


def _smoke_test() -> int:
    """Make a short sound from nothing in a folder of its own, and read it back."""
    import soundfile

    from sa_studio.service import Studio

    with tempfile.TemporaryDirectory() as folder, Studio(folder) as studio:
        finished: list[Clip] = []
        problems: list[str] = []

        def emit(event: JobEvent) -> None:
            match event:
                case ClipFinished(clip=clip):
                    finished.append(clip)
                case JobFailed(message=message):
                    problems.append(message)

        studio.submit(GenerationRequest("kick drum", seconds=SMOKE_SECONDS, seed=1, steps=4))
        studio.run_until_empty(emit)
        if problems or not finished:
            reason = " ".join(problems) or "no sound was made"
            print(f"sa-studio: the smoke test failed: {reason}", file=sys.stderr)
            return BUG
        info = soundfile.info(str(finished[0].path))
        if info.frames != round(SMOKE_SECONDS * info.samplerate):
            print(f"sa-studio: the smoke test failed: {info.frames} samples", file=sys.stderr)
            return BUG
        print(f"SA Studio {__version__}: made {info.duration:g} s at {info.samplerate} Hz")
    return DONE


def _doctor(arguments: argparse.Namespace) -> int:
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


def _bench(arguments: argparse.Namespace) -> int:
    names = ("ui",)
    if not arguments.rest or arguments.rest[0] not in names:
        raise UsageError("Which benchmark?", f"Use one of: sa-studio bench {' | '.join(names)}")
    from sa_studio.bench import ui

    return ui.main(arguments.rest[1:])


def _library_list(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        for clip in studio.clips(arguments.search, limit=arguments.limit):
            if arguments.json:
                print(json.dumps({**_facts(clip, clip.path), "state": clip.state}))
            else:
                print(f"{clip.id}  {clip.state:11}  {clip.request.prompt[:60]}")
    return DONE


def _library_show(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        clip = studio.clip(arguments.clip_id)
        facts = {
            **_facts(clip, clip.path),
            "state": clip.state,
            "error": clip.error,
            "hint": clip.hint,
        }
        _show(facts, as_json=arguments.json)
    return DONE


def _models_list(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        for info in studio.models():
            if arguments.json:
                print(json.dumps(_model_facts(info)))
            else:
                print(f"{info.id}  {info.title}, up to {info.max_seconds:.1f} s")
    return DONE


def _models_info(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        _show(_model_facts(studio.model(arguments.model)), as_json=arguments.json)
    return DONE


def _model_facts(info: Any) -> dict[str, Any]:
    return {**asdict(info), "path": str(info.path)}


def _show(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(facts))
        return
    for name, value in facts.items():
        print(f"{name}: {value}")


def _presets_list(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        print("\n".join(studio.presets()))
    return DONE


def _presets_show(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        print(json.dumps(studio.load_preset(arguments.name), indent=2, ensure_ascii=False))
    return DONE


def _presets_save(arguments: argparse.Namespace) -> int:
    names = (
        "prompt",
        "negative_prompt",
        "seconds",
        "steps",
        "guidance_scale",
        "sampler",
        "model",
    )
    values = {name: getattr(arguments, name) for name in names}
    values = {name: value for name, value in values.items() if value is not None}
    if not values:
        raise UsageError("A preset needs at least one setting", "Add --prompt, --seconds, …")
    with _studio(arguments) as studio:
        studio.save_preset(arguments.name, values, overwrite=arguments.overwrite)
    return DONE


def _presets_delete(arguments: argparse.Namespace) -> int:
    with _studio(arguments) as studio:
        studio.delete_preset(arguments.name)
    return DONE
