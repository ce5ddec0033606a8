"""Networks that are small enough for every test, with something in every weight."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sa_studio.engine.conditioning import MultiConditioner
from sa_studio.engine.config import parse_model_config
from sa_studio.engine.dit import DiffusionTransformer
from sa_studio.engine.lora.merger import LoraMerger
from tests.tiny_model import WIDTH, put, tiny_config

DEPTH = 2
EMBED_DIM = 128
COND_DIM = 64
LAYER = "transformer.layers.0"


class Parts:
    """A denoiser network with two heads for one of the condition's, and its conditioners."""

    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        content = tiny_config()
        for path, value in {
            "config.depth": DEPTH,
            "config.embed_dim": EMBED_DIM,
            "config.num_heads": 2,
            "config.cond_token_dim": COND_DIM,
            "config.global_cond_dim": 2 * COND_DIM,
            "config.project_cond_tokens": False,
        }.items():
            put(content, f"model.diffusion.{path}", value)
        put(content, "model.conditioning.cond_dim", COND_DIM)
        config = parse_model_config(content)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(3)
            self.network = DiffusionTransformer(config.network).to(dtype)
            self.conditioner = MultiConditioner(config, WIDTH)
        self.roots: dict[str, nn.Module] = {
            "model.model.": self.network,
            "conditioner.": self.conditioner,
        }

    def merger(self) -> LoraMerger:
        return LoraMerger(self.roots)

    def weight(self, layer: str) -> Tensor:
        """A copy of the weight of a layer of the network, or of the conditioner."""
        root: nn.Module = self.conditioner if layer.startswith("conditioners.") else self.network
        return root.get_submodule(layer).weight.detach().clone()  # type: ignore[operator, union-attr]

    def state(self) -> dict[str, Tensor]:
        """A copy of everything."""
        return {
            root + name: value.detach().clone()
            for root, part in self.roots.items()
            for name, value in part.named_parameters()
        }


def assert_same(left: dict[str, Tensor], right: dict[str, Tensor]) -> None:
    """Bit by bit, so that a zero is not the negative zero."""
    assert left.keys() == right.keys()
    for name, value in left.items():
        other = right[name]
        assert value.dtype == other.dtype
        assert torch.equal(value.view(torch.uint8), other.view(torch.uint8)), name


def noise(*shape: int, seed: int = 0, scale: float = 0.1) -> Tensor:
    return scale * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def assert_merged(merged: Tensor, wanted: Tensor) -> None:
    """Against arithmetic in double precision."""
    assert wanted.dtype == torch.float64
    torch.testing.assert_close(merged.double(), wanted, rtol=1e-6, atol=1e-6)
