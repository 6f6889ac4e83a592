"""What holds of max pools, shortcuts, groups, signed neurons, readouts and ranges of input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import reference_network
from numpy.typing import NDArray

import pysnn

RECORD = ("spikes", "potentials", "counts")


def signed_trains(shape: tuple[int, ...], seed: int, rate: float = 0.5) -> NDArray[np.int8]:
    """Return random spikes of -1, 0 and 1."""
    rng = np.random.default_rng(seed)
    spikes = (rng.random(shape) < rate).astype(np.int8)
    return spikes * rng.choice(np.array([-1, 1], np.int8), shape, p=[0.4, 0.6])


def weights(shape: tuple[int, ...], seed: int) -> NDArray[np.float32]:
    """Return random weights."""
    return np.random.default_rng(seed).normal(0.1, 0.6, shape).astype(np.float32)


def relay(snn: pysnn.SpikingNetwork, name: str, source: str, shape: tuple[int, ...]) -> None:
    """Add a population that sends the spikes of its source, whatever their sign."""
    snn.add_population(name, shape, neuron="bipolar")
    snn.connect(source, name, pysnn.Identity(np.ones(shape[0])))


@pytest.mark.parametrize("neuron", ["if", "signed", "bipolar"])
@pytest.mark.parametrize(
    "pool",
    [
        pysnn.MaxPool2d(2),
        pysnn.MaxPool2d(3, stride=1, padding=1),
        pysnn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0, 1, 1), ceil_mode=True),
        pysnn.MaxPool2d(2, stride=2, dilation=2),
        pysnn.MaxPool2d((1, 7)),
    ],
    ids=repr,
)
def test_a_max_pools_count_is_the_largest_of_its_window_after_every_step(
    pool: pysnn.MaxPool2d, neuron: Any
) -> None:
    shape = (33, 6, 7)
    target = pool.output_shape(shape)
    snn = pysnn.SpikingNetwork((2, 6, 7), input_scale=1.0)
    snn.add_population("source", shape, neuron=neuron, reset="subtract")
    snn.connect("input", "source", pysnn.Conv2d(weights((33, 2, 3, 3), 1), padding=1))
    snn.add_population("pool", target, neuron="max_pool")
    snn.connect("source", "pool", pool)
    result = pysnn.simulate(snn, spikes=signed_trains((150, 3, 2, 6, 7), 2), record="spikes")
    source, pooled = (
        np.cumsum(result.spikes(name), axis=0, dtype=np.int64) for name in ("source", "pool")
    )
    windows = reference_network.to_synapses(
        "source", pool, np.zeros(0, np.float32), {"source": shape}, target
    ).connected
    largest = np.stack([source[..., window].max(axis=2) for window in windows], axis=2)
    np.testing.assert_array_equal(pooled, largest)
    assert np.abs(largest).max() > 20
    if neuron == "bipolar":
        assert largest.min() < 0


@pytest.mark.parametrize("neuron", ["if", "signed", "bipolar", "leaky"])
def test_a_residual_block_equals_one_convolution_of_both_sources_side_by_side(neuron: Any) -> None:
    shape = (3, 5, 4)
    options = {"reset": "subtract", "neuron": neuron, "leak": 0.9 if neuron == "leaky" else 1.0}
    kernel = weights((3, 3, 3, 3), 3)
    shortcut = np.array([1.0, -0.5, 0.75], np.float32)
    spikes = signed_trains((100, 4, *shape), 4)

    block = pysnn.SpikingNetwork(shape, input_scale=1.0)
    relay(block, "inner", "input", shape)
    block.add_population("sum", shape, **options)
    block.connect("inner", "sum", pysnn.Conv2d(kernel, padding=1))
    block.connect("input", "sum", pysnn.Identity(shortcut))

    joined = pysnn.SpikingNetwork(shape, input_scale=1.0)
    joined.add_population("both", (6, 5, 4), neuron="bipolar")
    for first in (0, 3):
        layer = pysnn.Identity(np.ones(3), out_channels=6, first_channel=first)
        joined.connect("input", "both", layer)
    wide = np.zeros((3, 6, 3, 3), np.float32)
    wide[:, :3] = kernel
    wide[range(3), range(3, 6), 1, 1] = shortcut
    joined.add_population("sum", shape, **options)
    joined.connect("both", "sum", pysnn.Conv2d(wide, padding=1))

    one, other = (pysnn.simulate(each, spikes=spikes, record=RECORD) for each in (block, joined))
    np.testing.assert_array_equal(one.spikes("sum"), other.spikes("sum"))
    np.testing.assert_array_equal(one.potentials["sum"], other.potentials["sum"])
    assert np.count_nonzero(one.spikes("sum")) > 100


@pytest.mark.parametrize("groups", [2, 3, 6])
@pytest.mark.parametrize("neuron", ["if", "signed", "bipolar"])
def test_a_grouped_convolution_equals_its_dense_form_with_zeros(groups: int, neuron: Any) -> None:
    kernel = weights((12, 6 // groups, 3, 2), 5)
    dense = np.zeros((12, 6, 3, 2), np.float32)
    inputs, outputs = 6 // groups, 12 // groups
    for g in range(groups):
        out = slice(g * outputs, (g + 1) * outputs)
        dense[out, g * inputs : (g + 1) * inputs] = kernel[out]
    spikes = signed_trains((80, 3, 6, 6, 5), 6)
    results = []
    for layer in (pysnn.Conv2d(kernel, groups=groups, padding=1), pysnn.Conv2d(dense, padding=1)):
        snn = pysnn.SpikingNetwork((6, 6, 5), input_scale=1.0)
        snn.add_population("out", layer.output_shape((6, 6, 5)), neuron=neuron, reset="subtract")
        snn.connect("input", "out", layer)
        results.append(pysnn.simulate(snn, spikes=spikes, record=RECORD))
    one, other = results
    np.testing.assert_array_equal(one.spikes("out"), other.spikes("out"))
    np.testing.assert_array_equal(one.potentials["out"], other.potentials["out"])
    # Synapses of weight 0 are synapses, and count.
    assert (one.synaptic_operations < other.synaptic_operations).all()


@pytest.mark.parametrize("initial", [0.0, 0.5])
@pytest.mark.parametrize("threshold", [1.0, 0.75])
def test_signed_counts_are_the_clipped_floor_of_the_charge(
    initial: float, threshold: float
) -> None:
    # Eight inputs of at most 1/16 each: no step asks for two spikes.
    snn = pysnn.SpikingNetwork(8, input_scale=1.0)
    snn.add_population("out", 40, neuron="signed", threshold=threshold, initial_potential=initial)
    weight = np.random.default_rng(7).integers(-64, 65, (40, 8)) / 1024
    snn.connect("input", "out", pysnn.Linear(weight))
    rng = np.random.default_rng(8)
    # Rates that turn, so that counts go up and down.
    sign = np.sign(np.sin(np.arange(600) / 40 + rng.uniform(0, 6, (5, 8, 1)))).transpose(2, 0, 1)
    spikes = ((rng.random((600, 5, 8)) < 0.8) * sign).astype(np.int8)
    result = pysnn.simulate(snn, spikes=spikes, record="spikes")
    counts = np.cumsum(result.spikes("out"), axis=0, dtype=np.int64)
    charge = initial + np.cumsum(spikes @ weight.T, axis=0)
    np.testing.assert_array_equal(counts, np.maximum(np.floor(charge / threshold), 0))
    assert (np.diff(counts, axis=0) < 0).any()


@pytest.mark.parametrize("neuron", ["if", "signed", "bipolar", "leaky"])
@pytest.mark.parametrize("stride", [1, (2, 3)])
@pytest.mark.parametrize("padding", [0, (1, 0, 2, 1)])
def test_an_identity_equals_a_dense_convolution_with_the_identity_matrix(
    neuron: Any, stride: Any, padding: Any
) -> None:
    channels, shape = 35, (35, 6, 7)
    weight = np.random.default_rng(9).uniform(-1.0, 1.5, channels).astype(np.float32)
    first = 4
    dense = np.zeros((40, channels, 1, 1), np.float32)
    dense[range(first, first + channels), range(channels), 0, 0] = weight
    spikes = signed_trains((90, 2, *shape), 10)
    results = []
    for layer in (
        pysnn.Identity(weight, stride, padding, out_channels=40, first_channel=first),
        pysnn.Conv2d(dense, stride=stride, padding=padding),
    ):
        snn = pysnn.SpikingNetwork(shape, input_scale=1.0)
        relay(snn, "source", "input", shape)
        snn.add_population("out", layer.output_shape(shape), neuron=neuron, bias=np.full(40, 0.1))
        snn.connect("source", "out", layer)
        results.append(pysnn.simulate(snn, spikes=spikes, record=RECORD))
    one, other = results
    np.testing.assert_array_equal(one.spikes("out"), other.spikes("out"))
    np.testing.assert_array_equal(
        one.potentials["out"].view(np.uint32), other.potentials["out"].view(np.uint32)
    )
    assert np.count_nonzero(one.spikes("out")) > 100


@pytest.mark.parametrize("delay", [0, 5, 40])
def test_outputs_of_a_readout_are_the_logits_of_constant_input(delay: int) -> None:
    weight, bias = weights((4, 6), 11), weights((4,), 12)
    snn = pysnn.SpikingNetwork(6, input_scale=2.0)
    snn.add_population("out", 4, neuron="readout", delay=delay)
    snn.connect("input", "out", pysnn.Linear(weight, bias))
    x = np.random.default_rng(13).uniform(-2, 2, (9, 6)).astype(np.float32)
    result = pysnn.simulate(snn, x, duration=0.03, max_rate=600.0, encoding="constant")
    logits = x @ weight.T + bias if delay < 30 else np.zeros((9, 4))
    np.testing.assert_allclose(result.outputs, logits, atol=1e-5)
    np.testing.assert_array_equal(result.predictions, logits.argmax(axis=1))
    np.testing.assert_array_equal(result.predictions_over_time[:delay], 0)
    assert not result.output_spikes.any()


def test_an_affine_map_of_the_input_is_the_map_of_the_samples() -> None:
    factor, shift = np.array([0.5, 2.0, -1.0]), np.array([0.25, -1.0, 0.5])
    # Float32 holds multiples of 1/256 behind the map too.
    x = (np.random.default_rng(14).integers(0, 257, (4, 3, 5, 5)) / 256).astype(np.float32)
    mapped = (x * factor[:, None, None] + shift[:, None, None]).astype(np.float32)
    results = []
    for affine, samples in (((factor, shift), x), (None, mapped)):
        snn = pysnn.SpikingNetwork((3, 5, 5), input_scale=1.0, input_affine=affine)
        snn.add_population("out", (6, 5, 5), neuron="signed")
        snn.connect("input", "out", pysnn.Conv2d(weights((6, 3, 3, 3), 15), padding=1))
        results.append(
            [
                pysnn.simulate(snn, samples, duration=0.05, encoding=encoding, record=RECORD)
                for encoding in ("constant", "poisson", "regular")
            ]
        )
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one.spikes("out"), other.spikes("out"))
        np.testing.assert_array_equal(one.potentials["out"], other.potentials["out"])


@pytest.mark.parametrize("encoding", ["poisson", "regular"])
def test_drawn_trains_with_signs_that_are_given_back_change_nothing(encoding: Any) -> None:
    snn = pysnn.SpikingNetwork(50, input_scale=2.0)
    snn.add_population("out", 20, neuron="bipolar")
    snn.connect("input", "out", pysnn.Linear(weights((20, 50), 16)))
    x = np.random.default_rng(17).uniform(-2, 2, (6, 50)).astype(np.float32)
    draw = pysnn.poisson_spikes if encoding == "poisson" else pysnn.regular_spikes
    spikes = draw(x / 2, duration=0.06, max_rate=800.0, signed=True)
    assert spikes.dtype == np.int8
    assert set(np.unique(spikes)) == {-1, 0, 1}
    drawn = pysnn.simulate(snn, x, duration=0.06, max_rate=800.0, encoding=encoding, record=RECORD)
    given = pysnn.simulate(snn, spikes=spikes, bias_scale=0.8, record=RECORD)
    np.testing.assert_array_equal(drawn.spikes("out"), given.spikes("out"))
    np.testing.assert_array_equal(drawn.potentials["out"], given.potentials["out"])
    np.testing.assert_array_equal(drawn.num_input_spikes, np.count_nonzero(spikes, axis=(0, 2)))


def test_record_asks_of_all_populations_what_they_have() -> None:
    snn = pysnn.SpikingNetwork((1, 4, 4))
    snn.add_population("image", (1, 4, 4), neuron="signed")
    snn.connect("input", "image", pysnn.Identity([1.0]))
    snn.add_population("pool", (1, 2, 2), neuron="max_pool")
    snn.connect("image", "pool", pysnn.MaxPool2d(2))
    snn.add_population("out", 2, neuron="readout")
    snn.connect("pool", "out", pysnn.Linear(np.ones((2, 4))))
    x = np.full((2, 1, 4, 4), 0.5)
    result = pysnn.simulate(snn, x, duration=0.01, record=(*RECORD, "balance"))
    assert list(result.spikes) == ["image", "pool", "out"]
    assert list(result.potentials) == ["image", "out"]
    assert list(result.balance) == ["image"]
    assert [result.spikes(name).dtype for name in result.spikes] == [
        np.int8,
        np.int8,
        np.bool_,
    ]


def test_the_table_shows_neuron_models_and_the_range_of_the_input() -> None:
    snn = pysnn.SpikingNetwork(4, input_scale=2.0)
    snn.add_population("hidden", 3, neuron="signed", negative_threshold=0.5)
    snn.connect("input", "hidden", pysnn.Linear(np.ones((3, 4))))
    snn.add_population("out", 2, neuron="readout", delay=7)
    snn.connect("hidden", "out", pysnn.Linear(np.ones((2, 3))))
    assert "x in [-2, 2]" in repr(snn)
    assert "signed (0.5)" in repr(snn)
    assert "readout (from step 7)" in repr(snn)
    assert "neuron " not in repr(pysnn.convert(pysnn.models.mlp((4, 3, 2)), method="none"))
