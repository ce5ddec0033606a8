"""A server of the tests' own that speaks the hub's protocol, and can be made to misbehave.

Like the real one it keeps large files in a storage of another origin, which it redirects to, and
tells its refusals apart by X-Error-Code.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

LFS_SUFFIXES = (".safetensors", ".ckpt", ".bin")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def git_sha1(content: bytes) -> str:
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


@dataclass
class Repository:
    """What one repository holds; ``members`` may read it if it is gated."""

    files: dict[str, bytes]
    gated: bool = False
    members: set[str] = field(default_factory=set)

    @property
    def revision(self) -> str:
        """The commit, which another content changes."""
        rows = [f"{path} {sha256(content)}" for path, content in sorted(self.files.items())]
        return git_sha1("\n".join(rows).encode())


@dataclass(frozen=True)
class Request:
    """One request as it came; ``storage`` tells which of the two servers got it."""

    method: str
    path: str
    headers: dict[str, str]
    storage: bool

    @property
    def range(self) -> str:
        return self.headers.get("range", "")


@dataclass
class Fault:
    """What goes wrong with requests whose path ends or contains so; ``times`` None is always.

    ``drop_at`` and ``stall_at`` count from the start of the file.
    """

    where: str
    times: int | None = 1
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    drop_at: int | None = None
    stall_at: int | None = None
    body: bytes | None = None
    ignore_range: bool = False
    bytes_per_second: float | None = None


class HubServer:
    """The hub and its storage on two ports of the loopback interface."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.accounts: dict[str, str] = {}
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.released = threading.Event()
        self.connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._servers = [self._start(storage) for storage in (False, True)]
        self.url, self.storage_url = (
            f"http://127.0.0.1:{server.server_address[1]}" for server in self._servers
        )

    def _start(self, storage: bool) -> ThreadingHTTPServer:
        hub = self

        class Handler(_Handler):
            owner = hub
            is_storage = storage

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server

    def close(self) -> None:
        """Go away, as a server does that is switched off; twice is no harm."""
        self.released.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        with self._lock:
            for connection in self.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def fault(self, fault: Fault) -> Fault:
        self.faults.append(fault)
        return fault

    def note(self, request: Request) -> Fault:
        """Write the request down; gives what goes wrong with it, if anything does."""
        with self._lock:
            self.requests.append(request)
            for fault in self.faults:
                if fault.where in request.path and fault.times != 0:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return Fault("")

    def reads(self, path: str) -> list[Request]:
        """The requests for the bytes of a file of this name, redirects not counted."""
        digests = [
            sha256(content)
            for repository in self.repositories.values()
            for name, content in repository.files.items()
            if name == path
        ]
        return [
            request
            for request in self.requests
            if request.method == "GET"
            and (request.storage or not path.endswith(LFS_SUFFIXES))
            and (request.path.endswith(f"/{path}") or any(d in request.path for d in digests))
        ]


class _Handler(BaseHTTPRequestHandler):
    owner: HubServer
    is_storage: bool
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Nothing: tests read ``HubServer.requests``."""

    def setup(self) -> None:
        super().setup()
        self.owner.connections.add(self.connection)

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # whoever asked has gone
            super().handle()

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = self.owner.note(Request(self.command, path, headers, self.is_storage))
        if fault.status:
            self.send(fault.status, fault.body or b"", fault.headers)
        elif self.is_storage:
            self.send_stored(path.removeprefix("/"), fault)
        elif path == "/api/whoami-v2":
            self.whoami()
        elif path.startswith("/api/models/"):
            self.model_info(path.removeprefix("/api/models/"), fault)
        elif "/resolve/" in path:
            name, _, rest = path.removeprefix("/").partition("/resolve/")
            revision, _, file = rest.partition("/")
            self.resolve(name, revision, file, fault)
        else:
            self.refuse(404, "", "Not found")

    # --- who asks ---------------------------------------------------------------------------
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def has_bad_token(self) -> bool:
        if self.token() and self.token() not in self.owner.accounts:
            self.refuse(401, "", "Invalid credentials in Authorization header")
            return True
        return False

    def whoami(self) -> None:
        name = self.owner.accounts.get(self.token())
        if name is None:
            self.refuse(401, "", "Invalid credentials in Authorization header")
        else:
            self.send_json({"type": "user", "name": name})

    # --- repositories -----------------------------------------------------------------------
    def repository(self, name: str) -> Repository | None:
        """The repository, or nothing after a refusal was sent, as the hub words them."""
        if self.has_bad_token():
            return None
        if name not in self.owner.repositories:
            if self.token():
                self.refuse(404, "RepoNotFound", "Repository not found")
            else:
                self.refuse(401, "", "Invalid username or password.")
            return None
        return self.owner.repositories[name]

    def model_info(self, name: str, fault: Fault) -> None:
        repository = self.repository(name)
        if repository is None:
            return
        if fault.body is not None:
            self.send(200, fault.body, {"Content-Type": "text/html"})
            return
        siblings = []
        for path, content in repository.files.items():
            row: dict[str, object] = {
                "rfilename": path,
                "size": len(content),
                "blobId": git_sha1(content),
            }
            if path.endswith(LFS_SUFFIXES):
                row["blobId"] = git_sha1(b"the pointer of " + content)
                row["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 130}
            siblings.append(row)
        gated = "auto" if repository.gated else False
        self.send_json(
            {
                "id": name,
                "modelId": name,
                "sha": repository.revision,
                "gated": gated,
                "private": False,
                "siblings": siblings,
            }
        )

    def resolve(self, name: str, revision: str, path: str, fault: Fault) -> None:
        repository = self.repository(name)
        if repository is None:
            return
        if repository.gated and self.owner.accounts.get(self.token()) not in repository.members:
            self.refuse(
                403 if self.token() else 401, "GatedRepo", f"Access to {name} is restricted"
            )
        elif revision != repository.revision:
            self.refuse(404, "RevisionNotFound", "Invalid rev id")
        elif path not in repository.files:
            self.refuse(404, "EntryNotFound", "Entry not found")
        elif path.endswith(LFS_SUFFIXES):
            content = repository.files[path]
            headers = {
                "Location": f"{self.owner.storage_url}/{sha256(content)}",
                "X-Linked-Etag": f'"{sha256(content)}"',
                "X-Linked-Size": str(len(content)),
                "X-Repo-Commit": revision,
            }
            self.send(302, b"", headers)
        else:
            content = repository.files[path]
            headers = {"ETag": f'"{git_sha1(content)}"', "X-Repo-Commit": revision}
            self.send_range(content, headers, fault)

    def send_stored(self, digest: str, fault: Fault) -> None:
        for repository in self.owner.repositories.values():
            for content in repository.files.values():
                if sha256(content) == digest:
                    self.send_range(content, {"ETag": f'"{digest}"'}, fault)
                    return
        self.send(403, b"<Error><Code>AccessDenied</Code></Error>", {})

    # --- sending ----------------------------------------------------------------------------
    def send_json(self, content: object) -> None:
        self.send(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def refuse(self, status: int, code: str, message: str) -> None:
        headers = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
        self.send(status, json.dumps({"error": message}).encode(), headers)

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.start(status, len(body), headers)
        if self.command == "GET":
            self.wfile.write(body)

    def start(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send_range(self, content: bytes, headers: dict[str, str], fault: Fault) -> None:
        whole = fault.body if fault.body is not None else content
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            # then ranges count in what is sent, not in the file
            whole, headers = gzip.compress(whole), headers | {"Content-Encoding": "gzip"}
        asked = "" if fault.ignore_range else self.headers.get("Range", "")
        first = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        if first and first >= len(whole):
            self.send(416, b"", {"Content-Range": f"bytes */{len(whole)}"})
            return
        headers = headers | {"Accept-Ranges": "bytes"}
        if asked:
            headers["Content-Range"] = f"bytes {first}-{len(whole) - 1}/{len(whole)}"
        self.start(206 if asked else 200, len(whole) - first, headers)
        if self.command == "HEAD":
            return
        stops = [end for end in (fault.drop_at, fault.stall_at) if end is not None]
        end = max(first, min([len(whole), *stops]))
        try:
            self.send_paced(whole[first:end], fault.bytes_per_second)
            if fault.stall_at is not None:
                self.wfile.flush()
                self.owner.released.wait(60)
        except ConnectionError:
            self.close_connection = True  # whoever asked has gone
        if end < len(whole):
            self.close_connection = True

    def send_paced(self, content: bytes, bytes_per_second: float | None) -> None:
        if bytes_per_second is None:
            self.wfile.write(content)
            return
        step = max(int(bytes_per_second / 50), 1)
        for start in range(0, len(content), step):
            self.wfile.write(content[start : start + step])
            self.wfile.flush()
            time.sleep(step / bytes_per_second)


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that lasts as long as the test; one that is ``locked`` refuses everything."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}
        self.locked = False

    def check(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked("it is locked")

    def get_password(self, service: str, username: str) -> str | None:
        self.check()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.check()
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.check()
        del self.secrets[service, username]


def no_keyring() -> keyring.backend.KeyringBackend:
    """What keyring itself chooses where there is none."""
    return keyring.backends.fail.Keyring()


def close_sessions() -> None:
    """Drop the connections that the hub's client keeps open for the next request."""
    import huggingface_hub

    close = getattr(huggingface_hub, "close_session", None)
    if close is None:  # before 1.0
        from huggingface_hub.utils import reset_sessions as close
    close()


@contextmanager
def hub_server(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *, quick: bool = True
) -> Iterator[HubServer]:
    """Run the server, and make this process take it, and nothing else, for the hub.

    Args:
        folder: of the test's own; the hub's cache is looked for in it.
        quick: do not wait between one try and the next.
    """
    from huggingface_hub import constants

    from sa_studio.hub import patience

    # huggingface_hub looks at the environment once, when it is imported; tests/conftest.py has
    # it find the network switched off there
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(folder / "hub-token"))
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    if quick:
        monkeypatch.setattr(patience, "WAITS", (0.01,) * len(patience.WAITS))
    server = HubServer()
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    before = keyring.get_keyring()
    keyring.set_keyring(no_keyring())
    close_sessions()
    try:
        yield server
    finally:
        server.close()
        close_sessions()
        keyring.set_keyring(before)


def stable_audio_repositories(*, gated: bool = True) -> dict[str, Repository]:
    """Small stand-ins for the repositories of the catalogue, with the files that they have."""

    def weights(name: str, size: int) -> bytes:
        seed = hashlib.sha256(name.encode()).digest()
        return (seed * (size // len(seed) + 1))[:size]

    def native(name: str) -> dict[str, bytes]:
        config = {"model_type": "diffusion_cond", "model": {"conditioning": {"configs": [
            {"id": "prompt", "type": "t5"}]}}}  # fmt: skip
        return {
            ".gitattributes": b"*.safetensors filter=lfs\n",
            "README.md": b"# A model\n",
            "model_config.json": json.dumps(config).encode(),
            "model.ckpt": weights(f"{name}.ckpt", 400_000),
            "model.safetensors": weights(name, 400_000),
        }

    diffusers = {
        "model_index.json": b"{}",
        "scheduler/scheduler_config.json": b'{"a": 1}',
        "projection_model/config.json": b'{"b": 1}',
        "projection_model/diffusion_pytorch_model.safetensors": weights("projection", 1000),
        "text_encoder/config.json": b'{"c": 1}',
        "text_encoder/model.safetensors": weights("text encoder", 5000),
        "tokenizer/special_tokens_map.json": b'{"d": 1}',
        "tokenizer/spiece.model": b"pieces",
        "tokenizer/tokenizer.json": b'{"e": 1}',
        "tokenizer/tokenizer_config.json": b'{"f": 1}',
        "transformer/config.json": b'{"g": 1}',
        "transformer/diffusion_pytorch_model.safetensors": weights("transformer", 200_000),
        "vae/config.json": b'{"h": 1}',
        "vae/diffusion_pytorch_model.safetensors": weights("vae", 100_000),
    }
    t5 = {
        "README.md": b"# T5\n",
        "config.json": b'{"d_model": 768}',
        "flax_model.msgpack": b"other",
        "model.safetensors": weights("t5", 150_000),
        "pytorch_model.bin": weights("t5.bin", 1000),
        "spiece.model": b"sentence pieces",
        "tokenizer.json": b'{"version": "1.0"}',
        "tokenizer_config.json": b"{}",
    }
    return {
        "stabilityai/stable-audio-open-1.0": Repository(
            native("1.0") | diffusers, gated, {"designer"}
        ),
        "stabilityai/stable-audio-open-small": Repository(native("small"), gated, {"designer"}),
        "google-t5/t5-base": Repository(t5),
    }
