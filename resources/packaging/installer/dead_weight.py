"""What the libraries bring and the application never uses: it stays out of the frozen folder."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

# never imported when sounds are made; some are only there if the build machine has them
EXCLUDED_MODULES = (
    "IPython",
    "PIL",
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
    "pyqtgraph.parametertree",
    "pytest",
    "scipy",
    "setuptools",
    "tensorboard",
    "tkinter",
    "torch.testing._internal",
    "torch.utils.benchmark",
    "torch.utils.tensorboard",
    "torchaudio",
    "torchvision",
    "transformers.cli",
    "transformers.pipelines",
    "triton",
    "wheel",
)

# what text encoders and their tokenizers need of transformers' hundreds of model families
USED_MODEL_FAMILIES = frozenset({"auto", "bert", "encoder_decoder", "t5"})

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
    "torch/testing/_internal/*",
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
    "*Qt6EglFS*",
    "*/plugins/platforminputcontexts/*virtualkeyboard*",
    "*/plugins/imageformats/*pdf*",
    "*/plugins/egldeviceintegrations/*",
    "*/plugins/platforms/*eglfs*",
    "*/plugins/platforms/*linuxfb*",
    "*/plugins/platforms/*vnc*",
    "*/plugins/platforms/*vkkhrdisplay*",
    "*/plugins/generic/*",
    "*/plugins/networkinformation/*",
    "*/plugins/qmltooling/*",
    "*/plugins/sqldrivers/*",
    "opengl32sw.dll",
)

# torch will not be imported without it
NEEDED = ("torch/bin/torch_shm_manager*",)


def is_dead_weight(place: str) -> bool:
    """Whether a file may stay out, by its path below the frozen folder's libraries."""
    path = str(PurePosixPath(place.replace("\\", "/")))

    def is_one_of(patterns: tuple[str, ...]) -> bool:
        return any(fnmatch(path, pattern) for pattern in patterns)

    return is_one_of(DEAD_WEIGHT) and not is_one_of(NEEDED)


def unused_model_families(folder: Path) -> list[str]:
    """The packages below ``transformers/models`` that no text encoder needs."""
    return [
        f"transformers.models.{family.name}"
        for family in sorted(folder.iterdir())
        if family.is_dir() and family.name not in USED_MODEL_FAMILIES | {"__pycache__"}
    ]
