"""Both normalizations against networks that were worked out by hand, and by running the result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from worked_example import images

import pysnn
from pysnn.conversion import Method, Variant
from pysnn.datasets import Mnist

# Inputs and activations of the four-layer network below:
#   x           layer 1       layer 2        layer 3        layer 4
#   (1,   0)    (1,   0.5)    (1.5,  3.5)    (4.25,  0)     8.5
#   (0,   1)    (0,   2)      (2,    0)      (1,     0)     2
#   (1,   1)    (0,   2.5)    (2.5,  0)      (1.25,  0)     2.5
#   (0.5, 0)    (0.5, 0.25)   (0.75, 1.75)   (2.125, 0)     4.25
X = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, 0.0]]
WEIGHTS = [
    [[1.0, -1.0], [0.5, 2.0]],
    [[1.0, 1.0], [4.0, -1.0]],
    [[0.5, 1.0], [0.0, -1.0]],
    [[2.0, 1.0]],
]


def dense(num_layers: int = 4) -> pysnn.Network:
    """Return the first layers of the network above."""
    return pysnn.Network([pysnn.Linear(w) for w in WEIGHTS[:num_layers]], input_shape=(2,))


WEIGHTED = (pysnn.Linear, pysnn.Conv2d)
ONES = np.stack([np.ones((1, 3, 3)), np.zeros((1, 3, 3))])


def assert_normalized(
    before: pysnn.Network,
    after: pysnn.Network,
    found: pysnn.Normalization,
    *,
    scale: Sequence[float],
    applied: Sequence[float],
) -> None:
    """Compare scales, and weights and biases with what follows from them."""
    np.testing.assert_allclose(found.scale_factor, scale, rtol=1e-7)
    np.testing.assert_allclose(found.applied_factor, applied, rtol=1e-7)
    assert list(found.layer_names) == list(before.layer_names)
    source = [1.0, *scale]
    for i, (old, new) in enumerate(zip(before.layers, after.layers, strict=True)):
        if not isinstance(old, WEIGHTED) or not isinstance(new, WEIGHTED):
            assert old == new
            continue
        product = old.weight.astype(np.float64) * (source[i] / scale[i])
        np.testing.assert_allclose(new.weight, product, rtol=1e-6)
        assert (old.bias is None) == (new.bias is None)
        if old.bias is not None and new.bias is not None:
            np.testing.assert_allclose(new.bias, old.bias / scale[i], rtol=1e-6)


def test_data_based_factors_of_three_layers() -> None:
    # Scales max(2, 2.5), max(4, 3.5) and max(1, 4.25); applied 2.5, 4 / 2.5, 4.25 / 4.
    network = dense(3)
    after, found = pysnn.normalize(network, method="data", x=X)
    assert_normalized(network, after, found, scale=[2.5, 4.0, 4.25], applied=[2.5, 1.6, 1.0625])


def test_data_based_factors_of_four_layers() -> None:
    # A fourth scale max(2, 8.5) and 8.5 / 4.25.
    network = dense(4)
    after, found = pysnn.normalize(network, method="data", x=X)
    assert_normalized(
        network, after, found, scale=[2.5, 4.0, 4.25, 8.5], applied=[2.5, 1.6, 1.0625, 2.0]
    )


def test_released_variant_divides_by_the_factor_applied_before() -> None:
    # Applied 2.5, 4 / 2.5, 4.25 / 1.6, 8.5 / 2.65625; together they make 2.5, 4, 4.25 * 2.5 and
    # 8.5 * 4: wrong by the scale two layers before, from the third layer on.
    for num_layers in (3, 4):
        network = dense(num_layers)
        after, found = pysnn.normalize(network, method="data", x=X, variant="released")
        assert_normalized(
            network,
            after,
            found,
            scale=[2.5, 4.0, 10.625, 34.0][:num_layers],
            applied=[2.5, 1.6, 2.65625, 3.2][:num_layers],
        )


def test_the_variants_agree_on_two_layers() -> None:
    correct, found = pysnn.normalize(dense(2), method="data", x=X)
    released, other = pysnn.normalize(dense(2), method="data", x=X, variant="released")
    assert correct == released
    np.testing.assert_array_equal(found.applied_factor, other.applied_factor)


def test_model_based_factors_are_the_largest_positive_sums() -> None:
    # Rows 1 and 2.5; 2 and 4; 1.5 and 0; 3. Each is divided out, so that scales multiply.
    network = dense(4)
    after, found = pysnn.normalize(network, method="model")
    assert_normalized(
        network, after, found, scale=[2.5, 10.0, 15.0, 45.0], applied=[2.5, 4.0, 1.5, 3.0]
    )


def test_model_based_sums_count_positive_biases_only() -> None:
    # Layer 1: 1 + 0.5 and 2.5 (-3 does not count), so 2.5. Layer 2 gets inputs up to 2.5 of the
    # original network: 2.5 * 2 + 6 = 11 and 2.5 * 4 = 10, so 11, and 11 / 2.5 is applied. Layer 3:
    # 11 * 1.5 + 0 = 16.5, so 1.5 is applied.
    network = pysnn.Network(
        [
            pysnn.Linear(WEIGHTS[0], [0.5, -3.0]),
            pysnn.Linear(WEIGHTS[1], [6.0, 0.0]),
            pysnn.Linear(WEIGHTS[2]),
        ],
        input_shape=(2,),
    )
    after, found = pysnn.normalize(network, method="model")
    assert_normalized(network, after, found, scale=[2.5, 11.0, 16.5], applied=[2.5, 4.4, 1.5])


def test_data_based_biases_are_divided_by_the_scale_of_their_layer() -> None:
    # Layer 1 gives (2, 0.5), (0, 2), (1, 2.5), (1.5, 0.25), so max(2, 2.5). In layer 2 the second
    # neuron gets 4 * 2 - 0.5 + 3 = 10.5 on the first sample, and 10.5 / 2.5 is applied.
    network = pysnn.Network(
        [pysnn.Linear(WEIGHTS[0], [1.0, 0.0]), pysnn.Linear(WEIGHTS[1], [0.0, 3.0])],
        input_shape=(2,),
    )
    after, found = pysnn.normalize(network, method="data", x=X)
    assert_normalized(network, after, found, scale=[2.5, 10.5], applied=[2.5, 4.2])


def test_pools_and_flattening_pass_their_scale_on_with_data() -> None:
    # Convolution max(2, 2); output max(3, 7), and 7 / 2 is applied.
    network = images()
    after, found = pysnn.normalize(network, method="data", x=ONES)
    assert_normalized(
        network, after, found, scale=[2.0, 2.0, 2.0, 7.0], applied=[2.0, 1.0, 1.0, 3.5]
    )


def test_pools_and_flattening_pass_their_scale_on_with_the_model() -> None:
    # Both kernels have a positive sum of 2, the output row one of 4.
    network = images()
    after, found = pysnn.normalize(network, method="model")
    assert_normalized(
        network, after, found, scale=[2.0, 2.0, 2.0, 8.0], applied=[2.0, 1.0, 1.0, 4.0]
    )


def test_model_based_sums_of_a_convolution_run_over_all_its_input_channels() -> None:
    # Channel 0: 1 + 2 + 3 over two input channels; channel 1: 4.
    kernels = np.zeros((2, 2, 1, 2))
    kernels[0] = [[[1.0, 2.0]], [[3.0, -9.0]]]
    kernels[1, 1] = [[4.0, -1.0]]
    network = pysnn.Network([pysnn.Conv2d(kernels)], input_shape=(2, 1, 2))
    _, found = pysnn.normalize(network, method="model")
    np.testing.assert_allclose(found.applied_factor, [6.0])


@pytest.mark.parametrize("method", ["data", "model"])
def test_the_last_layer_can_be_left_as_it_is(method: Method) -> None:
    network = dense(3)
    x = X if method == "data" else None
    after, found = pysnn.normalize(network, method=method, x=x, include_last=False)
    full = pysnn.normalize(network, method=method, x=x)[1]
    expected = [*full.scale_factor[:2], full.scale_factor[1]]
    assert_normalized(
        network, after, found, scale=expected, applied=[*full.applied_factor[:2], 1.0]
    )
    assert after.layers[2] == network.layers[2]


def test_method_none_changes_nothing() -> None:
    network = images()
    after, found = pysnn.normalize(network, method="none")
    assert after == network
    np.testing.assert_array_equal(found.scale_factor, 1.0)
    np.testing.assert_array_equal(found.applied_factor, 1.0)


@pytest.mark.parametrize("method", ["none", "data", "model"])
def test_the_given_network_is_not_touched(method: Method) -> None:
    network = dense(4)
    pysnn.normalize(network, method=method, x=X if method == "data" else None)
    assert network == dense(4)


@pytest.mark.parametrize("batch_size", [1, 3, 1000])
@pytest.mark.parametrize("num_threads", [1, 2, 7])
def test_factors_do_not_depend_on_batches_and_threads(
    trained_convnet: pysnn.Network, mnist: Mnist, batch_size: int, num_threads: int
) -> None:
    x = mnist.x_train[:20]
    expected = pysnn.normalize(trained_convnet, method="model")[1]
    found = pysnn.normalize(trained_convnet, method="model", num_threads=num_threads)[1]
    np.testing.assert_array_equal(found.scale_factor, expected.scale_factor)
    one = pysnn.normalize(trained_convnet, method="data", x=x)[1]
    other = pysnn.normalize(
        trained_convnet, method="data", x=x, batch_size=batch_size, num_threads=num_threads
    )[1]
    np.testing.assert_array_equal(other.scale_factor, one.scale_factor)


@pytest.mark.parametrize("index", [0, 1, 65_535, 65_536, 89_999])
@pytest.mark.parametrize("num_threads", [1, 2])
def test_the_largest_weight_counts_wherever_it_stands(index: int, num_threads: int) -> None:
    weight = np.full((300, 300), 0.25)
    weight.flat[index] = 2.0
    network = pysnn.Network([pysnn.Linear(weight)], 300)
    # Black samples: no activation is above the weights.
    found = pysnn.normalize(network, x=np.zeros((1, 300)), num_threads=num_threads)[1]
    np.testing.assert_array_equal(found.scale_factor, [2.0])


@pytest.mark.parametrize("variant", ["correct", "released"])
@pytest.mark.parametrize("trained", ["trained_mlp", "trained_convnet"])
def test_data_normalized_networks_predict_the_same_with_activations_up_to_one(
    trained: str, variant: Variant, mnist: Mnist, request: pytest.FixtureRequest
) -> None:
    network: pysnn.Network = request.getfixturevalue(trained)
    x = mnist.x_train[:2000]
    after, found = pysnn.normalize(network, method="data", x=x, variant=variant)
    largest = np.array([a.max() for a in after.activations(x)])
    weighted = [isinstance(layer, WEIGHTED) for layer in network.layers]
    assert (largest[weighted] > 0.01).all()
    if variant == "correct":
        assert (largest <= 1.0 + 1e-5).all()
    before = network.predict(x)
    np.testing.assert_allclose(
        after.predict(x) * found.scale_factor[-1], before, rtol=1e-4, atol=1e-4 * before.max()
    )
    np.testing.assert_array_equal(after.classify(x), network.classify(x))


@pytest.mark.parametrize("trained", ["trained_mlp", "trained_convnet"])
def test_model_normalized_networks_cannot_exceed_one_on_any_input(
    trained: str, mnist: Mnist, request: pytest.FixtureRequest
) -> None:
    network: pysnn.Network = request.getfixturevalue(trained)
    after, found = pysnn.normalize(network, method="model")
    for layer in after.layers:
        if isinstance(layer, WEIGHTED):
            rows = layer.weight.reshape(len(layer.weight), -1).astype(np.float64)
            sums = np.maximum(rows, 0).sum(axis=1)
            if layer.bias is not None:
                sums += np.maximum(layer.bias, 0)
            assert sums.max() == pytest.approx(1.0, rel=1e-6)
    x = mnist.x_test[:500]
    noise = np.random.default_rng(0).random(x.shape, dtype=np.float32)
    for data in (x, noise, np.ones_like(x[:1])):
        assert max(float(a.max()) for a in after.activations(data)) <= 1.0 + 1e-5
    np.testing.assert_allclose(
        after.predict(x) * found.scale_factor[-1],
        network.predict(x),
        rtol=1e-3,
        atol=1e-4 * network.predict(x).max(),
    )


def test_the_table_of_factors_names_every_layer() -> None:
    network = images()
    text = str(pysnn.normalize(network, method="data", x=ONES)[1])
    for name in network.layer_names:
        assert name in text
    assert "3.5" in text


@pytest.mark.parametrize("method", ["data", "model"])
def test_a_layer_without_positive_scale_is_an_error_that_names_it(method: Method) -> None:
    network = pysnn.Network(
        [pysnn.Linear([[1.0]]), pysnn.Linear([[-1.0]]), pysnn.Linear([[1.0]])], input_shape=(1,)
    )
    with pytest.raises(ValueError, match="linear2"):
        pysnn.normalize(network, method=method, x=[[1.0]] if method == "data" else None)
