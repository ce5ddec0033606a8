"""Delivery profiles in words: a few characters for buttons, a line for lists."""

from __future__ import annotations

from sa_studio.vocabulary.delivery import DeliveryProfile, Depth, LevelPolicy, Naming

LEVELS = {
    LevelPolicy.AS_IS: "As generated",
    LevelPolicy.PEAK: "Peak to the ceiling",
    LevelPolicy.LUFS: "Loudness target",
    LevelPolicy.MATCH: "Match the set",
}
NAMINGS = {
    Naming.PLAIN: "Plain: prompt and seed",
    Naming.UCS: "UCS: CatID first",
    Naming.GAME: "Game: no spaces, numbered",
}
DEPTHS = {
    Depth.INT16: "16-bit",
    Depth.INT24: "24-bit",
    Depth.FLOAT32: "32-bit float",
}


def short_profile(profile: DeliveryProfile) -> str:
    """Such as "48k · 24 · WAV"."""
    parts = [f"{profile.sample_rate / 1000:g}k"]
    if not profile.format.is_lossy:
        parts.append(profile.depth)
    return " · ".join([*parts, profile.format.upper()])


def profile_line(profile: DeliveryProfile) -> str:
    """Such as "48 kHz, 24-bit WAV, as generated, UCS names"."""
    depth = "" if profile.format.is_lossy else f"{DEPTHS[profile.depth]} "
    parts = [f"{profile.sample_rate / 1000:g} kHz", f"{depth}{profile.format.upper()}"]
    level = LEVELS[profile.level].lower()
    parts.append(f"{profile.target_lufs:g} LUFS" if profile.level is LevelPolicy.LUFS else level)
    if profile.trim_silence:
        parts.append("silence trimmed")
    names = {Naming.PLAIN: "plain names", Naming.UCS: "UCS names", Naming.GAME: "game names"}
    return ", ".join([*parts, names[profile.naming]])
