from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from sa_studio.errors import HubError, NotLoggedIn
from sa_studio.hub.account import find_token
from sa_studio.model_offers import HubAccount
from sa_studio.model_shelf import ModelShelf
from tests.hub.conftest import TOKEN, Download
from tests.hub_server import Fault, HubServer, MemoryKeyring


@pytest.fixture
def ring(hub: HubServer) -> Iterator[MemoryKeyring]:
    backend = MemoryKeyring()
    keyring.set_keyring(backend)  # hub puts back the one before
    return backend


def tokens_sent(hub: HubServer) -> set[str]:
    return {request.headers.get("authorization", "") for request in hub.requests}


def test_login_asks_the_hub_whose_token_it_is_and_keeps_it_in_the_keyring(
    hub: HubServer, shelf: ModelShelf, ring: MemoryKeyring
) -> None:
    assert shelf.account() == HubAccount("")
    assert shelf.login(f" {TOKEN}\n") == HubAccount("keyring", "designer")
    assert list(ring.secrets.values()) == [TOKEN]
    assert shelf.account() == HubAccount("keyring")
    shelf.logout()
    assert ring.secrets == {}
    assert shelf.account() == HubAccount("")
    shelf.logout()


def test_account_does_not_ask_the_hub(
    hub: HubServer, shelf: ModelShelf, ring: MemoryKeyring
) -> None:
    shelf.account()
    assert hub.requests == []


def test_a_download_takes_the_token_of_the_keyring(
    hub: HubServer, shelf: ModelShelf, ring: MemoryKeyring, download: Download
) -> None:
    shelf.login(TOKEN)
    hub.requests.clear()
    download(token=None)
    assert tokens_sent(hub) == {f"Bearer {TOKEN}", ""}  # nothing for the storage


def test_the_order_is_given_once_keyring_environment_and_the_hubs_cache(
    hub: HubServer,
    shelf: ModelShelf,
    ring: MemoryKeyring,
    download: Download,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    assert find_token() == (None, "")
    (tmp_path / "hub-token").write_text("hf_cached\n", encoding="utf-8")
    assert find_token() == ("hf_cached", "hub cache")
    monkeypatch.setenv("HF_TOKEN", "hf_variable")
    assert find_token() == ("hf_variable", "environment")
    keyring.set_password("SA Studio", "hub token", "hf_ring")
    assert find_token() == ("hf_ring", "keyring")
    download(token=TOKEN)
    assert tokens_sent(hub) == {f"Bearer {TOKEN}", ""}


@pytest.mark.parametrize("token", ["", "  ", "hf_expired"])
def test_a_token_that_the_hub_does_not_know_is_not_kept(
    hub: HubServer, shelf: ModelShelf, ring: MemoryKeyring, token: str
) -> None:
    with pytest.raises(NotLoggedIn) as caught:
        shelf.login(token)
    assert caught.value.page == f"{hub.url}/settings/tokens"
    assert caught.value.page in caught.value.hint
    assert ring.secrets == {}


def test_without_a_keyring_login_says_what_else_there_is(hub: HubServer, shelf: ModelShelf) -> None:
    with pytest.raises(HubError, match="no keyring") as caught:
        shelf.login(TOKEN)
    assert "designer" in caught.value.message
    assert "HF_TOKEN" in caught.value.hint
    assert shelf.account() == HubAccount("")
    shelf.logout()


def test_a_locked_keyring_does_not_stand_in_the_way_of_other_tokens(
    hub: HubServer, shelf: ModelShelf, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.locked = True
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert shelf.account() == HubAccount("environment")
    with pytest.raises(HubError, match="no keyring"):
        shelf.login(TOKEN)


def test_a_keyring_that_keeps_the_token_is_told(
    hub: HubServer, shelf: ModelShelf, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.login(TOKEN)

    def refuse(service: str, username: str) -> None:
        raise OSError("the daemon is gone")

    monkeypatch.setattr(ring, "delete_password", refuse)
    with pytest.raises(HubError, match="does not let go") as caught:
        shelf.logout()
    assert "SA Studio" in caught.value.hint


def test_login_tells_when_the_hub_is_in_trouble(
    hub: HubServer, shelf: ModelShelf, ring: MemoryKeyring
) -> None:
    fault = hub.fault(Fault("/api/whoami-v2", status=429, headers={"Retry-After": "60"}))
    with pytest.raises(HubError, match="429"):
        shelf.login(TOKEN)
    fault.times, fault.status, fault.body = 1, 200, b"<html>hotel</html>"
    with pytest.raises(HubError, match="does not tell the name"):
        shelf.login(TOKEN)
    hub.close()
    with pytest.raises(HubError, match="was refused") as caught:
        shelf.login(TOKEN)
    assert caught.value.hint
    assert ring.secrets == {}
