"""What happens before the frozen application is imported."""

from __future__ import annotations

import ast
import ctypes.util
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

LAUNCH = Path(__file__).parents[2] / "resources" / "packaging" / "launch.py"


@pytest.fixture
def launch() -> ModuleType:
    spec = importlib.util.spec_from_file_location("launch", LAUNCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_child_processes_are_seen_to_first() -> None:
    tree = ast.parse(LAUNCH.read_text(encoding="utf-8"))
    main = next(node for node in tree.body if isinstance(node, ast.If))
    assert ast.unparse(main.body[0]) == "multiprocessing.freeze_support()"


def test_a_windowed_process_has_somewhere_to_write_to(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    launch.open_streams()
    sys.stderr.write("a progress bar")
    sys.stdout.write("a line")
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def test_streams_that_are_there_stay(launch: ModuleType) -> None:
    before = sys.stdout, sys.stderr
    launch.open_streams()
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.parametrize("original", [None, "/opt/own"])
def test_programs_that_are_started_find_the_system_s_libraries(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, original: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if original is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", original)
    launch.give_back_library_path()
    assert os.environ.get("LD_LIBRARY_PATH") == original
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_the_bundle_s_portaudio_is_the_last_resort(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundled = tmp_path / "libportaudio.so.2"
    bundled.touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    system = {"portaudio": None, "z": "libz.so.1"}
    monkeypatch.setattr(ctypes.util, "find_library", system.get)
    launch.find_bundled_portaudio()
    assert ctypes.util.find_library("portaudio") == str(bundled)
    assert ctypes.util.find_library("z") == "libz.so.1"
    assert ctypes.util.find_library("other") is None
    monkeypatch.setattr(ctypes.util, "find_library", {"portaudio": "libportaudio.so.2"}.get)
    launch.find_bundled_portaudio()
    assert ctypes.util.find_library("portaudio") == "libportaudio.so.2"


def test_root_certificates_are_brought_where_the_system_has_none(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import certifi

    monkeypatch.setenv("SSL_CERT_FILE", "of the user")
    launch.bring_root_certificates()
    assert os.environ["SSL_CERT_FILE"] == "of the user"
    monkeypatch.setenv("SSL_CERT_FILE", "")  # so that it is as it was afterwards
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setattr(launch, "ROOT_CERTIFICATES", (str(LAUNCH),))
    launch.bring_root_certificates()
    assert "SSL_CERT_FILE" not in os.environ
    monkeypatch.setattr(launch, "ROOT_CERTIFICATES", ())
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: _Nowhere)
    launch.bring_root_certificates()
    assert os.environ["SSL_CERT_FILE"] == certifi.where()


class _Nowhere:
    openssl_cafile = "/nowhere/cert.pem"
