from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from sa_studio.engine.weight_sources import InMemory, Reshaped, Rows
from sa_studio.engine.weights_file import read_weights_file
from sa_studio.engine.weights_writer import BLOCK_BYTES, file_bytes, write_weights_file
from sa_studio.errors import ModelError
from tests.engine import published

TENSORS = {
    "b.byte": torch.tensor([1, 2, 3], dtype=torch.uint8),
    "größe": torch.randn(5).half(),
    "brain": torch.randn(3, 2).bfloat16(),
    "single": torch.randn(2, 3, 4),
    "double": torch.randn(1).double(),
    "whole": torch.tensor(-7),
    "flag": torch.tensor([True, False]),
    "empty": torch.zeros(0, 4),
    "turned": torch.randn(4, 3).t(),
    "large": torch.randn(BLOCK_BYTES // 4 + 1000),
}


def test_what_is_written_is_read_by_the_formats_own_library(tmp_path: Path) -> None:
    path = tmp_path / "new.safetensors"
    counts: list[int] = []
    sources = {name: InMemory(tensor) for name, tensor in TENSORS.items()}
    written = write_weights_file(path, sources, counts.append)
    content = path.read_bytes()
    assert (written.file, written.bytes) == (path.name, len(content))
    assert written.sha256 == hashlib.sha256(content).hexdigest()
    assert file_bytes(sources) == sum(counts) == len(content)
    assert max(counts) <= BLOCK_BYTES
    found = load_file(path)
    assert set(found) == set(TENSORS)
    for name, tensor in TENSORS.items():
        assert found[name].dtype == tensor.dtype
        assert torch.equal(found[name], tensor), name
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"format": "pt"}
    # values that are mapped have to lie where their type may lie
    assert all(t.offset % t.dtype.itemsize == 0 for t in read_weights_file(path).values())


def test_joined_and_reshaped_sources(tmp_path: Path) -> None:
    half, single = torch.randn(2, 3).half(), torch.randn(4, 3)
    sources = {
        "rows": Rows((InMemory(half), InMemory(single))),
        "flat": Reshaped(InMemory(half), (6,)),
    }
    write_weights_file(tmp_path / "new.safetensors", sources, lambda _count: None)
    found = load_file(tmp_path / "new.safetensors")
    # nothing is lost: the wider of both types holds all rows
    assert torch.equal(found["rows"], torch.cat((half.float(), single)))
    assert torch.equal(found["flat"], half.view(6))
    assert found["flat"].dtype == torch.float16


def test_types_that_the_format_has_no_name_for_are_refused_first(tmp_path: Path) -> None:
    sources = {"odd": InMemory(torch.zeros(2, dtype=torch.complex64))}
    for attempt in (
        lambda: file_bytes(sources),
        lambda: write_weights_file(tmp_path / "new", sources, lambda _count: None),
    ):
        with pytest.raises(ModelError, match=r"odd is of the type torch\.complex64"):
            attempt()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"kept")
    with pytest.raises(FileExistsError):
        write_weights_file(tmp_path / "mine", {}, lambda _count: None)
    assert (tmp_path / "mine").read_bytes() == b"kept"


MEASURE = """
import re, sys
from pathlib import Path
from sa_studio.engine.weights_file import read_weights_file
from sa_studio.engine.weights_writer import write_weights_file

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024

folder = Path(sys.argv[1])
for size in ("warm", "large"):
    before = peak()
    sources = read_weights_file(folder / size / "model.safetensors")
    write_weights_file(folder / f"{size}.safetensors", sources, lambda count: None)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_one_tensor_at_a_time_is_in_memory(tmp_path: Path) -> None:
    tensor = 16 << 20
    for size, count in (("warm", 1), ("large", 12)):
        length = tensor if size == "large" else 1 << 10
        table = {
            f"t{number}": {
                "dtype": "F32",
                "shape": [length // 4],
                "data_offsets": [number * length, (number + 1) * length],
            }
            for number in range(count)
        }
        text = json.dumps(table).encode()
        header = len(text).to_bytes(8, "little") + text
        published.write_sparse(tmp_path / size, header, count * length)
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    grown = int(result.stdout)
    assert tensor * 0.9 < grown < 2 * tensor
    assert (tmp_path / "large.safetensors").stat().st_size > 12 * tensor
