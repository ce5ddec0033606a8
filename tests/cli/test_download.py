"""``models download``, ``login`` and ``logout``, with a server that speaks the hub's protocol."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import keyring
import pytest
import soundfile

from tests.cli.command_line import QUICK, Run, assert_one_line, converse, start
from tests.cli.conftest import SMALL_REPOSITORY, TOKEN
from tests.hub_server import Fault, HubServer, MemoryKeyring

SMALL = "stable-audio-open-small"
ACCEPTED = ("models", "download", SMALL, "--accept-licence")
on_a_terminal = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")


@pytest.fixture
def wallet(hub: HubServer) -> MemoryKeyring:
    """A keyring that works, instead of none."""
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    return memory


def test_a_real_process_downloads_a_model_that_then_makes_a_sound(
    hub: HubServer, hub_environment: dict[str, str], data_dir: Path, run: Run
) -> None:
    process = start(*ACCEPTED, "--token", TOKEN, env=hub_environment)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert Path(out.removesuffix("\n")) == data_dir / "models" / SMALL
    assert run("models", "verify")[0] == 0
    assert "installed" in run("models", "catalog")[1]
    info = json.loads(run("models", "info", SMALL, "--json")[1])
    assert info["source"].startswith(f"{SMALL_REPOSITORY}@")
    assert info["licence"] == "Stability AI Community License"
    assert json.loads(run("models", "info", "t5-base", "--json")[1])["files"]
    status, out, err = run("generate", "kick", *QUICK, "--model", SMALL)
    assert (status, err) == (0, "")
    assert soundfile.info(out.strip()).frames == 22_050


def test_json_names_model_and_folder_and_a_second_time_fetches_nothing(
    hub: HubServer, run: Run, data_dir: Path
) -> None:
    expected = {"id": SMALL, "folder": str(data_dir / "models" / SMALL)}
    status, out, err = run(*ACCEPTED, "--token", TOKEN, "--json")
    assert (status, json.loads(out), err) == (0, expected, "")
    hub.requests.clear()
    status, out, err = run("models", "download", SMALL, "--json")
    assert (status, json.loads(out), err) == (0, expected, "")
    assert hub.requests == []


def test_without_a_terminal_the_licence_must_be_accepted_by_a_flag(
    hub: HubServer, run: Run
) -> None:
    status, out, err = run("models", "download", SMALL, "--token", TOKEN)
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert "Stability AI Community License" in err
    assert "https://stability.ai/community-license-agreement" in err
    assert "--accept-licence" in err
    assert hub.requests == [], "not one byte before it is accepted"


def test_a_token_may_be_piped_in(hub: HubServer, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{TOKEN}\n"))
    assert run(*ACCEPTED, "--token", "-")[0] == 0
    asked = [request.headers.get("authorization") for request in hub.requests]
    assert f"Bearer {TOKEN}" in asked


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (None, ("status 401", "sa-studio models login", f"/{SMALL_REPOSITORY}")),
        ("hf_expired", ("status 401", "/settings/tokens")),
        ("hf_of_a_stranger", ("status 403", "accept the licence", f"/{SMALL_REPOSITORY}")),
    ],
)
def test_refusals_are_told_apart_with_the_page_to_open(
    hub: HubServer, run: Run, token: str | None, words: tuple[str, ...]
) -> None:
    status, out, err = run(*ACCEPTED, *(() if token is None else ("--token", token)))
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert all(word in err for word in words)
    assert token is None or token not in err


@pytest.mark.parametrize("failure", [404, 429, 503])
def test_what_else_the_hub_refuses_is_one_line(hub: HubServer, run: Run, failure: int) -> None:
    if failure == 404:
        del hub.repositories[SMALL_REPOSITORY]
    else:
        hub.fault(Fault("/api/models/", times=None, status=failure))
    status, out, err = run(*ACCEPTED, "--token", TOKEN)
    assert (status, out) == (2, "")
    assert_one_line(err)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals for other processes")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_being_asked_to_end_keeps_what_has_come_and_the_same_command_goes_on(
    hub: HubServer, hub_environment: dict[str, str], run: Run, name: str
) -> None:
    whole = len(hub.repositories[SMALL_REPOSITORY].files["model.safetensors"])
    stall = hub.fault(Fault(_weights(hub), times=None, stall_at=whole // 2))
    process = start(*ACCEPTED, "--token", TOKEN, env=hub_environment)
    try:
        _wait_for_bytes(run, whole // 2)
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, "")
    assert_one_line(err)
    assert "goes on where it stopped" in err
    assert [json.loads(line)["id"] for line in run("models", "list", "--json")[1].splitlines()] == [
        "starter"
    ]
    assert " are here" in run("models", "catalog")[1]
    hub.faults.remove(stall)
    hub.requests.clear()
    assert run(*ACCEPTED, "--token", TOKEN)[0] == 0
    assert f"bytes={whole // 2}-" in [request.range for request in hub.requests]


def test_what_a_download_left_can_be_removed(hub: HubServer, run: Run, data_dir: Path) -> None:
    hub.fault(Fault(_weights(hub), times=None, drop_at=1000))
    status, _, err = run(*ACCEPTED, "--token", TOKEN)
    assert status == 2
    assert_one_line(err)
    assert "This would delete the " in run("models", "remove", SMALL)[2]
    assert run("models", "remove", SMALL, "--yes") == (0, "", "")
    states = {
        offer["id"]: offer["state"]
        for offer in map(json.loads, run("models", "catalog", "--json")[1].splitlines())
    }
    assert states[SMALL] == "absent"


# --- on a terminal --------------------------------------------------------------------------


@on_a_terminal
def test_the_licence_is_shown_and_asked_for_and_progress_is_shown(
    hub: HubServer, hub_environment: dict[str, str], data_dir: Path
) -> None:
    hub.fault(Fault(_weights(hub), times=None, bytes_per_second=400_000))
    status, out, shown = converse(
        *("models", "download", SMALL, "--token", TOKEN),
        answers=[("Do you accept", "y\n")],
        env=hub_environment,
    )
    assert (status, out) == (0, f"{data_dir / 'models' / SMALL}\n")
    assert "Stability AI Community License: Free for research" in shown
    assert "https://stability.ai/community-license-agreement" in shown
    assert "Apache License 2.0" in shown, "that of the shared piece, too"
    assert "downloading model.safetensors, " in shown
    assert re.search(r"[kM]B/s, ", shown)
    assert "Traceback" not in shown


@on_a_terminal
@pytest.mark.parametrize("answer", ["n", "", "perhaps"])
def test_whoever_does_not_accept_downloads_nothing(
    hub: HubServer, hub_environment: dict[str, str], answer: str
) -> None:
    status, out, shown = converse(
        *("models", "download", SMALL, "--token", TOKEN),
        answers=[("Do you accept", f"{answer}\n")],
        env=hub_environment,
    )
    assert (status, out) == (2, "")
    assert "nothing was downloaded" in shown
    assert hub.requests == []


@on_a_terminal
def test_a_token_that_is_missing_is_asked_for_and_never_shown(
    hub: HubServer, hub_environment: dict[str, str]
) -> None:
    status, out, shown = converse(
        *ACCEPTED, answers=[("(it is not shown)", f"{TOKEN}\n")], env=hub_environment
    )
    assert status == 0
    assert out
    assert TOKEN not in shown
    assert "no keyring" in shown, "it was good for this download alone, which is said"


# --- login and logout -----------------------------------------------------------------------


def test_login_keeps_the_token_for_the_next_download_and_logout_forgets_it(
    hub: HubServer, wallet: MemoryKeyring, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"  {TOKEN}\n"))
    assert run("models", "login", "--token", "-") == (0, "logged in as designer\n", "")
    assert list(wallet.secrets.values()) == [TOKEN]
    assert run(*ACCEPTED)[0] == 0
    assert run("models", "logout") == (0, "", "")
    assert wallet.secrets == {}
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert run("models", "logout") == (
        0,
        "",
        "sa-studio: the token of the environment is still used\n",
    )


@pytest.mark.parametrize("typed", ["", "  \n", "hf_unknown\n", "hf_\u00e9\n"])
def test_a_token_that_is_none_is_refused_and_not_kept(
    hub: HubServer,
    wallet: MemoryKeyring,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    status, out, err = run("models", "login", "--token", "-")
    assert (status, out) == (2, "")
    assert_one_line(err)
    assert "hf_" not in err
    assert wallet.secrets == {}


@on_a_terminal
def test_whoever_types_no_token_is_not_logged_in(
    hub: HubServer, hub_environment: dict[str, str]
) -> None:
    status, out, shown = converse(
        *("models", "login"), answers=[("(it is not shown)", "\x04")], env=hub_environment
    )
    assert (status, out) == (2, "")
    assert "No access token was given" in shown
    assert "Traceback" not in shown


@on_a_terminal
def test_login_on_a_terminal_does_not_show_what_is_typed(
    hub: HubServer, hub_environment: dict[str, str]
) -> None:
    status, out, shown = converse(
        *("models", "login"), answers=[("(it is not shown)", f"{TOKEN}\n")], env=hub_environment
    )
    assert (status, out) == (2, ""), "there is no keyring to keep it in"
    assert "it is designer's" in shown
    assert TOKEN not in shown


def _weights(hub: HubServer) -> str:
    from tests.hub_server import sha256

    return sha256(hub.repositories[SMALL_REPOSITORY].files["model.safetensors"])


def _wait_for_bytes(run: Run, count: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        offers = map(json.loads, run("models", "catalog", "--json")[1].splitlines())
        present = {offer["id"]: offer["present_bytes"] for offer in offers}
        if present[SMALL] >= count:
            return
        time.sleep(0.05)
    raise AssertionError("the download did not get that far")
