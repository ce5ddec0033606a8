"""The whole examination, one thing after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sa_studio.doctor.compute import examine_compute, examine_memory, load_torch
from sa_studio.doctor.data_folder import (
    examine_data_folder,
    examine_other_instances,
    examine_rendered,
)
from sa_studio.doctor.finding import Finding, guarded
from sa_studio.doctor.graphics import NAME as GRAPHICS_CARD
from sa_studio.doctor.graphics import examine_graphics
from sa_studio.doctor.hub_login import NAME as HUB_LOGIN
from sa_studio.doctor.hub_login import examine_hub_login
from sa_studio.doctor.installation import examine_application, examine_packages
from sa_studio.doctor.models import examine_models
from sa_studio.doctor.sound import examine_sound
from sa_studio.service import Studio


def examine(
    data_dir: Path | str | None = None,
    *,
    studio: Studio | None = None,
    online: bool = False,
    verify: bool = False,
) -> list[Finding]:
    """Look at everything; what cannot be looked at is a finding itself, never an error.

    It imports torch and asks the graphics driver, which takes seconds: call it on a thread that
    may wait, never on the GUI thread.

    Args:
        data_dir: the data folder to examine; see :class:`sa_studio.paths.DataFolder`.
        studio: the one that is open already, instead of ``data_dir``.
        online: ask the hub whether it answers and whose the token is; else no network is used.
        verify: hash the files of every model again, which may take a minute.
    """
    with contextlib.ExitStack() as stack:

        def open_studio() -> Iterator[Finding]:
            nonlocal studio
            if studio is None:
                studio = stack.enter_context(Studio(data_dir))
            yield from ()

        closed = guarded("Data folder", open_studio)
        device, dtype = (studio.settings.device, studio.settings.dtype) if studio else ("auto",) * 2
        return [
            *guarded("Application", examine_application),
            *guarded("Packages", examine_packages),
            *guarded("Compute", lambda: _examine_torch(device, dtype)),
            *guarded("Memory", examine_memory),
            *guarded("Sound output", examine_sound),
            *guarded("Other SA Studio", examine_other_instances),
            *(closed if studio is None else _examine_data(studio, online, verify)),
        ]


def _examine_torch(device: str, dtype: str) -> Iterator[Finding]:
    yield from (unloadable := list(load_torch()))
    if not unloadable:
        yield from guarded(GRAPHICS_CARD, examine_graphics)
        yield from examine_compute(device, dtype)


def _examine_data(studio: Studio, online: bool, verify: bool) -> Iterator[Finding]:
    yield from guarded("Data folder", lambda: examine_data_folder(studio.data))
    yield from guarded("Dragged-out files", lambda: examine_rendered(studio))
    yield from guarded(HUB_LOGIN, lambda: examine_hub_login(studio, online=online))
    yield from guarded("Models", lambda: examine_models(studio, verify=verify))
