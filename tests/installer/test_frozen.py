"""What goes into the frozen folder, what stays out, and the size of what came out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from installer.build import Build, Stop
from installer.dead_weight import is_dead_weight, unused_model_families, without_orphans
from installer.frozen import check_clean, collected_files, folder_size, say_sizes, size_table


def write_contents(build: Build, *places: str) -> None:
    """PyInstaller's notes, of files that came from a site-packages and modules in its archive."""
    build.notes.mkdir(parents=True)
    files = [(place, f"/site-packages/{place}", "DATA") for place in places if "/" in place]
    files.append(("link.so", "x/link.so", "SYMLINK"))
    (build.notes / "COLLECT-00.toc").write_text(repr((files,)))
    modules = [
        (name, f"/site-packages/{name}.py", "PYMODULE") for name in places if "/" not in name
    ]
    (build.notes / "PYZ-00.toc").write_text(repr(("/PYZ-00.pyz", modules)))


def test_the_spec_is_python_and_freezes_a_folder_for_every_system(build: Build) -> None:
    text = (build.packaging / "sa_studio.spec").read_text(encoding="utf-8")
    calls = [
        node for node in ast.walk(ast.parse(text, "sa_studio.spec")) if isinstance(node, ast.Call)
    ]
    names = [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    assert {"Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE"} <= set(names)
    for call in calls:
        words = {word.arg: word.value for word in call.keywords}
        if isinstance(call.func, ast.Name) and call.func.id == "EXE":
            assert ast.literal_eval(words["exclude_binaries"]) is True  # a folder, not one file
    assert [place.name for place in build.packaging.rglob("*.spec")] == ["sa_studio.spec"]


@pytest.mark.parametrize("name", ["launch.py", "draw_icons.py"])
def test_the_programs_beside_the_spec_compile(build: Build, name: str) -> None:
    compile((build.packaging / name).read_text(encoding="utf-8"), name, "exec")


@pytest.mark.parametrize(
    "place",
    [
        "torch/include/ATen/ATen.h",
        "torch/test/cpp_api",
        "torch/bin/protoc",
        "torch/lib/libtorchbind_test.so",
        "torch\\lib\\dnnl.lib",
        "numpy/linalg/tests/test_linalg.py",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
    ],
)
def test_dead_weight_stays_out(place: str) -> None:
    assert is_dead_weight(place)


@pytest.mark.parametrize(
    "place",
    [
        "torch/bin/torch_shm_manager",
        "torch/lib/libtorch_cpu.so",
        "torch/version.py",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "models/starter/model_config.json",
        "transformers/models/bert/modeling_bert.py",
    ],
)
def test_what_is_needed_goes_in(place: str) -> None:
    assert not is_dead_weight(place)


def test_libraries_that_only_dead_weight_asked_for_stay_out(tmp_path: Path) -> None:
    needs = {
        "/venv/PySide6/plugins/libqxcb.so": ["libxcb-cursor.so.0", "libc.so.6"],
        "/usr/lib/libxcb-cursor.so.0": ["libxcb-util.so.1"],
        "/usr/lib/libgtk-3.so.0": ["libgdk-3.so.0"],
        "/usr/lib/libportaudio.so.2": ["libjack.so.0"],
    }
    entries = [
        ("PySide6/plugins/libqxcb.so", "/venv/PySide6/plugins/libqxcb.so", "BINARY"),
        ("libxcb-cursor.so.0", "/usr/lib/libxcb-cursor.so.0", "BINARY"),
        ("libxcb-util.so.1", "/usr/lib/libxcb-util.so.1", "BINARY"),
        ("libpython3.11.so.1.0", "/opt/python/lib/libpython3.11.so.1.0", "BINARY"),
        ("libportaudio.so.2", "/usr/lib/libportaudio.so.2", "BINARY"),
        ("libjack.so.0", "/usr/lib/libjack.so.0", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
    ]
    orphans = [
        ("libgtk-3.so.0", "/usr/lib/libgtk-3.so.0", "BINARY"),
        ("libgdk-3.so.0", "/usr/lib/libgdk-3.so.0", "BINARY"),
    ]
    own = [Path("/venv"), Path("/opt/python")]
    left = without_orphans([*entries, *orphans], lambda file: needs.get(file, []), own)
    assert left == entries


def test_only_model_families_that_text_encoders_need_go_in(tmp_path: Path) -> None:
    for name in (
        "align",
        "auto",
        "bert",
        "t5",
        "mt5",
        "encoder_decoder",
        "llama",
        "whisper",
        "__pycache__",
    ):
        (tmp_path / name).mkdir()
    (tmp_path / "__init__.py").touch()
    expected = ["transformers.models.llama", "transformers.models.whisper"]
    assert unused_model_families(tmp_path) == expected


def test_nothing_of_the_development_passes(build: Build) -> None:
    write_contents(build, "torch/version.py", "sa_studio-0.1.0.dist-info/METADATA", "sa_studio.cli")
    check_clean(build)
    assert collected_files(build)["torch/version.py"] == Path("/site-packages/torch/version.py")
    assert "link.so" not in collected_files(build)


def test_without_what_torch_was_built_for_the_build_stops(build: Build) -> None:
    write_contents(build, "torch/lib/libtorch_cpu.so")
    with pytest.raises(Stop, match=r"torch/version\.py is not inside"):
        check_clean(build)


@pytest.mark.parametrize(
    "place", ["scipy/a.so", "pytest-9.2.0.dist-info/METADATA", "diffusers.models"]
)
def test_a_development_package_stops_the_build(build: Build, place: str) -> None:
    write_contents(build, "torch/version.py", place)
    with pytest.raises(Stop, match=r"inside: (scipy|pytest|diffusers)$"):
        check_clean(build)


def test_a_list_that_cannot_be_read_says_so(build: Build) -> None:
    with pytest.raises(Stop, match="cannot be read"):
        collected_files(build)


def test_the_size_and_what_takes_the_room(build: Build) -> None:
    for place, size in {
        "torch/lib/a.so": 3_000_000,
        "torch/b": 1_000_000,
        "numpy/c": 500_000,
    }.items():
        file = build.libraries / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(size))
    (build.frozen / "sa-studio").write_bytes(bytes(100_000))
    (build.libraries / "again.so").symlink_to("torch/lib/a.so")
    assert folder_size(build.frozen) == 4_600_000
    assert size_table(build.libraries) == [("torch", 4_000_000), ("numpy", 500_000)]
    said: list[str] = []
    say_sizes(build, said.append)
    assert said[0] == "frozen size 5 MB, of it:"
    assert said[1].split() == ["4.0", "MB", "torch"]
    assert said[-1].split() == ["0.1", "MB", "everything", "else"]
