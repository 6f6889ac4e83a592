"""Errors of conversions are sums of parts, and each part grows with its cause alone."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn import Linear, Network
from pysnn.diagnosis.errors import PARTS
from pysnn.diagnosis.errors.decompose import Errors
from pysnn.diagnosis.matching.mapping import match

from .test_graph_diagnosis import X, network

SOME = X[:8]


def line(*weights: float, bias: float = 0.0) -> Network:
    """Return a chain of single ReLUs with these weights, the last one with a bias."""
    net = Network(input_shape=1)
    for i, weight in enumerate(weights):
        own = [bias] if i == len(weights) - 1 and bias else None
        net.add(f"relu{i + 1}", Linear([[weight]], own, activation="relu"))
    return net


def spiking(net: Network, scales: list[float], **options: Any) -> pysnn.SpikingNetwork:
    """Return a chain's spiking network on given scales, which is one of `convert`'s."""
    before = [1.0, *scales[:-1]]
    snn = pysnn.SpikingNetwork(1)
    for node, source, target in zip(net.layers, before, scales, strict=True):
        i = len(snn._drafts) + 1
        assert isinstance(node, Linear)
        bias = None if node.bias is None else node.bias / target
        snn.add_population(f"relu{i}", 1, **{"reset": "subtract", **options})
        name = "input" if i == 1 else f"relu{i - 1}"
        snn.connect(name, f"relu{i}", Linear(node.weight * source / target, bias))
    return snn._finished(scales)


def decomposed(net: Network, snn: pysnn.SpikingNetwork, x: Any, **options: Any) -> Any:
    """Return the errors of samples."""
    options = {"encoding": "constant", "num_threads": 1, "progress": False, **options}
    return pysnn.conversion_errors(net, snn, x, **options)


def only(net: Network, snn: pysnn.SpikingNetwork, x: float, population: str, **options: Any) -> Any:
    """Return the parts that are not 0 of one population's error on one sample."""
    errors = decomposed(net, snn, [[x]], **options)
    found = errors[population].mean
    assert sum(found[part] for part in PARTS) == pytest.approx(found["error"], abs=1e-12)
    return {part: found[part] for part in PARTS if abs(found[part]) > 1e-6}


@pytest.mark.parametrize(
    ("recipe", "encoding"),
    [
        ("diehl2015", "poisson"),
        ("opi2022", "constant"),
        ("snm2022", "constant"),
        ("robust", "regular"),
        ("signed", "constant"),
    ],
)
def test_parts_add_up_to_the_error_of_every_neuron(recipe: str, encoding: Any) -> None:
    net = network()
    snn = pysnn.convert(net, recipe=recipe, x=X, num_threads=1, progress=False)
    stimulus = pysnn.spiking.Stimulus.of(encoding=encoding)
    stages = match(net.graph, snn)
    errors = Errors(snn, stages, stimulus, 24, 1)
    outputs = net.activations(SOME)
    sent = errors._runs.run(SOME, np.arange(len(SOME), dtype=np.uint64))
    result = pysnn.simulate(
        snn, SOME, num_steps=24, encoding=encoding, record="counts", num_threads=1
    )
    activations = {each.population.name: each.values(outputs).astype(float) for each in stages}
    for stage, each in zip(stages, errors._decompositions, strict=True):
        name = stage.population.name
        a, parts = each.of(SOME, activations, sent)
        np.testing.assert_array_equal(a, activations[name])
        if stage.population.neuron == "readout":
            value = result.outputs
        else:
            value = result.counts(name) * stage.scale / 24
        np.testing.assert_allclose(sum(parts.values()), value - a, atol=1e-12 * stage.scale.max())


def test_what_lies_above_the_scale_is_clipping() -> None:
    net = line(1.0)
    for scale in (0.75, 0.5, 0.25):
        snn = spiking(net, [scale])
        assert only(net, snn, 1.0, "relu1", num_steps=16) == {
            "clipping": pytest.approx(scale - 1.0)
        }


def test_what_a_ceiling_of_the_relu_takes_and_the_scale_lets_through_is_clipping() -> None:
    net = Network(input_shape=1).add("linear", Linear([[1.0]])).add("relu", pysnn.ReLU(max=0.5))
    net.add("out", Linear([[1.0]]))
    snn = pysnn.convert(net, method="none", reset="subtract", progress=False)
    assert only(net, snn, 1.0, "relu", num_steps=16) == {"clipping": pytest.approx(0.5)}


def test_a_threshold_that_the_scales_do_not_know_is_a_part_of_its_own() -> None:
    net = line(1.0)
    for threshold in (2.0, 4.0):
        snn = spiking(net, [1.0], threshold=threshold)
        assert only(net, snn, 0.5, "relu1", num_steps=64) == {
            "threshold": pytest.approx(0.5 / threshold - 0.5)
        }


def test_thresholds_may_differ_by_neuron() -> None:
    net = Network([Linear([[1.0], [1.0]])], input_shape=1)
    snn = pysnn.SpikingNetwork(1)
    snn.add_population("linear1", 2, threshold=[1.0, 2.0], reset="subtract")
    snn.connect("input", "linear1", Linear([[1.0], [1.0]]))
    errors = decomposed(net, snn, [[0.5]], num_steps=16)
    np.testing.assert_allclose(errors["linear1"].channel_mean["threshold"], [0.0, -0.25])


def test_too_few_steps_are_quantization_and_half_a_threshold_rounds() -> None:
    net = line(1.0)
    for steps, floor, nearest in (
        (1, 0.0, 1.0),
        (2, 0.5, 0.5),
        (4, 0.5, 0.75),
        (16, 0.625, 0.6875),
    ):
        for start, value in ((0.0, floor), (0.5, nearest)):
            snn = spiking(net, [1.0], initial_potential=start)
            found = only(net, snn, 0.6875 if steps > 4 else 0.7, "relu1", num_steps=steps)
            if steps == 16:
                assert found == {}
            else:
                assert found == {"quantization": pytest.approx(value - 0.7)}


def test_errors_of_a_source_are_inherited() -> None:
    net = line(1.0, 1.0)
    for scale in (0.75, 0.5):
        snn = spiking(net, [scale, 1.0])
        assert only(net, snn, 1.0, "relu2", num_steps=16) == {
            "inherited": pytest.approx(scale - 1.0)
        }


def test_spikes_that_can_only_begin_late_are_delay() -> None:
    for first in (4, 8):
        # The source fires once in so many steps, and what it asks for is a spike in each of them.
        net = line(1.0, float(first))
        found = only(net, spiking(net, [1.0, 1.0]), 1 / first, "relu2", num_steps=32)
        assert found == {"delay": pytest.approx(-(first - 1) / 32)}


def test_steps_that_a_readout_leaves_out_are_delay() -> None:
    net = Network(input_shape=1).add("relu", Linear([[1.0]], activation="relu"))
    net.add("out", Linear([[1.0]], activation="none"))
    snn = pysnn.SpikingNetwork(1, input_scale=1.0)
    snn.add_population("relu", 1, reset="subtract")
    snn.connect("input", "relu", Linear([[1.0]]))
    snn.add_population("out", 1, neuron="readout", delay=3)
    snn.connect("relu", "out", Linear([[1.0]]))
    # Two spikes in 8 steps, both in the five that are added up.
    found = only(net, snn, 0.25, "out", num_steps=8)
    assert found == {"delay": pytest.approx(2 / 5 - 2 / 8)}


def opposed(weight: float) -> Network:
    """Return two ReLUs of the same activation that excite and inhibit a third."""
    net = Network(input_shape=1).add("one", Linear([[0.5]], activation="relu"))
    net.add("other", Linear([[0.5]], activation="relu"), inputs=["input"])
    net.add("left", Linear([[weight]], activation="none"), inputs=["one"])
    net.add("right", Linear([[-weight]], activation="none"), inputs=["other"])
    return net.add("sum", pysnn.Add(), inputs=["left", "right"]).add("relu", pysnn.ReLU())


@pytest.mark.parametrize("neuron", ["if", "signed"])
def test_spikes_that_come_too_early_are_unevenness_which_signed_repairs(neuron: Any) -> None:
    for weight in (1, 2, 3):
        snn = pysnn.SpikingNetwork(1, input_scale=1.0)
        for name, start in (("one", 0.5), ("other", 0.0)):
            snn.add_population(name, 1, reset="subtract", initial_potential=start)
            snn.connect("input", name, Linear([[0.5]]))
        snn.add_population("relu", 1, reset="subtract", neuron=neuron)
        snn.connect("one", "relu", Linear([[weight]]))
        snn.connect("other", "relu", Linear([[-weight]]))
        found = only(opposed(weight), snn, 1.0, "relu", num_steps=16)
        assert found == ({} if neuron == "signed" else {"unevenness": weight / 16})


def test_what_resets_to_zero_throw_away_is_reset() -> None:
    net = line(1.0)
    for x in (0.625, 0.75, 0.875):
        # A spike in every second step, whatever x is.
        found = only(net, spiking(net, [1.0], reset="zero"), x, "relu1", num_steps=32)
        assert found == {"reset": pytest.approx(0.5 - x)}


def test_input_that_is_dropped_while_refractory_counts_as_reset() -> None:
    net = line(1.0)
    snn = spiking(net, [1.0], refractory_period=1e-3)
    assert set(only(net, snn, 0.5, "relu1", num_steps=32)) == {"reset"}


def test_the_chance_of_poisson_input_is_noise() -> None:
    net = line(1.0)
    sizes = []
    for steps in (1024, 64):
        errors = decomposed(
            net, spiking(net, [1.0]), np.full((60, 1), 0.5), num_steps=steps, encoding="poisson"
        )
        found = errors["relu1"].mean_absolute
        assert {part for part in PARTS if found[part] > 0} == {"noise"}
        sizes.append(found["noise"])
    # Four times the deviation at a sixteenth of the steps.
    assert 3 < sizes[1] / sizes[0] < 5.5


def test_an_average_pool_of_the_input_has_no_gain() -> None:
    net = Network(input_shape=(1, 4, 4)).add("pool", pysnn.AvgPool2d(2))
    net.add("flatten", pysnn.Flatten()).add("out", Linear(np.ones((2, 4)) / 2, activation="relu"))
    x = np.random.default_rng(1).random((6, 1, 4, 4)).astype(np.float32)
    snn = pysnn.convert(net, recipe="opi2022", x=x, progress=False)
    errors = decomposed(net, snn, x, num_steps=64)
    assert errors["pool"].mean["threshold"] == 0
    assert errors["pool"].mean["error"] == pytest.approx(0, abs=0.02)


def test_the_text_names_what_mends_the_largest_parts() -> None:
    net = network()
    snn = pysnn.convert(net, recipe="diehl2015", x=X, num_threads=1, progress=False)
    errors = decomposed(net, snn, SOME, num_steps=32)
    text = str(errors)
    assert "reset='subtract'" in text
    assert "noise" not in text
    for name in ("relu1", "pool", "logits"):
        assert text.count(f"\n{name} ") == 2
    assert errors["relu2"].dominant == "reset"
    assert sum(errors["relu2"].share.values()) == pytest.approx(1)
    noisy = decomposed(net, snn, SOME, num_steps=16, encoding="poisson", seed=1)
    assert "encoding='constant'" in str(noisy)
    axes = noisy.plot()
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert "noise" in labels
    assert "clipping" not in labels
    tops = [max(bar.get_y() + bar.get_height() for bar in bars) for bars in axes.containers]
    sizes = noisy["relu1"].relative(noisy["relu1"].mean_absolute)
    first = sum(bars[0].get_height() for bars in axes.containers)
    assert first == pytest.approx(100 * sum(sizes[part] for part in PARTS))
    assert max(tops) > first
    saved = json.loads(noisy.to_json())["populations"]
    assert [each["name"] for each in saved] == [each.name for each in noisy.populations]


def test_errors_do_not_depend_on_how_a_batch_is_cut() -> None:
    net = network()
    snn = pysnn.convert(net, recipe="robust", x=X, num_threads=1, progress=False)
    options: Any = {"num_steps": 8, "encoding": "poisson"}
    whole = decomposed(net, snn, SOME, **options)
    parts = decomposed(net, snn, SOME, batch_size=3, **options)
    for one, other in zip(whole.populations, parts.populations, strict=True):
        for name, values in one.channel_rms.items():
            np.testing.assert_allclose(values, other.channel_rms[name], rtol=1e-12, atol=1e-15)


def test_a_population_that_is_not_there_is_no_key() -> None:
    net = line(1.0)
    errors = decomposed(net, spiking(net, [1.0]), [[0.5]], num_steps=4)
    with pytest.raises(KeyError, match="other"):
        errors["other"]


def test_a_scale_of_integer_samples_is_applied_once() -> None:
    net = line(1.0)
    pixels = np.array([[51], [204]], dtype=np.uint8)
    found = decomposed(net, spiking(net, [1.0]), pixels, scale=1 / 255, num_steps=10)
    same = decomposed(net, spiking(net, [1.0]), pixels / np.float32(255), num_steps=10)
    assert found["relu1"].mean == same["relu1"].mean
