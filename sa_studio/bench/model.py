"""``sa-studio bench model``: how long a model takes to load and to run, and in how much memory.

Every figure of memory stands beside what was predicted before the weights were read. Without a
model at hand, ``--like open`` (or ``small``) imitates an official one at full size.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.bench.machine import describe_machine
from sa_studio.bench.models import find_model, like_argument
from sa_studio.bench.report import print_report
from sa_studio.generation import DecodedChunk, GenerationRequest, SamplingStep

if TYPE_CHECKING:
    import torch

    from sa_studio.engine.loading import ModelParts
    from sa_studio.engine.memory_plan import MemoryPlan

LOADS = 5
PLANS = ("fastest", "smallest")


def main(argv: Sequence[str]) -> int:
    """Measure, print the figures, return 0."""
    arguments = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="sa-studio-bench-", dir=arguments.work) as scratch:
        folder = _provide(arguments, Path(scratch))
        report = _measure(arguments, folder)
    print_report(report, as_text, as_json=arguments.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sa-studio bench model", description=__doc__)
    parser.add_argument("model", nargs="?", default="starter", metavar="ID|PATH")
    like_argument(parser)
    parser.add_argument("--device", default="auto", metavar="D")
    parser.add_argument("--dtype", default="auto", metavar="T")
    parser.add_argument("--plan", choices=PLANS, default="fastest", help="of those for the device")
    parser.add_argument("--seconds", type=float, metavar="S", help="default: as long as it can be")
    parser.add_argument("--steps", type=int, default=2, metavar="N", help="steps (default 2)")
    parser.add_argument("--guidance", type=float, metavar="G")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where 5 GB may be written")
    parser.add_argument("--no-load", action="store_true", help="leave out what loading takes")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser


def _provide(arguments: argparse.Namespace, scratch: Path) -> Path:
    """The folder of the model to measure."""
    if arguments.like:
        from sa_studio.bench.random_model import official_models, write_random_model

        return write_random_model(scratch / "model", official_models()[arguments.like])
    return find_model(arguments.model)


def _measure(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    import torch

    from sa_studio.engine.config import model_info, read_model_folder
    from sa_studio.engine.devices import resolve_device, resolve_dtype, use_worker_threads
    from sa_studio.engine.loading import ModelParts
    from sa_studio.engine.memory_plan import memory_plans

    device = resolve_device(arguments.device)
    dtype = str(resolve_dtype(arguments.dtype, device)).removeprefix("torch.")
    use_worker_threads()
    _warm_up(device)
    config = read_model_folder(folder)
    info = model_info(folder, folder.name, config)
    parts = ModelParts(config, info, folder, device)
    began = time.monotonic()
    model = parts.without_weights()
    plans = list(
        memory_plans(
            device.type,
            dtype,
            model.autoencoder.decode_chunk_sizes,
            may_halve=arguments.dtype == "auto",
        )
    )
    plan = plans[0] if arguments.plan == "fastest" else plans[-1]
    forecast = parts.forecaster().forecast(plan)
    forecast_seconds = time.monotonic() - began
    report: dict[str, Any] = {
        "machine": describe_machine(),
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else device.type,
        "model": arguments.like or arguments.model,
        "plan": str(plan),
        "forecast_seconds": round(forecast_seconds, 2),
        "forecast_mb": {name: _mb(value) for name, value in asdict(forecast).items()},
    }
    del model
    file = folder / "model.safetensors"
    if not arguments.no_load and file.is_file():
        report["load"] = _measure_loading(parts, plan, file)
    request = GenerationRequest(
        "a short noise",
        seconds=arguments.seconds or info.max_seconds,
        seed=1,
        steps=arguments.steps,
        guidance_scale=arguments.guidance,
        sampler=_sampler(info.samplers),
    )
    report["run"] = _measure_run(parts, plan, info.resolved(request, seed=1), device)
    predicted, measured = forecast.peak / 1e6, report["run"]["peak_mb"]
    report["forecast_error"] = round(predicted / measured - 1, 3)
    return report


def _sampler(offered: Sequence[str]) -> str:
    """One that evaluates the network once a step, so that steps are comparable."""
    return next(name for name in ("dpmpp-2m", "euler") if name in offered)


def _warm_up(device: torch.device) -> None:
    """Have the libraries loaded and their threads started, which is no model's doing."""
    import torch
    import transformers.models.t5.modeling_t5  # noqa: F401

    matrix = torch.zeros(512, 512, device=device)
    signal = torch.zeros(1, 8, 1, 512, device=device)
    torch.nn.functional.conv2d(signal, torch.zeros(8, 8, 1, 3, device=device))
    (matrix @ matrix).sum().item()


def _measure_loading(parts: ModelParts, plan: MemoryPlan, file: Path) -> dict[str, Any]:
    """Our loading against that of safetensors, in turns; the file is in the system's cache."""
    from safetensors.torch import load_file

    from sa_studio.bench.peak_memory import PeakMemory

    def mapped() -> object:
        return load_file(file)

    def read() -> object:
        return {name: tensor.clone() for name, tensor in load_file(file).items()}

    def ours() -> object:
        return parts.read_weights(plan)

    seconds: dict[str, list[float]] = {"mapped": [], "read": [], "ours": []}
    for _ in range(LOADS):
        for name, load in (("mapped", mapped), ("read", read), ("ours", ours)):
            seconds[name].append(_seconds(load))
    with PeakMemory("cpu") as peak:
        model = parts.read_weights(plan)
    kept = sum(tensor.nbytes for tensor in model.state_dict().values())
    # the system's work on fresh memory varies by far more than what is measured; the best of each
    best = {name: min(values) for name, values in seconds.items()}
    return {
        "file_mb": _mb(file.stat().st_size),
        "load_file_mapped_seconds": round(best["mapped"], 3),
        "load_file_read_seconds": round(best["read"], 3),
        "seconds": round(best["ours"], 3),
        "to_load_file_read": round(best["ours"] / best["read"], 2),
        "weights_mb": _mb(kept),
        "peak_mb": _mb(peak.bytes),
        "peak_to_weights": round(peak.bytes / kept, 3),
    }


def _seconds(work: Callable[[], object]) -> float:
    from sa_studio.engine.devices import release_memory

    began = time.monotonic()
    made = work()
    seconds = time.monotonic() - began
    del made
    release_memory()
    return seconds


def _measure_run(
    parts: ModelParts, plan: MemoryPlan, request: GenerationRequest, device: torch.device
) -> dict[str, Any]:
    """Load as the application does, and make a sound."""
    from sa_studio.bench.peak_memory import PeakMemory, memory_in_use
    from sa_studio.engine.devices import release_memory

    release_memory()
    baseline = memory_in_use(device)
    steps: list[float] = []
    chunks: list[float] = []
    with PeakMemory(str(device), baseline) as loading:
        began = time.monotonic()
        pipeline = parts.load_by([plan])
        load_seconds = time.monotonic() - began
    events = pipeline.generate(request)
    peaks, before = {}, {}
    last = time.monotonic()
    for phase, kind, seconds in (
        ("sampling", SamplingStep, steps),
        ("decoding", DecodedChunk, chunks),
    ):
        before[phase] = memory_in_use(device) - baseline
        with PeakMemory(str(device), baseline) as peak:
            for event in events:
                now = time.monotonic()
                if isinstance(event, kind):
                    seconds.append(now - last)
                last = now
                count = request.steps if kind is SamplingStep else getattr(event, "chunks", 0)
                if len(seconds) == count:
                    break
        peaks[phase] = peak.bytes
    events.close()
    return {
        "seconds_of_sound": round(request.seconds or 0, 2),
        "guidance_scale": request.guidance_scale,
        "load_seconds": round(load_seconds, 2),
        "seconds_per_step": round(min(steps), 3),
        "decode_seconds": round(sum(chunks), 2),
        "loading_mb": _mb(loading.bytes),
        "sampling_mb": _mb(peaks["sampling"]),
        "decoding_mb": _mb(peaks["decoding"]),
        "decoding_above_mb": _mb(peaks["decoding"] - before["decoding"]),
        "peak_mb": _mb(max(loading.bytes, *peaks.values())),
    }


def _mb(count: int) -> float:
    return round(count / 1e6, 1)


def as_text(report: dict[str, Any]) -> str:
    """The figures for people."""
    machine, run = report["machine"], report["run"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, load {machine.get('load_1min', '?')}; "
        f"torch {machine.get('torch', '?')} with {machine.get('torch_threads', '?')} threads",
        f"model {report['model']} on {report['device']}: {report['plan']}",
        "",
    ]
    if "load" in report:
        load = report["load"]
        lines += [
            f"reading the weights ({load['file_mb']:,.0f} MB): {load['seconds']:.2f} s; "
            f"load_file: {load['load_file_mapped_seconds']:.2f} s to map it, "
            f"{load['load_file_read_seconds']:.2f} s with every tensor read "
            f"(ratio {load['to_load_file_read']:.2f})",
            f"peak meanwhile {load['peak_mb']:,.0f} MB, weights kept {load['weights_mb']:,.0f} MB "
            f"(ratio {load['peak_to_weights']:.3f})",
        ]
    lines += [
        f"loading the whole model: {run['load_seconds']:.2f} s",
        f"one step: {run['seconds_per_step']:.2f} s; guidance {run['guidance_scale']:g}",
        f"decoding {run['seconds_of_sound']:.1f} s of sound: {run['decode_seconds']:.2f} s",
        "",
        f"{'memory in MB':24}{'measured':>10}{'predicted':>11}",
    ]
    forecast = report["forecast_mb"]
    for name, measured, predicted in (
        ("loading", run["loading_mb"], None),
        ("sampling", run["sampling_mb"], None),
        ("decoding", run["decoding_mb"], None),
        ("peak", run["peak_mb"], forecast["peak"]),
    ):
        foreseen = "" if predicted is None else f"{predicted:11,.0f}"
        lines.append(f"{name:24}{measured:10,.0f}{foreseen}")
    lines += [
        f"prediction off by {report['forecast_error']:+.1%}; "
        f"decoding took {run['decoding_above_mb']:,.0f} MB more than "
        "was in use before it",
    ]
    return "\n".join(lines) + "\n"
