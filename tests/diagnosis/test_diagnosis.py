"""Networks that fail in one way each: the report names the cause and the place."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import pysnn
from pysnn.datasets import Mnist
from pysnn.diagnosis import ConversionReport
from pysnn.diagnosis.findings.limits import COSTLY, LEFT
from pysnn.spiking import Reset

Floats = NDArray[np.float32]


@pytest.fixture(scope="module")
def digits(mnist: Mnist) -> tuple[Floats, NDArray[Any]]:
    """Return 150 test images and their labels."""
    return mnist.x_test[:150], mnist.y_test[:150]


@pytest.fixture(scope="module")
def sound(trained_mlp: pysnn.Network, mnist: Mnist) -> pysnn.SpikingNetwork:
    """Return a good conversion of the network linear1, linear2, linear3."""
    return pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:2000], reset="subtract")


def with_neurons(snn: pysnn.SpikingNetwork, name: str, **options: Any) -> pysnn.SpikingNetwork:
    """Return the network with other neurons in one population; ``gain`` divides its threshold."""
    changed = pysnn.SpikingNetwork(snn.input_shape, precision=snn.precision)
    for population in snn.populations:
        given = options if population.name == name else {}
        changed.add_population(
            population.name,
            population.shape,
            threshold=population.threshold / np.float32(given.get("gain", 1.0)),
            reset=given.get("reset", population.reset),
            refractory_period=given.get("refractory_period", 0.0),
        )
        projection = population.projections[0]
        changed.connect(projection.source, population.name, projection.layer)
    assert snn.scale_factors is not None
    return changed._finished(list(snn.scale_factors))


def report_on(
    network: pysnn.Network,
    snn: pysnn.SpikingNetwork,
    digits: tuple[Floats, NDArray[Any]],
    **options: Any,
) -> ConversionReport:
    x, y = digits
    arguments = {"duration": 0.1, "num_seeds": 2, "progress": False, **options}
    return pysnn.diagnose(network, snn, x, y=y, **arguments)


def test_a_sound_conversion_has_no_finding(
    trained_mlp: pysnn.Network,
    sound: pysnn.SpikingNetwork,
    digits: tuple[Floats, NDArray[Any]],
) -> None:
    report = report_on(trained_mlp, sound, digits)
    assert report.findings == ()
    assert abs(report.accuracies.lost) < 0.03
    assert all(p.correlation is not None and p.correlation > 0.97 for p in report.populations)
    assert "nothing stands out" in str(report)


@pytest.mark.parametrize("name", ["linear1", "linear2", "linear3"])
@pytest.mark.parametrize(
    ("options", "cause", "words"),
    [
        ({"gain": 1 / 30}, "under-activation", ("less charge", "normalize", "lower the threshold")),
        ({"gain": 16.0}, "over-activation", ("more charge", "normalize", "raise the threshold")),
        ({"refractory_period": 0.02}, "refractory period", ("Shorten the refractory period",)),
    ],
)
def test_one_population_made_to_fail_is_named_with_its_cause(
    trained_mlp: pysnn.Network,
    sound: pysnn.SpikingNetwork,
    digits: tuple[Floats, NDArray[Any]],
    name: str,
    options: dict[str, Any],
    cause: str,
    words: tuple[str, ...],
) -> None:
    report = report_on(trained_mlp, with_neurons(sound, name, **options), digits)
    first = report.findings[0]
    assert (first.cause, first.population) == (cause, name)
    assert {finding.population for finding in report.findings} == {name}
    for word in words:
        assert word in str(first)
    # What follows that population is sound, and so is what comes before.
    lost = {p.name: p.accuracy_lost for p in report.populations}
    assert all(abs(lost[other]) < 0.05 for other in lost if other != name)


@pytest.mark.parametrize("name", ["conv1", "pool1", "conv2", "pool2"])
@pytest.mark.parametrize(
    ("gain", "cause"), [(1 / 30, "under-activation"), (16.0, "over-activation")]
)
def test_convolutions_and_pools_made_to_fail_are_named(
    trained_convnet: pysnn.Network, mnist: Mnist, name: str, gain: float, cause: str
) -> None:
    snn = pysnn.convert(trained_convnet, method="data", x=mnist.x_train[:1000], reset="subtract")
    digits = mnist.x_test[:60], mnist.y_test[:60]
    report = report_on(trained_convnet, with_neurons(snn, name, gain=gain), digits, num_seeds=1)
    assert (report.findings[0].cause, report.findings[0].population) == (cause, name)
    assert {finding.population for finding in report.findings} == {name}


def test_time_that_is_too_short_is_under_activation_with_charge_left(
    trained_mlp: pysnn.Network, digits: tuple[Floats, NDArray[Any]]
) -> None:
    snn = pysnn.convert(trained_mlp, method="model", reset="subtract")
    report = report_on(trained_mlp, snn, digits, duration=0.02)
    causes = {finding.cause for finding in report.findings}
    assert causes <= {"under-activation", "dead neurons"}
    first = next(f for f in report.findings if f.cause == "under-activation")
    assert "20 steps are too few" in first.advice
    last = report.populations[-1]
    assert last.alone.left > 0.5
    assert last.alone.too_little_input < 0.05


def test_a_costly_conversion_has_a_finding_though_nothing_reaches_the_limits(
    trained_convnet: pysnn.Network, mnist: Mnist
) -> None:
    # Each population is a little late; together they are too late.
    snn = pysnn.convert(trained_convnet, method="model", include_last=False, reset="subtract")
    digits = mnist.x_test[:100], mnist.y_test[:100]
    reports = [
        report_on(trained_convnet, snn, digits, duration=steps / 1000, num_seeds=1)
        for steps in range(60, 320, 20)
    ]
    costly = [report for report in reports if report.accuracies.lost >= COSTLY]
    below = [
        r for r in costly if all(max(p.alone.left, p.alone.lost) < LEFT for p in r.populations)
    ]
    assert below
    for report in costly:
        assert {finding.cause for finding in report.findings} - {"stochastic input"}
    assert any("simulate longer" in str(finding) for finding in below[0].findings)


def test_resets_that_throw_charge_away_are_over_activation_with_advice_to_subtract() -> None:
    # Each input brings 0.9 of the threshold: a spike every other step, 0.8 of it lost.
    network = pysnn.Network([pysnn.Linear([[0.9, 0.0], [0.0, 0.9]])], input_shape=2)
    x = np.array([[1.0, 0.7], [0.6, 1.0]], dtype=np.float32)

    def report(reset: Reset) -> ConversionReport:
        snn = pysnn.convert(network, method="none", reset=reset)
        return pysnn.diagnose(network, snn, x, duration=0.2, progress=False)

    zero = report("zero")
    assert [f.cause for f in zero.findings] == ["over-activation"]
    assert "reset='subtract'" in zero.findings[0].advice
    assert zero.populations[0].alone.lost > 0.3
    subtract = report("subtract")
    assert subtract.populations[0].alone.lost == 0.0
    assert not any(f.cause == "over-activation" for f in subtract.findings)


def test_activations_above_one_spike_per_step_are_over_activation() -> None:
    network = pysnn.Network([pysnn.Linear([[3.0], [2.5]]), pysnn.Linear(np.eye(2))], input_shape=1)
    snn = pysnn.convert(network, method="none", reset="subtract")
    report = pysnn.diagnose(network, snn, [[1.0], [0.9]], duration=0.1, progress=False)
    first = report.populations[0]
    assert first.saturated.all()
    assert first.clipped > 0.5
    assert first.alone.backlog > 0.5
    found = [(f.cause, f.population) for f in report.findings]
    assert ("over-activation", "linear1") in found
    # The second population gets less than it should, and is not to blame.
    assert ("under-activation", "linear2") not in found


def test_input_that_chance_makes_uneven_is_stochastic_input() -> None:
    # Two classes that differ by a tenth of the intensity of one strong input each.
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 200)
    x = np.full((200, 2), 0.5, dtype=np.float32)
    x[np.arange(200), y] = 0.55
    network = pysnn.Network([pysnn.Linear(np.eye(2)), pysnn.Linear(np.eye(2))], input_shape=2)
    snn = pysnn.convert(network, method="none", reset="subtract")
    report = pysnn.diagnose(network, snn, x, y=y, duration=0.1, progress=False)
    first = report.findings[0]
    assert (first.cause, first.population) == ("stochastic input", "input")
    assert report.accuracies.ann == report.accuracies.regular == report.accuracies.constant == 1.0
    assert report.accuracies.lost_to_chance > 0.1
    assert report.accuracies.changed_by_seed > 0.1
    for population in report.populations:
        assert population.seed_variance is not None
        # Nothing but chance.
        assert population.seed_variance == pytest.approx(population.rms_error**2, rel=0.5)


def bursts_by_chance() -> tuple[pysnn.Network, Floats, NDArray[Any]]:
    """Return a network that many weak inputs or one strong one drive, samples and labels.

    Each input spike reaches the threshold. Of the weak ones several may come in a step, by chance.
    """
    y = np.arange(100) % 2
    x = np.full((100, 25), 0.6 / 24, dtype=np.float32)
    x[:, 24] = np.where(y == 0, 0.54, 0.66)
    weight = np.zeros((2, 25))
    weight[0, :24] = weight[1, 24] = 1.0
    return pysnn.Network([pysnn.Linear(weight), pysnn.Linear(np.eye(2))], 25), x, y


def bursts_of_neurons(num_before: int) -> tuple[pysnn.Network, Floats, NDArray[Any]]:
    """Return a network with sixteen equal neurons, which fire in the same steps, and samples.

    Args:
        num_before: Layers before them that hand the two inputs on.
    """
    y = np.arange(100) % 2
    x = np.full((100, 2), 0.6, dtype=np.float32)
    x[:, 1] = np.where(y == 0, 0.5, 0.7)
    equal, summing = np.zeros((17, 2)), np.zeros((2, 17))
    equal[:16, 0], equal[16, 1] = 1 / 16, 1.0
    summing[0, :16] = summing[1, 16] = 1.0
    weights = [*[np.eye(2)] * num_before, equal, summing, np.eye(2)]
    return pysnn.Network([pysnn.Linear(weight) for weight in weights], input_shape=2), x, y


def test_bursts_of_the_input_are_named_with_the_layer_that_loses_their_charge() -> None:
    network, x, y = bursts_by_chance()
    snn = pysnn.convert(network, method="none")
    report = pysnn.diagnose(network, snn, x, y=y, duration=0.5, progress=False)
    assert report.accuracies.lost > 0.4
    found = [(finding.cause, finding.population) for finding in report.findings]
    assert found == [("bursty input", "linear1"), ("stochastic input", "input")]
    assert "Mend the bursts in linear1 first" in report.findings[1].advice
    # Of Poisson(0.6) spikes in a step all but one are lost: 0.6 - (1 - exp(-0.6)) of the larger
    # of two activations of 0.6 in the mean.
    expected = (np.exp(-0.6) - 0.4) / 1.2
    assert report.populations[0].in_network.lost_of_input == pytest.approx(expected, rel=0.05)
    assert report.populations[0].alone.lost_of_input < 0.01
    # The advice is right: what is kept is not lost, and shorter steps part the spikes.
    for other, options in (
        (pysnn.convert(network, method="none", reset="subtract"), {}),
        (snn, {"dt": 1e-4}),
    ):
        mended = pysnn.diagnose(network, other, x, y=y, duration=0.5, progress=False, **options)
        assert not any(finding.cause == "bursty input" for finding in mended.findings)
        assert mended.accuracies.lost < report.accuracies.lost - 0.3


@pytest.mark.parametrize(("num_before", "name"), [(0, "linear2"), (2, "linear4")])
def test_bursts_of_neurons_are_named_with_the_layer_that_loses_their_charge(
    num_before: int, name: str
) -> None:
    network, x, y = bursts_of_neurons(num_before)
    snn = pysnn.convert(network, method="none")
    report = pysnn.diagnose(network, snn, x, y=y, duration=0.5, progress=False)
    assert report.accuracies.lost > 0.4
    assert [(f.cause, f.population) for f in report.findings] == [("bursty input", name)]
    source = f"linear{num_before + 1}"
    assert f"neurons of {source} initial potentials" in report.findings[0].advice
    assert report.findings[0].accuracy_lost > 0.4
    # The advice is right.
    subtract = pysnn.convert(network, method="none", reset="subtract")
    parted = pysnn.SpikingNetwork(2)
    for population in snn.populations:
        spread = np.zeros(population.num_neurons, dtype=np.float32)
        if population.name == source:
            spread[:16] = np.arange(16) / 16
        parted.add_population(population.name, population.shape, initial_potential=spread)
        projection = population.projections[0]
        parted.connect(projection.source, population.name, projection.layer)
    for mended in (subtract, parted):
        again = pysnn.diagnose(network, mended, x, y=y, duration=0.5, progress=False)
        assert again.findings == ()
        assert again.accuracies.lost < 0.05


def test_dead_neurons_are_counted_apart_from_those_that_have_nothing_to_do() -> None:
    network = pysnn.Network([pysnn.Linear([[0.5], [-1.0], [0.25]])], input_shape=1)
    threshold = np.array([1.0, 1.0, 1000.0], dtype=np.float32)
    snn = pysnn.SpikingNetwork(1)
    snn.add_population("hidden", 3, threshold=threshold)
    snn.connect("input", "hidden", network.layers[0])
    report = pysnn.diagnose(network, snn, [[1.0]], duration=0.1, progress=False)
    population = report.populations[0]
    np.testing.assert_array_equal(population.dead, [False, False, True])
    np.testing.assert_array_equal(population.inactive, [False, True, False])
    assert population.layer == "linear1"
    assert any(f.cause == "dead neurons" for f in report.findings)


def test_causes_and_accuracies_add_up(
    trained_mlp: pysnn.Network, mnist: Mnist, digits: tuple[Floats, NDArray[Any]]
) -> None:
    snn = pysnn.convert(trained_mlp, method="data", x=mnist.x_train[:500], refractory_period=0.002)
    report = report_on(trained_mlp, snn, digits)
    for population in report.populations:
        for shortfall in (population.in_network, population.alone):
            causes = (
                shortfall.too_little_input
                + shortfall.lost
                + shortfall.left
                + shortfall.backlog
                + shortfall.dropped
                + shortfall.rounding
            )
            assert causes == pytest.approx(shortfall.missing, abs=1e-9)
        charges = population.charges
        spent = charges.spikes + charges.lost + charges.dropped + charges.rounding + charges.left
        # Sums of exact balances, added in float64.
        np.testing.assert_allclose(charges.input + charges.initial, spent, atol=1e-6)
    accuracies = report.accuracies
    total = accuracies.lost_to_chance + sum(accuracies.lost_by_population)
    assert total == pytest.approx(accuracies.lost, abs=1e-12)
    assert list(accuracies.lost_by_population) == [p.accuracy_lost for p in report.populations]


def test_rates_are_those_of_the_simulation_and_activations_those_of_the_network(
    trained_convnet: pysnn.Network, mnist: Mnist
) -> None:
    x = mnist.x_test[:30]
    snn = pysnn.convert(trained_convnet, method="data", x=mnist.x_train[:500])
    report = pysnn.diagnose(
        trained_convnet, snn, x, duration=0.05, max_rate=800.0, seed=7, num_seeds=1, progress=False
    )
    result = pysnn.simulate(snn, x, duration=0.05, max_rate=800.0, seed=7, record="counts")
    activations = trained_convnet.activations(x)
    for population in report.populations:
        expected = result.counts(population.name) / (50 * 800.0 * 1e-3)
        np.testing.assert_array_equal(population.rate, expected.astype(np.float32))
        i = trained_convnet.layer_names.index(population.layer)
        scale = next(p.scale_factor for p in snn.populations if p.name == population.name)
        assert scale is not None
        np.testing.assert_allclose(
            population.activation, activations[i].reshape(30, -1) / scale, rtol=1e-6
        )
        pairs = np.corrcoef(population.rate.ravel(), population.activation.ravel())
        assert population.correlation == pytest.approx(pairs[0, 1], abs=1e-6)
        assert population.seed_variance is None
        assert population.neuron_error.shape == (population.num_neurons,)
        assert population.neuron_correlation.shape == (population.num_neurons,)
    agreement = np.mean(result.predictions == trained_convnet.classify(x))
    assert report.accuracies.by_seed == pytest.approx((agreement,))
    assert report.accuracies.ann == 1.0


def test_parts_of_the_batch_and_threads_change_nothing(
    trained_mlp: pysnn.Network,
    sound: pysnn.SpikingNetwork,
    digits: tuple[Floats, NDArray[Any]],
) -> None:
    one = report_on(trained_mlp, sound, digits, num_threads=1, batch_size=1000)
    other = report_on(trained_mlp, sound, digits, num_threads=2, batch_size=40)
    assert one.accuracies == other.accuracies
    for a, b in zip(one.populations, other.populations, strict=True):
        np.testing.assert_array_equal(a.rate, b.rate)
        # Activations of the ReLU network are BLAS's, whose sums depend on the batch.
        assert a.alone.missing == pytest.approx(b.alone.missing, rel=1e-5)


def test_a_part_of_the_samples_keeps_its_spikes_by_its_sample_ids(
    trained_mlp: pysnn.Network,
    sound: pysnn.SpikingNetwork,
    digits: tuple[Floats, NDArray[Any]],
) -> None:
    x, y = digits
    whole = report_on(trained_mlp, sound, digits, num_seeds=1)
    ids = np.arange(40, 90)
    part = report_on(trained_mlp, sound, (x[40:90], y[40:90]), num_seeds=1, sample_ids=ids)
    other = report_on(trained_mlp, sound, (x[40:90], y[40:90]), num_seeds=1)
    for a, b, c in zip(whole.populations, part.populations, other.populations, strict=True):
        np.testing.assert_array_equal(a.rate[40:90], b.rate)
        assert (b.rate != c.rate).any()


def test_the_report_is_json_and_text(
    trained_mlp: pysnn.Network,
    sound: pysnn.SpikingNetwork,
    digits: tuple[Floats, NDArray[Any]],
) -> None:
    weak = with_neurons(sound, "linear2", gain=1 / 30)
    report = report_on(trained_mlp, weak, digits)
    read = json.loads(report.to_json())
    assert read == json.loads(json.dumps(report.to_dict()))
    assert read["findings"][0]["cause"] == "under-activation"
    assert read["findings"][0]["population"] == "linear2"
    assert [p["name"] for p in read["populations"]] == ["linear1", "linear2", "linear3"]
    text = str(report)
    for word in ("under-activation in linear2", "lost in linear2", "correlation", "2 seeds"):
        assert word in text
    assert max(map(len, text.splitlines()[:20])) <= 120


def test_networks_that_do_not_belong_together_are_refused_by_name(
    trained_mlp: pysnn.Network, sound: pysnn.SpikingNetwork
) -> None:
    x = np.zeros((1, 784), dtype=np.float32)
    shorter = pysnn.models.mlp((784, 100, 10), seed=0)
    wider = pysnn.models.mlp((784, 100, 120, 10), seed=0)
    branched = pysnn.SpikingNetwork(784)
    for name, size in (("a", 100), ("b", 100), ("c", 10)):
        branched.add_population(name, size)
    branched.connect("input", "a", pysnn.Linear(np.ones((100, 784))))
    branched.connect("input", "b", pysnn.Linear(np.ones((100, 784))))
    branched.connect("b", "c", pysnn.Linear(np.ones((10, 100))))
    with pytest.raises(ValueError, match=r"3 populations.* 2 layers"):
        pysnn.diagnose(shorter, sound, x, duration=0.1)
    with pytest.raises(ValueError, match=r"'linear2'.*Linear"):
        pysnn.diagnose(wider, sound, x, duration=0.1)
    wrong_source = r"'b' with sources \['input'\].*'linear2' with sources \['linear1'\]"
    with pytest.raises(ValueError, match=wrong_source):
        pysnn.diagnose(trained_mlp, branched, x, duration=0.1)
