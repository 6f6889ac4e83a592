"""The grid that makes sums exact: its value, its effect, and what would go wrong without it."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from model_parts import Parts
from numpy.typing import ArrayLike, NDArray
from random_networks import NETWORKS

import pysnn
from pysnn.spiking import Precision

LIMIT = {"float32": 2**24, "int16": 2**15 - 1}


def rounded(
    weight: ArrayLike, bias: ArrayLike | None = None, precision: Precision = "float32"
) -> pysnn.Population:
    """Return a population that one Linear layer feeds."""
    layer = pysnn.Linear(weight, bias)
    snn = pysnn.SpikingNetwork((layer.weight.shape[1],), precision=precision)
    snn.add_population("out", (layer.weight.shape[0],))
    snn.connect("input", "out", layer)
    return snn.populations[0]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1e-38], r"magnitudes is 1e-38, which needs a grid of 2\^-150"),
        ([3e38, 3e38], r"magnitudes is 6e\+38, which needs a grid of 2\^105"),
    ],
)
def test_weights_whose_grid_float32_cannot_keep_are_refused(
    weights: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        rounded([weights])


@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_rounded_weights_and_grids_equal_the_reference(kind: str, precision: Precision) -> None:
    description = NETWORKS[kind](40, precision)
    expected = reference.from_description(description)
    for ours, core in zip(expected, reference.from_network(description.build()), strict=True):
        np.testing.assert_array_equal(core.grid, ours.grid)
        np.testing.assert_array_equal(core.bias, ours.bias)
        for mine, other in zip(ours.synapses, core.synapses, strict=True):
            np.testing.assert_array_equal(other.weight, mine.weight)
            np.testing.assert_array_equal(other.connected, mine.connected)


@pytest.mark.parametrize(
    ("weight", "exponent"),
    [
        ([1.0], -24),  # 2^24 multiples are allowed, so that 1 / 2^-24 just fits
        ([1.0, 1.0], -23),
        ([1.0, -1.0], -23),  # signs do not cancel: any subset may spike
        ([0.5, 0.25], -24),
        ([1.0, 2.0**-24], -23),  # 2^24 + 1 multiples of 2^-24 are one too many
        ([3.0, 0.0], -22),
        ([2.0**100], 76),
    ],
)
def test_grid_of_float32_is_the_smallest_that_fits_24_bits(
    weight: list[float], exponent: int
) -> None:
    assert rounded([weight]).grid[0] == 2.0**exponent


@pytest.mark.parametrize(
    ("weight", "exponent"), [([1.0], -14), ([32767.0], 0), ([32768.0], 1), ([0.5, 0.5], -14)]
)
def test_grid_of_int16_is_the_smallest_that_fits_15_bits(
    weight: list[float], exponent: int
) -> None:
    assert rounded([weight], precision="int16").grid[0] == 2.0**exponent


def test_a_weight_half_way_between_two_multiples_goes_to_the_even_one() -> None:
    g = 2.0**-14
    odd = [0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5]
    population = rounded([[1.0, *(k * g for k in odd)]], precision="int16")
    assert population.grid[0] == g
    np.testing.assert_array_equal(
        population.projections[0].weight[0] / g, [2**14, 0, 2, 2, 4, 0, -2, -2]
    )


def test_neurons_have_grids_of_their_own() -> None:
    np.testing.assert_array_equal(
        rounded([[1.0], [4.0], [0.0], [-0.25]]).grid, [2.0**-24, 2.0**-22, 1.0, 2.0**-26]
    )


def test_a_bias_counts_in_the_sum() -> None:
    population = rounded([[1.0]], [1.0])
    assert population.grid[0] == 2.0**-23
    assert rounded([[0.0]], [1.0]).grid[0] == 2.0**-24


def test_all_zero_neurons_keep_their_zeros_on_a_grid_of_one() -> None:
    population = rounded(np.zeros((3, 5)), np.zeros(3))
    np.testing.assert_array_equal(population.grid, 1.0)
    np.testing.assert_array_equal(population.projections[0].weight, 0.0)


def test_a_convolution_has_one_grid_per_channel_of_its_whole_kernel() -> None:
    # With padding no neuron of the 1x1 output reaches all of the 3x3 kernel; the sum of 9 counts.
    snn = pysnn.SpikingNetwork((1, 1, 1))
    snn.add_population("conv", (2, 1, 1))
    kernel = np.stack([np.ones((1, 3, 3)), np.full((1, 3, 3), 1 / 16)])
    snn.connect("input", "conv", pysnn.Conv2d(kernel, padding=1))
    np.testing.assert_array_equal(snn.populations[0].grid, [2.0**-20, 2.0**-24])


def test_one_strong_neuron_sets_the_grid_of_its_channel_where_a_convolution_feeds_it() -> None:
    # Neuron 3 of channel 0 gets 1 from the convolution and 7 from the Linear layer.
    snn = pysnn.SpikingNetwork((1, 2, 2))
    snn.add_population("both", (2, 2, 2))
    snn.connect("input", "both", pysnn.Conv2d(np.ones((2, 1, 1, 1))))
    linear = np.zeros((8, 4))
    linear[3, 0] = 7.0
    snn.connect("input", "both", pysnn.Linear(linear))
    np.testing.assert_array_equal(snn.populations[0].grid, [2.0**-21] * 4 + [2.0**-24] * 4)


def test_a_linear_layer_onto_an_image_keeps_a_grid_per_neuron() -> None:
    snn = pysnn.SpikingNetwork((1,))
    snn.add_population("image", (1, 2, 2))
    snn.connect("input", "image", pysnn.Linear([[1.0], [2.0], [4.0], [0.0]]))
    np.testing.assert_array_equal(snn.populations[0].grid, [2.0**-24, 2.0**-23, 2.0**-22, 1.0])


@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("window", [1, 2, 3, 5, 6])
def test_pool_weights_are_rounded_up_to_the_grid(window: int, precision: Precision) -> None:
    snn = pysnn.SpikingNetwork((3, window, window), precision=precision)
    snn.add_population("pool", (3, 1, 1))
    snn.connect("input", "pool", pysnn.AvgPool2d(window))
    population = snn.populations[0]
    weight, g = population.projections[0].weight.astype(np.float64), float(population.grid[0])
    np.testing.assert_array_equal(weight, np.ceil(1 / window**2 / g) * g)
    assert 1.0 <= window**2 * weight[0] < 1.0 + window**2 * g
    assert window**2 * weight[0] / g <= LIMIT[precision]


@pytest.mark.parametrize("kind", ["dense 64-65-64-10", "convolutions"])
@pytest.mark.parametrize("precision", ["float32", "int16"])
def test_rounding_moves_no_weight_further_than_half_a_grid_step(
    kind: str, precision: Precision
) -> None:
    description = NETWORKS[kind](3, precision)
    before = reference.from_description(description, rounded=False)
    for old, new in zip(before, reference.from_network(description.build()), strict=True):
        moved = np.abs(new.synapses[0].weight.astype(np.float64) - old.synapses[0].weight)
        assert (moved <= new.grid[:, None] / 2).all()
        total = np.abs(new.synapses[0].weight / new.grid[:, None]).sum(axis=1)
        total += np.abs(new.bias / new.grid)
        assert (total <= LIMIT[precision]).all()


@pytest.mark.parametrize("kind", NETWORKS)
def test_rounding_twice_changes_no_weight(kind: str) -> None:
    once = NETWORKS[kind](3, "float32").build()
    again = pysnn.SpikingNetwork(once.input_shape)
    for p in once.populations:
        again.add_population(p.name, p.shape)
        for projection in p.projections:
            again.connect(projection.source, p.name, projection.layer)
    for a, b in zip(once.populations, again.populations, strict=True):
        for first, second in zip(a.projections, b.projections, strict=True):
            np.testing.assert_array_equal(first.weight, second.weight)


def sums_in_many_orders(terms: NDArray[np.float32], seed: int) -> set[float]:
    """Add float32 numbers up, down, shuffled, pairwise, by matmul and in float64."""
    rng = np.random.default_rng(seed)
    orders = [terms, terms[::-1], *(rng.permutation(terms) for _ in range(5)), np.sort(terms)]
    sums = {float(np.cumsum(order, dtype=np.float32)[-1]) for order in orders}
    sums.add(float(terms.sum()))
    sums.add(float((np.ones((1, len(terms)), dtype=np.float32) @ terms)[0]))
    sums.add(float(np.float32(terms.astype(np.float64).sum())))
    return sums


def test_every_order_of_summation_gives_the_same_bits_on_the_grid_only() -> None:
    rng = np.random.default_rng(12)
    weight = rng.normal(size=(40, 800)).astype(np.float32)
    on_grid = rounded(weight).projections[0].weight
    differing = 0
    for row in range(len(weight)):
        chosen = rng.random(weight.shape[1]) < 0.5
        assert len(sums_in_many_orders(on_grid[row, chosen], row)) == 1
        differing += len(sums_in_many_orders(weight[row, chosen], row)) > 1
    assert differing > 30


def permuted(network: list[reference.Neurons], order: NDArray[np.int64]) -> list[reference.Neurons]:
    """Return the same first population with its inputs in another order."""
    (first,) = network
    (s,) = first.synapses
    changed = reference.Synapses(s.source, s.weight[:, order], s.connected[:, order])
    return [
        reference.Neurons(**{**vars(first), "synapses": (changed,)}),
    ]


def test_without_rounding_the_simulators_would_not_agree() -> None:
    # The same network with its inputs in another order is another order of summation and nothing
    # else. On the grid it gives the same bits, and so does the core; off the grid it does not.
    description = NETWORKS["dense 63-200-1000"](5, "float32")
    del description.populations[1:]
    rng = np.random.default_rng(2)
    spikes = rng.random((60, 40, 63)) < 0.5
    order = rng.permutation(63)

    potentials = {}
    for on_grid in (True, False):
        network = reference.from_description(description, rounded=on_grid)
        plain = reference.simulate(network, spikes).potentials["linear1"]
        other = reference.simulate(permuted(network, order), spikes[:, :, order])
        potentials[on_grid] = (plain, other.potentials["linear1"])
    core = pysnn.simulate(description.build(), spikes=spikes, record=["potentials"])

    np.testing.assert_array_equal(*potentials[True])
    np.testing.assert_array_equal(core.potentials["linear1"], potentials[True][0])
    assert not np.array_equal(*potentials[False])
    assert not np.array_equal(core.potentials["linear1"], potentials[False][0])


@pytest.mark.parametrize("weight", [2.0**-110, 3e38])
def test_grids_that_float32_cannot_hold_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="grid"):
        rounded([[weight]])


def test_what_rounding_takes_from_small_weights_beside_a_large_bias_is_known() -> None:
    weight = np.array([[0.25, 0.01, -0.001, 0.0]], np.float32)
    snn = pysnn.SpikingNetwork(4, precision="int16")
    snn.add_population("out", 1)
    snn.connect("input", "out", pysnn.Linear(weight, [1000.0]))
    # 1000 takes a grid of 2^-5 of the 2^15 - 1 that there are: 0.01 and -0.001 become 0.
    assert snn.populations[0].grid[0] == 2.0**-5
    kept = np.array([[0.25, 0.0, 0.0, 0.0]])
    loss = snn.core.rounding_loss[0]
    assert loss is not None
    zeroed_share, relative_error = loss
    assert zeroed_share == 2 / 3
    exact = weight.astype(np.float64)
    assert relative_error == np.abs(exact - kept).sum() / np.abs(exact).sum()


def test_weights_that_lie_on_the_grid_lose_nothing() -> None:
    snn = pysnn.SpikingNetwork(2)
    snn.add_population("out", 2)
    snn.connect("input", "out", pysnn.Linear([[0.5, 0.25], [0.0, 0.0]]))
    assert snn.core.rounding_loss == [(0.0, 0.0)]


def test_a_loaded_network_knows_no_loss_of_rounding() -> None:
    snn = pysnn.SpikingNetwork(2)
    snn.add_population("out", 1)
    snn.connect("input", "out", pysnn.Linear([[0.1, 0.7]]))
    loaded = pysnn.io.from_bytes(pysnn.io.to_bytes(snn))
    assert isinstance(loaded, pysnn.SpikingNetwork)
    assert loaded.core.rounding_loss == [None]


@pytest.mark.parametrize(
    ("grid", "accepted"),
    [
        (2.0**-126, True),
        (2.0**-127, False),
        (2.0**103, True),
        (2.0**104, False),
        (3.0 * 2.0**-126, False),
    ],
)
def test_a_grid_that_a_file_brings_lies_between_2_to_the_minus_126_and_103(
    grid: float, accepted: bool
) -> None:
    snn = pysnn.SpikingNetwork(1)
    snn.add_population("out", 1)
    snn.connect("input", "out", pysnn.Linear([[1.0]]))
    parts = Parts.of(pysnn.io.to_bytes(snn))
    parts.tensors["out/grid"] = np.array([grid], np.float32)
    parts.tensors["out/0/weight"] = np.array([[grid]], np.float32)
    if accepted:
        loaded = pysnn.io.from_bytes(parts.file())
        assert isinstance(loaded, pysnn.SpikingNetwork)
        assert loaded.populations[0].grid.tolist() == [grid]
    else:
        with pytest.raises(pysnn.ModelFileError, match="grid is"):
            pysnn.io.from_bytes(parts.file())
