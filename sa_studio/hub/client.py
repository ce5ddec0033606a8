"""The hub, asked through huggingface_hub: what a repository holds, its bytes, whose token it is.

The client is asked for every byte over plain HTTP: its xet transport neither resumes nor can be
stopped in the middle of a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sa_studio import __version__
from sa_studio.errors import HubError, NotLoggedIn
from sa_studio.hub.refusals import Asked, RetryLater, in_plain_words

LIBRARY = "sa-studio"
BLOCK_BYTES = 64 * 1024
HASH = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")


class RangeIgnored(Exception):  # noqa: N818 (nobody's mistake)
    """The server does not send the rest of a file; it can only be had from its start."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in a repository.

    Attributes:
        path: in the repository, with forward slashes; never leads out of a folder.
        sha256: of large files; empty for those that git itself holds.
        git_sha1: of the latter, as git hashes a blob; empty for large files.
    """

    path: str
    bytes: int
    sha256: str = ""
    git_sha1: str = ""

    @property
    def digest(self) -> str:
        """The one of the hashes that the hub knows."""
        return self.sha256 or self.git_sha1


@dataclass(frozen=True, slots=True)
class Listing:
    """What a repository holds at one commit, which ``revision`` names."""

    repository: str
    revision: str
    files: tuple[RemoteFile, ...]


class HubClient:
    """Asks the hub; every method blocks.

    Args:
        token: tells the hub who asks; nothing else that may lie around is used.
        endpoint: the hub's address; else ``HF_ENDPOINT``, else the public one.

    Raises:
        NotLoggedIn: the token has characters that no header can carry.
    """

    def __init__(self, token: str | None = None, endpoint: str | None = None) -> None:
        from huggingface_hub import constants

        # what else is installed here is nobody's business; the environment variable for this
        # would only count before huggingface_hub is imported, which others do, too
        constants.HF_HUB_DISABLE_TELEMETRY = True
        self._token = None if token is None else token.strip()
        # looked up now: huggingface_hub only does so once, when it is first imported
        self._endpoint = endpoint or os.environ.get("HF_ENDPOINT") or constants.ENDPOINT
        self._endpoint = self._endpoint.rstrip("/")
        if self._token is not None and not (self._token.isascii() and self._token.isprintable()):
            raise NotLoggedIn(
                "The access token has characters that no token has",
                f"Copy it again from {self._asked('').tokens_page}.",
                self._asked("").tokens_page,
            )

    def _asked(self, repository: str) -> Asked:
        return Asked(self._endpoint, repository, bool(self._token))

    def listing(self, repository: str) -> Listing:
        """The files of a repository as it is now, with sizes and hashes.

        Raises:
            HubError, RetryLater: see :mod:`sa_studio.hub.refusals`.
        """
        from huggingface_hub import HfApi, constants

        api = HfApi(self._endpoint, library_name=LIBRARY, library_version=__version__)
        try:
            with in_plain_words(self._asked(repository)):
                info = api.model_info(
                    repository,
                    files_metadata=True,
                    token=self._token or False,
                    timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
                )
        except (ValueError, TypeError, KeyError) as error:
            # a page of the network that one must log in to, for example
            raise self._strange(repository, "anything sensible") from error
        if not info.sha:
            raise self._strange(repository, "the commit")
        files = tuple(self._file(repository, item) for item in info.siblings or ())
        return Listing(repository, info.sha, files)

    def _file(self, repository: str, item: Any) -> RemoteFile:
        path = PurePosixPath(item.rfilename)
        if path.is_absolute() or ".." in path.parts or set("\\:") & set(item.rfilename):
            raise self._strange(repository, f"a proper path of {item.rfilename!r}")
        # of large files git holds a pointer only, whose hash blob_id is
        file = (
            RemoteFile(str(path), item.size, sha256=item.lfs["sha256"])
            if item.lfs
            else RemoteFile(str(path), item.size, git_sha1=item.blob_id)
        )
        if file.bytes is None or not HASH.fullmatch(file.digest or ""):
            raise self._strange(repository, f"size and hash of {item.rfilename!r}")
        return file

    def _strange(self, repository: str, lacking: str) -> HubError:
        return HubError(
            f"The hub {self._endpoint} does not tell {lacking} of {repository}",
            "Look whether this network wants a login; if HF_ENDPOINT names a mirror, unset it.",
        )

    def read(
        self, listing: Listing, file: RemoteFile, start: int = 0
    ) -> Generator[bytes, None, None]:
        """The bytes of a file from ``start`` on, as they come.

        Raises:
            RangeIgnored: they would come from the start of the file.
            HubError, RetryLater: see :mod:`sa_studio.hub.refusals`.
        """
        from huggingface_hub import hf_hub_url

        # documented there, though not marked as exported
        from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

        url = hf_hub_url(
            listing.repository, file.path, revision=listing.revision, endpoint=self._endpoint
        )
        headers = self._headers()
        # bytes on the way that are those in the file, or ranges would mean something else
        headers["Accept-Encoding"] = "identity"
        if start:
            headers["Range"] = f"bytes={start}-"
        with in_plain_words(self._asked(listing.repository)), _streamed(url, headers) as response:
            if start and response.status_code == 416:
                raise RangeIgnored  # to the server the file is over before that
            hf_raise_for_status(response)
            if start and not _starts_at(response, start):
                raise RangeIgnored
            yield from _blocks(response)

    def account_name(self) -> str:
        """Whose token it is.

        Raises:
            NotLoggedIn: the hub does not know it.
            HubError: the hub cannot be asked.
        """
        from huggingface_hub import constants, get_session
        from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

        asked = self._asked("")
        if not self._token:
            raise NotLoggedIn(
                "There is no access token",
                f"Make one at {asked.tokens_page} and copy it here.",
                asked.tokens_page,
            )
        try:
            with in_plain_words(asked):
                # not HfApi.whoami: it would wait for a stalled server for ever
                response = get_session().get(
                    f"{self._endpoint}/api/whoami-v2",
                    headers=self._headers(),
                    timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
                )
                hf_raise_for_status(response)
                return str(response.json()["name"])
        except RetryLater as later:
            raise later.error from later
        except (ValueError, TypeError, KeyError) as error:
            raise self._strange("the account", "the name") from error

    def _headers(self) -> dict[str, str]:
        """Who asks, and no more."""
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

        headers: dict[str, str] = build_hf_headers(
            token=self._token or False, library_name=LIBRARY, library_version=__version__
        )
        return headers


@contextmanager
def _streamed(url: str, headers: dict[str, str]) -> Iterator[Any]:
    """The answer to a GET, its body unread, by whichever HTTP library the hub's client has."""
    from huggingface_hub import constants, get_session

    session: Any = get_session()
    timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
    if callable(session.stream):  # httpx
        with session.stream("GET", url, headers=headers, timeout=timeout) as response:
            yield response
    else:  # requests, in huggingface_hub before 1.0
        with session.get(url, headers=headers, timeout=timeout, stream=True) as response:
            yield response


def _blocks(response: Any) -> Iterator[bytes]:
    if hasattr(response, "iter_bytes"):
        # of no set size: each as soon as it is there, so that little is lost when it breaks off
        yield from response.iter_bytes()
    else:
        yield from response.iter_content(BLOCK_BYTES)


def _starts_at(response: Any, start: int) -> bool:
    given = str(response.headers.get("Content-Range", ""))
    return int(response.status_code) == 206 and given.replace(" ", "").startswith(f"bytes{start}-")
