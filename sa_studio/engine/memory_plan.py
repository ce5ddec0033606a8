"""How a model can be run in more or less memory: the ways, from the fastest to the smallest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

FULL_PRECISION = "float32"
HALF_PRECISIONS = ("bfloat16", "float16")


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """One way to run a model.

    Attributes:
        dtype: of the network and the text encoder: "float32", "bfloat16" or "float16".
        autoencoder_dtype: of the autoencoder. Eight bits of mantissa would be audible as hiss, so
            beside a bfloat16 network it is float16 on a GPU and float32 on a processor.
        decode_chunk: latent frames that are decoded at once.
        keeps_text_encoder: whether it stays in memory once the prompt is read.
        splits_guidance: whether the two branches of classifier-free guidance are computed one
            after the other instead of as one batch.
        offloads: whether network and autoencoder take turns on the device and wait in main memory.
    """

    dtype: str
    autoencoder_dtype: str
    decode_chunk: int
    keeps_text_encoder: bool = True
    splits_guidance: bool = False
    offloads: bool = False

    def __str__(self) -> str:
        parts = [self.dtype]
        if not self.keeps_text_encoder:
            parts.append("text encoder freed after use")
        if self.splits_guidance:
            parts.append("guidance in two passes")
        if self.offloads:
            parts.append("parts wait in main memory")
        parts.append(f"{self.decode_chunk} frames decoded at once")
        return ", ".join(parts)


def memory_plans(
    device_type: str, dtype: str, decode_chunks: Sequence[int], *, may_halve: bool
) -> Iterator[MemoryPlan]:
    """The plans for a device, the fastest first; each takes less memory than the one before.

    Args:
        device_type: "cpu", "cuda" or "mps".
        dtype: the precision to start with.
        decode_chunks: latent frames that the autoencoder can decode at once, falling.
        may_halve: whether a plan may go below that precision; not if the user asked for it.
    """
    usual, *smaller = decode_chunks
    plan = MemoryPlan(dtype, autoencoder_precision(device_type, dtype), usual)
    yield plan
    plan = replace(plan, keeps_text_encoder=False)
    yield plan
    plan = replace(plan, splits_guidance=True)
    yield plan
    if may_halve and dtype == FULL_PRECISION:
        half = HALF_PRECISIONS[0]
        plan = replace(plan, dtype=half, autoencoder_dtype=autoencoder_precision(device_type, half))
        yield plan
    if device_type != "cpu":
        plan = replace(plan, offloads=True)
        yield plan
    for chunk in smaller:
        plan = replace(plan, decode_chunk=chunk)
        yield plan


def autoencoder_precision(device_type: str, dtype: str) -> str:
    """The autoencoder's precision beside a network of precision ``dtype``."""
    if dtype == FULL_PRECISION or device_type == "cpu":
        return FULL_PRECISION
    return "float16"
