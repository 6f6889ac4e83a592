"""The forward pass without gradients, against that of training."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pysnn.network import Network
from pysnn.network import forward as _forward
from pysnn.network.forward import ForwardPass
from pysnn.nodes import AnyNode, AvgPool2d, Conv2d, Flatten, Linear
from pysnn.training.node_ops import make_ops

PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))


def integers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    # Sums of small integers do not round, so that outputs can be compared for equality.
    return rng.integers(-3, 4, shape).astype(np.float32)


@settings(max_examples=150, deadline=None)
@given(
    kernel=PAIRS,
    stride=PAIRS,
    padding=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    channels=st.tuples(st.integers(1, 3), st.integers(1, 5)),
    bias=st.booleans(),
    pool=st.none() | st.tuples(PAIRS, PAIRS),
    batch_size=st.integers(1, 8),
)
def test_any_convolution_and_pool_equal_those_of_training(
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    size: tuple[int, int],
    channels: tuple[int, int],
    bias: bool,
    pool: tuple[tuple[int, int], tuple[int, int]] | None,
    batch_size: int,
) -> None:
    rng = np.random.default_rng(0)
    weight = integers(rng, channels[1], channels[0], *kernel)
    layers: list[AnyNode] = [
        Conv2d(weight, integers(rng, channels[1]) if bias else None, stride, padding)
    ]
    if pool is not None:
        layers.append(AvgPool2d(*pool))
    try:
        network = Network(layers, (channels[0], *size))
    except ValueError:
        assume(False)
    x = integers(rng, 5, channels[0], *size)
    values = np.moveaxis(x, 0, -1)
    found = network.activations(x, batch_size=batch_size)
    for layer, op, outputs in zip(
        layers, make_ops(layers, network.input_shape), found, strict=True
    ):
        values = op.forward(np.ascontiguousarray(values))
        if isinstance(layer, Conv2d):
            values = np.maximum(values, 0)
        np.testing.assert_array_equal(outputs, np.moveaxis(values, -1, 0))
    np.testing.assert_array_equal(network.predict(x, batch_size=batch_size), found[-1])


def deep_network() -> Network:
    rng = np.random.default_rng(1)
    return Network(
        [
            Conv2d(integers(rng, 3, 2, 3, 3), padding=1),
            AvgPool2d(2),
            Conv2d(integers(rng, 4, 3, 2, 2), activation="none"),
            Linear(integers(rng, 6, 16), integers(rng, 6)),
            Flatten(),
            Linear(integers(rng, 5, 6)),
        ],
        (2, 6, 6),
    )


def test_parts_cover_every_batch_and_do_not_cross_its_border(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_forward, "_CACHED_BYTES", 1)
    monkeypatch.setattr(_forward, "_FEWEST_SAMPLES", 4)
    network = deep_network()
    parts = list(ForwardPass(network.layers, network.input_shape, 10).parts(23))
    assert [(part.start, part.stop) for part in parts] == [
        (0, 3), (3, 6), (6, 10), (10, 13), (13, 16), (16, 20), (20, 23),
    ]  # fmt: skip
    assert list(ForwardPass(network.layers, network.input_shape, 10).parts(0)) == []


@pytest.mark.parametrize("most", [1, 2, 64])
def test_outputs_do_not_depend_on_the_parts(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network = deep_network()
    x = integers(np.random.default_rng(2), 9, 2, 6, 6)
    expected = network.activations(x)
    monkeypatch.setattr(_forward, "_CACHED_BYTES", 1)
    monkeypatch.setattr(_forward, "_FEWEST_SAMPLES", most)
    for found, outputs in zip(network.activations(x), expected, strict=True):
        np.testing.assert_array_equal(found, outputs)
    np.testing.assert_array_equal(network.predict(x), expected[-1])


def test_memory_does_not_grow_with_the_number_of_samples() -> None:
    network = deep_network()
    forward = ForwardPass(network.layers, network.input_shape, 4)
    x = np.zeros((4, 2, 6, 6), dtype=np.float32)
    forward.last(x)
    before = [memory.ctypes.data for memory in forward._buffers._memory]
    for _ in range(5):
        forward.last(x[:3])
        forward.last(x)
    assert [memory.ctypes.data for memory in forward._buffers._memory] == before
