"""What one adapter does to one weight: low-rank changes, with and without magnitudes.

Sources: Hu et al. 2021 (LoRA, arXiv:2106.09685, §4.1), Liu et al. 2024 (DoRA, arXiv:2402.09353,
eq. 5), Bałazy et al. 2024 (LoRA-XS, arXiv:2405.17604, §3); engine specification §6.4. All
arithmetic is float32; a convolution's weight [out, in, k] is the matrix [out, in·k].
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

# what the trainers add to a norm before they divide by it
NORM_EPS = 1e-12


@dataclass(frozen=True, slots=True)
class LowRank:
    """The two factors of a change: up · down."""

    down: Tensor  # [r, columns]
    up: Tensor  # [rows, r]

    @property
    def rank(self) -> int:
        """The inner width r."""
        return self.down.shape[0]

    def problem(self, rows: int, columns: int) -> str | None:
        """Why this cannot change a weight [rows, columns], as an ending to its name."""
        fits = (self.up.shape[0], self.down.shape[1]) == (rows, columns)
        return None if fits else f"is {self.up.shape[0]} × {self.down.shape[1]}"


@dataclass(frozen=True, slots=True)
class Core:
    """LoRA-XS: a small matrix between the weight's own strongest directions."""

    matrix: Tensor  # [r, r]

    @property
    def rank(self) -> int:
        """The inner width r."""
        return self.matrix.shape[0]

    def problem(self, rows: int, columns: int) -> str | None:
        """Why this cannot change a weight [rows, columns], as an ending to its name."""
        return f"is of rank {self.rank}" if self.rank > min(rows, columns) else None

    def factors(self, base: Tensor) -> LowRank:
        """U · matrix and Vᵀ, with the first singular vectors U and V of the weight ``base``.

        Their signs are those of the trainer: the largest entry of each column of U is positive.
        Exact if the network holds the very weights that the file was trained on; a network in
        half precision, or distilled later, has directions of its own.
        """
        # on the CPU, like the trainer: not every device can
        u, _, vh = torch.linalg.svd(base.cpu(), full_matrices=False)
        u, vh = u[:, : self.rank], vh[: self.rank]
        signs = u.gather(0, u.abs().argmax(dim=0)[None])[0].sign()
        return LowRank(vh * signs[:, None], (u * signs) @ self.matrix)


@dataclass(frozen=True, slots=True)
class Magnitudes:
    """Lengths that the changed weight's rows, then its columns, are brought to.

    Attributes:
        rows: [rows], or ``None``: rows keep their lengths.
        columns: [columns], or ``None``.
        scale_output: LoRAW's reading of DoRA, which scales what the layer puts out: the bias is
            scaled like the rows, and the rows are divided by the length that they have at
            strength 1, whatever the strength is.
    """

    rows: Tensor | None = None
    columns: Tensor | None = None
    scale_output: bool = False

    def problem(self, rows: int, columns: int) -> str | None:
        """Why these do not belong to a weight [rows, columns], as an ending to its name."""
        for values, wanted, kind in ((self.rows, rows, "row"), (self.columns, columns, "column")):
            if values is not None and len(values) != wanted:
                return f"has {len(values)} {kind} magnitudes"
        return None


@dataclass(frozen=True, slots=True)
class Adapter:
    """What a LoRA file does to one layer.

    Attributes:
        module: the layer, as the file calls it.
        change: what is added to the weight.
        scale: α/r, which the change is multiplied with.
        magnitudes: ``None`` if the change is merely added.
    """

    module: str
    change: LowRank | Core
    scale: float
    magnitudes: Magnitudes | None = None

    @property
    def scales_bias(self) -> bool:
        """Whether it changes the layer's bias, too."""
        return self.magnitudes is not None and self.magnitudes.scale_output

    def problem(self, rows: int, columns: int) -> str | None:
        """Why this does not fit a weight [rows, columns], as an ending to its name."""
        problem = self.change.problem(rows, columns)
        if problem is None and self.magnitudes is not None:
            problem = self.magnitudes.problem(rows, columns)
        return problem

    def applied(
        self, weight: Tensor, bias: Tensor | None, base: Tensor, strength: float
    ) -> tuple[Tensor, Tensor | None]:
        """Weight and bias with this adapter on them; what is given stays as it is.

        Args:
            weight: [rows, columns], float32; other adapters may already be on it. It is computed
                where this lies.
            bias: [rows], float32, or ``None``.
            base: the weight without any adapter.
            strength: factor of the change, not of the magnitudes; not 0.
        """
        change = self.change.factors(base) if isinstance(self.change, Core) else self.change
        up, down = change.up.to(weight.device), change.down.to(weight.device)
        changed = torch.addmm(weight, up, down, alpha=self.scale * strength)
        magnitudes = self.magnitudes
        if magnitudes is None:
            return changed, bias
        if magnitudes.rows is not None:
            whole = changed
            if magnitudes.scale_output and strength != 1.0:
                whole = torch.addmm(weight, up, down, alpha=self.scale)
            norms = torch.linalg.vector_norm(whole, dim=1) + NORM_EPS
            ratio = magnitudes.rows.to(weight.device) / norms
            changed.mul_(ratio[:, None])
            if magnitudes.scale_output and bias is not None:
                bias = bias * ratio
        if magnitudes.columns is not None:
            norms = torch.linalg.vector_norm(changed, dim=0) + NORM_EPS
            changed.mul_(magnitudes.columns.to(weight.device) / norms)
        return changed, bias
