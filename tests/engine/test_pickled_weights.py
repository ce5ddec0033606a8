"""Checkpoints by torch.save: read without a copy, and never run."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
import re
import shutil
import subprocess
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from sa_studio.engine.pickle_globals import MAX_PICKLE_BYTES, foreign_globals, globals_of
from sa_studio.engine.pickled_weights import read_pickled_checkpoint
from sa_studio.engine.weight_sources import WeightSource
from sa_studio.errors import ModelError

WEIGHTS = {
    "double": torch.arange(6, dtype=torch.float64).view(2, 3),
    "single": torch.randn(3, 4),
    "half": torch.randn(5).half(),
    "brain": torch.randn(2, 2, 2).bfloat16(),
    "scalar": torch.tensor(7),
    "empty": torch.zeros(0, 3),
    "transposed": torch.randn(4, 6).t(),
    "parameter": torch.nn.Parameter(torch.randn(3)),
}


def value(source: WeightSource) -> Tensor:
    tensor = torch.empty(source.shape, dtype=source.dtype)
    source.read_into(tensor)
    return tensor


def save(path: Path, content: object, *, legacy: bool = False) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    return path


def compress(path: Path) -> Path:
    """The same archive with its members packed, as some tools make it."""
    packed = path.with_name("packed.ckpt")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, old.read(item))
    return packed


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])
def test_every_form_holds_the_same_weights(tmp_path: Path, legacy: bool, wrapped: bool) -> None:
    content: object = {"state_dict": WEIGHTS, "epoch": 3} if wrapped else OrderedDict(WEIGHTS)
    read = read_pickled_checkpoint(save(tmp_path / "model.ckpt", content, legacy=legacy))
    assert set(read.tensors) == set(WEIGHTS)
    for name, tensor in WEIGHTS.items():
        assert torch.equal(value(read.tensors[name]), tensor), name
        assert read.tensors[name].dtype == tensor.dtype
    assert read.config is None
    assert read.others == (("epoch",) if wrapped else ())


def test_a_compressed_archive_is_read(tmp_path: Path) -> None:
    packed = compress(save(tmp_path / "model.ckpt", WEIGHTS))
    tensors = read_pickled_checkpoint(packed).tensors
    assert all(torch.equal(value(tensors[name]), tensor) for name, tensor in WEIGHTS.items())


def test_what_is_no_tensor_is_named(tmp_path: Path) -> None:
    content = {
        "state_dict": {**WEIGHTS, "version": 3, "sparse": torch.eye(2).to_sparse()},
        "model_config": {"model_type": "diffusion_cond"},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.zeros(3)}}, "param_groups": []}],
        "callbacks": {"ModelCheckpoint": {"best_model_score": None, "dirpath": "x"}},
    }
    # a sparse tensor brings a function that no weights of ours need, so it is refused
    with pytest.raises(ModelError, match="_rebuild_sparse_tensor"):
        read_pickled_checkpoint(save(tmp_path / "model.ckpt", content))
    del content["state_dict"]["sparse"]  # type: ignore[attr-defined]
    read = read_pickled_checkpoint(save(tmp_path / "model.ckpt", content))
    assert set(read.tensors) == set(WEIGHTS)
    assert read.config == {"model_type": "diffusion_cond"}
    assert set(read.others) == {"version", "optimizer_states", "callbacks"}


def test_values_are_mapped_and_not_read(tmp_path: Path) -> None:
    """64 MiB of weights of which one number is looked at."""
    path = save(tmp_path / "large.ckpt", {"large": torch.ones(1 << 24), "small": torch.ones(1)})
    before = resident()
    tensors = read_pickled_checkpoint(path).tensors
    assert value(tensors["small"]).item() == 1
    assert resident() - before < 16 << 20
    assert value(tensors["large"]).sum() == 1 << 24


def resident() -> int:
    pages = Path("/proc/self/statm")
    if not pages.is_file():
        pytest.skip("the memory in use is read from /proc")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# --- hostile files --------------------------------------------------------------------------
class Calls:
    """An object whose unpickling calls a function."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._call


def attacks(canary: Path) -> dict[str, tuple[Any, str]]:
    """Objects whose unpickling makes the file ``canary``, and what a refusal has to name."""
    touch = f"open({str(canary)!r}, 'w').close()"
    return {
        "system": (Calls(os.system, f"touch {canary}"), r"\(os\.system\)"),
        "mkdir": (Calls(os.mkdir, str(canary)), r"\(os\.mkdir\)"),
        "eval": (Calls(eval, touch), r"builtins\.eval"),
        "exec": (Calls(exec, touch), r"builtins\.exec"),
        "copy": (Calls(shutil.copy, __file__, str(canary)), r"shutil\.copy"),
        "process": (
            Calls(subprocess.check_call, ["touch", str(canary)]),
            r"subprocess\.check_call",
        ),
    }


def harmless(canary: Path) -> dict[str, tuple[Any, str]]:
    """Objects that do nothing bad, but that no weights consist of."""
    del canary
    return {
        "numpy": (np.arange(3), r"numpy\.\S*\.(_reconstruct|_frombuffer)"),
        "path": (Path("x"), r"pathlib\.\S*Path"),
        "torch": (
            Calls(torch.storage._load_from_bytes, b"anything"),
            r"torch\.storage\._load_from_bytes",
        ),
        "counter": (Counter("ab"), r"collections\.Counter"),
    }


def dump(thing: Any, protocol: int) -> bytes:
    return pickle.dumps({"state_dict": {"weight": thing}}, protocol)


def hostile_zip(path: Path, table: bytes) -> Path:
    """A checkpoint of torch whose table of contents is ``table``."""
    save(path, WEIGHTS)
    with zipfile.ZipFile(path) as archive:
        members = {item.filename: archive.read(item) for item in archive.infolist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, table if name.endswith("data.pkl") else content)
    return path


def hostile_legacy(path: Path, table: bytes) -> Path:
    """The same in the form from before 2020: the third pickle is the content."""
    save(path, WEIGHTS, legacy=True)
    old = path.read_bytes()
    file = io.BytesIO(old)
    for _ in range(3):
        list(pickletools.genops(file))
    start = file.tell()
    list(pickletools.genops(file))
    path.write_bytes(old[:start] + table + old[file.tell() :])
    return path


def hostile_plain(path: Path, table: bytes) -> Path:
    path.write_bytes(table)
    return path


MAKERS = [hostile_zip, hostile_legacy, hostile_plain]
Maker = Callable[[Path, bytes], Path]


def refusal(path: Path) -> str:
    with pytest.raises(ModelError) as error:
        read_pickled_checkpoint(path)
    assert path.name in error.value.message
    assert "Nothing was run" in error.value.hint
    return error.value.message


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("kind", attacks(Path()))
def test_a_malicious_pickle_is_refused_and_named(
    tmp_path: Path, kind: str, protocol: int, make: Maker
) -> None:
    canary = tmp_path / "canary"
    thing, named = attacks(canary)[kind]
    table = dump(thing, protocol)
    assert re.search(named, refusal(make(tmp_path / "model.ckpt", table)))
    assert not canary.exists()
    # and it is no blank shot: Python's own unpickler makes the file
    pickle.loads(table)  # noqa: S301
    assert canary.exists()


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("kind", harmless(Path()))
def test_what_weights_do_not_need_is_refused_and_named(
    tmp_path: Path, kind: str, protocol: int, make: Maker
) -> None:
    thing, named = harmless(tmp_path)[kind]
    assert re.search(named, refusal(make(tmp_path / "model.ckpt", dump(thing, protocol))))


@pytest.mark.parametrize("make", MAKERS)
def test_a_function_looked_up_while_unpickling_is_refused(tmp_path: Path, make: Maker) -> None:
    """getattr(__import__("os"), "system")("touch canary"), with no global called "system"."""
    canary = tmp_path / "canary"
    table = (
        b"c__builtin__\ngetattr\n(c__builtin__\n__import__\n(S'os'\ntRS'system'\ntR"
        b"(S'touch " + str(canary).encode() + b"'\ntR."
    )
    message = refusal(make(tmp_path / "model.ckpt", table))
    assert "builtins.getattr, builtins.__import__" in message
    assert not canary.exists()
    pickle.loads(table)  # noqa: S301
    assert canary.exists()


def test_calls_hidden_in_a_second_pickle_of_the_archive_are_found(tmp_path: Path) -> None:
    path = save(tmp_path / "model.ckpt", WEIGHTS)
    archive = zipfile.ZipFile(path, "a")
    with archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("model/data.pkl", dump(Calls(os.system, "true"), 2))
    assert "os.system" in refusal(path)


def test_all_that_is_called_is_counted(tmp_path: Path) -> None:
    things = [thing for thing, _ in attacks(tmp_path / "canary").values()]
    path = hostile_zip(tmp_path / "model.ckpt", dump(things, 2))
    assert re.search(r"would call \S+system \(os\.system\), .* and 3 more, which", refusal(path))
    assert len(foreign_globals(path)) == len(things)


def test_torchs_own_lock_holds_without_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the search for names might miss is still not run."""
    monkeypatch.setattr("sa_studio.engine.pickled_weights.foreign_globals", lambda _path: [])
    canary = tmp_path / "canary"
    for kind, (thing, _) in attacks(canary).items():
        path = hostile_zip(tmp_path / f"{kind}.ckpt", dump(thing, 2))
        with pytest.raises(ModelError, match="is no checkpoint of weights, or damaged"):
            read_pickled_checkpoint(path)
        assert not canary.exists()


@pytest.mark.parametrize(
    ("program", "named"),
    [
        (b"cposix\nsystem\n.", "posix.system"),
        (b"(S'echo'\niposix\nsystem\n.", "posix.system"),
        (b"\x80\x04\x8c\x05posix\x8c\x06system\x93.", "posix.system"),
        # the names come from the memo, in another order than they were pushed
        (b"\x80\x04\x8c\x06system\x94\x8c\x05posix\x94h\x01h\x00\x93.", "posix.system"),
        (b"\x80\x02\x82\x01.", "extension 1 of copyreg"),
        (b"c__builtin__\neval\n.", "builtins.eval"),
        # a name is found although what follows is no pickle
        (b"cposix\nsystem\n\xff\xff", "posix.system"),
    ],
)
def test_names_are_found_in_every_instruction(program: bytes, named: str) -> None:
    assert named in list(globals_of(io.BytesIO(program)))


def test_a_table_of_absurd_size_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ckpt"
    archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("bomb/data.pkl", "w", force_zip64=True) as member:
        for _ in range((MAX_PICKLE_BYTES >> 20) + 1):
            member.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(ModelError, match="is no checkpoint of weights, or damaged"):
        read_pickled_checkpoint(path)


# --- damaged files --------------------------------------------------------------------------
@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, legacy: bool) -> None:
    path = save(tmp_path / "model.ckpt", WEIGHTS, legacy=legacy)
    whole = path.read_bytes()
    for length in range(0, len(whole), 41):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError) as error:
            read_pickled_checkpoint(path)
        assert "model.ckpt" in error.value.message
        assert error.value.hint


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_garbled_tables_never_end_in_another_error(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    table = dump([1, 2.5, "c", {"d": None}], 2)
    for _ in range(300):
        broken = bytearray(table)
        for place in generator.integers(0, len(table), 3):
            broken[place] = generator.integers(0, 256)
        with pytest.raises(ModelError):
            read_pickled_checkpoint(hostile_zip(tmp_path / "model.ckpt", bytes(broken)))


@pytest.mark.parametrize("content", [[1, 2], {}, {"state_dict": {}}, {"a": 1}, torch.zeros(3)])
def test_files_without_weights_are_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(ModelError, match="holds no weights by name"):
        read_pickled_checkpoint(save(tmp_path / "model.pt", content))


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.ckpt' is missing"):
        read_pickled_checkpoint(tmp_path / "model.ckpt")
    (tmp_path / "folder.ckpt").mkdir()
    with pytest.raises(ModelError, match=r"folder\.ckpt' cannot be read"):
        read_pickled_checkpoint(tmp_path / "folder.ckpt")
