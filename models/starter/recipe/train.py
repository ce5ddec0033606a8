"""Train the starter's diffusion transformer on the encoded clips; may be stopped and resumed.

    python models/starter/recipe/train.py --work DIR --minutes 150 [--device cpu] [--threads 2]

reads DIR/dataset.pt and writes DIR/training.pt every two minutes. The learning rate follows the
share of ``--minutes`` that is spent, over all runs together.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from config import FRAME_SECONDS, MODEL_CONFIG, PATCH, TEXT_WIDTH
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from sa_studio.engine.conditioning import MultiConditioner, NumberConditioner
from sa_studio.engine.config import parse_model_config
from sa_studio.engine.dit import DiffusionTransformer
from sa_studio.engine.frame_conditions import beat_clock
from sa_studio.engine.preconditioning import in_cosines
from sa_studio.vocabulary.music import note_in, tempo_in

LEARNING_RATE = 8e-4
WARM_UP_STEPS = 150
CONDITION_DROP = 0.1
EMA = 0.999
# of the noise levels' log-odds
LEVEL_MEAN, LEVEL_DEVIATION = 0.5, 1.2
TOKENS_PER_BATCH = 2400
TEMPO_SHARE = 3
SAVE_SECONDS = 120
# for sequences this short, plain attention is the faster one in the backward pass on a CPU
ATTENTION = SDPBackend.MATH


# how much finer than the whole range numbers are told apart: semitones, beats a minute
FINENESS = {"note": 12.0, "tempo": 6.0}


@dataclass(frozen=True)
class Batch:
    """B clips of one length.

    Attributes:
        latents: [B, C, T].
        clock: the beats that the text tells of, [B, 12, T].
        inputs: the values of every condition, by its id; without a text in the last rows.
        conditioned: rows with a text; those behind see the null condition, as in guidance.
    """

    latents: Tensor
    clock: Tensor
    inputs: dict[str, list[Any]]
    conditioned: int


class Starter(nn.Module):
    """What is trained: the network and the embeddings of numbers.

    Args:
        deviation: of the latents, by channel and cosine: [C, patch].
    """

    def __init__(self, deviation: Tensor) -> None:
        super().__init__()
        config = parse_model_config(MODEL_CONFIG)
        self.network = DiffusionTransformer(config.network)
        self.network.preconditioning.deviation.copy_(deviation)
        self.conditioner = MultiConditioner(config, TEXT_WIDTH)
        for name, fineness in FINENESS.items():
            number = self.conditioner.conditioners[name]
            assert isinstance(number, NumberConditioner)
            number.embedder.embedding[0].weights.data *= fineness
        for layer in self.network.transformer.layers:
            # every block begins as the identity, after Peebles & Xie 2022
            nn.init.zeros_(layer.self_attn.to_out.weight)
            nn.init.zeros_(layer.cross_attn.to_out.weight)
            nn.init.zeros_(layer.ff.ff[2].weight)
        for conv in (self.network.preprocess_conv, self.network.postprocess_conv):
            nn.init.zeros_(conv.weight)
        nn.init.zeros_(self.network.transformer.pos_emb.emb.weight)

    def forward(self, x: Tensor, t: Tensor, batch: Batch) -> Tensor:
        """The velocity at x [B, C, T] and times t [B]."""
        encoded = self.conditioner.encode(batch.inputs)
        tokens = self.conditioner.cross_attention(encoded)[: batch.conditioned]
        steering = self.conditioner.global_condition(encoded)
        return self.network(x, t, self.network.prepare(tokens, steering, batch.clock))


class Batches:
    """Endless batches of clips of one length."""

    def __init__(self, data: dict, device: torch.device) -> None:
        self.data, self.device = data, device
        lengths = [x.shape[-1] for x in data["latents"]]
        # a beat is harder than a sound: clips with a tempo are drawn more often
        tempi = [any(tempo_in(data["texts"][i]) for i in texts) for texts in data["captions"]]
        shares = np.where(tempi, TEMPO_SHARE, 1)
        rows = np.repeat(np.arange(len(lengths)), shares)
        self.groups = {n: rows[np.array(lengths)[rows] == n] for n in set(lengths)}
        self.lengths = np.array(sorted(self.groups))
        weights = np.array([len(self.groups[n]) for n in self.lengths], dtype=float)
        self.weights = weights / weights.sum()

    def draw(self, rng: np.random.Generator) -> Batch:
        """The next one."""
        frames = rng.choice(self.lengths, p=self.weights)
        size = int(np.clip(TOKENS_PER_BATCH / (frames / 2 + 4), 8, 64))
        chosen = rng.choice(self.groups[frames], size)
        latents = torch.stack([self.data["latents"][i] for i in chosen]).float()
        texts = [int(rng.choice(self.data["captions"][i])) for i in chosen]
        conditioned = max(size - int(rng.binomial(size, CONDITION_DROP)), 1)
        told = [self.data["texts"][text] for text in texts]
        clock = torch.stack([beat_clock(tempo_in(text), frames, FRAME_SECONDS) for text in told])
        # guidance asks for the same beats with and without the words
        told[conditioned:] = [""] * (size - conditioned)
        states = self.data["states"][texts].float().to(self.device)
        states[conditioned:] = 0
        inputs = {
            "prompt": [(state, state.any(dim=-1)) for state in states],
            "seconds_total": [self.data["seconds"][i] for i in chosen],
            "note": [note_in(text) or 0 for text in told],
            "tempo": [tempo_in(text) or 0 for text in told],
        }
        return Batch(latents.to(self.device), clock.to(self.device), inputs, conditioned)


def deviation_of(latents: list[Tensor]) -> Tensor:
    """Root mean square of the cosines over the patches of latents [C, T]: [C, patch]."""
    patches = [in_cosines(item.float()[None], PATCH)[0] for item in latents]
    power = torch.stack([item.square().sum(dim=1) for item in patches]).sum(dim=0)
    return (power / sum(item.shape[1] for item in patches)).sqrt()


def loss_of(model: Starter, batch: Batch) -> Tensor:
    """Flow matching (Lipman et al. 2022, arXiv:2210.02747); what a sound is, is decided early."""
    latents = batch.latents
    level = torch.randn(latents.shape[0], device=latents.device)
    t = torch.sigmoid(LEVEL_MEAN + LEVEL_DEVIATION * level)
    noise = torch.randn_like(latents)
    x = (1 - t[:, None, None]) * latents + t[:, None, None] * noise
    with torch.autocast(latents.device.type, torch.bfloat16), sdpa_kernel(ATTENTION):
        velocity = model(x, t, batch)
    return (velocity.float() - (noise - latents)).square().mean()


def parameter_groups(model: Starter) -> list[dict[str, Any]]:
    """The weights, and the vectors of places: these are scaled down behind their table."""
    places = [model.network.transformer.pos_emb.emb.weight]
    others = [weight for weight in model.parameters() if weight is not places[0]]
    return [
        {"params": others, "speed": 1.0, "weight_decay": 0.01},
        {"params": places, "speed": model.network.config.embed_dim**0.5, "weight_decay": 0.0},
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    train(arguments.work, arguments.minutes * 60, torch.device(arguments.device))


def train(work: Path, budget: float, device: torch.device) -> None:
    data = torch.load(work / "dataset.pt", weights_only=True)
    batches = Batches(data, device)
    model = Starter(deviation_of(data["latents"])).to(device)
    average = {name: value.detach().clone() for name, value in model.state_dict().items()}
    optimizer = torch.optim.AdamW(parameter_groups(model), betas=(0.9, 0.98))
    step, spent, running = 0, 0.0, math.nan
    saved = work / "training.pt"
    if saved.exists():
        state = torch.load(saved, weights_only=True, map_location=device)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        average, step, spent = state["average"], state["step"], state["spent"]
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, from step {step}")

    def save() -> None:
        temporary = saved.with_suffix(".tmp")
        state = {
            "model": model.state_dict(),
            "average": average,
            "optimizer": optimizer.state_dict(),
            "step": step,
            "spent": spent,
        }
        torch.save(state, temporary)
        temporary.replace(saved)

    last_save = last = time.monotonic()
    while spent < budget:
        rate = LEARNING_RATE * min(1, (step + 1) / WARM_UP_STEPS)
        rate *= 0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * min(1, spent / budget)))
        for group in optimizer.param_groups:
            group["lr"] = rate * group["speed"]
        # what a step sees depends on its number alone, however often training was stopped
        rng = np.random.default_rng(step)
        torch.manual_seed(step)
        loss = loss_of(model, batches.draw(rng))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        keep = min(EMA, (step + 1) / (step + 20))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                average[name].lerp_(value, 1 - keep)
        now = time.monotonic()
        spent, last = spent + now - last, now
        running = loss.item() if math.isnan(running) else 0.98 * running + 0.02 * loss.item()
        if step % 50 == 0:
            print(
                f"step {step}  {spent / 60:.1f} min  loss {running:.4f}  lr {rate:.1e}", flush=True
            )
        if now - last_save > SAVE_SECONDS:
            save()
            last_save = now
    save()


if __name__ == "__main__":
    main()
