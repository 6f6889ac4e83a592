"""Models of other packages, given where one of ours belongs: the error names the importer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import pysnn
from pysnn import models


def like(package: str, name: str) -> Any:
    """Return an object of a class that is derived from one of a package."""
    base = type("Base", (), {"__module__": f"{package}.some.module"})
    return type(name, (base,), {"__module__": "their_own_code"})()


TAKES: dict[str, Callable[[Any], object]] = {
    "Network": lambda each: pysnn.Network([each], 3),
    "add": lambda each: pysnn.Network(input_shape=3).add("a", each),
    "convert": pysnn.convert,
    "fold": pysnn.fold,
    "normalize": lambda each: pysnn.normalize(each, method="model"),
    "train": lambda each: pysnn.train(each, [[1.0]], [0]),
    "quantized": lambda each: models.quantized(each, 4),
    "simulate": lambda each: pysnn.simulate(each, [[1.0]], num_steps=1),
    "Simulation": lambda each: pysnn.Simulation(each, 1),
    "quantize": lambda each: pysnn.quantize(each, weight_bits=8),
    "to_nir": lambda each: pysnn.to_nir(each, "never_written"),
    "save": lambda each: pysnn.save(each, "never_written"),
    "diagnose": lambda each: pysnn.diagnose(each, each, [[1.0]], num_steps=1),
    "conversion_errors": lambda each: pysnn.conversion_errors(each, each, [[1.0]], num_steps=1),
    "compare": lambda each: pysnn.compare(each, [[1.0]], [0]),
    "tune": lambda each: pysnn.tune(each, [[1.0]], [0]),
    "footprint": pysnn.metrics.footprint,
}


@pytest.mark.parametrize("take", TAKES.values(), ids=TAKES)
def test_a_pytorch_module_is_sent_to_from_torch(take: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match=r"pysnn\.from_torch\(model, example\)"):
        take(like("torch", "Linear"))


@pytest.mark.parametrize(
    ("package", "importer"),
    [
        ("torch", "from_torch"),
        ("keras", "from_keras"),
        ("sklearn", "from_sklearn"),
        ("onnx", "from_onnx"),
        ("nir", "from_nir"),
    ],
)
def test_every_package_has_its_importer(package: str, importer: str) -> None:
    with pytest.raises(TypeError, match=rf"network is a Net.* pysnn\.{importer}\("):
        pysnn.convert(like(package, "Net"))


def test_the_real_linear_layer_of_pytorch_is_known() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError, match=r"layers\[0\] is a Linear of torch, .*from_torch"):
        pysnn.Network([torch.nn.Linear(3, 4)], 3)


def test_the_other_kind_of_network_and_paths_are_sent_on() -> None:
    network = models.mlp([2, 2])
    with pytest.raises(TypeError, match=r"snn is a Network, .*; pysnn\.convert\(network"):
        pysnn.simulate(network, [[1.0, 1.0]], num_steps=1)
    with pytest.raises(TypeError, match=r"network is a str, .*; pysnn\.load\(path\)"):
        pysnn.convert("net.safetensors")
    with pytest.raises(TypeError, match=r"give the ReLU network"):
        pysnn.convert(pysnn.convert(network, method="none"))


def test_other_types_have_no_advice() -> None:
    with pytest.raises(TypeError, match=r"network is a int, but must be a pysnn\.Network$"):
        pysnn.convert(3)
