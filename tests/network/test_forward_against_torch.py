"""Every kind of node and every option against PyTorch, to rounding."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pysnn

torch = pytest.importorskip("torch")
F = torch.nn.functional

Arrays = list[np.ndarray]


def values(*shape: int, seed: int = 0) -> np.ndarray:
    """Return float32 numbers around 0."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def check(
    network: pysnn.Network,
    expected: Callable[..., Any],
    shape: tuple[int, ...],
    *,
    samples: int = 3,
) -> None:
    """Compare the outputs of a network with what PyTorch makes of the same samples."""
    x = values(samples, *shape, seed=1)
    with torch.no_grad():
        theirs = expected(torch.from_numpy(x)).numpy()
    ours = network.predict(x)
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-5)


def alone(node: pysnn.nodes.Node, shape: tuple[int, ...]) -> pysnn.Network:
    """Return a network of one node, without an implied ReLU."""
    return pysnn.Network(input_shape=shape).add("node", node)


PADDINGS = [0, (1, 0), (1, 2), (0, 1, 2, 0)]


@pytest.mark.parametrize("padding", PADDINGS, ids=str)
@pytest.mark.parametrize(
    ("stride", "dilation", "groups"), [(1, 1, 1), ((2, 1), (1, 3), 2), ((1, 3), (2, 1), 4)]
)
@pytest.mark.parametrize("bias", [False, True])
def test_convolutions(padding: Any, stride: Any, dilation: Any, groups: int, bias: bool) -> None:
    weight = values(8, 4 // groups, 3, 2)
    biases = values(8) if bias else None
    node = pysnn.Conv2d(weight, biases, stride, padding, dilation, groups)
    top, bottom, left, right = four_sides(padding)

    def expected(x: Any) -> Any:
        return F.conv2d(
            F.pad(x, (left, right, top, bottom)),
            torch.from_numpy(weight),
            None if biases is None else torch.from_numpy(biases),
            stride,
            0,
            dilation,
            groups,
        )

    check(alone(node, (4, 9, 8)), expected, (4, 9, 8))


def four_sides(padding: Any) -> tuple[int, int, int, int]:
    """Return top, bottom, left and right of a padding."""
    if isinstance(padding, int):
        return (padding,) * 4
    if len(padding) == 2:
        return padding[0], padding[0], padding[1], padding[1]
    return tuple(padding)  # type: ignore[return-value]


POOLS = list(
    itertools.product([2, (3, 2), (4, 5)], [None, 1, (3, 2)], [0, 1, (1, 0)], [False, True])
)


@pytest.mark.parametrize(("kernel", "stride", "padding", "ceil_mode"), POOLS)
@pytest.mark.parametrize("count_include_pad", [False, True])
def test_average_pools(
    kernel: Any, stride: Any, padding: Any, ceil_mode: bool, count_include_pad: bool
) -> None:
    node = pysnn.AvgPool2d(
        kernel, stride, padding, ceil_mode=ceil_mode, count_include_pad=count_include_pad
    )
    check(
        alone(node, (2, 9, 8)),
        lambda x: F.avg_pool2d(x, kernel, stride, padding, ceil_mode, count_include_pad),
        (2, 9, 8),
    )


@pytest.mark.parametrize(("kernel", "stride", "padding", "ceil_mode"), POOLS)
@pytest.mark.parametrize("dilation", [1, (2, 1)])
def test_max_pools(kernel: Any, stride: Any, padding: Any, ceil_mode: bool, dilation: Any) -> None:
    node = pysnn.MaxPool2d(kernel, stride, padding, dilation, ceil_mode=ceil_mode)
    check(
        alone(node, (2, 9, 8)),
        lambda x: F.max_pool2d(x, kernel, stride, padding, dilation, ceil_mode),
        (2, 9, 8),
    )


@pytest.mark.parametrize("size", range(2, 9))
@pytest.mark.parametrize("stride", range(1, 5))
def test_sizes_of_pools_with_rests(size: int, stride: int) -> None:
    for kernel, padding in ((1, 0), (2, 0), (2, 1), (3, 1), (4, 2)):
        if size + 2 * padding < kernel:
            continue
        node = pysnn.MaxPool2d(kernel, stride, padding, ceil_mode=True)
        theirs = F.max_pool2d(torch.zeros(1, 1, size, size), kernel, stride, padding, 1, True)
        assert node.output_shape((1, size, size)) == tuple(theirs.shape[1:])


def test_batch_norms() -> None:
    weight, bias, mean = values(3), values(3, seed=1), values(3, seed=2)
    variance = np.abs(values(3, seed=3))
    statistics = torch.from_numpy(mean), torch.from_numpy(variance)
    for shape in ((3, 4, 5), (3,)):
        check(
            alone(pysnn.BatchNorm(weight, bias, mean, variance, eps=1e-3), shape),
            lambda x: F.batch_norm(
                x, *statistics, torch.from_numpy(weight), torch.from_numpy(bias), eps=1e-3
            ),
            shape,
        )
        check(
            alone(pysnn.BatchNorm(None, None, mean, variance), shape),
            lambda x: F.batch_norm(x, *statistics),
            shape,
        )


def test_relus() -> None:
    check(alone(pysnn.ReLU(), (5,)), F.relu, (5,))
    check(alone(pysnn.ReLU(max=0.75), (5,)), lambda x: x.clamp(0, 0.75), (5,))
    check(
        alone(pysnn.ReLU(max=1.5, levels=8), (500,)),
        # The step function of QCFS.
        lambda x: 1.5 * (x / 1.5 * 8 + 0.5).floor().div(8).clamp(0, 1),
        (500,),
    )


def test_pads_and_affine_maps() -> None:
    check(alone(pysnn.Pad((1, 2, 3, 0)), (2, 3, 4)), lambda x: F.pad(x, (3, 0, 1, 2)), (2, 3, 4))
    scale, shift = torch.tensor([2.0, -0.5]), torch.tensor([0.25, 1.0])
    check(
        alone(pysnn.Affine(scale.numpy(), shift.numpy()), (2, 3, 4)),
        lambda x: x * scale[:, None, None] + shift[:, None, None],
        (2, 3, 4),
    )


def test_images_of_one_axis() -> None:
    weight = values(3, 2, 1, 5)
    network = pysnn.Network(input_shape=(2, 11)).add(
        "conv", pysnn.Conv2d(weight, padding=(0, 2), stride=(1, 2))
    )
    x = values(4, 2, 11)
    theirs = F.conv1d(torch.from_numpy(x), torch.from_numpy(weight[:, :, 0]), None, 2, 2)
    np.testing.assert_allclose(network.predict(x)[:, :, 0], theirs.numpy(), rtol=2e-5, atol=2e-5)


def test_a_residual_network() -> None:
    class Block(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1 = torch.nn.Conv2d(4, 6, 3, stride=2, padding=1, bias=False)
            self.norm1 = torch.nn.BatchNorm2d(6)
            self.conv2 = torch.nn.Conv2d(6, 6, 3, padding=1, bias=False)
            self.norm2 = torch.nn.BatchNorm2d(6)
            self.side = torch.nn.Conv2d(4, 6, 1, stride=2)
            self.logits = torch.nn.Linear(12, 3)

        def forward(self, x: Any) -> Any:
            y = F.relu(self.norm1(self.conv1(x)))
            y = F.relu(self.norm2(self.conv2(y)) + self.side(x))
            y = torch.cat([y, F.max_pool2d(y, 3, 1, 1)], 1)
            return self.logits(F.avg_pool2d(y, 4).flatten(1))

    torch.manual_seed(0)
    model = Block().train()
    with torch.no_grad():
        model(torch.randn(64, 4, 8, 8))  # Statistics that are not 0 and 1.
    model.eval()
    network = pysnn.Network(input_shape=(4, 8, 8))
    network.add("conv1", pysnn.Conv2d(array(model.conv1.weight), stride=2, padding=1))
    network.add("norm1", norm_of(model.norm1))
    network.add("relu1", pysnn.ReLU())
    network.add("conv2", pysnn.Conv2d(array(model.conv2.weight), padding=1))
    network.add("norm2", norm_of(model.norm2))
    side = pysnn.Conv2d(array(model.side.weight), array(model.side.bias), stride=2)
    network.add("side", side, ["input"])
    network.add("sum", pysnn.Add(), ["norm2", "side"])
    network.add("relu2", pysnn.ReLU())
    network.add("largest", pysnn.MaxPool2d(3, 1, 1))
    network.add("joined", pysnn.Concat(), ["relu2", "largest"])
    network.add("mean", pysnn.AvgPool2d(4))
    network.add("flat", pysnn.Flatten())
    network.add("logits", pysnn.Linear(array(model.logits.weight), array(model.logits.bias)))
    check(network, model, (4, 8, 8), samples=37)


def array(parameter: Any) -> np.ndarray:
    """Return the numbers of a parameter."""
    found: np.ndarray = parameter.detach().numpy()
    return found


def norm_of(norm: Any) -> pysnn.BatchNorm:
    """Return a BatchNorm2d of PyTorch's as a node."""
    return pysnn.BatchNorm(
        array(norm.weight),
        array(norm.bias),
        array(norm.running_mean),
        array(norm.running_var),
        norm.eps,
    )
