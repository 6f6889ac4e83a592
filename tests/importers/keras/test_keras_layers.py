"""Every layer of the table of Keras, live and from both kinds of files, beside what Keras gives."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

pytest.importorskip("torch")
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
layers = keras.layers

pytestmark = pytest.mark.filterwarnings("ignore")

IMAGE = (9, 8, 4)
SEQUENCE = (11, 4)


def functional(shape: tuple[int, ...], build: Callable[[Any], Any]) -> Any:
    """Return a functional model."""
    source = keras.Input(shape)
    return keras.Model(source, build(source))


def sequential(shape: tuple[int, ...], *parts: Any) -> Any:
    """Return a sequential model."""
    return keras.Sequential([keras.Input(shape), *parts])


def with_statistics(model: Any) -> Any:
    """Give all weights numbers that are not those of the start; variances above 0."""
    rng = np.random.default_rng(0)
    for weight in model.weights:
        numbers = rng.normal(0.2, 0.5, weight.shape)
        weight.assign(np.abs(numbers) + 0.5 if "variance" in weight.path else numbers)
    return model


def adapted() -> Any:
    """Return a layer that has learned mean and variance."""
    layer = layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(2, 3, (50, *IMAGE)).astype("f4"))
    return layer


ROWS: dict[str, Callable[[], Any]] = {
    "Conv2D": lambda: sequential(IMAGE, layers.Conv2D(6, (3, 2), activation="relu")),
    "Conv2D, same and strides": lambda: sequential(
        IMAGE, layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False)
    ),
    "Conv2D, even and same": lambda: sequential(IMAGE, layers.Conv2D(6, 4, padding="same")),
    "Conv2D, dilation": lambda: sequential(IMAGE, layers.Conv2D(6, 3, dilation_rate=2)),
    "Conv2D, groups": lambda: sequential(IMAGE, layers.Conv2D(6, 3, groups=2)),
    "Conv1D": lambda: sequential(SEQUENCE, layers.Conv1D(6, 3, strides=2, padding="same")),
    "DepthwiseConv2D": lambda: sequential(
        IMAGE, layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2)
    ),
    "SeparableConv2D": lambda: sequential(
        IMAGE, layers.SeparableConv2D(5, 3, strides=2, padding="same", activation="relu6")
    ),
    "Dense": lambda: sequential((5,), layers.Dense(3, activation="relu"), layers.Dense(2)),
    "Dense of images": lambda: sequential(IMAGE, layers.Dense(3, activation="relu")),
    "BatchNormalization": lambda: sequential(IMAGE, layers.BatchNormalization()),
    "BatchNormalization of vectors": lambda: sequential(
        IMAGE, layers.Flatten(), layers.BatchNormalization(scale=False), layers.Dense(3)
    ),
    "BatchNormalization, no center": lambda: sequential(
        IMAGE, layers.BatchNormalization(center=False, epsilon=1e-2)
    ),
    "Activation": lambda: sequential(IMAGE, layers.Activation("relu")),
    "ReLU": lambda: sequential(IMAGE, layers.ReLU(max_value=0.75)),
    "MaxPooling2D": lambda: sequential(IMAGE, layers.MaxPooling2D(2, padding="same")),
    "MaxPooling2D, strides": lambda: sequential(IMAGE, layers.MaxPooling2D(3, strides=2)),
    "MaxPooling1D": lambda: sequential(SEQUENCE, layers.MaxPooling1D(3)),
    "AveragePooling2D": lambda: sequential(
        (9, 9, 4), layers.AveragePooling2D(3, strides=2, padding="same")
    ),
    "AveragePooling1D": lambda: sequential(SEQUENCE, layers.AveragePooling1D(2)),
    "GlobalAveragePooling2D": lambda: sequential(IMAGE, layers.GlobalAveragePooling2D()),
    "GlobalAveragePooling1D": lambda: sequential(SEQUENCE, layers.GlobalAveragePooling1D()),
    "GlobalMaxPooling2D": lambda: sequential(IMAGE, layers.GlobalMaxPooling2D(keepdims=True)),
    "ZeroPadding2D": lambda: sequential(IMAGE, layers.ZeroPadding2D(((1, 0), (2, 1)))),
    "ZeroPadding1D": lambda: sequential(SEQUENCE, layers.ZeroPadding1D((1, 2))),
    "Cropping2D": lambda: sequential(IMAGE, layers.Cropping2D(((1, 0), (2, 1)))),
    "Flatten": lambda: sequential(IMAGE, layers.Flatten(), layers.Dense(3)),
    "Reshape": lambda: sequential(IMAGE, layers.Reshape((-1,)), layers.Dense(3)),
    "Permute": lambda: sequential(
        IMAGE, layers.Permute((3, 1, 2)), layers.Flatten(), layers.Dense(3)
    ),
    "Dropout and its kin": lambda: sequential(
        IMAGE, layers.Dropout(0.5), layers.SpatialDropout2D(0.5), layers.GaussianNoise(1.0),
        layers.ReLU(),
    ),
    "Add": lambda: functional(
        IMAGE, lambda x: layers.Add()([layers.Conv2D(4, 1)(x), layers.ReLU()(x), x])
    ),
    "Subtract": lambda: functional(IMAGE, lambda x: layers.Subtract()([x, layers.ReLU()(x)])),
    "Average": lambda: functional(IMAGE, lambda x: layers.Average()([x, layers.ReLU()(x)])),
    "sums and constants": lambda: functional(IMAGE, lambda x: (layers.ReLU()(x) + x) * 0.5),
    "Concatenate": lambda: functional(
        IMAGE, lambda x: layers.Concatenate()([layers.Conv2D(3, 1)(x), layers.ReLU()(x)])
    ),
    "Concatenate of vectors": lambda: functional(
        IMAGE,
        lambda x: layers.Dense(2)(
            layers.Concatenate()([layers.Flatten()(x), layers.GlobalMaxPooling2D()(x)])
        ),
    ),
    "Rescaling": lambda: sequential(
        IMAGE, layers.Rescaling(1 / 127.5, offset=-1.0), layers.Conv2D(3, 3, padding="same")
    ),
    "Normalization": lambda: sequential(IMAGE, adapted(), layers.Conv2D(3, 3)),
    "Normalization by numbers": lambda: sequential(
        IMAGE, layers.Normalization(mean=[0.5, 0.4, 0.3, 0.2], variance=[1, 2, 3, 4])
    ),
    "channels first": lambda: sequential(
        (4, 9, 8),
        layers.ZeroPadding2D(1, data_format="channels_first"),
        layers.GlobalAveragePooling2D(data_format="channels_first"),
        layers.Dense(3),
    ),
    "a model within a model": lambda: sequential(
        IMAGE,
        functional(IMAGE, lambda x: layers.Add()([layers.Conv2D(4, 3, padding="same")(x), x])),
        sequential(IMAGE, layers.BatchNormalization(), layers.ReLU(), layers.Flatten()),
        layers.Dense(3),
    ),
    "a shared layer": lambda: functional(IMAGE, _shared),
}  # fmt: skip


def _shared(x: Any) -> Any:
    conv = layers.Conv2D(4, 3, padding="same", activation="relu")
    return conv(conv(x))


def check(network: pysnn.Network) -> None:
    """Check the comparison that an import ends with."""
    assert network.origin is not None
    assert network.origin.difference is not None, network.origin
    assert network.origin.difference < 1e-5


@pytest.mark.parametrize("row", ROWS)
def test_layer_is_imported(row: str, tmp_path: Path) -> None:
    model = ROWS[row]()
    if row != "Normalization":
        with_statistics(model)
    live = pysnn.from_keras(model)
    check(live)
    model.save(tmp_path / "model.keras")
    file = pysnn.from_keras(tmp_path / "model.keras")
    check(file)
    assert file == live
    if row not in ("sums and constants",):
        model.save(tmp_path / "model.h5")
        older = pysnn.from_keras(str(tmp_path / "model.h5"))
        check(older)
        assert older == live


@pytest.mark.parametrize("end", ["softmax", "sigmoid"])
def test_the_end_that_changes_no_class_is_left_out_and_said(end: str) -> None:
    model = sequential((5,), layers.Dense(3, activation=end, name="fc"))
    network = pysnn.from_keras(model)
    check(network)
    assert network.layer_names == ("fc",)
    assert f"the {end} of 'fc' at the end is left out" in repr(network)
    last = sequential((5,), layers.Dense(3), layers.Activation(end))
    assert len(pysnn.from_keras(last).layers) == 1


def test_averages_with_unequal_padding_leave_it_out_whatever_the_backend() -> None:
    network = pysnn.from_keras(
        sequential(IMAGE, layers.AveragePooling2D(3, strides=2, padding="same"))
    )
    assert "unequal padding" in repr(network)
    x = np.random.default_rng(0).random((1, 4, 9, 8), dtype=np.float32)
    last = x[:, :, -2:, -2:].mean(axis=(2, 3))
    np.testing.assert_allclose(network.predict(x)[:, :, -1, -1], last, rtol=1e-5)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "tanh": (lambda: sequential(IMAGE, layers.Conv2D(2, 3, activation="tanh")), "'tanh'"),
    "LeakyReLU": (lambda: sequential(IMAGE, layers.LeakyReLU()), "(LeakyReLU) is not supported"),
    "ReLU": (lambda: sequential(IMAGE, layers.ReLU(negative_slope=0.5)), "negative_slope=0.5"),
    "softmax inside": (
        lambda: sequential((5,), layers.Dense(3, activation="softmax"), layers.Dense(2)),
        "has the activation 'softmax'",
    ),
    "LayerNormalization": (
        lambda: sequential(IMAGE, layers.LayerNormalization()),
        "(LayerNormalization) is not supported; use a BatchNormalization",
    ),
    "UpSampling2D": (lambda: sequential(IMAGE, layers.UpSampling2D()), "scale images in front"),
    "Conv2DTranspose": (
        lambda: sequential(IMAGE, layers.Conv2DTranspose(2, 3)), "(Conv2DTranspose) is not supporte"
    ),
    "Multiply": (
        lambda: functional(IMAGE, lambda x: layers.Multiply()([x, layers.ReLU()(x)])),
        "multiplies two values",
    ),
    "Lambda": (
        lambda: sequential(IMAGE, layers.Lambda(lambda x: x)), "code of a file is never run"
    ),
    "LSTM": (lambda: sequential(SEQUENCE, layers.LSTM(3)), "(LSTM) is not supported; use a feed-"),
    "causal": (
        lambda: sequential(SEQUENCE, layers.Conv1D(3, 2, padding="causal")), "padding='causal'"
    ),
    "reshaped images": (
        lambda: sequential(IMAGE, layers.Reshape((72, 4)), layers.Conv1D(3, 2)),
        "no choice of channels and pixels",
    ),
    "transposed images": (
        lambda: sequential(IMAGE, layers.Permute((2, 1, 3)), layers.MaxPooling2D(2)),
        "no choice of channels and pixels",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", REFUSED)
def test_layer_is_refused_in_one_line_that_names_it(row: str) -> None:
    build, text = REFUSED[row]
    with pytest.raises(ValueError, match=r"^model node '") as found:
        pysnn.from_keras(build())
    assert text in str(found.value)
    assert "\n" not in str(found.value)


def test_samples_are_channels_first_here_and_names_are_keras_own() -> None:
    model = functional(
        IMAGE, lambda x: layers.ReLU(name="out")(layers.Conv2D(2, 3, name="first")(x))
    )
    x = np.random.default_rng(0).random((3, *IMAGE), dtype=np.float32)
    network = pysnn.from_keras(model, x=x)
    assert network.layer_names == ("first", "out")
    assert network.input_shape == (4, 9, 8)
    assert "samples are (4, 9, 8) here, channels first, and (9, 8, 4) in Keras" in repr(network)
    expected = np.asarray(model.predict(x, verbose=0)).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(
        network.predict(x.transpose(0, 3, 1, 2)), expected, rtol=1e-4, atol=1e-5
    )
    with pytest.raises(ValueError, match=r"x has shape \(3, 4, 9, 8\)"):
        pysnn.from_keras(model, x=x.transpose(0, 3, 1, 2))


def test_models_of_another_class_are_refused() -> None:
    class Mine(keras.Model):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    with pytest.raises(ValueError, match="is a model of the class 'Mine'"):
        pysnn.from_keras(Mine())
    with pytest.raises(TypeError, match="model is a int"):
        pysnn.from_keras(3)
