"""Invariants that hold for every network and input, on examples that Hypothesis makes up."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import reference
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from random_networks import Description, NetworkMaker

import pysnn
from pysnn.spiking import Precision

RESETS = st.sampled_from(["zero", "subtract"])
SEEDS = st.integers(0, 2**64 - 1)
SIZES = st.integers(1, 70)


@st.composite
def descriptions(draw: st.DrawFn, *, pools: bool = True) -> Description:
    """Draw a small network: dense layers on a flat input, or convolutions and pools on an image."""
    seed = draw(st.integers(0, 2**32 - 1))
    precision: Precision = draw(st.sampled_from(["float32", "int16"]))
    period = draw(st.sampled_from([0.0, 0.001, 0.003]))
    options: dict[str, Any] = {"reset": draw(RESETS), "refractory_period": period}
    varied = draw(st.booleans())
    if draw(st.booleans()):
        maker = NetworkMaker(seed, (draw(SIZES),), precision)
        source = "input"
        for i in range(draw(st.integers(1, 3))):
            layer = maker.linear(source, draw(SIZES), bias=draw(st.booleans()))
            maker.add(f"p{i}", (source, layer), varied=varied, **options)
            source = f"p{i}"
        return maker.description
    height, width = draw(st.integers(2, 7)), draw(st.integers(2, 7))
    maker = NetworkMaker(seed, (draw(st.integers(1, 3)), height, width), precision)
    kernel = (draw(st.integers(1, height)), draw(st.integers(1, width)))
    conv = maker.conv(
        "input",
        draw(st.integers(1, 18)),
        kernel,
        stride=(draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        padding=(draw(st.integers(0, 2)), draw(st.integers(0, 2))),
        bias=draw(st.booleans()),
    )
    maker.add("conv", ("input", conv), varied=varied, **options)
    _, rows, columns = maker.description.shape_of("conv")
    source = "conv"
    if pools:
        window = (
            draw(st.sampled_from([n for n in range(1, rows + 1) if rows % n == 0])),
            draw(st.sampled_from([n for n in range(1, columns + 1) if columns % n == 0])),
        )
        maker.add("pool", ("conv", pysnn.AvgPool2d(window)), **options)
        source = "pool"
    maker.add("out", (source, maker.linear(source, draw(st.integers(1, 20)))), **options)
    return maker.description


def intensities(description: Description, num_samples: int, seed: int) -> NDArray[np.float32]:
    """Return random inputs in [0, 1]."""
    rng = np.random.default_rng(seed % 2**32)
    return rng.random((num_samples, *description.input_shape), dtype=np.float32)


def spike_trains(description: Description, num_steps: int, seed: int) -> NDArray[np.bool_]:
    """Return random spike trains of 3 samples."""
    rng = np.random.default_rng(seed % 2**32)
    return rng.random((num_steps, 3, *description.input_shape)) < rng.random()


@given(descriptions(), st.integers(1, 20), SEEDS)
def test_core_equals_reference(description: Description, num_steps: int, seed: int) -> None:
    spikes = spike_trains(description, num_steps, seed)
    expected = reference.simulate(reference.from_description(description), spikes)
    result = pysnn.simulate(description.build(), spikes=spikes, record=("spikes", "potentials"))
    for name, train in expected.spike_trains.items():
        np.testing.assert_array_equal(result.spikes(name), train)
        np.testing.assert_array_equal(
            result.potentials[name].view(np.uint32), expected.potentials[name].view(np.uint32)
        )
    np.testing.assert_array_equal(result.synaptic_operations, expected.synaptic_operations)


@given(descriptions(), SEEDS)
def test_same_seed_same_spikes(description: Description, seed: int) -> None:
    snn, x = description.build(), intensities(description, 4, seed)
    first, second = (pysnn.simulate(snn, x, duration=0.02, seed=seed) for _ in range(2))
    np.testing.assert_array_equal(first.output_spikes, second.output_spikes)


@given(descriptions(), SEEDS, st.data())
def test_splitting_the_batch_changes_nothing(
    description: Description, seed: int, data: st.DataObject
) -> None:
    num_samples = 9
    cut = data.draw(st.integers(1, num_samples - 1))
    snn, x = description.build(), intensities(description, num_samples, seed)
    whole = pysnn.simulate(snn, x, duration=0.02, seed=seed)
    parts = [
        pysnn.simulate(snn, x[part], duration=0.02, seed=seed, sample_ids=np.arange(9)[part])
        for part in (slice(None, cut), slice(cut, None))
    ]
    joined = np.concatenate([p.output_spikes for p in parts], axis=1)
    np.testing.assert_array_equal(joined, whole.output_spikes)


@given(descriptions(), SEEDS, st.integers(1, 19))
def test_splitting_time_changes_nothing(description: Description, seed: int, cut: int) -> None:
    snn, x = description.build(), intensities(description, 3, seed)
    whole = pysnn.simulate(snn, x, duration=0.02, seed=seed)
    simulation = pysnn.Simulation(snn, 3, seed=seed)
    parts = [simulation.run(x, duration=steps * 1e-3) for steps in (cut, 20 - cut)]
    joined = np.concatenate([p.output_spikes for p in parts])
    np.testing.assert_array_equal(joined, whole.output_spikes)


@given(descriptions(pools=False), st.integers(-20, 20), SEEDS)
def test_scaling_weights_and_thresholds_by_a_power_of_two_changes_no_spike(
    description: Description, exponent: int, seed: int
) -> None:
    factor = np.float32(2.0) ** exponent
    spikes = spike_trains(description, 15, seed)
    before = pysnn.simulate(description.build(), spikes=spikes)
    for p in description.populations:
        p.threshold = np.asarray(p.threshold, dtype=np.float32) * factor
        p.initial_potential = np.asarray(p.initial_potential, dtype=np.float32) * factor
        p.projections = [
            (
                source,
                layer.with_parameters(
                    layer.weight * factor, None if layer.bias is None else layer.bias * factor
                ),
            )
            for source, layer in p.projections
        ]
    after = pysnn.simulate(description.build(), spikes=spikes)
    np.testing.assert_array_equal(after.output_spikes, before.output_spikes)
    np.testing.assert_array_equal(after.num_spikes, before.num_spikes)


@given(descriptions(), SEEDS)
def test_intensity_zero_gives_no_input_spikes(description: Description, seed: int) -> None:
    x = np.zeros((3, *description.input_shape))
    result = pysnn.simulate(description.build(), x, duration=0.02, max_rate=1000.0, seed=seed)
    assert not result.num_input_spikes.any()


@given(descriptions(), SEEDS)
def test_full_rate_fires_in_every_step(description: Description, seed: int) -> None:
    x = np.ones((3, *description.input_shape))
    result = pysnn.simulate(
        description.build(), x, duration=0.02, dt=1e-3, max_rate=1000.0, seed=seed
    )
    np.testing.assert_array_equal(result.num_input_spikes, 20 * x[0].size)


@given(descriptions(), SEEDS, st.integers(1, 30))
def test_counts_are_at_most_the_number_of_steps(
    description: Description, seed: int, num_steps: int
) -> None:
    result = pysnn.simulate(
        description.build(),
        intensities(description, 3, seed),
        duration=num_steps * 1e-3,
        seed=seed,
        record=("counts",),
    )
    assert result.num_steps == num_steps
    for counts in result.counts.values():
        assert counts.max() <= num_steps


@given(SIZES, SIZES, SEEDS, st.integers(0, 5), st.integers(1, 5))
def test_a_longer_refractory_period_never_adds_spikes(
    num_inputs: int, size: int, seed: int, silent: int, longer: int
) -> None:
    # Weights without sign, reset to zero: whatever a neuron misses can only delay it.
    rng = np.random.default_rng(seed % 2**32)
    weight = rng.random((size, num_inputs)) / num_inputs
    spikes = rng.random((60, 2, num_inputs)) < 0.7
    counts = []
    for steps in (silent, silent + longer):
        snn = pysnn.SpikingNetwork((num_inputs,))
        snn.add_population("out", (size,), refractory_period=steps * 1e-3)
        snn.connect("input", "out", pysnn.Linear(weight))
        counts.append(pysnn.simulate(snn, spikes=spikes).spike_counts)
    assert (counts[1] <= counts[0]).all()


@given(st.lists(SIZES, min_size=2, max_size=4), st.booleans(), st.integers(0, 2**32 - 1))
def test_model_based_rows_sum_to_at_most_one(sizes: list[int], bias: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    layers = [
        pysnn.Linear(rng.normal(size=(n, m)), rng.normal(size=n) if bias else None)
        for m, n in itertools.pairwise(sizes)
    ]
    assume(all((layer.weight > 0).any() for layer in layers))
    after, _ = pysnn.normalize(pysnn.Network(layers, sizes[0]), method="model")
    for layer in after.layers:
        assert isinstance(layer, pysnn.Linear)
        sums = np.maximum(layer.weight.astype(np.float64), 0).sum(axis=1)
        if layer.bias is not None:
            sums += np.maximum(layer.bias, 0)
        assert sums.max() <= 1 + 1e-6


@given(descriptions(), SEEDS)
def test_saving_and_loading_is_the_identity(description: Description, seed: int) -> None:
    snn = description.build()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.safetensors"
        snn.save(path)
        loaded = pysnn.load(path)
    assert isinstance(loaded, pysnn.SpikingNetwork)
    assert loaded == snn
    for old, new in zip(snn.populations, loaded.populations, strict=True):
        np.testing.assert_array_equal(old.grid, new.grid)
    x = intensities(description, 3, seed)
    np.testing.assert_array_equal(
        pysnn.simulate(snn, x, duration=0.01, seed=seed).output_spikes,
        pysnn.simulate(loaded, x, duration=0.01, seed=seed).output_spikes,
    )
