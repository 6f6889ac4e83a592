"""Linear nodes of NIR as linear maps between populations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...conversion.folding.channels import Channels
from ...conversion.folding.convolution import Convolution
from ...conversion.folding.dense import Dense
from ...conversion.folding.linear_map import LinearMap, Pair
from ...nodes import Conv2d, Shape
from ..building import same_padding
from ..refusal import RefusalError

Doubles = NDArray[np.float64]

_MOST_VALUES = 1 << 25  # 32 channels of a camera of 1280 x 720 pixels are fewer


def map_of(name: str, node: Any, shape: Shape) -> tuple[LinearMap, Shape, Doubles | None]:
    """Return what a node does to values of a shape: the map, the new shape, and a bias per channel.

    Args:
        name: Name of the node.
        node: The node.
        shape: Shape of what it reads.

    Raises:
        RefusalError: The node is no linear one that is known, or does not fit.
    """
    kind = type(node).__name__
    maker = _MAKERS.get(kind)
    if maker is None:
        raise RefusalError(name, kind, "is not supported", _WAYS_OUT.get(kind, _OTHERWISE))
    try:
        linear_map, after = maker(node, shape)
        check_size(after)
        return linear_map, after, _bias(node, after)
    except (ArithmeticError, IndexError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise RefusalError(
            name, kind, f"does not fit {shape}: {reason}", "check the file"
        ) from None


def as_doubles(values: Any) -> Doubles:
    """Return numbers of a file as float64.

    Raises:
        ValueError: They are no real numbers.
    """
    found = np.asarray(values)
    if found.dtype.kind not in "fiu":
        raise ValueError(f"numbers are of type {found.dtype}")
    return found.astype(np.float64)


def check_size(shape: Shape) -> None:
    """Raise a ValueError for values that are more than any network has."""
    if math.prod(shape) > _MOST_VALUES:
        raise ValueError(f"{math.prod(shape):,} values are too many")


def _bias(node: Any, shape: Shape) -> Doubles | None:
    bias = getattr(node, "bias", None)
    if bias is None:
        return None
    found = as_doubles(bias).ravel()
    if found.size != shape[0]:
        raise ValueError(f"biases have shape {np.shape(bias)}")
    return found


def _dense(node: Any, shape: Shape) -> tuple[LinearMap, Shape]:
    weight = as_doubles(node.weight)
    if weight.ndim != 2 or weight.shape[1] != math.prod(shape):
        raise ValueError(f"weights have shape {weight.shape}")
    return Dense(weight), (len(weight),)


def _conv2d(node: Any, shape: Shape) -> tuple[LinearMap, Shape]:
    return _convolution(
        as_doubles(node.weight),
        shape,
        _pair(node.stride),
        node.padding,
        _pair(node.dilation),
        int(np.ravel(node.groups)[0]),
    )


def _conv1d(node: Any, shape: Shape) -> tuple[LinearMap, Shape]:
    weight = as_doubles(node.weight)[:, :, None, :]
    padding = _decoded(node.padding)
    if not isinstance(padding, str):
        padding = (0, _pair(padding)[1])
    stride, dilation = (1, _pair(node.stride)[1]), (1, _pair(node.dilation)[1])
    groups = int(np.ravel(node.groups)[0])
    return _convolution(weight, shape, stride, padding, dilation, groups)


def _convolution(
    weight: Doubles, shape: Shape, stride: Pair, padding: Any, dilation: Pair, groups: int
) -> tuple[LinearMap, Shape]:
    if weight.ndim != 4 or len(shape) != 3 or weight.shape[1] * groups != shape[0]:
        raise ValueError(f"weights have shape {weight.shape} in {groups} groups")
    sides = _sides(padding, shape, weight.shape[2:], stride, dilation)
    top, bottom, left, right = sides
    check_size((shape[0], top + shape[1] + bottom, left + shape[2] + right))
    # The node knows which of these numbers make a convolution.
    after = Conv2d(weight, None, stride, sides, dilation, groups).output_shape(shape)
    return Convolution(weight, stride, sides, dilation, groups), after


def _sides(
    padding: Any, shape: Shape, kernel: Sequence[int], stride: Pair, dilation: Pair
) -> tuple[int, int, int, int]:
    padding = _decoded(padding)
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ValueError(f"padding is {padding!r}")
        if padding == "valid":
            return 0, 0, 0, 0
        (top, bottom), (left, right) = (
            same_padding(size, k, by, apart, at_end=True)
            for size, k, by, apart in zip(shape[1:], kernel, stride, dilation, strict=True)
        )
        return top, bottom, left, right
    vertical, horizontal = _pair(padding)
    return vertical, vertical, horizontal, horizontal


def _decoded(padding: Any) -> Any:
    return padding.decode() if isinstance(padding, bytes) else padding


def _pool(*, mean: bool) -> Callable[[Any, Shape], tuple[LinearMap, Shape]]:
    def maker(node: Any, shape: Shape) -> tuple[LinearMap, Shape]:
        kernel = _pair(node.kernel_size)
        check_size((shape[0], *kernel))
        weight = np.full((shape[0], 1, *kernel), 1 / math.prod(kernel) if mean else 1.0)
        return _convolution(weight, shape, _pair(node.stride), node.padding, (1, 1), shape[0])

    return maker


def _flatten(node: Any, shape: Shape) -> tuple[LinearMap, Shape]:
    # Shapes have no batch, so that PyTorch's first axis, 1, means the first one here, too.
    start, end = int(np.ravel(node.start_dim)[0]), int(np.ravel(node.end_dim)[0])
    if start not in (0, 1) or end not in (-1, len(shape) - 1, len(shape)):
        raise ValueError(f"it flattens the axes {start} to {end}")
    return Channels.unit(shape), (math.prod(shape),)


def _scale(node: Any, shape: Shape) -> tuple[LinearMap, Shape]:
    factors = np.broadcast_to(as_doubles(node.scale), shape)
    rows = factors.reshape(shape[0], -1)
    if (rows == rows[:, :1]).all():
        return Channels(rows[:, 0].copy(), out_channels=shape[0]), shape
    check_size((factors.size, factors.size))
    return Dense(np.diag(factors.reshape(-1))), shape


def _pair(value: Any) -> Pair:
    numbers = [int(each) for each in np.ravel(value)]
    if len(numbers) not in (1, 2):
        raise ValueError(f"{numbers} are no sizes of two axes")
    return numbers[0], numbers[-1]


_MAKERS: dict[str, Callable[[Any, Shape], tuple[LinearMap, Shape]]] = {
    **dict.fromkeys(("Linear", "Affine"), _dense),
    "Conv2d": _conv2d,
    "Conv1d": _conv1d,
    "SumPool2d": _pool(mean=False),
    "AvgPool2d": _pool(mean=True),
    "Flatten": _flatten,
    "Scale": _scale,
}
_OTHERWISE = "write it in nodes of the table"
_WAYS_OUT = {
    **dict.fromkeys(
        ("CubaLIF", "CubaLI"), "use LIF neurons, whose currents have no state of their own"
    ),
    **dict.fromkeys(("LI", "I"), "let IF or LIF neurons stand there"),
    "Delay": "leave delays out: a spike arrives within its step",
    "NIRGraph": "write the nodes of the inner graph into the outer one",
}
