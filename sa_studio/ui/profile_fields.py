"""The fields of a delivery profile in the words of its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sa_studio.ui.profile_text import DEPTHS, LEVELS, NAMINGS
from sa_studio.vocabulary.delivery import FOLDER_FIELDS, SAMPLE_RATES, FileFormat

FORMATS = {
    FileFormat.WAV: "WAV",
    FileFormat.FLAC: "FLAC",
    FileFormat.AIFF: "AIFF",
    FileFormat.OGG: "OGG (lossy)",
    FileFormat.MP3: "MP3 (lossy)",
}
RATE_NOTES = {
    44_100: "As the models make it: nothing is converted.",
    48_000: "What film, broadcast and games ask for.",
    96_000: "For sessions that run at 96 kHz. It adds nothing: the models make nothing above "
    "22 kHz, and the file is twice as large.",
}
# field: caption, object name, tooltip
TEXTS = {
    "name": ("Name", "profile_name_edit", "What the profile is called in menus"),
    "folder_template": (
        "Folders",
        "profile_folder_edit",
        "Folders below the one that is exported to, such as {category}/{library}; in braces: "
        + ", ".join(FOLDER_FIELDS),
    ),
    "designer": ("Designer", "profile_designer_edit", "Who made the sound: in the metadata"),
    "library": ("Library", "profile_library_edit", "The sound library that it belongs to"),
    "creator_id": (
        "Creator ID",
        "profile_creator_edit",
        "Your short sign in UCS names and metadata, such as your initials",
    ),
    "source_id": (
        "Source ID",
        "profile_source_edit",
        "The short sign of the project or library in UCS names and metadata",
    ),
    "project": ("Project", "profile_project_edit", "The project: in the metadata"),
    "copyright": (
        "Copyright",
        "profile_copyright_edit",
        "Who owns the sound: in the metadata, such as © 2026 A. Designer",
    ),
}
NUMBERS = {
    "target_lufs": (
        "Target, LUFS", "profile_lufs_spin", "The loudness that each sound gets", -70, 0, 1,
    ),
    "ceiling_db": (
        "Ceiling, dBTP", "profile_ceiling_spin", "The true peak that no sound exceeds", -20, 0, 1,
    ),
    "trim_db": (
        "Below peak, dB",
        "profile_trim_spin",
        "What is this far below the peak counts as silence",
        -120, -20, 0,
    ),
    "tail_seconds": (
        "Tail, s", "profile_tail_spin", "What is left of the silence at least", 0, 10, 2,
    ),
}  # fmt: skip
RATES = {rate: f"{rate / 1000:g} kHz" for rate in SAMPLE_RATES}
# field: caption, object name, tooltip, what can be chosen
COMBOS: dict[str, tuple[str, str, str, Mapping[Any, str]]] = {
    "format": ("Format", "profile_format_combo", "What kind of file", FORMATS),
    "sample_rate": ("Sample rate", "profile_rate_combo", "As the session runs", RATES),
    "depth": (
        "Depth",
        "profile_depth_combo",
        "24-bit is what studios ask for; 16-bit and 24-bit are dithered",
        DEPTHS,
    ),
    "level": (
        "Level",
        "profile_level_combo",
        "“As generated” keeps the balance between takes; “Match the set” lets the takes of one "
        "click share their loudness",
        LEVELS,
    ),
    "naming": ("File names", "profile_naming_combo", "How files are called", NAMINGS),
}
# field: object name, text, tooltip
TICKS = {
    "trim_silence": (
        "profile_trim_tick",
        "Trim the silence after the sound",
        "Cuts off what follows once the sound has died away",
    ),
    "ascii_names": (
        "profile_ascii_tick",
        "Names in ASCII letters",
        "Other letters are written in these, as every system and tool takes them; "
        "otherwise names keep the letters that were typed, of any script",
    ),
    "embeds_recipe": (
        "profile_recipe_tick",
        "Keep the recipe inside the file",
        "The file says how it was made: dropped on the window, every setting comes back",
    ),
}
