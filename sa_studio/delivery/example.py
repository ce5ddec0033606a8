"""What a file could be called: shown while a profile is edited."""

from __future__ import annotations

from pathlib import PurePath

from sa_studio.audio.naming import NameValues, file_stem, folder_of, fx_name
from sa_studio.vocabulary.delivery import DeliveryProfile

TITLE = "heavy wooden door slam"


def example_path(profile: DeliveryProfile) -> PurePath:
    """The folders and the name of a door slam that is delivered in ``profile``."""
    values = NameValues(
        title=TITLE,
        seed=1234,
        fx_name=fx_name(TITLE),
        cat_id="DOORWood",
        category="DOORS",
        subcategory="WOOD",
        creator_id=profile.creator_id,
        source_id=profile.source_id,
        library=profile.library,
        collection="Castle",
        date="2026-11-21",
        model="Stable Audio Open 1.0",
        ascii_only=profile.ascii_names,
    )
    stem = file_stem(profile.naming, values, 1)
    return folder_of(profile.folder_template, values) / f"{stem}.{profile.format}"
