"""Prints the table of docs/importing/onnx.md: python tools/onnx_light_graphs.py [NAME...].

The onnx wheel ships nine graphs of well-known networks with the outputs that they must give. Their
weights are constants, so that all classes come out alike; each graph is therefore imported a second
time with random weights and without its softmax, and compared with onnxruntime.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

import pysnn

FOLDER = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"
PREFIX = "light_"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Outcome:
    """What became of a graph.

    Attributes:
        name: Name of the graph.
        num_foreign: Number of its nodes that are no constants.
        refusal: Why it is refused; None where it is imported.
        num_nodes: Number of nodes of the network.
        expected: Largest difference from the outputs that the wheel has, as a fraction of the
            largest.
        random: The same with random weights, from what ``framework`` gives.
        framework: Name and version of what runs the graph with random weights.
    """

    name: str
    num_foreign: int
    refusal: str | None = None
    num_nodes: int = 0
    expected: float = 0.0
    random: float | None = None
    framework: str | None = None

    def __str__(self) -> str:
        """Return a row of the table."""
        if self.refusal is not None:
            return f"| {self.name} | {self.num_foreign} | refused: {self.refusal} | | |"
        random = "not compared" if self.random is None else f"{self.random:.1e}, {self.framework}"
        return (
            f"| {self.name} | {self.num_foreign} | {self.num_nodes} | {self.expected:.1e} | "
            f"{random} |"
        )


def names() -> list[str]:
    """Return the names of the graphs."""
    return sorted(path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.onnx"))


def outcome(name: str, folder: Path) -> Outcome:
    """Import a graph; the one with random weights is written into a folder."""
    path = FOLDER / f"{PREFIX}{name}.onnx"
    model = onnx.load(path)
    num_foreign = sum(node.op_type != "ConstantOfShape" for node in model.graph.node)
    x = samples(model)
    try:
        network = pysnn.from_onnx(path, x=x)
    except pysnn.ModelFileError as error:
        return Outcome(name, num_foreign, str(error).partition(": ")[2])
    expected = onnx.numpy_helper.to_array(onnx.load_tensor(FOLDER / f"{PREFIX}{name}_output_0.pb"))
    found = network.predict(x.reshape(1, *network.input_shape)).astype(np.float64)
    if model.graph.node[-1].op_type == "Softmax":
        found = np.exp(found - found.max())
        found /= found.sum()
    drawn = folder / path.name
    randomize(model)
    onnx.save(model, drawn)
    origin = pysnn.from_onnx(drawn).origin
    drawn.unlink()
    assert origin is not None
    return Outcome(
        name,
        num_foreign,
        None,
        len(network.layers),
        float(np.abs(found.ravel() - expected.ravel()).max() / np.abs(expected).max()),
        origin.difference,
        origin.framework,
    )


def samples(model: Any) -> Floats:
    """Return the sample for which the wheel has outputs: numbers from 0 that rise to 1."""
    given = {each.name for each in model.graph.initializer}
    (source,) = (each for each in model.graph.input if each.name not in given)
    shape = tuple(each.dim_value for each in source.type.tensor_type.shape.dim)
    size = int(np.prod(shape))
    return (np.arange(size).reshape(shape) / size).astype(np.float32)


def randomize(model: Any) -> None:
    """Draw a model's constants anew, and leave out the softmax at its end."""
    graph = model.graph
    rng = np.random.default_rng(0)
    shapes = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    if graph.node[-1].op_type == "Softmax":
        graph.output[0].name = graph.node[-1].input[0]
        del graph.node[-1]
    kept = []
    for node in graph.node:
        if node.op_type != "ConstantOfShape":
            kept.append(node)
            continue
        weight = drawn_weight(rng, tuple(int(size) for size in shapes[node.input[0]]))
        graph.initializer.append(onnx.numpy_helper.from_array(weight, node.output[0]))
    del graph.node[:]
    graph.node.extend(kept)
    # Files of the oldest version declare their weights as inputs.
    model.ir_version = max(model.ir_version, 4)


def drawn_weight(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return weights that keep the size of activations, or positive numbers per channel."""
    if len(shape) < 2:
        return rng.uniform(0.5, 1.5, shape).astype(np.float32)
    fan_in = int(np.prod(shape[1:]))
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(np.sqrt(2 / fan_in))


def main(arguments: list[str]) -> int:
    """Print the table, row by row."""
    unknown = set(arguments) - set(names())
    if unknown:
        print(f"expected names among {', '.join(names())}", file=sys.stderr)
        return 2
    print(
        "| graph | nodes | nodes of the network | from the wheel's outputs | random weights |\n"
        "|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments or names():
            print(outcome(name, Path(folder)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
