"""Methods of finding scales: the registry, and scales per channel."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

import pysnn
from pysnn.conversion import PAPER_METHODS, SCALE_METHODS, Method, PaperMethodName
from pysnn.conversion.folding import FoldedNetwork
from pysnn.conversion.scales import PaperMethod, PopulationScale, ScaleMethod, Scales, ScaleSettings


def test_every_name_has_a_method_and_every_argument_a_reader() -> None:
    assert tuple(SCALE_METHODS) == get_args(Method)
    assert len({type(method) for method in SCALE_METHODS.values()}) == len(SCALE_METHODS)
    read = frozenset.union(*(method.reads for method in SCALE_METHODS.values()))
    arguments = {"x", "variant", "include_last", "per", "percentile", "num_steps", "num_updates"}
    assert read == arguments
    assert all(method.optional <= method.reads for method in SCALE_METHODS.values())


def test_a_method_that_lacks_a_part_can_not_be_made() -> None:
    for missing in ScaleMethod.__abstractmethods__:
        there = {name: None for name in ScaleMethod.__abstractmethods__ if name != missing}
        with pytest.raises(TypeError, match=missing):
            type("Unfinished", (ScaleMethod,), there)()


class ChannelScales(PaperMethod):
    """Gives channel k of a convolution the scale 2^k, and the outputs of the last layer 3."""

    reads: frozenset[str] = frozenset()

    def find(self, network: pysnn.Network, settings: ScaleSettings) -> Scales:
        powers: NDArray[np.float64] = np.exp2(np.arange(network.layer_shapes[0][0]))
        found = (powers, powers, np.array([3.0]))
        return Scales(found, found)

    def of_populations(
        self, network: pysnn.Network, folded: FoldedNetwork, settings: ScaleSettings
    ) -> PopulationScale:
        raise AssertionError("not for graphs")


def convnet() -> pysnn.Network:
    rng = np.random.default_rng(0)
    layers: list[Any] = [
        pysnn.Conv2d(rng.normal(0.2, 1, (3, 2, 2, 2)), rng.normal(0, 1, 3)),
        pysnn.AvgPool2d(2),
        pysnn.Linear(rng.normal(0.2, 1, (4, 12)), rng.normal(0, 1, 4)),
    ]
    return pysnn.Network(layers, (2, 5, 5))


def test_a_method_with_scales_per_channel_needs_no_more_than_its_registry_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(PAPER_METHODS, "none", ChannelScales())
    network = convnet()
    normalized, normalization = pysnn.normalize(network, method="none")
    x = np.random.default_rng(1).random((7, 2, 5, 5), dtype=np.float32)
    before, after = network.activations(x), normalized.activations(x)
    for scales, old, new in zip(normalization.scales.scale_factor, before, after, strict=True):
        shape = (-1, 1, 1) if old.ndim == 4 else (-1,)
        np.testing.assert_allclose(new, old / scales.reshape(shape), rtol=1e-4, atol=1e-5)
    assert "1.00000 .. 4.00000" in str(normalization)
    with pytest.raises(ValueError, match="layer 'conv1' has a factor per channel"):
        _ = normalization.scale_factor


def test_factors_of_the_methods_are_one_number_per_layer() -> None:
    x = np.random.default_rng(1).random((7, 2, 5, 5), dtype=np.float32)
    for method in get_args(PaperMethodName):
        _, found = pysnn.normalize(convnet(), method=method, x=x if method == "data" else None)
        assert found.scale_factor.shape == found.applied_factor.shape == (3,)
        assert found.scale_factor.dtype == np.float64
        assert [each.tolist() for each in found.scales.scale_factor] == [
            [factor] for factor in found.scale_factor.tolist()
        ]


def test_method_none_leaves_every_weight_to_the_bit() -> None:
    network = convnet()
    normalized, _ = pysnn.normalize(network, method="none")
    assert normalized == network
    assert all(
        ours is not theirs for ours, theirs in zip(network.layers, normalized.layers, strict=True)
    )
