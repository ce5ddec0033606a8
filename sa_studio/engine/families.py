"""Model families that look like ours and are not: refused by name. Standard library only.

The families share one configuration format (engine specification §1); what tells them apart are
keys and part types that only one of them has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sa_studio.engine.config_fields import HINT
from sa_studio.errors import ModelError


@dataclass(frozen=True, slots=True)
class Family:
    """A family that cannot be run, and the words of its configurations that give it away."""

    name: str
    keys: frozenset[str]
    types: frozenset[str]


FOREIGN_FAMILIES = (
    Family(
        "Stable Audio 3",
        keys=frozenset(
            {
                "fourier_features_type",
                "local_add_cond_dim",
                "local_add_cond_ids",
                "mask_padding_attention",
                "norm_type",
                "timestep_features_type",
                "use_effective_length_for_schedule",
            }
        ),
        types=frozenset({"same", "softnorm", "t5gemma", "taae"}),
    ),
    Family(
        "Stable Audio 1.0 (a U-Net)",
        keys=frozenset(),
        types=frozenset({"adp_1d", "adp_cfg_1d", "dac"}),
    ),
    Family("Stable Audio 2.0 (with CLAP)", keys=frozenset(), types=frozenset({"clap_text"})),
)


def refuse_foreign_family(model: object) -> None:
    """Raise ModelError if the section ``model`` of a configuration is of another family."""
    words = set(_words(model))
    for family in FOREIGN_FAMILIES:
        signs = sorted({word for kind, word in words if word in getattr(family, kind)})
        if signs:
            raise ModelError(
                f"This is a model of the family {family.name}, which cannot be run "
                f"(its configuration says {', '.join(signs[:3])})",
                HINT,
            )


def _words(section: object) -> Iterator[tuple[str, str]]:
    """Every key of a JSON value, at any depth, as ("keys", key); its types as ("types", type)."""
    if isinstance(section, Mapping):
        for key, value in section.items():
            yield "keys", key
            if key == "type" and isinstance(value, str):
                yield "types", value
            yield from _words(value)
    elif isinstance(section, list):
        for item in section:
            yield from _words(item)
