from __future__ import annotations

from typing import Any

import pytest

from sa_studio.engine.config import parse_model_config
from sa_studio.errors import ModelError
from tests.tiny_model import put, tiny_config


@pytest.mark.parametrize(
    ("path", "value", "family"),
    [
        ("model.diffusion.local_add_cond_ids", ["inpaint_mask"], "Stable Audio 3"),
        ("model.diffusion.config.norm_type", "rms_norm", "Stable Audio 3"),
        ("model.diffusion.config.timestep_features_type", "expo", "Stable Audio 3"),
        ("model.pretransform.config.encoder.type", "same", "Stable Audio 3"),
        ("model.diffusion.type", "adp_cfg_1d", "Stable Audio 1.0 (a U-Net)"),
        ("model.pretransform.config.decoder.type", "dac", "Stable Audio 1.0 (a U-Net)"),
    ],
)
def test_other_families_are_refused_by_name(path: str, value: Any, family: str) -> None:
    content = tiny_config()
    put(content, path, value)
    with pytest.raises(ModelError) as caught:
        parse_model_config(content)
    assert caught.value.message.startswith(f"This is a model of the family {family}, which cannot")
    assert "Stable Audio Open" in caught.value.hint


@pytest.mark.parametrize(
    ("kind", "family"), [("t5gemma", "Stable Audio 3"), ("clap_text", "Stable Audio 2.0")]
)
def test_their_text_encoders_give_them_away(kind: str, family: str) -> None:
    content = tiny_config()
    content["model"]["conditioning"]["configs"][0]["type"] = kind
    with pytest.raises(ModelError, match=f"the family {family}.*says {kind}"):
        parse_model_config(content)


def test_words_outside_the_model_do_not_matter() -> None:
    content = tiny_config()
    content["training"] = {"norm_type": "rms_norm", "optimizer": {"type": "dac"}}
    parse_model_config(content)
