"""What gives way where the options ask for files that no format can hold."""

from __future__ import annotations

import sys
from collections.abc import Collection

from sa_studio.vocabulary.delivery import DeliveryProfile


def fitted(profile: DeliveryProfile, asked: Collection[str]) -> DeliveryProfile:
    """The nearest that files of the profile's format can be; says on stderr what gave way.

    Args:
        profile: what is wanted.
        asked: the fields that were typed, which do not give way.

    Raises:
        RequestError: one of these is what such files cannot be.
    """
    possible = profile.fitted()
    conflicts = profile.conflicts()
    for conflict in conflicts:
        if conflict.field in asked:
            raise conflict
    for conflict in conflicts:
        wanted, given = (getattr(one, conflict.field) for one in (profile, possible))
        name = conflict.field.replace("_", " ")
        print(
            f"sa-studio: {conflict.message}: the {name} is {given} instead of {wanted}",
            file=sys.stderr,
        )
    return possible
