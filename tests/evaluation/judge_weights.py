"""A checkpoint as the judge's, only small and with random weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from sa_studio.evaluation.judge import PREFIX, WEIGHTS, EmbeddingNetwork

WIDTH = 4


def write_judge(folder: Path, width: int = WIDTH) -> Path:
    """Write it into ``folder`` and return that."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        state = EmbeddingNetwork(width).state_dict()
        for value in state.values():
            if value.ndim == 4:  # so that a signal does not fade from layer to layer
                value.normal_(0, (2 / value[0].numel()) ** 0.5)
    weights = {f"{PREFIX}{name}": value for name, value in state.items()}
    weights["fc.0.0.weight"] = torch.zeros(2, 2)
    path = folder / WEIGHTS
    path.parent.mkdir(parents=True)
    # beside the weights lie class counts, as numpy numbers
    torch.save((weights, {"sounds": (np.int64(0), 78)}), path)
    return folder
