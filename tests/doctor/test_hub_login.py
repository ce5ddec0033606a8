from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from sa_studio.doctor import Finding, State
from sa_studio.doctor.finding import guarded
from sa_studio.doctor.hub_login import examine_hub_login
from sa_studio.service import Studio
from tests.hub_server import (
    Fault,
    HubServer,
    MemoryKeyring,
    hub_server,
    stable_audio_repositories,
)

TOKEN = "hf_of_a_designer"  # noqa: S105


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    with hub_server(monkeypatch, tmp_path) as server:
        server.repositories = stable_audio_repositories()
        server.accounts = {TOKEN: "designer"}
        yield server


def examine(online: bool = False) -> Finding:
    with Studio() as studio:
        (finding,) = guarded("Hub login", lambda: examine_hub_login(studio, online=online))
    assert TOKEN not in str(finding.as_json())
    return finding


def test_without_a_token_it_is_noted_how_to_get_one(hub: HubServer) -> None:
    finding = examine()
    assert (finding.state, finding.text) == (State.NOTE, "not logged in")
    assert "sa-studio models login" in finding.hint
    assert hub.requests == [], "nobody asked for the network"
    assert examine(online=True).text == "not logged in; the hub answers"


@pytest.mark.parametrize("place", ["keyring", "environment", "hub cache"])
def test_where_the_token_comes_from_and_whose_it_is(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    if place == "keyring":
        keyring.set_keyring(MemoryKeyring())
        with Studio() as studio:
            studio.shelf.login(TOKEN)
        hub.requests.clear()
    elif place == "environment":
        monkeypatch.setenv("HF_TOKEN", TOKEN)
    else:
        (tmp_path / "hub-token").write_text(TOKEN, encoding="utf-8")
    finding = examine()
    assert (finding.state, finding.text) == (State.OK, f"the token of the {place} is used")
    assert hub.requests == []
    finding = examine(online=True)
    assert finding.text == f"the token of the {place}, of designer, is used; the hub answers"
    assert finding.details == {"token_source": place, "name": "designer"}


def test_a_token_that_has_expired_is_a_problem_once_the_hub_is_asked(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_expired")
    assert examine().state is State.OK
    finding = examine(online=True)
    assert finding.state is State.PROBLEM
    assert "/settings/tokens" in finding.hint


@pytest.mark.parametrize("token", ["", TOKEN])
def test_a_hub_that_cannot_be_reached_is_a_problem_once_it_is_asked(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    hub.fault(Fault("/api/", times=None, status=503))
    finding = examine(online=True)
    assert finding.state is State.PROBLEM
    assert "503" in finding.text
    hub.close()
    finding = examine(online=True)
    assert finding.state is State.PROBLEM
    assert hub.url in finding.text
