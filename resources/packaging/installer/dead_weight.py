"""What the libraries bring and the application never uses: it stays out of the frozen folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

Entry = tuple[str, str, str]
"""PyInstaller's: a place below the frozen folder's libraries, a source, a kind."""

# never imported when sounds are made; some are only there if the build machine has them
EXCLUDED_MODULES = (
    "IPython",
    "PIL",
    "_dbm",  # this and the next two bring libraries under the GPL and its like, and nobody asks
    "_gdbm",
    "readline",
    "_pytest",
    "accelerate",
    "altgraph",
    "caffe2",
    "diffusers",
    "functorch",
    "hatchling",
    "idlelib",
    "lib2to3",
    "matplotlib",
    "pandas",
    "pip",
    "pkg_resources",
    "PyInstaller",
    "pyqtgraph.canvas",
    "pyqtgraph.console",
    "pyqtgraph.examples",
    "pyqtgraph.flowchart",
    "pyqtgraph.jupyter",
    "pyqtgraph.opengl",
    "pytest",
    "scipy",
    "setuptools",
    "tensorboard",
    "tkinter",
    "torch.utils.benchmark",
    "torch.utils.tensorboard",
    "torchaudio",
    "torchvision",
    "transformers.cli",
    "transformers.pipelines",
    "triton",
    "wheel",
)

# what text encoders and their tokenizers need of transformers' hundreds of model families; align
# and mt5 are the first of those whose tokenizer is BERT's or T5's, and are asked for it
USED_MODEL_FAMILIES = frozenset({"align", "auto", "bert", "encoder_decoder", "mt5", "t5"})

# torch's tests of itself, but for what torch imports
USED_TORCH_TESTS = frozenset({"__init__", "common_dtype", "distributed", "logging_tensor"})

# files, by their place in the frozen folder
DEAD_WEIGHT = (
    "torch/include/*",
    "torch/share/*",
    "torch/test/*",
    "torch/lib/*.a",
    "torch/lib/*.lib",
    "torch/bin/*",
    "torch/lib/libaoti_custom_ops*",
    "torch/lib/*backend_with_compiler*",
    "torch/lib/*jitbackend_test*",
    "torch/lib/*torchbind_test*",
    "*/tests/*",
    "setuptools-*.dist-info/*",  # torch asks for it, to compile extensions
    "PySide6/Qt/translations/*",
    "PySide6/translations/*",
    "PySide6/Qt/qml/*",
    "PySide6/qml/*",
    # parts of Qt that the window does not use, and plugins that would bring them in
    "*Qt6Qml*",
    "*Qt6Quick*",
    "*Qt6VirtualKeyboard*",
    "*Qt6Pdf*",
    "*Qt6EglF[Ss]*",
    "*/plugins/platforminputcontexts/*virtualkeyboard*",
    "*/plugins/imageformats/*pdf*",
    "*/plugins/egldeviceintegrations/*",
    "*/plugins/platforms/*eglfs*",
    "*/plugins/platforms/*linuxfb*",
    "*/plugins/platforms/*vnc*",
    "*/plugins/platforms/*vkkhrdisplay*",
    "*/plugins/generic/*",
    "*/plugins/platformthemes/*gtk*",  # the window has its own looks
    "*/plugins/printsupport/*",
    "*/plugins/networkinformation/*",
    "*/plugins/qmltooling/*",
    "*/plugins/sqldrivers/*",
    "opengl32sw.dll",
    # a Linux that is as new as glibc has to be has these, and its own: parts of glibc, of the
    # compiler, whose newer editions graphics drivers need, and of ALSA, whose plugins fit no other
    "libmvec.so*",
    "libgcc_s.so*",
    "libstdc++.so*",
    "libasound.so*",
)

# what no file is linked with, and sounddevice loads
LOADED_BY_NAME = ("libportaudio.so",)
# torch will not be imported without it
NEEDED = ("torch/bin/torch_shm_manager*",)


def is_dead_weight(place: str) -> bool:
    """Whether a file may stay out, by its path below the frozen folder's libraries."""
    path = str(PurePosixPath(place.replace("\\", "/")))

    def is_one_of(patterns: tuple[str, ...]) -> bool:
        return any(fnmatch(path, pattern) for pattern in patterns)

    return is_one_of(DEAD_WEIGHT) and not is_one_of(NEEDED)


def unused_torch_tests(folder: Path) -> list[str]:
    """The modules below ``torch/testing/_internal`` that torch itself does not import."""
    names = {file.stem for file in folder.iterdir() if file.suffix == ".py" or file.is_dir()}
    unused = names - USED_TORCH_TESTS - {"__pycache__"}
    return [f"torch.testing._internal.{name}" for name in sorted(unused)]


def without_orphans(
    entries: Sequence[Entry], needed_by: Callable[[str], Iterable[str]], own: Sequence[Path]
) -> list[Entry]:
    """Leave out libraries of the building machine that only dead weight had asked for.

    Args:
        entries: PyInstaller's places, sources and kinds.
        needed_by: the names of the libraries that a file is linked with.
        own: folders whose libraries stay in any case: those of Python and of its packages.
    """
    needs = {source: set(needed_by(source)) for _, source, kind in entries if kind != "SYMLINK"}

    def is_foreign(entry: Entry) -> bool:
        place, source, kind = entry
        alone = kind == "BINARY" and len(PurePosixPath(place).parts) == 1
        return alone and not any(Path(source).resolve().is_relative_to(folder) for folder in own)

    left = list(entries)
    while True:
        needed = {name for _, source, _ in left for name in needs.get(source, ())}
        kept = [
            entry
            for entry in left
            if not is_foreign(entry) or entry[0] in needed or entry[0].startswith(LOADED_BY_NAME)
        ]
        if len(kept) == len(left):
            return kept
        left = kept


def unused_model_families(folder: Path) -> list[str]:
    """The packages below ``transformers/models`` that no text encoder needs."""
    return [
        f"transformers.models.{family.name}"
        for family in sorted(folder.iterdir())
        if family.is_dir() and family.name not in USED_MODEL_FAMILIES | {"__pycache__"}
    ]
