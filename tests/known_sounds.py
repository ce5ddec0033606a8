"""What a small model might know."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sa_studio.vocabulary.sounds import SoundClass, Vocabulary

KNOWN = Vocabulary(
    classes=(
        SoundClass("kick drum", "Drums", ("kick", "bass drum", "kick hit")),
        SoundClass("closed hi-hat", "Drums", ("closed hat", "hi-hat tick")),
        SoundClass("hand clap", "Drums", ("clap",)),
        SoundClass("techno loop", "Loops", ("techno beat", "driving techno loop")),
        SoundClass("heavy rain", "Nature", ("downpour", "rain on a tin roof")),
        SoundClass("wind", "Nature", ("howling wind", "gust of wind")),
        SoundClass("thunder", "Nature", ("thunderclap",)),
        SoundClass("siren", "Machines", ("police siren", "wailing siren")),
        SoundClass("vinyl crackle", "Foley", ("record crackle",)),
        SoundClass("gunshot", "Foley", ("pistol shot",)),
        SoundClass("white noise", "Noise", ("static",)),
    ),
    words=("bright", "dark", "heavy", "metal", "in a hall"),
)
EXAMPLES = ("dark techno loop", "gust of wind", "siren")
STUDIO: dict[str, Any] = {**asdict(KNOWN), "example_prompts": list(EXAMPLES)}
"""The same as the section "sa_studio" of a configuration."""
