"""Asks a running application what a screen reader asks, over a bus of its own.

That is how a program is found its way through from outside, without a line of test code in it.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, DBusErrorResponse, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
COMPONENT = "org.a11y.atspi.Component"
BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
ON_THE_SCREEN = 0
# AT-SPI's numbers of states
ENABLED, FOCUSABLE, SHOWING = 8, 11, 25
# and of roles: combo box, list, menu, table, tree, tree table; nobody looks for a row here
WITH_ROWS = {11, 31, 33, 55, 65, 66}
PATIENCE = 120.0
CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>accessibility</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Part:
    """Something in the window."""

    name: str
    owner: str
    path: str
    states: frozenset[int]


class ScreenReader:
    """Reads windows aloud, so to speak.

    Args:
        connection: to the bus on which the application is.
        address: of that bus, for the application's environment.
    """

    def __init__(self, connection: DBusConnection, address: str) -> None:
        self.address = address
        self._connection = connection

    def wait_for(self, name: str) -> list[int]:
        """The place [x, y, width, height] of the control of this name, once it can be used.

        It has been at rest for a moment by then.
        """
        before: list[int] = []

        def at_rest() -> list[int] | None:
            nonlocal before
            place = self._find_place(name)
            before, same = place, place == before
            return place if same and place else None

        return self._until(at_rest, f"{name!r} was not there; there is {self._names()}")

    def _find_place(self, name: str) -> list[int]:
        for part in self._parts():
            if part.name == name and {ENABLED, FOCUSABLE} <= part.states:
                (place,) = self._call(
                    part.owner, part.path, COMPONENT, "GetExtents", "u", ON_THE_SCREEN
                )
                if place[2] > 0:
                    return list(place)
        return []

    def _names(self) -> list[str]:
        return sorted({part.name for part in self._parts()})

    def _parts(self) -> Iterator[Part]:
        """Everything that is shown by every program on the bus."""
        (owners,) = self._ask(new_method_call(BUS, "ListNames"))
        for owner in owners:
            if owner.startswith(":") and owner != self._connection.unique_name:
                yield from self._below(owner, ROOT)

    def _below(self, owner: str, path: str) -> Iterator[Part]:
        """What is shown inside a part; what vanishes meanwhile is passed over."""
        try:
            (children,) = self._call(owner, path, ACCESSIBLE, "GetChildren")
        except DBusErrorResponse:
            return
        for _, child in children:
            try:
                part, role = self._describe(owner, child)
            except DBusErrorResponse:
                continue
            if SHOWING not in part.states:
                continue
            yield part
            if role not in WITH_ROWS:
                yield from self._below(owner, child)

    def _describe(self, owner: str, path: str) -> tuple[Part, int]:
        (words,) = self._call(owner, path, ACCESSIBLE, "GetState")
        bits = words[0] | (words[1] << 32)
        states = frozenset(state for state in range(64) if bits >> state & 1)
        (role,) = self._call(owner, path, ACCESSIBLE, "GetRole")
        address = DBusAddress(path, owner, ACCESSIBLE)
        ((_, name),) = self._ask(Properties(address).get("Name"))
        return Part(name, owner, path, states), role

    def _call(
        self, owner: str, path: str, interface: str, method: str, kind: str = "", *words: Any
    ) -> Any:
        address = DBusAddress(path, owner, interface)
        return self._ask(new_method_call(address, method, kind or None, words))

    def _ask(self, message: Any) -> Any:
        return unwrap_msg(self._connection.send_and_get_reply(message, timeout=PATIENCE))

    @staticmethod
    def _until(look: Callable[[], list[int] | None], complaint: str) -> list[int]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = look()
            if found is not None:
                return found
            time.sleep(0.2)
        pytest.fail(complaint)


@contextmanager
def screen_reader(folder: Path) -> Iterator[ScreenReader]:
    """A bus with nobody else on it, whose socket lies in ``folder``."""
    socket, configuration = folder / "accessibility", folder / "accessibility.conf"
    configuration.write_text(CONFIGURATION.format(socket=socket))
    daemon = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        socket.chmod(0o777)
        with open_dbus_connection(address) as connection:
            yield ScreenReader(connection, address)
    finally:
        daemon.terminate()
        daemon.wait()
        if daemon.stdout is not None:
            daemon.stdout.close()
