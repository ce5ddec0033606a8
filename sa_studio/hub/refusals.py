"""What the hub and the network say, in words that somebody can act on.

The hub tells its refusals apart by ``X-Error-Code``; the status alone is ambiguous, for without
a valid token it answers 401 for what does not exist as well as for what is kept private.
"""

from __future__ import annotations

import importlib
import json
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sa_studio.errors import HubError, LicenceNotAccepted, NotLoggedIn

log = logging.getLogger(__name__)

KEPT = "What is here is kept, and the next try goes on from there."
BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105 (what the hub says)


class RetryLater(Exception):  # noqa: N818 (advice, not a mistake)
    """It may work in a moment.

    Attributes:
        error: what to tell if it never does.
        after: seconds that the hub asks to wait, if it said.
    """

    def __init__(self, error: HubError, after: float | None = None) -> None:
        super().__init__(error.message)
        self.error, self.after = error, after


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom: errors name it.

    Attributes:
        endpoint: the hub's address.
        repository: empty for questions about the account.
        has_token: whether the hub was told who asks.
    """

    endpoint: str
    repository: str = ""
    has_token: bool = False

    @property
    def page(self) -> str:
        """The repository's page."""
        return f"{self.endpoint}/{self.repository}"

    @property
    def tokens_page(self) -> str:
        """Where tokens are made."""
        return f"{self.endpoint}/settings/tokens"


@contextmanager
def in_plain_words(asked: Asked) -> Iterator[None]:
    """Turn what the hub's client raises within into HubError, or RetryLater around one."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        yield
    except HfHubHTTPError as error:
        raise refusal(error.response, asked) from error
    except OfflineModeIsEnabled as error:
        raise HubError(
            "Downloads are switched off by the environment variable HF_HUB_OFFLINE",
            "Unset it, start the application again and try once more.",
        ) from error
    except json.JSONDecodeError:
        raise  # to requests it is one of its own; but something came, only no sense
    except network_errors() as error:
        log.info("%s: %r", asked.endpoint, error)
        raise RetryLater(unreachable(error, asked)) from error


def network_errors() -> tuple[type[Exception], ...]:
    """What a failing connection raises: the hub's client came with three HTTP libraries so far.

    These are requests, httpx and httpx2; they are told by the session that it uses.
    """
    from huggingface_hub import get_session

    library: Any = importlib.import_module(type(get_session()).__module__.partition(".")[0])
    found = getattr(library, "TransportError", None) or library.RequestException
    return (found,)


def refusal(response: Any, asked: Asked) -> HubError | RetryLater:
    """The error for an answer of the hub that is none, whatever HTTP library it came by."""
    status = int(response.status_code)
    code = response.headers.get("X-Error-Code", "")
    words = response.headers.get("X-Error-Message", "")
    log.info("the hub answers %d %s to %s: %s", status, code, asked, words)
    if status == 429:
        return _too_many(response)
    if status in (408, 425) or status >= 500 or (status == 403 and _is_storage(response, asked)):
        return RetryLater(
            HubError(f"The hub has a problem of its own (status {status})", f"Try later. {KEPT}")
        )
    if status == 401:
        return _unauthorised(code, words, asked)
    if status == 403:
        return _forbidden(words, asked)
    if status == 404:
        return _not_found(code, response, asked)
    return HubError(
        f"The hub refuses with status {status}" + (f": {words}" if words else ""),
        "Try later, or look for a newer version of the application.",
        asked.page,
    )


def _is_storage(response: Any, asked: Asked) -> bool:
    """Whether it is not the hub that speaks, but the place of large files that it sent us to.

    What that refuses is an address that was signed for a while only.
    """
    return urlsplit(str(response.url)).netloc != urlsplit(asked.endpoint).netloc


def _too_many(response: Any) -> RetryLater:
    text = response.headers.get("Retry-After", "").strip()
    after = float(text) if text.isdigit() else None
    wait = f"in {_minutes(after)}" if after else "later"
    return RetryLater(
        HubError("The hub gets too many requests from here (status 429)", f"Try {wait}. {KEPT}"),
        after,
    )


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _unauthorised(code: str, words: str, asked: Asked) -> HubError:
    if code == "RepoNotFound":
        return _no_such_repository(asked)
    if asked.has_token or BAD_TOKEN in words:
        return NotLoggedIn(
            "The hub does not accept the access token (status 401)",
            f"It may have expired: make a new one at {asked.tokens_page} and log in with it.",
            asked.tokens_page,
        )
    if code == "GatedRepo":
        return NotLoggedIn(
            f"The hub gives {asked.repository} only to those who are logged in (status 401)",
            f"Accept the licence at {asked.page} with an account, make a token at "
            f"{asked.tokens_page}, and log in with it.",
            asked.page,
        )
    return NotLoggedIn(
        f"The hub shows {asked.repository} only to some who are logged in, if it has it at all "
        "(status 401)",
        f"Look whether {asked.page} is there, make a token at {asked.tokens_page}, and log in "
        "with it.",
        asked.page,
    )


def _forbidden(words: str, asked: Asked) -> HubError:
    if "fine-grained" in words:
        return HubError(
            "The access token may not read gated repositories (status 403)",
            f"Allow it to at {asked.tokens_page}, or make a token of the kind Read.",
            asked.tokens_page,
        )
    return LicenceNotAccepted(
        f"This account has not accepted the licence of {asked.repository} on the hub (status 403)",
        f"Open {asked.page}, accept the licence there, and try again.",
        asked.page,
    )


def _not_found(code: str, response: Any, asked: Asked) -> HubError:
    if code in ("EntryNotFound", "RevisionNotFound"):
        return HubError(
            f"{asked.repository} has no {response.request.url} any more (status 404)",
            "The repository has just changed: try again.",
            asked.page,
        )
    return _no_such_repository(asked)


def _no_such_repository(asked: Asked) -> HubError:
    return HubError(
        f"The hub {asked.endpoint} has no such repository: {asked.repository}",
        "Look for a newer version of the application; if HF_ENDPOINT names a mirror, unset it.",
        asked.page,
    )


def unreachable(error: BaseException, asked: Asked) -> HubError:
    """The error for a connection that was not made, or broke."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        reason = "this name is not found"
        advice = "Check the connection to the internet, and HF_ENDPOINT if it is set."
    elif any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        reason = "it was refused"
        advice = "Check the proxy or firewall, and HF_ENDPOINT if it is set."
    elif any(isinstance(cause, ssl.SSLError) for cause in causes):
        reason = "it is not secure"
        advice = "Check the clock of this computer, and the proxy if there is one."
    else:
        reason = str(error) or type(error).__name__
        advice = "Check the connection to the internet."
    return HubError(
        f"The connection to the hub {asked.endpoint} failed: {reason}", f"{advice} {KEPT}"
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it came from; some libraries hide the first one among arguments."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        waiting += [item for item in current.args if isinstance(item, BaseException)]
