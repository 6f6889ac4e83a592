"""What the classifier predicts is what its own networks, on their own, say of raw samples."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("sklearn", minversion="1.6")

from sklearn.datasets import load_digits, load_iris

import pysnn
from pysnn import SpikingClassifier
from pysnn.estimator import classifier as classifier_module
from pysnn.nodes import Affine

X, Y = load_iris(return_X_y=True)
RAW = X.astype(np.float32)
DRAWN = {"recipe": "robust", "encoding": "poisson", "scaler": "minmax"}
POISSON = {"recipe": "diehl2015", "scaler": "minmax", "num_steps": 200}


def fitted(x: NDArray[Any] = X, y: NDArray[Any] = Y, **parameters: Any) -> SpikingClassifier:
    """Return a classifier that trained in a moment."""
    quick = {"hidden_layer_sizes": (10,), "random_state": 0, **parameters}
    return SpikingClassifier(**quick).fit(x, y)


def convnet(num_features: int, num_classes: int, seed: int) -> pysnn.Network:
    """Return a small network of images of 8x8 pixels."""
    assert num_features == 64
    return pysnn.models.convnet(
        (1, 8, 8), [4], kernel_size=3, num_classes=num_classes, bias=True, seed=seed
    )


def quantized(num_features: int, num_classes: int, seed: int) -> pysnn.Network:
    """Return a network with activations in steps."""
    return pysnn.models.quantized(pysnn.models.mlp([num_features, 10, num_classes], seed=seed), 8)


def test_its_networks_take_samples_as_it_does(tmp_path: Path) -> None:
    made = fitted()
    result = pysnn.simulate(made.spiking_network_, RAW, num_steps=64)
    np.testing.assert_array_equal(made.classes_[result.predictions], made.predict(X))
    np.testing.assert_array_equal(result.outputs, made.decision_function(X))
    made.spiking_network_.save(tmp_path / "iris.safetensors")
    assert pysnn.load(tmp_path / "iris.safetensors") == made.spiking_network_
    assert made.network_.accuracy(RAW, Y) > 0.95


@pytest.mark.parametrize("network", [None, pysnn.models.mlp([4, 10, 10, 3], seed=3), quantized])
def test_the_network_that_was_trained_is_the_one_behind_the_scaler(
    network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = []

    def keep(network: pysnn.Network, **options: Any) -> pysnn.History:
        trained.append(network)
        return pysnn.train(network, **options)

    monkeypatch.setattr(classifier_module, "train", keep)
    made = fitted(hidden_layer_sizes=(100,), network=network)
    first = made.network_.layers[0]
    assert isinstance(first, Affine)
    seen = pysnn.Network([first], 4).predict(RAW)
    assert (trained[0].activations(seen)[-2] >= 0).all()
    np.testing.assert_array_equal(made.network_.predict(RAW), trained[0].predict(seen))


@pytest.mark.parametrize(
    ("parameters", "most"),
    [
        ({}, 0.05),
        ({"recipe": "rueckauer2017", "convert_options": {"readout": "spikes"}}, 0.05),
        ({"simulate_options": {"max_rate": 250.0}}, 0.05),
        ({**DRAWN, "num_steps": 4000}, 0.1),
        (
            {
                **DRAWN,
                "num_steps": 4000,
                "convert_options": {"readout": "spikes"},
                "simulate_options": {"max_rate": 500.0},
            },
            0.1,
        ),
    ],
    ids=["potentials", "counts", "rate", "poisson", "counts at a rate"],
)
def test_the_decision_function_estimates_the_outputs_of_the_relu_network(
    parameters: dict[str, Any], most: float
) -> None:
    made = fitted(**{"num_steps": 1000, **parameters})
    outputs = made.network_.predict(RAW)
    error = np.abs(made.decision_function(X) - outputs).max()
    assert 0 < error < most * np.abs(outputs).max()


def test_of_two_classes_the_decision_is_one_number() -> None:
    x, y = X[Y < 2], np.array(["no", "yes"])[Y[Y < 2]]
    made = fitted(x, y)
    outputs = pysnn.simulate(made.spiking_network_, RAW[Y < 2], num_steps=64).outputs
    np.testing.assert_array_equal(made.decision_function(x), outputs[:, 1] - outputs[:, 0])
    np.testing.assert_array_equal(made.predict(x) == "yes", made.decision_function(x) > 0)


def test_probabilities_are_the_softmax_of_the_outputs() -> None:
    made = fitted()
    powers = np.exp(made.decision_function(X))
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(made.predict_proba(X), expected, rtol=1e-12)
    np.testing.assert_allclose(np.exp(made.predict_log_proba(X)), expected, rtol=1e-12)


@pytest.mark.parametrize("parameters", [{}, POISSON], ids=["constant", "poisson"])
def test_a_sample_is_classified_alike_alone_and_among_others(parameters: dict[str, Any]) -> None:
    made = fitted(**parameters)
    whole = made.decision_function(X)
    np.testing.assert_array_equal(made.decision_function(X[::-1])[::-1], whole)
    np.testing.assert_array_equal(made.decision_function(X[77:78]), whole[77:78])


def test_poisson_spikes_follow_the_random_state() -> None:
    first, again, other = (fitted(random_state=seed, **POISSON) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.decision_function(X), again.decision_function(X))
    rows = [each.simulate(X).num_input_spikes for each in (first, other)]
    assert (rows[0] != rows[1]).any()


@pytest.mark.parametrize("kind", ["standard", "minmax", "none"])
def test_features_are_scaled_by_the_first_node_of_the_networks(kind: Any) -> None:
    made = fitted(scaler=kind)
    first = made.network_.layers[0]
    if kind == "none":
        assert not isinstance(first, Affine)
        assert made.spiking_network_.input_affine is None
        return
    assert isinstance(first, Affine)
    seen = X * first.scale + first.shift
    if kind == "standard":
        np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-6)
        np.testing.assert_allclose(seen.std(axis=0), 1, atol=1e-6)
    else:
        np.testing.assert_allclose(seen.min(axis=0), 0, atol=1e-6)
        np.testing.assert_allclose(seen.max(axis=0), 1, atol=1e-6)


def test_features_far_from_0_and_of_any_size_are_learned() -> None:
    far = X * [1e-6, 1.0, 1e6, 1.0] + [0, 1000, 0, -5]
    assert fitted(far, Y).score(far, Y) > 0.95


def test_a_feature_that_never_changes_does_no_harm() -> None:
    wider = np.column_stack([X, np.full(len(X), 7.0)])
    assert fitted(wider, Y).score(wider, Y) > 0.95


def test_later_samples_may_reach_four_times_as_far_as_those_of_training() -> None:
    made = fitted()
    first = made.network_.layers[0]
    assert isinstance(first, Affine)
    largest = np.abs(X * first.scale + first.shift).max()
    assert 4 * largest <= made.spiking_network_.input_scale < 8 * largest
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made.predict(((3.99 * largest - first.shift) / first.scale).reshape(1, -1))


def test_an_encoding_among_the_options_decides_the_room_for_later_samples() -> None:
    spikes, constant = (
        fitted(simulate_options={"encoding": each}).spiking_network_.input_scale
        for each in ("regular", "constant")
    )
    assert spikes == 4.0
    assert constant == 16.0


@pytest.mark.parametrize("kind", ["standard", "minmax", "none"])
@pytest.mark.parametrize("encoding", ["constant", "regular"])
def test_samples_beyond_are_set_to_the_limit_with_a_warning(kind: Any, encoding: Any) -> None:
    made = fitted(scaler=kind, encoding=encoding)
    with pytest.warns(UserWarning, match=r"X has 4 of 8 numbers beyond"):
        far, farther = made.decision_function([X[0] + [1e9] * 4, X[0]])[0], None
    with pytest.warns(UserWarning, match=r"X has 4 of 4 numbers beyond"):
        farther = made.decision_function([X[0] + [1e30] * 4])[0]
    with pytest.warns(UserWarning, match=r"X has 4 of 4 numbers beyond"):
        made.decision_function([X[0] - [1e30] * 4])
    np.testing.assert_array_equal(far, farther)


def test_a_given_network_is_trained_on_from_its_weights_and_stays_as_it_is() -> None:
    given = pysnn.models.mlp([4, 12, 3], bias=True, seed=5)
    before = given.copy()
    made = fitted(hidden_layer_sizes=(100,), network=given)
    assert given == before
    assert made.network_.layer_shapes[1:] == given.layer_shapes
    assert made.score(X, Y) > 0.9
    slow = fitted(hidden_layer_sizes=(100,), network=given, epochs=1, learning_rate=1e-9)
    np.testing.assert_allclose(slow.network_.layers[1].weight, given.layers[0].weight, atol=1e-6)


def test_a_function_may_build_a_network_of_images_which_are_scaled_by_channel() -> None:
    x, y = load_digits(return_X_y=True)
    made = fitted(x[:1000], y[:1000], hidden_layer_sizes=(100,), network=convnet)
    first = made.network_.layers[0]
    assert isinstance(first, Affine)
    assert first.scale.shape == (1,)
    assert made.score(x[1000:], y[1000:]) > 0.85


def test_options_reach_training_conversion_and_simulation() -> None:
    made = fitted(
        epochs=3,
        batch_size=50,
        learning_rate=[0.1, 0.05, 0.02],
        train_options={"validation_split": 0.2},
        recipe="robust",
        percentile=98.5,
        convert_options={"precision": "int16", "input_scale": 64.0},
        num_steps=None,
        encoding="regular",
        simulate_options={"duration": 0.02, "stop_margin": 1.0, "stop_interval": 2},
    )
    assert made.history_.learning_rate == [0.1, 0.05, 0.02]
    assert len(made.history_.validation_accuracy) == 3
    snn = made.spiking_network_
    assert (snn.precision, snn.recipe["percentile"], snn.input_scale) == ("int16", "98.5", 64.0)
    result = made.simulate(X)
    assert (result.num_steps, result.stopped_step.min() < 20) == (20, True)
    np.testing.assert_array_equal(made.predict(X), made.classes_[result.predictions])
    assert made.simulate(X, num_steps=5, duration=None).num_steps == 5
    assert made.simulate(X, stop_margin=None).stopped_step.min() == 20


def test_a_simulation_may_be_of_other_steps_and_another_input() -> None:
    drawn = fitted(**DRAWN, num_steps=20, simulate_options={"seed": 7})
    still = drawn.simulate(X, encoding="constant")
    plain = pysnn.simulate(drawn.spiking_network_, RAW, num_steps=20, encoding="constant")
    assert still.seed is None
    np.testing.assert_array_equal(still.spike_counts, plain.spike_counts)
    assert drawn.simulate(X, duration=0.012).num_steps == 12
    assert drawn.simulate(X, num_steps=5).seed == 7
    timed = fitted(num_steps=None, simulate_options={"duration": 0.02})
    assert timed.simulate(X, num_steps=5).num_steps == 5


def test_input_that_is_drawn_on_demand_follows_from_the_sample_alone() -> None:
    made = fitted(scaler="minmax", recipe="robust", num_steps=20)
    assert made.simulate(X).seed is None
    drawn = made.simulate(X, encoding="poisson")
    again = made.simulate(X[::-1], encoding="poisson")
    assert drawn.seed == again.seed == made._seed
    np.testing.assert_array_equal(again.output_potentials, drawn.output_potentials[:, ::-1])
    assert made.simulate(X, encoding="poisson", seed=3).seed == 3


def test_the_conversion_is_for_the_steps_of_the_simulation() -> None:
    assert fitted(num_steps=8).spiking_network_.recipe["num_steps"] == "8"
    options = {"num_steps": 16}
    made = fitted(num_steps=8, convert_options=options)
    assert made.spiking_network_.recipe["num_steps"] == "16"


def test_few_samples_are_trained_on_for_longer_and_in_smaller_batches() -> None:
    few, many = fitted(), fitted(np.tile(X, (50, 1)), np.tile(Y, 50))
    assert len(few.history_.loss) > len(many.history_.loss) == 15
    named = fitted(train_options={"recipe": "diehl2015_fcn", "dropout": 0.0, "learning_rate": 0.1})
    assert len(named.history_.loss) == 20


def test_a_range_of_inputs_may_be_small() -> None:
    made = fitted(X / 100, scaler="none", convert_options={"input_scale": 0.125})
    assert made.spiking_network_.input_scale == 0.125


def test_settings_are_tried_before_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_module, "train", lambda *_, **__: pytest.fail("it trained"))
    for bad in (
        {"convert_options": {"threshold": -1.0}},
        {"simulate_options": {"max_rate": 2000.0}},
        {"convert_options": {"unknown": 3}},
        {"scaler": "robust"},
        {"train_options": {"scale": 0.5}},
    ):
        with pytest.raises((TypeError, ValueError)):
            fitted(**bad)


def test_completion_offers_the_classifier_and_modules() -> None:
    assert [name for name in dir(pysnn.estimator) if name.startswith("_")] == []
    assert "SpikingClassifier" in dir(pysnn.estimator)
