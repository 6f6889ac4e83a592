"""Networks that were made of each other are told from networks that only look alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.diagnosis.matching.belonging import check_weights
from pysnn.diagnosis.matching.mapping import match

X = np.random.default_rng(0).random((20, 1, 8, 8)).astype(np.float32)


def network(seed: int = 0) -> pysnn.Network:
    """Return a network of every kind of layer, with biases, positive sums and large weights."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int) -> Any:
        return rng.normal(0.2, 1.0, shape)

    return pysnn.Network(
        [
            pysnn.Conv2d(numbers(3, 1, 3, 3), numbers(3), padding=1),
            pysnn.AvgPool2d(2),
            pysnn.Conv2d(numbers(6, 1, 2, 2), dilation=2, groups=3),
            pysnn.Flatten(),
            pysnn.Linear(numbers(6, 24), numbers(6)),
            pysnn.Linear(numbers(5, 6)),
        ],
        (1, 8, 8),
    )


def check(relu: pysnn.Network, snn: pysnn.SpikingNetwork) -> None:
    check_weights(relu, snn, match(relu.graph, snn))


def changed(relu: pysnn.Network, layer: int, kind: str, value: float) -> pysnn.Network:
    """Return a copy with another last weight or bias in one layer."""
    other = relu.copy()
    array = getattr(other.layers[layer], kind)
    array.reshape(-1)[-1] = value
    return other


def by_hand(relu: pysnn.Network, names: list[str]) -> pysnn.SpikingNetwork:
    """Return populations of given names with the weights as they are."""
    snn = pysnn.SpikingNetwork(relu.input_shape)
    source = "input"
    with_synapses = [i for i, layer in enumerate(relu.layers) if layer.has_synapses]
    for name, i in zip(names, with_synapses, strict=True):
        snn.add_population(name, relu.layer_shapes[i], threshold=2.0)
        snn.connect(source, name, relu.layers[i])
        source = name
    return snn


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "options",
    [
        {"x": X},
        {"method": "data", "x": X},
        {"method": "data", "x": X, "variant": "released", "include_last": False},
        {
            "method": "data",
            "x": X,
            "precision": "int16",
            "threshold": 0.3,
            "refractory_period": 0.002,
        },
        {"method": "model", "reset": "subtract", "initial_potential": 0.5},
        {"method": "model", "include_last": False, "precision": "int16"},
        {"method": "none"},
        {"method": "none", "precision": "int16"},
    ],
)
def test_whatever_convert_makes_belongs_to_its_network(
    seed: int, options: dict[str, Any], tmp_path: Path
) -> None:
    relu = network(seed)
    snn = pysnn.convert(relu, progress=False, **options)
    check(relu, snn)
    check(relu, snn.with_threshold(3.5))
    snn.save(tmp_path / "snn.safetensors")
    relu.save(tmp_path / "relu.safetensors")
    loaded = pysnn.load(tmp_path / "relu.safetensors"), pysnn.load(tmp_path / "snn.safetensors")
    assert isinstance(loaded[0], pysnn.Network)
    assert isinstance(loaded[1], pysnn.SpikingNetwork)
    check(*loaded)


def test_a_network_built_by_hand_of_the_same_weights_belongs_under_any_names() -> None:
    relu = network()
    check(relu, by_hand(relu, ["a", "b", "c", "d", "e"]))


@pytest.mark.parametrize("method", ["data", "model", "none"])
@pytest.mark.parametrize(
    ("layer", "name", "kind", "index"),
    [
        (0, "conv1", "weight", "[2, 0, 2, 2]"),
        (0, "conv1", "bias", "[2]"),
        (2, "conv2", "weight", "[5, 0, 1, 1]"),
        (4, "linear1", "weight", "[5, 23]"),
        (4, "linear1", "bias", "[5]"),
        (5, "linear2", "weight", "[4, 5]"),
    ],
)
def test_one_other_number_is_named_with_its_population_and_place(
    method: str, layer: int, name: str, kind: str, index: str
) -> None:
    relu = network()
    snn = pysnn.convert(relu, method=method, x=X if method == "data" else None, progress=False)
    value = float(getattr(relu.layers[layer], kind).reshape(-1)[-1])
    # What rounding to the grid takes is far below, what tells two networks apart above.
    check(changed(relu, layer, kind, value * (1 + 1e-7)), snn)
    with pytest.raises(ValueError, match="do not belong together") as caught:
        check(changed(relu, layer, kind, value * 1.01), snn)
    assert f"{kind}{index} of population {name!r} is " in str(caught.value)
    assert f"that of layer {name!r} is " in str(caught.value)


def test_the_first_population_that_differs_is_named() -> None:
    snn = pysnn.convert(network(0), method="model")
    other = network(1)
    for i in (0, 2):
        other.layers[i].weight[...] = network(0).layers[i].weight
        if other.layers[i].bias is not None:
            other.layers[i].bias[...] = network(0).layers[i].bias
    with pytest.raises(ValueError, match="population 'linear1'"):
        check(other, snn)


def test_a_bias_that_is_missing_on_one_side_is_noticed() -> None:
    relu = network()
    bare = pysnn.Network(
        [
            layer.with_parameters(layer.weight) if layer.num_parameters else layer
            for layer in relu.copy().layers
        ],
        relu.input_shape,
    )
    for one, other in ((relu, bare), (bare, relu)):
        with pytest.raises(ValueError, match=r"bias\[0\] of population 'conv1' is"):
            check(one, pysnn.convert(other, method="none"))


def test_a_network_that_was_normalized_before_it_was_connected_by_hand_is_refused() -> None:
    relu = network()
    normalized, _ = pysnn.normalize(relu, method="model")
    snn = by_hand(normalized, ["a", "b", "c", "d", "e"])
    check(normalized, snn)
    with pytest.raises(ValueError, match="before normalization"):
        check(relu, snn)


def test_diagnose_gives_no_advice_on_the_conversion_of_another_network() -> None:
    snn = pysnn.convert(network(1), method="model")
    with pytest.raises(ValueError, match=r"snn and network do not belong together.*'conv1'"):
        pysnn.diagnose(network(0), snn, X, duration=0.01, progress=False)
