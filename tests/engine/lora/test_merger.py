from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from sa_studio.engine.lora.adapter import Adapter, LowRank, Magnitudes
from sa_studio.engine.lora.file import LoraFile
from sa_studio.engine.lora.merger import LoraMerger
from sa_studio.engine.lora.settings import LoraSettings
from sa_studio.engine.lora.styles import Style
from sa_studio.errors import LoraError
from tests.engine.lora.networks import (
    COND_DIM,
    EMBED_DIM,
    LAYER,
    Parts,
    assert_merged,
    assert_same,
    noise,
)

DTYPES = [torch.float32, torch.bfloat16, torch.float16]
LAYERS = {
    f"{LAYER}.self_attn.to_qkv": (3 * EMBED_DIM, EMBED_DIM),
    f"{LAYER}.cross_attn.to_v": (COND_DIM, COND_DIM),
    f"{LAYER}.ff.ff.0.proj": (8 * EMBED_DIM, EMBED_DIM),
    "conditioners.seconds_total.embedder.embedding.1": (COND_DIM, 257),
    "preprocess_conv": (4, 4),
}


def lora_file(*adapters: Adapter, name: str = "warm") -> LoraFile:
    return LoraFile(name, Path(f"{name}.safetensors"), Style.LORAW, LoraSettings(), adapters)


def adapter(layer: str, shape: tuple[int, int], seed: int = 0, **options: Any) -> Adapter:
    rows, columns = shape
    change = LowRank(noise(2, columns, seed=seed), noise(rows, 2, seed=seed + 1))
    return Adapter(layer, change, 1.5, **options)


def some_lora(seed: int = 0, name: str = "warm") -> LoraFile:
    return lora_file(
        *(
            adapter(layer, shape, 10 * seed + 2 * n)
            for n, (layer, shape) in enumerate(LAYERS.items())
        ),
        name=name,
    )


def dora(layer: str, shape: tuple[int, int], seed: int = 0) -> LoraFile:
    lengths = noise(shape[0], seed=seed + 5, scale=1.0).abs() + 0.2
    return lora_file(adapter(layer, shape, seed, magnitudes=Magnitudes(rows=lengths)), name="dora")


def dense(lora: LoraFile, layer: str) -> Tensor:
    (found,) = (item for item in lora.adapters if item.module == layer)
    assert isinstance(found.change, LowRank)
    return 1.5 * found.change.up.double() @ found.change.down.double()


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_detached_is_as_it_was_to_the_last_bit(dtype: torch.dtype) -> None:
    parts = Parts(dtype)
    before = parts.state()
    merger = parts.merger()
    merger.use([(some_lora(), 1.0)])
    assert merger.kept_bytes > 0
    touched = [
        name for name, value in parts.state().items() if not torch.equal(value, before[name])
    ]
    assert len(touched) == len(LAYERS)
    merger.use([(some_lora(1), -0.37), (dora(*next(iter(LAYERS.items()))), 0.9)])
    merger.detach()
    assert_same(parts.state(), before)
    assert (merger.used, merger.kept_bytes) == ((), 0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_change_of_strength_starts_from_the_base_again(dtype: torch.dtype) -> None:
    lora, once = some_lora(), Parts(dtype)
    once.merger().use([(lora, 0.25)])
    often = Parts(dtype)
    merger = often.merger()
    for strength in (1.0, -3.0, 0.0, 4.9, 0.25):
        merger.use([(lora, strength)])
    assert_same(often.state(), once.state())


@pytest.mark.parametrize("dtype", DTYPES)
def test_half_precision_is_rounded_once(dtype: torch.dtype) -> None:
    parts, lora = Parts(dtype), some_lora()
    layer = f"{LAYER}.self_attn.to_qkv"
    base = parts.weight(layer)
    parts.merger().use([(lora, 1.0)])
    exact = base.double() + dense(lora, layer)
    error = (parts.weight(layer).double() - exact).abs()
    # half a unit in the last place, and what float32 adds
    half_unit = exact.abs() * torch.finfo(dtype).eps / 2
    assert (error <= half_unit + 1e-6).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_strength_zero_is_the_base(dtype: torch.dtype) -> None:
    parts = Parts(dtype)
    before = parts.state()
    merger = parts.merger()
    merger.use([(some_lora(), 0.0), (dora(*next(iter(LAYERS.items()))), 0.0)])
    assert_same(parts.state(), before)
    assert merger.kept_bytes == 0


def test_several_loras_add_up() -> None:
    parts, first, second = Parts(), some_lora(1), some_lora(2)
    layer = f"{LAYER}.ff.ff.0.proj"
    base = parts.weight(layer).double()
    parts.merger().use([(first, 1.0), (second, -0.5)])
    assert_merged(parts.weight(layer), base + dense(first, layer) - 0.5 * dense(second, layer))


def test_each_sees_what_the_earlier_made() -> None:
    layer, shape = next(iter(LAYERS.items()))
    plain, lengths = lora_file(adapter(layer, shape, 3)), dora(layer, shape)
    magnitudes = lengths.adapters[0].magnitudes
    assert magnitudes is not None and magnitudes.rows is not None
    for order in ((plain, lengths), (lengths, plain)):
        parts = Parts()
        wanted = parts.weight(layer).double()
        for lora in order:
            wanted = wanted + dense(lora, layer)
            if lora is lengths:
                rows = magnitudes.rows.double()[:, None]
                wanted = wanted / wanted.norm(dim=1, keepdim=True) * rows
        parts.merger().use([(lora, 1.0) for lora in order])
        assert_merged(parts.weight(layer), wanted)


def test_one_of_several_can_leave() -> None:
    layer, shape = next(iter(LAYERS.items()))
    whole, single = some_lora(), lora_file(adapter(layer, shape, 7))
    alone = Parts()
    alone.merger().use([(single, 1.0)])
    parts = Parts()
    merger = parts.merger()
    merger.use([(whole, 1.0), (single, 1.0)])
    merger.use([(single, 1.0)])
    assert_same(parts.state(), alone.state())
    weight = parts.weight(layer)
    assert merger.kept_bytes == weight.numel() * weight.element_size()


def test_a_bias_returns_when_only_its_weight_is_still_changed() -> None:
    layers = nn.Sequential(nn.Linear(4, 6))
    before = layers[0].bias.detach().clone()
    scaling = Magnitudes(rows=torch.ones(6), scale_output=True)
    merger = LoraMerger({"": layers})
    merger.use([(lora_file(adapter("0", (6, 4), magnitudes=scaling)), 1.0)])
    assert not torch.equal(layers[0].bias, before)
    merger.use([(lora_file(adapter("0", (6, 4))), 1.0)])
    assert torch.equal(layers[0].bias, before)


def test_nothing_is_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    parts, lora = Parts(), some_lora()
    merger = parts.merger()
    merger.use([(lora, 1.0)])
    monkeypatch.setattr(Adapter, "applied", None)
    merger.use([(lora, 1)])
    assert merger.used == ((lora, 1.0),)


def test_parts_may_move_and_the_loras_stay() -> None:
    """A part that is moved gets memory of its own, as one that comes back from a GPU does."""
    parts = Parts()
    before = parts.state()
    merger = parts.merger()
    merger.use([(some_lora(), 1.0)])
    merged = parts.state()
    for parameter in parts.network.parameters():
        parameter.data = parameter.data.clone()
    assert_same(parts.state(), merged)
    merger.detach()
    assert_same(parts.state(), before)


def test_precision_may_be_lowered_under_a_lora() -> None:
    """As it is when memory runs out."""
    parts, lora = Parts(), some_lora()
    plain = {name: value.bfloat16() for name, value in parts.state().items()}
    merger = parts.merger()
    merger.use([(lora, 1.0)])
    merged = {name: value.bfloat16() for name, value in parts.state().items()}
    for part in parts.roots.values():
        part.to(torch.bfloat16)
    merger.use([(lora, 0.5)])
    merger.use([(lora, 1.0)])
    assert_same(parts.state(), merged)
    merger.detach()
    assert_same(parts.state(), plain)


@pytest.mark.parametrize(
    "magnitudes",
    [
        None,
        Magnitudes(rows=torch.ones(6), columns=torch.ones(4)),
        Magnitudes(rows=torch.ones(6), scale_output=True),
    ],
)
def test_all_is_computed_where_the_weight_lives(magnitudes: Magnitudes | None) -> None:
    """The device "meta" has no numbers, and takes none from elsewhere."""
    weight, bias = torch.empty(6, 4, device="meta"), torch.empty(6, device="meta")
    item = adapter("0", (6, 4), magnitudes=magnitudes)
    changed, changed_bias = item.applied(weight, bias, weight, 0.5)
    assert changed.is_meta
    assert changed_bias is not None
    assert changed_bias.is_meta
    with pytest.raises(RuntimeError):
        torch.addmm(weight, noise(6, 2), noise(2, 4))


def refusal(parts: Parts, *loras: LoraFile) -> str:
    """What is said; and nothing was changed."""
    merger = parts.merger()
    merger.use([(some_lora(5), 0.5)])
    before = parts.state()
    with pytest.raises(LoraError) as caught:
        merger.use([(lora, 1.0) for lora in loras])
    assert caught.value.hint.endswith(".")
    assert_same(parts.state(), before)
    return caught.value.message


def test_a_lora_of_another_model_is_refused_by_name() -> None:
    wrong = [adapter(f"transformer.layers.{n}.self_attn.to_qkv", (12, 8)) for n in (0, 1)]
    unknown = [adapter(f"transformer.layers.{n}.self_attn.to_qkv", (12, 8)) for n in range(2, 7)]
    fine = adapter(f"{LAYER}.self_attn.to_out", (EMBED_DIM, EMBED_DIM))
    message = refusal(Parts(), some_lora(), lora_file(fine, *wrong, *unknown, name="other"))
    assert message == (
        "The LoRA 'other' is for another model: of its 8 adapters, 5 for unknown layers "
        "(transformer.layers.2.self_attn.to_qkv, transformer.layers.3.self_attn.to_qkv, "
        "transformer.layers.4.self_attn.to_qkv and 2 more); 2 of another shape "
        "(transformer.layers.0.self_attn.to_qkv is 12 × 8, not 384 × 128; "
        "transformer.layers.1.self_attn.to_qkv is 12 × 8, not 384 × 128)"
    )


def test_magnitudes_of_another_model_are_refused() -> None:
    layer = f"{LAYER}.self_attn.to_out"
    for magnitudes, said in (
        (Magnitudes(rows=torch.ones(64)), "has 64 row magnitudes"),
        (Magnitudes(columns=torch.ones(3)), "has 3 column magnitudes"),
    ):
        lora = lora_file(adapter(layer, (EMBED_DIM, EMBED_DIM), magnitudes=magnitudes))
        assert f"{layer} {said}, not 128 × 128" in refusal(Parts(), lora)


def test_strength_zero_does_not_hide_that_a_lora_does_not_fit() -> None:
    with pytest.raises(LoraError, match="another model"):
        Parts().merger().use([(lora_file(adapter("nowhere", (4, 4))), 0.0)])


def test_two_adapters_for_one_layer_are_refused() -> None:
    layer = f"{LAYER}.self_attn.to_out"
    shape = (EMBED_DIM, EMBED_DIM)
    other = "transformer_blocks.0.attn1.to_out.0"
    message = refusal(Parts(), lora_file(adapter(layer, shape), adapter(other, shape)))
    assert message.endswith(f"several adapters for one layer: {other} and {layer}")


@pytest.mark.parametrize("strength", [math.nan, math.inf])
def test_no_strength_that_is_no_number_reaches_the_weights(strength: float) -> None:
    parts = Parts()
    before = parts.state()
    with pytest.raises(ValueError, match="strengths"):
        parts.merger().use([(some_lora(), strength)])
    assert_same(parts.state(), before)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_whoever_is_interrupted_while_merging_has_the_base(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    parts, lora = Parts(), some_lora()
    before = parts.state()
    applied, calls = Adapter.applied, []

    def fail_at_the_third(self: Adapter, *arguments: Any) -> Any:
        calls.append(self)
        if len(calls) == 3:
            raise error
        return applied(self, *arguments)

    monkeypatch.setattr(Adapter, "applied", fail_at_the_third)
    merger = parts.merger()
    with pytest.raises(error):
        merger.use([(lora, 1.0)])
    assert_same(parts.state(), before)
    assert merger.used == ()
