"""What the frozen application starts with."""

from __future__ import annotations

import multiprocessing
import os
import sys

# Debian, Fedora (two of its times), openSUSE, Arch and Alpine; what truststore tries, too
ROOT_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def open_streams() -> None:
    """Give a windowed process somewhere to write to.

    On Windows it has neither stdout nor stderr, and progress bars of libraries write to them.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (kept open)
            setattr(sys, name, stream)


def give_back_library_path() -> None:
    """Let programs that are started from here find the system's libraries, not the bundle's.

    On Linux the start program sets ``LD_LIBRARY_PATH`` for this process, and keeps what it was.
    The dynamic linker has read it by now.
    """
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        os.environ["LD_LIBRARY_PATH"] = original
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


def find_bundled_portaudio() -> None:
    """Let sounddevice find the bundle's PortAudio where the system has none.

    On Linux it asks the system's linker alone. The system's own is better: it knows the sound
    servers that are installed.
    """
    import ctypes.util

    bundled = os.path.join(getattr(sys, "_MEIPASS", ""), "libportaudio.so.2")  # noqa: PTH118
    find = ctypes.util.find_library

    def find_library(name: str) -> str | None:
        found = find(name)
        if found is None and name == "portaudio" and os.path.isfile(bundled):  # noqa: PTH113
            return bundled
        return found

    ctypes.util.find_library = find_library


def bring_root_certificates() -> None:
    """Let downloads trust the bundle's root certificates where the system has none.

    On Windows and macOS the system is asked; on Linux it is a file, whose place differs.
    """
    import ssl

    if "SSL_CERT_FILE" in os.environ:
        return
    places = (ssl.get_default_verify_paths().openssl_cafile, *ROOT_CERTIFICATES)
    if not any(os.path.isfile(place) for place in places):  # noqa: PTH113
        import certifi

        os.environ["SSL_CERT_FILE"] = certifi.where()


if __name__ == "__main__":
    multiprocessing.freeze_support()  # first: a child process must not open a window
    open_streams()
    if sys.platform == "linux":
        give_back_library_path()
        find_bundled_portaudio()
        bring_root_certificates()
    from sa_studio.__main__ import main

    sys.exit(main())
