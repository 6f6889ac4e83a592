"""Training: it learns, repeats itself, holds out data, and stops cleanly."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pysnn import models
from pysnn.network import Network
from pysnn.nodes import Linear
from pysnn.training import History, LearningRate, train
from pysnn.training.backprop import Backpropagation

Data = tuple[NDArray[np.float32], NDArray[np.int64]]


def blobs(num_samples: int = 600, num_classes: int = 3, size: int = 6) -> Data:
    """Return images with one bright corner per class, and noise."""
    rng = np.random.default_rng(11)
    y = rng.integers(0, num_classes, num_samples)
    x = rng.random((num_samples, 1, size, size), dtype=np.float32) * np.float32(0.5)
    half = size // 2
    corners = [(0, 0), (0, half), (half, 0), (half, half)]
    for i, label in enumerate(y):
        row, column = corners[label]
        x[i, 0, row : row + half, column : column + half] += 0.3
    return x, y


X, Y = blobs()


def mlp(seed: int = 0, *, bias: bool = False) -> Network:
    return models.mlp([36, 20, 3], seed=seed, bias=bias)


def small_convnet() -> Network:
    return models.convnet((1, 6, 6), [4], kernel_size=3, pool=2, num_classes=3, bias=True)


@pytest.mark.parametrize("loss", ["half_squared_error", "softmax_cross_entropy"])
@pytest.mark.parametrize("build", [mlp, small_convnet])
def test_training_learns(build: Callable[[], Network], loss: str) -> None:
    network = build()
    history = train(network, X, Y, epochs=12, batch_size=20, learning_rate=0.1, momentum=0.5,
                    dropout=0.1, loss=loss, validation_split=100)  # fmt: skip
    assert history.loss[-1] < 0.5 * history.loss[0]
    assert history.validation_accuracy[-1] > 0.95
    assert history.validation_accuracy[-1] == network.accuracy(X[500:], Y[500:])


@pytest.mark.parametrize("build", [mlp, small_convnet])
def test_same_seed_gives_the_same_weights_bit_for_bit(build: Callable[[], Network]) -> None:
    first, second, other = build(), build(), build()
    histories = [
        train(network, X, Y, epochs=2, batch_size=64, learning_rate=0.1, seed=seed)
        for network, seed in ((first, 5), (second, 5), (other, 6))
    ]
    assert first == second
    assert histories[0].loss == histories[1].loss
    assert first != other


def test_global_generator_is_left_alone() -> None:
    before = np.random.get_state(legacy=False)  # noqa: NPY002
    train(mlp(), X, Y, epochs=1)
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    np.testing.assert_equal(after, before)


def test_one_update_without_momentum_is_the_gradient_times_the_rate() -> None:
    # One sample x = 0.5 of class 0, z = (0.25, 0.5): the gradient is (z - y) x = (-0.375, 0.25).
    network = Network([Linear([[0.5], [1.0]])], input_shape=1)
    train(network, [[0.5]], [0], recipe="diehl2015", epochs=1, learning_rate=2.0, momentum=0.0)
    np.testing.assert_array_equal(network.layers[0].weight, [[1.25], [0.5]])  # type: ignore[attr-defined]


def test_momentum_repeats_a_part_of_the_last_update() -> None:
    # One input, one class with target 1: w goes by v = v / 2 + (1 - w) / 4.
    network = Network([Linear([[0.0]])], input_shape=1)
    train(network, [[1.0]], [0], recipe="diehl2015", epochs=3, learning_rate=0.25)
    w = v = 0.0
    for _ in range(3):
        v = 0.5 * v + 0.25 * (1 - w)
        w += v
    np.testing.assert_array_equal(network.layers[0].weight, [[w]])  # type: ignore[attr-defined]


def test_biases_are_trained_where_there_are_any() -> None:
    network = mlp(bias=True)
    train(network, X, Y, epochs=1, learning_rate=0.1)
    for layer in network.layers:
        assert isinstance(layer, Linear)
        assert layer.bias is not None
        assert np.count_nonzero(layer.bias) > len(layer.bias) // 2


def test_held_out_samples_have_no_influence() -> None:
    changed = X.copy()
    changed[450:] = 1 - changed[450:]
    first, second, third = mlp(), mlp(), mlp()
    train(first, X, Y, epochs=2, validation_split=150)
    train(second, changed, Y, epochs=2, validation_split=0.25)
    train(third, X[:450], Y[:450], epochs=2)
    assert first == second == third


def test_last_batch_may_be_smaller() -> None:
    whole, split = mlp(), mlp()
    history = train(whole, X[:70], Y[:70], epochs=2, batch_size=64, dropout=0.0)
    assert np.isfinite(history.loss).all()
    train(split, X[:64], Y[:64], epochs=2, batch_size=64, dropout=0.0)
    assert whole != split


def test_learning_rate_may_be_a_number_a_list_or_a_function() -> None:
    networks = [mlp(), mlp(), mlp()]
    rates: list[LearningRate] = [0.25, [0.25, 0.25, 0.25], lambda epoch: 0.25]
    histories = [
        train(network, X, Y, epochs=3, learning_rate=rate)
        for network, rate in zip(networks, rates, strict=True)
    ]
    assert networks[0] == networks[1] == networks[2]
    assert histories[0].learning_rate == [0.25] * 3
    decaying = train(mlp(), X, Y, epochs=3, learning_rate=lambda epoch: 1 / (epoch + 1))
    assert decaying.learning_rate == [1, 1 / 2, 1 / 3]


def test_integer_images_with_a_scale_train_as_the_same_floats() -> None:
    pixels = (X * 255).astype(np.uint8)
    first, second = mlp(), mlp()
    train(first, pixels, Y, epochs=1, scale=1 / 255)
    train(second, pixels / np.float32(255), Y, epochs=1)
    assert first == second


def test_dropout_leaves_the_expected_activation_as_it_is() -> None:
    # Without scaling at training time, the outputs of the plain forward pass would be off by the
    # kept fraction; trained to the target 1, they must be close to it.
    network = Network([Linear(np.full((400, 1), 0.1)), Linear(np.full((1, 400), 0.01))], 1)
    ones = np.ones((500, 1), dtype=np.float32)
    y = np.zeros(500, dtype=int)
    train(network, ones, y, recipe="diehl2015", epochs=40, learning_rate=0.01, momentum=0.0)
    np.testing.assert_allclose(network.predict([[1.0]]), [[1.0]], atol=0.05)


def test_diverging_training_keeps_the_last_finished_epoch() -> None:
    good, bad = mlp(), mlp()
    train(good, X, Y, epochs=2, learning_rate=0.1)
    with pytest.raises(FloatingPointError, match=r"training diverged: .* in epoch 3 with learn"):
        train(bad, X, Y, epochs=4, learning_rate=[0.1, 0.1, 1e30, 0.1])
    assert bad == good


def test_interrupted_training_keeps_the_last_finished_epoch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, stopped = mlp(), mlp()
    train(good, X, Y, epochs=2, learning_rate=0.1)
    run, calls = Backpropagation.run, 0

    def interrupted(*arguments: Any) -> tuple[float, int]:
        nonlocal calls
        calls += 1
        if calls == 15:
            raise KeyboardInterrupt
        return run(*arguments)

    monkeypatch.setattr(Backpropagation, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train(stopped, X, Y, epochs=4, learning_rate=0.1)
    assert stopped == good


def test_history_prints_one_line_per_epoch() -> None:
    history = train(mlp(), X, Y, epochs=2, learning_rate=[0.5, 0.25], validation_split=50)
    lines = repr(history).splitlines()
    assert len(lines) == 3
    assert lines[0].split() == [
        "epoch", "learning", "rate", "loss", "training", "validation", "seconds",
    ]  # fmt: skip
    assert lines[2].split()[:2] == ["2", "0.25"]
    assert f"{history.validation_accuracy[1]:.2%}" in lines[2]
    assert repr(History()).count("\n") == 0


def test_progress_is_silent_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    train(mlp(), X, Y, epochs=1, progress=False)
    train(mlp(), X, Y, epochs=1)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_progress_shows_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    train(mlp(), X, Y, epochs=1, progress=True)
    assert "training: 100%" in capsys.readouterr().err


def test_progress_without_tqdm_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    network = mlp()
    with pytest.raises(ImportError, match="report"):
        train(network, X, Y, epochs=1, progress=True)
    assert network == mlp()
