"""``sa-studio bench plans``: what each way to run a model takes, predicted on shapes alone.

Needs neither the weights nor the device: ``--like open --device cuda`` says what Stable Audio Open
1.0 would take on a graphics card, before anything is downloaded.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sa_studio.bench.models import find_model, like_argument
from sa_studio.bench.report import print_report

if TYPE_CHECKING:
    from sa_studio.engine.config import ModelConfig

# of the encoder of T5-base, which the official models read prompts with
T5_BASE_PARAMETERS = 109_628_544
DEVICES = ("cpu", "cuda", "mps")


def main(argv: Sequence[str]) -> int:
    """Print the predictions and return 0."""
    arguments = _parser().parse_args(argv)
    rows = _forecasts(arguments)
    print_report(rows, as_text, as_json=arguments.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sa-studio bench plans", description=__doc__)
    parser.add_argument("model", nargs="?", default="starter", metavar="ID|PATH")
    like_argument(parser)
    parser.add_argument("--device", choices=DEVICES, default="cpu")
    parser.add_argument("--dtype", metavar="T", help="default: what auto takes on that device")
    parser.add_argument("--json", action="store_true", help="a JSON list instead of a table")
    return parser


def _forecasts(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    import torch

    from sa_studio.engine.diffusion_model import DiffusionModel
    from sa_studio.engine.memory_forecast import Forecaster
    from sa_studio.engine.memory_plan import memory_plans

    config, text_width, text_parameters = _described(arguments)
    with torch.device("meta"):
        model = DiffusionModel(config, text_width)
    model.autoencoder.work_on(arguments.device)
    forecaster = Forecaster(config, model, text_parameters, arguments.device)
    usual = "float32" if arguments.device == "cpu" else "bfloat16"
    plans = memory_plans(
        arguments.device,
        arguments.dtype or usual,
        model.autoencoder.decode_chunk_sizes,
        may_halve=arguments.dtype is None,
    )
    return [{"plan": str(plan), **asdict(forecaster.forecast(plan))} for plan in plans]


def _described(arguments: argparse.Namespace) -> tuple[ModelConfig, int, int]:
    """The configuration, and width and number of parameters of the text encoder."""
    from sa_studio.engine.config import parse_model_config, read_model_folder
    from sa_studio.engine.memory_forecast import count_text_encoder
    from sa_studio.engine.text_encoder import find_text_encoder, text_encoder_width

    if arguments.like:
        from sa_studio.bench.random_model import T5_BASE, official_models

        config = parse_model_config(official_models()[arguments.like].config)
        return config, T5_BASE["d_model"], T5_BASE_PARAMETERS
    folder: Path = find_model(arguments.model)
    encoder = find_text_encoder(folder)
    return read_model_folder(folder), text_encoder_width(folder), count_text_encoder(encoder)


def as_text(rows: Sequence[dict[str, Any]]) -> str:
    """A table for people; MB are millions of bytes."""
    names = ("network", "autoencoder", "text_encoder", "sampling", "decoding", "peak")
    lines = ["".join(f"{name.replace('_', ' '):>13}" for name in names) + "  plan (MB)"]
    for row in rows:
        figures = "".join(f"{row[name] / 1e6:13,.0f}" for name in names)
        lines.append(f"{figures}  {row['plan']}")
    return "\n".join(lines) + "\n"
