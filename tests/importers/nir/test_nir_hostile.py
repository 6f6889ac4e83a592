"""NIR files that are damaged or hostile: one line, in bounded memory and time."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

nir = pytest.importorskip("nir")
h5py = pytest.importorskip("h5py")


def changed(path: Path, change: Callable[[dict[str, Any], list[Any]], object]) -> Path:
    """Write a small graph, changed."""
    ones = np.ones(2, dtype=np.float32)
    nodes: dict[str, Any] = {
        "input": nir.Input({"input": np.array([3])}),
        "fc": nir.Linear(np.ones((2, 3), dtype=np.float32)),
        "if": nir.IF(r=ones, v_threshold=ones, v_reset=0 * ones),
        "output": nir.Output({"output": np.array([2])}),
    }
    edges = [("input", "fc"), ("fc", "if"), ("if", "output")]
    change(nodes, edges)
    nir.write(path, nir.NIRGraph(nodes, edges, type_check=False))
    return path


ONES = np.ones(2, dtype=np.float32)
REFUSED: dict[str, tuple[Callable[[dict[str, Any], list[Any]], object], str]] = {
    "CubaLIF": (
        lambda n, e: n.update(
            {"if": nir.CubaLIF(ONES, ONES, ONES, 0 * ONES, ONES, v_reset=0 * ONES)}
        ),
        "node 'if' (CubaLIF) is not supported; use LIF neurons",
    ),
    "Delay": (
        lambda n, e: n.update({"fc": nir.Delay(np.ones(3))}),
        "node 'fc' (Delay) is not supported; leave",
    ),
    "recurrent": (lambda n, e: e.append(("if", "if")), "node 'if' (IF) is in a circle of"),
    "recurrent to others": (
        lambda n, e: e.append(("if", "fc")), "is in a circle of"
    ),
    "v_reset": (
        lambda n, e: n.update({"if": nir.IF(ONES, ONES, v_reset=ONES)}), "has v_reset other than 0"
    ),
    "shapes": (
        lambda n, e: n.update({"fc": nir.Linear(np.ones((2, 4), dtype=np.float32))}),
        "node 'fc' (Linear) does not fit (3,)",
    ),
    "neurons": (
        lambda n, e: n.update({"if": nir.IF(np.ones(3), np.ones(3), v_reset=np.zeros(3))}),
        "has v_threshold of shape (3,) for neurons of shape (2,)",
    ),
    "not finite": (
        lambda n, e: n.update({"if": nir.IF(ONES, np.nan * ONES, v_reset=0 * ONES)}), "not finite"
    ),
    "threshold 0": (
        lambda n, e: n.update({"if": nir.IF(ONES, -ONES, v_reset=0 * ONES)}), "can't be kept"
    ),
    "no neurons": (
        lambda n, e: (n.pop("if"), e.__setitem__(slice(1, None), [("fc", "output")])),
        "node 'output' (Output) does not read the spikes of the last neurons",
    ),
    "dead end": (
        lambda n, e: (n.update({"end": nir.IF(ONES, ONES, v_reset=0 * ONES)}),
                      e.append(("fc", "end"))),
        "node 'end' (IF) does not lead to the output; take it out",
    ),
    "unknown edge": (lambda n, e: e.append(("nobody", "if")), "node 'nobody' (edge)"),
    "nothing read": (lambda n, e: e.remove(("input", "fc")), "node 'fc' (Linear) reads nothing"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", REFUSED)
def test_graphs_are_refused_in_one_line_that_names_the_node(name: str, tmp_path: Path) -> None:
    change, text = REFUSED[name]
    path = changed(tmp_path / "net.nir", change)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_nir(path)
    assert text in str(found.value)
    assert "\n" not in str(found.value)
    assert str(found.value).startswith(f"{path}")


def edited(path: Path, change: Callable[[Any], object]) -> Path:
    """Write a small graph and change its groups."""
    changed(path, lambda n, e: None)
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def replaced(name: str, value: Any) -> Callable[[Any], None]:
    """Return what puts another array into the place of one."""

    def change(file: Any) -> None:
        del file[f"node/nodes/{name}"]
        file.create_dataset(f"node/nodes/{name}", data=value)

    return change


def without(name: str) -> Callable[[Any], None]:
    """Return what takes a part away."""

    def change(file: Any) -> None:
        del file[f"node/{name}"]

    return change


def linked(link: Any) -> Callable[[Any], None]:
    """Return what puts a link into the place of the weights."""

    def change(file: Any) -> None:
        del file["node/nodes/fc/weight"]
        file["node/nodes/fc/weight"] = link

    return change


def declared(shape: tuple[int, ...], **options: Any) -> Callable[[Any], None]:
    """Return what declares weights without any number."""

    def change(file: Any) -> None:
        del file["node/nodes/fc/weight"]
        file.create_dataset("node/nodes/fc/weight", shape=shape, dtype="f4", **options)

    return change


def virtual(file: Any) -> None:
    """Let the weights be those of another file."""
    layout = h5py.VirtualLayout(shape=(2, 3), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(2, 3))
    del file["node/nodes/fc/weight"]
    file.create_virtual_dataset("node/nodes/fc/weight", layout)


def circular(file: Any) -> None:
    """Let a group hold itself."""
    file["node/nodes/fc/again"] = file["node/nodes"]


def one_long_text(file: Any) -> None:
    """Let all weights be the same text, which stands in the file once."""
    del file["node/nodes/fc/weight"]
    texts = file.create_dataset("node/nodes/fc/weight", (2, 3), h5py.string_dtype())
    texts[:] = "x" * 1000


def edges_of(shape: tuple[int, ...]) -> Callable[[Any], None]:
    """Return what puts other edges into the place of the graph's."""

    def change(file: Any) -> None:
        del file["node/edges"]
        names = np.full(shape, "fc" * 100, dtype=object)
        file["node"].create_dataset("edges", data=names, dtype=h5py.string_dtype())

    return change


DAMAGED: dict[str, tuple[Callable[[Any], object], str]] = {
    "soft link": (linked(h5py.SoftLink("/nowhere")), "has a link at '/node/nodes/fc/weight'"),
    "external link": (linked(h5py.ExternalLink("o.h5", "/x")), "link at '/node/nodes/fc/weight'"),
    "virtual": (virtual, "has the numbers of '/node/nodes/fc/weight' in another file"),
    "external": (declared((2, 3), external=[("other.bin", 0, 24)]), "in another file"),
    "holds itself": (circular, "is nested too deeply"),
    "declares 4 TiB": (declared((1 << 20, 1 << 20), chunks=(64, 64)), "declares"),
    "no type": (without("nodes/fc/type"), "no readable NIR file"),
    "unknown type": (
        replaced("fc/type", "Dream"), "node 'fc' (Dream) can't be read: Unknown unit type"
    ),
    "no weights": (without("nodes/fc/weight"), "node 'fc' (Linear) can't be read"),
    "no threshold": (without("nodes/if/v_threshold"), "node 'if' (IF) can't be read"),
    "no shape": (without("nodes/input/shape"), "node 'input' (Input) can't be read"),
    "no nodes": (without("nodes"), "no readable NIR file"),
    "no edges": (without("edges"), "no readable NIR file"),
    "texts as weights": (one_long_text, "has texts at '/node/nodes/fc/weight', where numbers"),
    "a long name in edges": (edges_of((3, 2)), f"node '{'fc' * 30}' (edge) is no node"),
    "edges of three": (edges_of((2, 3)), "edges have shape (2, 3)"),
    "too many edges": (edges_of((20_001, 2)), "edges have shape (20001, 2)"),
    "text as weights": (replaced("fc/weight", "many"), "node 'fc' (Linear)"),
    "infinite weights": (replaced("fc/weight", np.full((2, 3), np.inf)), "node 'if' (IF) can't"),
    "text as threshold": (replaced("if/v_threshold", "one"), "node 'if' (IF) can't be read"),
    "shape of nothing": (replaced("input/shape", np.array([0])), "node 'input' (Input) has the sh"),
    "shape of text": (replaced("input/shape", "three"), "node 'input' (Input)"),
    "huge input": (replaced("input/shape", np.array([1 << 40])), "too many"),
    "huge images": (replaced("input/shape", np.array([1 << 20] * 3)), "too many"),
    "more than numbers hold": (replaced("input/shape", np.array([2**62] * 3)), "too many"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_files_are_refused_in_one_line(name: str, tmp_path: Path) -> None:
    change, text = DAMAGED[name]
    path = edited(tmp_path / "net.nir", change)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_nir(path)
    assert text in str(found.value), str(found.value)
    assert str(found.value).startswith(str(path))
    assert "\n" not in str(found.value)


def test_what_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path / "net.nir", lambda n, e: None)
    data = path.read_bytes()
    for size in range(0, len(data) - 1, len(data) // 20):
        path.write_bytes(data[:size])
        with pytest.raises(pysnn.ModelFileError):
            pysnn.from_nir(path)


def test_more_numbers_than_memory_holds_are_refused_before_any_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edited(tmp_path / "net.nir", replaced("fc/weight", np.zeros((1000, 1000))))
    monkeypatch.setattr("pysnn._core.total_memory", lambda: 16 << 20)
    with pytest.raises(pysnn.ModelFileError, match="more numbers than fit in memory"):
        pysnn.from_nir(path)


def image_nodes() -> dict[str, Any]:
    """Return a chain of images."""
    ones, pair = np.ones((2, 4, 4), dtype=np.float32), np.array([1, 1])
    kernels, zeros = np.ones((2, 2, 3, 3), dtype=np.float32), np.zeros(2, dtype=np.float32)
    return {
        "input": nir.Input({"input": np.array([2, 4, 4])}),
        "conv": nir.Conv2d((4, 4), kernels, pair, pair, pair, 1, zeros),
        "pool": nir.SumPool2d(pair, pair, 0 * pair),
        "if": nir.IF(ones, ones, v_reset=0 * ones),
        "output": nir.Output({"output": np.array([2, 4, 4])}),
    }


@pytest.mark.parametrize(
    ("node", "field", "value"),
    [
        ("conv", "padding", np.array([1 << 30, 1 << 30])),
        ("conv", "padding", np.array([-3, 0])),
        ("conv", "padding", "round"),
        ("conv", "stride", np.array([0, 1])),
        ("conv", "stride", np.array([-1, 1])),
        ("conv", "stride", np.array([1, 1, 1])),
        ("conv", "dilation", np.array([1 << 60, 1])),
        ("conv", "dilation", np.array([0, 0])),
        ("conv", "groups", 0),
        ("conv", "groups", -2),
        ("conv", "groups", 1 << 62),
        ("conv", "bias", np.zeros(3, dtype=np.float32)),
        ("conv", "weight", np.zeros((2, 0, 3, 3), dtype=np.float32)),
        ("conv", "weight", np.zeros((2, 2, 3), dtype=np.float32)),
        ("conv", "weight", np.zeros((2, 2, 3, 3), dtype=np.complex64)),
        ("pool", "kernel_size", np.array([1 << 31, 1 << 31])),
        ("pool", "kernel_size", np.array([5, 5])),
        ("pool", "kernel_size", np.array([0, 0])),
        ("pool", "stride", np.array([0, 0])),
        ("pool", "padding", np.array([1 << 40, 0])),
        ("if", "v_threshold", np.ones((2, 4, 5), dtype=np.float32)),
        ("if", "r", np.ones((2, 4, 4), dtype=np.complex64)),
    ],
)
def test_numbers_that_make_no_node_are_refused_in_little_memory(
    node: str, field: str, value: Any, tmp_path: Path
) -> None:
    path, nodes = tmp_path / "net.nir", image_nodes()
    nir.write(path, nir.NIRGraph(nodes, list(itertools.pairwise(nodes)), type_check=False))
    with h5py.File(path, "r+") as file:
        replaced(f"{node}/{field}", value)(file)
    tracemalloc.start()
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_nir(path)
    assert tracemalloc.get_traced_memory()[1] < 32 << 20
    tracemalloc.stop()
    assert f"node {node!r}" in str(found.value)
    assert "\n" not in str(found.value)


def test_ways_that_part_and_meet_again_and_again_are_refused(tmp_path: Path) -> None:
    half = nir.Scale(np.full(3, 0.5, dtype=np.float32))

    def change(nodes: dict[str, Any], edges: list[Any]) -> None:
        edges.remove(("input", "fc"))
        start = "input"
        for i in range(40):
            nodes.update({f"a{i}": half, f"b{i}": half, f"c{i}": half})
            edges += [(start, f"a{i}"), (start, f"b{i}"), (f"a{i}", f"c{i}"), (f"b{i}", f"c{i}")]
            start = f"c{i}"
        edges.append((start, "fc"))

    path = changed(tmp_path / "net.nir", change)
    with pytest.raises(pysnn.ModelFileError, match=r"more than 256 ways.*let IF neurons stand"):
        pysnn.from_nir(path)


def with_a_wrong_byte(data: bytes) -> Iterator[bytes]:
    """Yield files with one byte changed, spread over the file."""
    rng = np.random.default_rng(0)
    for _ in range(150):
        other = bytearray(data)
        other[int(rng.integers(len(data)))] = int(rng.integers(256))
        yield bytes(other)


def test_files_with_a_wrong_byte_are_read_or_refused(tmp_path: Path) -> None:
    path = changed(tmp_path / "net.nir", lambda n, e: None)
    for data in with_a_wrong_byte(path.read_bytes()):
        path.write_bytes(data)
        try:
            snn = pysnn.from_nir(path)
        except pysnn.ModelFileError:
            continue
        assert snn.num_outputs == 2
