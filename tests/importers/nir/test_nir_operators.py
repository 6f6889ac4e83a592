"""The table of docs/importing/nir.md, row by row: each node beside a loop in NumPy, or refused."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from importing.tables import first_column

import pysnn

nir = pytest.importorskip("nir")

RNG = np.random.default_rng(5)
PAIR = np.array([1, 1])
Nodes = dict[str, Any]


def floats(*shape: int) -> Any:
    """Return weights on the grid of 1/64, so that sums are exact in any order."""
    return (np.round(RNG.normal(0.1, 0.5, shape) * 64) / 64).astype(np.float32)


def neurons(*shape: int, **changes: Any) -> Any:
    """Return IF neurons of threshold 1."""
    ones = np.ones(shape, dtype=np.float32)
    return nir.IF(**{"r": ones, "v_threshold": ones, "v_reset": 0 * ones, **changes})


def leaky(*shape: int, **changes: Any) -> Any:
    """Return LIF neurons of four steps of 1/1024 s."""
    ones = np.ones(shape, dtype=np.float32)
    given = {"tau": ones / 256, "r": 4 * ones, "v_leak": 0 * ones, "v_threshold": ones}
    return nir.LIF(**{**given, "v_reset": 0 * ones, **changes})


def chain(*nodes: Any, source: tuple[int, ...] = (2, 6, 6)) -> Nodes:
    """Return nodes one behind the other."""
    names = [f"n{i}" for i in range(len(nodes))]
    return {"input": nir.Input({"input": np.array(source)}), **dict(zip(names, nodes, strict=True))}


def conv(*shape: int, **changes: Any) -> Any:
    """Return a convolution with biases."""
    given: dict[str, Any] = {"stride": PAIR, "padding": PAIR, "dilation": PAIR, "groups": 1}
    size, bias = (6, 6), floats(shape[0])
    return nir.Conv2d(input_shape=size, weight=floats(*shape), bias=bias, **{**given, **changes})


def sequence(**changes: Any) -> Any:
    """Return a convolution of sequences of 7."""
    given: dict[str, Any] = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    weight, bias = floats(4, 2, 3), floats(4)
    return nir.Conv1d(input_shape=7, weight=weight, bias=bias, **{**given, **changes})


def pool(kind: Any, **changes: Any) -> Any:
    """Return a pool of 2x2."""
    two = np.array([2, 2])
    return kind(**{"kernel_size": two, "stride": two, "padding": np.array([0, 0]), **changes})


def flatten(start: int = 0, end: int = -1, shape: tuple[int, ...] = (2, 6, 6)) -> Any:
    """Return a flattening."""
    return nir.Flatten({"input": np.array(shape)}, start, end)


def affine(rows: int, columns: int) -> Any:
    """Return a matrix with biases."""
    return nir.Affine(weight=floats(rows, columns), bias=floats(rows))


# By row of the table: chains that are taken.
TAKEN: dict[str, list[Nodes]] = {
    "`Input`, `Output`": [
        chain(affine(3, 4), neurons(3), source=(4,)),
        chain(pool(nir.SumPool2d), neurons(2, 3, 3)),
        chain(sequence(), neurons(4, 5), source=(2, 7)),
    ],
    "`Linear`, `Affine`": [
        chain(nir.Linear(floats(3, 4)), neurons(3), source=(4,)),
        chain(affine(5, 4), affine(3, 5), neurons(3), source=(4,)),
    ],
    "`Conv2d`, `Conv1d`": [
        chain(conv(4, 2, 3, 3), neurons(4, 6, 6)),
        chain(conv(4, 1, 3, 2, groups=2, padding=np.array([2, 0])), neurons(4, 8, 5)),
        chain(conv(3, 2, 2, 3, stride=np.array([2, 1]), dilation=np.array([1, 2])),
              neurons(3, 4, 4)),
        chain(conv(3, 2, 2, 4, padding="same"), neurons(3, 6, 6)),
        chain(conv(3, 2, 3, 3, padding="valid"), neurons(3, 4, 4)),
        chain(sequence(padding="same"), neurons(4, 7), source=(2, 7)),
        chain(sequence(stride=2, padding=2, dilation=2), neurons(4, 4), source=(2, 7)),
    ],
    "`SumPool2d`, `AvgPool2d`": [
        chain(pool(nir.SumPool2d), neurons(2, 3, 3, v_threshold=np.full((2, 3, 3), 3.0))),
        chain(pool(nir.SumPool2d, kernel_size=np.array([3, 3]), stride=np.array([3, 3])),
              neurons(2, 2, 2, v_threshold=np.full((2, 2, 2), 4.0))),
        chain(pool(nir.AvgPool2d, padding=PAIR), neurons(2, 4, 4)),
        chain(conv(4, 2, 3, 3), pool(nir.AvgPool2d), neurons(4, 3, 3)),
        chain(pool(nir.SumPool2d), conv(4, 2, 3, 3), neurons(4, 3, 3)),
    ],
    "`Flatten`": [
        chain(flatten(), affine(3, 72), neurons(3)),
        chain(flatten(1, -1), affine(3, 72), neurons(3)),
    ],
    "`Scale`": [
        chain(nir.Scale(floats(2, 1, 1)), neurons(2, 6, 6)),
        chain(nir.Scale(floats(4)), neurons(4), source=(4,)),
        chain(nir.Scale(floats(2, 6, 6)), flatten(), neurons(72)),
    ],
    "`IF`": [
        chain(conv(2, 2, 3, 3), neurons(2, 6, 6, v_threshold=0.5 + np.abs(floats(2, 6, 6)))),
        chain(affine(3, 4), neurons(3, r=np.array([1.0, 0.5, 2.0])), source=(4,)),
        chain(affine(3, 4), neurons(1, v_threshold=np.array([0.5]), r=np.array([2.0])),
              source=(4,)),
    ],
    "`LIF`": [
        chain(affine(3, 4), leaky(3), source=(4,)),
        chain(affine(3, 4),
              leaky(3, tau=np.array([4, 2, 1]) / 1024, v_leak=np.array([2.0, 0.0, 1.0])),
              source=(4,)),
    ],
    "`Threshold`": [
        chain(affine(3, 4), nir.Threshold(np.array([0.0, 0.5, 1.0])), source=(4,)),
    ],
    "several edges into a node": [
        {**chain(affine(3, 4), affine(3, 4), neurons(3), source=(4,)), "sum": ("n0", "n1")},
    ],
}  # fmt: skip

ONES = np.ones(3)
# By row of the table: chains that are refused, and what is said.
REFUSED: dict[str, list[tuple[Nodes, str]]] = {
    "`Input`, `Output`": [
        (chain(affine(3, 4), source=(4,)), r"'output' \(Output\) does not read the spikes"),
        (chain(neurons(2, 2), source=(1, 2, 1, 2)), r"'input' \(Input\) has the shape \(1, 2, 1,"),
    ],
    "`Flatten`": [
        (chain(flatten(2), neurons(2, 36)), r"'n0' \(Flatten\).*flattens the axes 2 to -1"),
    ],
    "`IF`": [
        (chain(affine(3, 4), neurons(3, v_reset=ONES), source=(4,)), "has v_reset other than 0"),
        (chain(conv(2, 2, 3, 3), neurons(2, 6, 6, r=np.abs(floats(2, 6, 6)))),
         "has resistances that differ within a channel; make them equal"),
    ],
    "`LIF`": [
        (chain(affine(3, 4), leaky(3, tau=ONES / 2048), source=(4,)), "below dt.*a smaller dt="),
    ],
    "`Threshold`": [
        (chain(affine(3, 4), nir.Threshold(-ONES), source=(4,)), "threshold is .*above 0"),
    ],
    "`CubaLIF`, `CubaLI`, `LI`, `I`, `Delay`, graphs within graphs, circles": [
        (chain(nir.CubaLIF(ONES, ONES, ONES, ONES, ONES, v_reset=ONES), source=(3,)),
         r"'n0' \(CubaLIF\) is not supported; use LIF"),
        (chain(nir.CubaLI(ONES, ONES, ONES, ONES), source=(3,)), r"CubaLI\) is not.*use LIF"),
        (chain(nir.LI(ONES, ONES, ONES), source=(3,)), r"\(LI\) is not supported; let IF or LIF"),
        (chain(nir.I(ONES), source=(3,)), r"\(I\) is not supported; let IF or LIF"),
        (chain(nir.Delay(ONES), neurons(3), source=(3,)), r"\(Delay\) is not.*leave delays out"),
        (chain(nir.NIRGraph.from_list(affine(3, 3)), neurons(3), source=(3,)),
         r"'n0' \(NIRGraph\) is a graph within the graph; write its nodes into the outer one"),
        ({**chain(neurons(3), neurons(3), source=(3,)), "back": ("n1", "n0")},
         "is in a circle of 2 nodes; use a feed-forward network"),
    ],
}  # fmt: skip


def write(path: Path, nodes: Nodes) -> Nodes:
    """Write a chain with what is special of its edges, and return its nodes."""
    nodes = dict(nodes)
    summed, back = nodes.pop("sum", None), nodes.pop("back", None)
    names = list(nodes)
    edges = list(itertools.pairwise(names))
    if summed is not None:
        edges = [("input", each) for each in summed]
        edges += [(each, names[-1]) for each in summed]
    if back is not None:
        edges.append(back)
    nodes["output"] = nir.Output({"output": np.array([1])})
    edges.append((names[-1], "output"))
    nir.write(path, nir.NIRGraph(nodes, edges, type_check=False))
    nodes["sum"] = summed
    return nodes


def windows(x: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    """Return what each tap sees of padded images, (taps, samples, channels, height, width)."""
    (kh, kw), (sy, sx), (dy, dx) = kernel, stride, dilation
    height = (x.shape[2] - dy * (kh - 1) - 1) // sy + 1
    width = (x.shape[3] - dx * (kw - 1) - 1) // sx + 1
    return np.stack([
        x[:, :, u * dy : u * dy + sy * (height - 1) + 1 : sy,
          v * dx : v * dx + sx * (width - 1) + 1 : sx]
        for u, v in np.ndindex(kh, kw)
    ])  # fmt: skip


def pair(value: Any) -> tuple[int, int]:
    """Return a pair of one number or two."""
    found = [int(each) for each in np.ravel(value)]
    return found[0], found[-1]


def padded(x: Any, padding: Any, kernel: Any, dilation: Any) -> Any:
    """Return images with zeros around them."""
    sides = [(0, 0), (0, 0)]
    for axis in range(2):
        if isinstance(padding, str):
            total = dilation[axis] * (kernel[axis] - 1) if padding == "same" else 0
            sides.append((total // 2, total - total // 2))
        else:
            sides.append((pair(padding)[axis],) * 2)
    return np.pad(x, sides)


def convolved(node: Any, x: Any) -> Any:
    """Return a convolution, with biases."""
    weight = node.weight.astype(np.float64)
    stride, dilation, padding = pair(node.stride), pair(node.dilation), node.padding
    if weight.ndim == 3:
        weight, stride, dilation = weight[:, :, None], (1, stride[1]), (1, dilation[1])
        padding = padding if isinstance(padding, str) else (0, padding)
    kernel = weight.shape[2:]
    seen = windows(padded(x, padding, kernel, dilation), kernel, stride, dilation)
    parts = np.split(seen, node.groups, axis=2)
    rows = np.split(weight.reshape(len(weight), weight.shape[1], -1), node.groups)
    sums = [np.einsum("ock,knchw->nohw", w, s) for w, s in zip(rows, parts, strict=True)]
    return np.concatenate(sums, axis=1) + node.bias.reshape(-1, 1, 1)


def linear(node: Any, x: Any) -> Any:
    """Return what a node without neurons makes of a batch."""
    kind = type(node).__name__
    if kind in ("Linear", "Affine"):
        flat = x.reshape(len(x), -1) @ node.weight.T.astype(np.float64)
        return flat + (node.bias if kind == "Affine" else 0)
    if kind in ("Conv1d", "Conv2d"):
        return convolved(node, x)
    if kind in ("SumPool2d", "AvgPool2d"):
        kernel = pair(node.kernel_size)
        seen = windows(padded(x, node.padding, kernel, (1, 1)), kernel, pair(node.stride), (1, 1))
        return seen.sum(0) / (len(seen) if kind == "AvgPool2d" else 1)
    return x.reshape(len(x), -1) if kind == "Flatten" else x * node.scale


def loop(nodes: Nodes, trains: Any, dt: float) -> Any:
    """Return the spikes of a chain's neurons by NIR's definition: strict, and set to 0."""
    *before, last = list(nodes)[1:-2]
    node = nodes[last]
    kind = type(node).__name__
    v: Any = 0.0
    found = []
    for x in trains.astype(np.float64):
        values = x
        if nodes["sum"] is not None:
            values = sum(linear(nodes[each], x) for each in nodes["sum"])
        else:
            for each in before:
                values = linear(nodes[each], values)
        if np.prod(node.output_type["output"]) == values[0].size:
            values = values.reshape(len(x), *node.output_type["output"])
        if kind == "Threshold":
            fired = values > node.threshold
        elif kind == "IF":
            v = v + node.r * values
            fired = v > node.v_threshold
        else:
            v = v + dt / node.tau * (node.v_leak - v + node.r * values)
            fired = v > node.v_threshold
        v = np.where(fired, 0.0, v)
        found.append(fired)
    return np.stack(found)


@pytest.mark.parametrize(
    ("row", "number"), [(row, i) for row, chains in TAKEN.items() for i in range(len(chains))]
)
def test_nodes_that_are_taken_fire_as_a_loop_says(row: str, number: int, tmp_path: Path) -> None:
    dt = 2.0**-10
    nodes = write(tmp_path / "net.nir", TAKEN[row][number])
    snn = pysnn.from_nir(tmp_path / "net.nir", dt=dt)
    trains = np.random.default_rng(1).random((30, 2, *snn.input_shape)) < 0.4
    result = pysnn.simulate(snn, spikes=trains, record="spikes")
    found = result.spikes(snn.populations[-1].name)
    expected = loop(nodes, trains, dt)
    assert expected.any()
    np.testing.assert_array_equal(found.reshape(expected.shape), expected)


@pytest.mark.parametrize(
    ("row", "number"), [(row, i) for row, chains in REFUSED.items() for i in range(len(chains))]
)
def test_nodes_that_are_refused_are_named_in_one_line(
    row: str, number: int, tmp_path: Path
) -> None:
    nodes, text = REFUSED[row][number]
    write(tmp_path / "net.nir", nodes)
    with pytest.raises(pysnn.ModelFileError) as found:
        pysnn.from_nir(tmp_path / "net.nir", dt=2.0**-10)
    assert re.search(text, str(found.value)), str(found.value)
    assert "\n" not in str(found.value)


def test_every_row_of_the_table_is_tested() -> None:
    assert set(first_column("nir.md", "Coming in")) == {*TAKEN, *REFUSED}
