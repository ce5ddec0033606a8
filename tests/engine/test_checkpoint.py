from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils import parametrizations

from sa_studio.engine.checkpoint import load_weights, match_weights
from sa_studio.engine.config import parse_model_config
from sa_studio.engine.diffusion_model import DiffusionModel
from sa_studio.engine.weights_file import read_weights_file
from sa_studio.errors import ModelError
from tests.engine import published

needs_sparse_files = pytest.mark.skipif(
    sys.platform == "win32", reason="the files would fill gigabytes there"
)


class Norm(nn.Module):
    checkpoint_optional = ("beta",)

    def __init__(self) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(6))
        self.register_buffer("beta", torch.zeros(6))


class Small(nn.Module):
    """One of everything that a checkpoint can fill."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(6, 4)
        self.conv = nn.Conv1d(4, 5, 3)
        self.transposed = nn.ConvTranspose1d(3, 4, 2)
        self.norm = Norm()
        self.register_buffer("table", torch.arange(7))


def on_meta() -> Small:
    with torch.device("meta"):
        return Small()


def values(seed: int = 0) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {
        name: torch.randn(tensor.shape, generator=generator)
        if tensor.is_floating_point()
        else tensor
        for name, tensor in Small().state_dict().items()
    }


def write(folder: Path, tensors: dict[str, Tensor]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "model_config.json").write_text("{}")
    save_file(
        {name: tensor.contiguous() for name, tensor in tensors.items()},
        folder / "model.safetensors",
    )
    return folder


def load(folder: Path, dtype: torch.dtype = torch.float32) -> Small:
    model = on_meta()
    load_weights(model, folder, device="cpu", dtype=dtype)
    return model


def assert_equal(model: nn.Module, wanted: dict[str, Tensor]) -> None:
    state = model.state_dict()
    assert set(state) == set(wanted)
    for name, tensor in wanted.items():
        assert torch.equal(state[name], tensor), name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "model"


def test_every_tensor_arrives_ready_for_inference(folder: Path) -> None:
    wanted = values()
    model = load(write(folder, wanted))
    assert_equal(model, wanted)
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize("stored", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("wanted", [torch.float32, torch.float16, torch.bfloat16])
def test_any_precision_is_cast_to_the_one_wanted(
    folder: Path, stored: torch.dtype, wanted: torch.dtype
) -> None:
    tensors = {
        name: tensor.to(stored) if tensor.is_floating_point() else tensor
        for name, tensor in values().items()
    }
    model = load(write(folder, tensors), wanted)
    assert model.table.dtype == torch.int64
    assert_equal(
        model,
        {
            name: tensor.to(wanted) if tensor.is_floating_point() else tensor
            for name, tensor in tensors.items()
        },
    )


def test_the_precision_can_depend_on_the_name(folder: Path) -> None:
    model = on_meta()
    load_weights(
        model,
        write(folder, values()),
        device="cpu",
        dtype=lambda name: torch.float32 if name.startswith("norm") else torch.float16,
    )
    assert model.norm.gamma.dtype == torch.float32
    assert model.linear.weight.dtype == torch.float16


def test_shards_are_read_together(folder: Path) -> None:
    wanted = values()
    names = sorted(wanted)
    shards = {"model-00001-of-00002.safetensors": names[:4], "b.safetensors": names[4:]}
    folder.mkdir()
    (folder / "model_config.json").write_text("{}")
    for shard, members in shards.items():
        save_file({name: wanted[name] for name in members}, folder / shard)
    places = {name: shard for shard, members in shards.items() for name in members}
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": places}))
    assert_equal(load(folder), wanted)

    (folder / "b.safetensors").unlink()
    with pytest.raises(ModelError, match=r"b\.safetensors is missing"):
        load(folder)
    index.write_text(json.dumps({"weight_map": dict.fromkeys(names, "../b.safetensors")}))
    with pytest.raises(ModelError, match="lists no weights beside it"):
        load(folder)
    index.write_text("{")
    with pytest.raises(ModelError, match=r"index\.json' cannot be read"):
        load(folder)


@pytest.mark.parametrize("style", ["weight_g", "original0"])
def test_weight_norm_is_folded(folder: Path, style: str) -> None:
    """Against torch's own weight norm, which torch's transposed convolutions norm by axis 0 too."""
    tensors = values()
    wanted = dict(tensors)
    for name, layer in (("conv", nn.Conv1d(4, 5, 3)), ("transposed", nn.ConvTranspose1d(3, 4, 2))):
        normed = parametrizations.weight_norm(layer, dim=0)
        normed.parametrizations.weight.original0.data *= torch.rand(1) + 0.5
        wanted[f"{name}.weight"] = layer.weight.detach()
        magnitude = normed.parametrizations.weight.original0.detach()
        direction = normed.parametrizations.weight.original1.detach()
        del tensors[f"{name}.weight"]
        if style == "weight_g":
            pair = (f"{name}.weight_g", f"{name}.weight_v")
        else:
            prefix = f"{name}.parametrizations.weight"
            pair = (f"{prefix}.original0", f"{prefix}.original1")
        tensors |= dict(zip(pair, (magnitude, direction), strict=True))
    state = load(write(folder, tensors)).state_dict()
    for name in ("conv.weight", "transposed.weight"):
        assert torch.allclose(state[name], wanted[name], rtol=1e-6, atol=1e-7), name


def test_half_precision_pairs_are_folded_in_float32(folder: Path) -> None:
    tensors = values()
    direction = torch.full((5, 4, 3), 300.0, dtype=torch.float16)  # its squares overflow there
    del tensors["conv.weight"]
    tensors["conv.weight_v"] = direction
    tensors["conv.weight_g"] = torch.full((5, 1, 1), 2.0, dtype=torch.float16)
    weight = load(write(folder, tensors), torch.float16).conv.weight
    assert torch.allclose(weight.float(), torch.full((5, 4, 3), 2 / 12**0.5), rtol=1e-3)


def test_buffers_that_are_computed_may_be_absent(folder: Path) -> None:
    tensors = values()
    del tensors["norm.beta"]
    model = load(write(folder, tensors))
    assert torch.equal(model.norm.beta, torch.zeros(6))
    del tensors["table"]
    with pytest.raises(ModelError, match=r"1 missing \(table\)"):
        load(write(folder, tensors))


def test_everything_that_does_not_fit_is_reported_at_once(folder: Path) -> None:
    tensors = values()
    del tensors["linear.bias"], tensors["norm.gamma"]
    tensors["conv.weight"] = torch.zeros(5, 4, 7)
    tensors["extra.weight"] = torch.zeros(1)
    tensors["transposed.weight_g"] = torch.zeros(3, 1, 1)
    with pytest.raises(ModelError) as error:
        load(write(folder, tensors))
    assert str(folder) in error.value.message
    assert "2 missing (linear.bias, norm.gamma)" in error.value.message
    assert "2 unexpected (extra.weight, transposed.weight_g)" in error.value.message
    assert "1 of another shape (conv.weight is [5, 4, 7], not [5, 4, 3])" in error.value.message
    assert error.value.hint


def test_hundreds_of_problems_stay_readable(folder: Path) -> None:
    with torch.device("meta"):
        model = nn.ModuleList([nn.Linear(2, 2) for _ in range(300)])
    write(folder, {f"foreign.{number}": torch.zeros(1) for number in range(400)})
    with pytest.raises(ModelError) as error:
        load_weights(model, folder, device="cpu", dtype=torch.float32)
    text = error.value.one_line()
    assert "600 missing (0.weight, 0.bias, 1.weight and 597 more)" in text
    assert "400 unexpected (foreign.0, foreign.1, foreign.10 and 397 more)" in text
    assert len(text) < 400 + len(str(folder))


def test_a_module_is_left_as_it_was_if_the_weights_do_not_fit(folder: Path) -> None:
    tensors = values()
    del tensors["linear.bias"]
    model = on_meta()
    with pytest.raises(ModelError):
        load_weights(model, write(folder, tensors), device="cpu", dtype=torch.float32)
    assert all(parameter.is_meta for parameter in model.parameters())


def test_buffers_that_nothing_fills_are_our_bug(folder: Path) -> None:
    model = on_meta()
    with torch.device("meta"):
        model.register_buffer("cache", torch.zeros(3), persistent=False)
    with pytest.raises(ValueError, match="cache"):
        load_weights(model, write(folder, values()), device="cpu", dtype=torch.float32)


def damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def header(table: object) -> bytes:
    text = json.dumps(table).encode()
    return len(text).to_bytes(8, "little") + text


ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no safetensors file"),
        (b"PK\x03\x04" + bytes(100), "is no safetensors file"),
        (b"\xff" * 20, "is no safetensors file"),
        ((1000).to_bytes(8, "little") + b"{", "is cut off: its table of contents"),
        ((4).to_bytes(8, "little") + b"{a:]", "damaged table of contents"),
        (header([1, 2]), "is no safetensors file"),
        (header({"a": 1}) + bytes(8), "damaged table of contents"),
        (header({"a": {"dtype": "F32"}}) + bytes(8), "damaged table of contents"),
        (header({"a": {**ENTRY, "shape": [3]}}) + bytes(12), "damaged table of contents"),
        (header({"a": {**ENTRY, "shape": [-2]}}) + bytes(8), "damaged table of contents"),
        (header({"a": {**ENTRY, "dtype": "F8_E4M3"}}) + bytes(8), "unknown type 'F8_E4M3'"),
        (header({"a": ENTRY}) + bytes(7), "is cut off: it has"),
    ],
)
def test_damaged_files_are_named(folder: Path, content: bytes, message: str) -> None:
    write(folder, values())
    damage(folder / "model.safetensors", content)
    with pytest.raises(ModelError, match=message) as error:
        load(folder)
    assert "model.safetensors" in error.value.message
    assert error.value.hint


def test_a_file_cut_off_anywhere_is_refused(folder: Path) -> None:
    path = write(folder, values()) / "model.safetensors"
    whole = path.read_bytes()
    for length in range(0, len(whole), 37):
        damage(path, whole[:length])
        with pytest.raises(ModelError):
            load(folder)


def test_a_file_that_shrinks_while_it_is_read_is_refused(folder: Path) -> None:
    path = write(folder, values()) / "model.safetensors"
    tensors = read_weights_file(path)
    last = max(tensors.values(), key=lambda tensor: tensor.offset)
    damage(path, path.read_bytes()[: last.offset + 4])
    with pytest.raises(ModelError, match="ends in the middle of a tensor"):
        last.read()


def test_missing_files_and_folders_are_named(folder: Path) -> None:
    with pytest.raises(ModelError, match="does not exist"):
        load(folder)
    folder.mkdir()
    with pytest.raises(ModelError, match="has no model in it"):
        load(folder)
    (folder / "model_config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"model\.safetensors is missing"):
        load(folder)
    (folder / "model.ckpt").touch()
    with pytest.raises(ModelError, match=r"are in model\.ckpt, a format that is not loaded"):
        load(folder)
    (folder / "model.ckpt").unlink()
    (folder / "model.safetensors").mkdir()
    with pytest.raises(ModelError, match=r"model\.safetensors cannot be read"):
        load(folder)


def test_names_beyond_ascii_and_empty_tensors_are_read(tmp_path: Path) -> None:
    wanted = {"größe": torch.randn(2, 3), "empty": torch.zeros(0, 4), "scalar": torch.tensor(5.0)}
    save_file(wanted, tmp_path / "file.safetensors", metadata={"format": "pt"})
    stored = read_weights_file(tmp_path / "file.safetensors")
    assert set(stored) == set(wanted)
    for name, tensor in wanted.items():
        assert torch.equal(stored[name].read(), tensor)


MEASURE = """
import json, re, sys
from pathlib import Path
import torch
from torch import nn
from sa_studio.engine.checkpoint import load_weights

def peak():
    # not getrusage: its peak is inherited from the process that started this one
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) * 1024

with torch.device("meta"):
    model = nn.ModuleList([nn.Linear(2048, 2048, bias=False) for _ in range(16)])
    other = nn.Linear(64, 64, bias=False)
folder, dtype = Path(sys.argv[1]), getattr(torch, sys.argv[2])
load_weights(other, folder / "warm", device="cpu", dtype=dtype)
before = peak()
load_weights(model, folder / "large", device="cpu", dtype=dtype)
# touch every page, so that nothing is left for later
total = sum(float(parameter.float().sum()) for parameter in model.parameters())
print(json.dumps({"grown": peak() - before, "total": total}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("dtype", "size"), [("float32", 4), ("bfloat16", 2)])
def test_no_second_copy_of_the_weights_is_in_memory(tmp_path: Path, dtype: str, size: int) -> None:
    write(tmp_path / "warm", {"weight": torch.ones(64, 64)})
    # 256 MiB of zeros that take no room on the disk
    table = {
        f"{number}.weight": {
            "dtype": "F32",
            "shape": [2048, 2048],
            "data_offsets": [number << 24, (number + 1) << 24],
        }
        for number in range(16)
    }
    published.write_sparse(tmp_path / "large", header(table), 16 << 24)
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path), dtype],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    grown = json.loads(result.stdout)["grown"]
    weights, largest = 16 * 2048 * 2048 * size, 2048 * 2048 * 4
    # the weights, one tensor on its way (stored and cast), and the summing of the test
    assert weights * 0.9 < grown < weights + 4 * largest


@needs_sparse_files
@pytest.mark.parametrize(
    ("config", "names", "count"),
    [
        (published.OPEN_CONFIG, published.open_tensors(), 745),
        (published.SMALL_CONFIG, published.small_tensors(), 750),
    ],
)
def test_the_official_models_fit(
    tmp_path: Path, config: dict[str, object], names: dict[str, tuple[int, ...]], count: int
) -> None:
    """Every name and shape of the published files, with no file of 5 GB: nothing is read."""
    assert len(names) == count
    with torch.device("meta"):
        model = DiffusionModel(parse_model_config(config), 768)
    published.write_empty_model(tmp_path, names)
    sources = match_weights(model, tmp_path)
    assert set(sources) == set(model.state_dict())


@needs_sparse_files
def test_the_official_models_without_what_is_computed_fit(tmp_path: Path) -> None:
    names = {
        name: shape
        for name, shape in published.open_tensors().items()
        if not name.endswith(("inv_freq", "norm.beta"))
    }
    with torch.device("meta"):
        model = DiffusionModel(parse_model_config(published.OPEN_CONFIG), 768)
    published.write_empty_model(tmp_path, names)
    match_weights(model, tmp_path)
    del names["model.model.transformer.layers.3.pre_norm.gamma"]
    published.write_empty_model(tmp_path, names)
    with pytest.raises(ModelError, match=r"1 missing \(.*layers\.3\.pre_norm\.gamma\)"):
        match_weights(model, tmp_path)
