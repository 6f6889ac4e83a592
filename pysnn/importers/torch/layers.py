"""ATen's weighted layers, pools, norms and activation functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..building import Array, Step, Value


@dataclass(frozen=True, eq=False)
class Arguments:
    """Arguments of an operator: values of the input, tensors, and Python's numbers.

    Attributes:
        positional: In the order of the operator's schema.
        keywords: The others.
        torch: The library.
        shape: Shape of the result, or of the first one, with the batch.
    """

    positional: tuple[Any, ...]
    keywords: dict[str, Any]
    torch: Any
    shape: Sequence[int]

    def get(self, place: int, default: Any = None) -> Any:
        """Return an argument by place, or what stands for it where it is not given."""
        return self.positional[place] if place < len(self.positional) else default

    def value(self, step: Step, place: int = 0) -> Value:
        """Return an argument that depends on the input."""
        found = self.positional[place]
        if not isinstance(found, Value):
            raise step.refused("reads the input where weights are expected", "give it constants")
        return found

    def array(self, step: Step, place: int) -> Array | None:
        """Return an argument that is a constant, or None where it is not given."""
        found = self.get(place)
        if isinstance(found, Value):
            raise step.refused(
                "has weights that depend on the input, as attention has", "give it constants"
            )
        return None if found is None else as_array(found)


def as_array(tensor: Any) -> Array:
    """Return the numbers of a tensor, those of half precision as float32."""
    if not hasattr(tensor, "detach"):
        return np.asarray(tensor)
    found = tensor.detach().cpu()
    if str(found.dtype) in ("torch.float16", "torch.bfloat16"):
        found = found.float()
    array: Array = found.numpy()
    return array


def _both_sides(padding: Sequence[int]) -> list[int]:
    return [side for each in padding for side in (each, each)]


def _spread(sizes: Sequence[int], axes: int) -> list[int]:
    """Return one size per axis, of which torch also takes one for all."""
    return list(sizes) * axes if len(sizes) == 1 else list(sizes)


def _convolution(step: Step, arguments: Arguments) -> Value:
    weight = arguments.array(step, 1)
    assert weight is not None
    _, _, _, stride, padding, dilation, transposed, _, groups = arguments.positional
    if transposed:
        raise step.refused("is transposed", "upsample in front of the network")
    axes = weight.ndim - 2
    return step.convolved(
        arguments.value(step),
        weight,
        arguments.array(step, 2),
        stride=_spread(stride, axes),
        sides=_both_sides(_spread(padding, axes)),
        dilation=_spread(dilation, axes),
        groups=groups,
    )


def _batch_norm(step: Step, arguments: Arguments) -> tuple[Value, None, None]:
    statistics = [arguments.array(step, place) for place in range(1, 5)]
    result = step.builder.batch_norm(
        step.name,
        step.operator,
        arguments.value(step),
        statistics,
        float(arguments.get(6)),
    )
    return result, None, None


def _relu(step: Step, arguments: Arguments) -> Value:
    return step.clipped(arguments.value(step), 0, None)


def _clamp(step: Step, arguments: Arguments) -> Value:
    low = arguments.get(1, arguments.keywords.get("min"))
    high = arguments.get(2, arguments.keywords.get("max"))
    return step.clipped(arguments.value(step), low, high)


def _addmm(step: Step, arguments: Arguments) -> Value:
    bias, weight = arguments.array(step, 0), arguments.array(step, 2)
    assert bias is not None
    assert weight is not None
    alpha, beta = (float(arguments.keywords.get(name, 1)) for name in ("alpha", "beta"))
    if (alpha, beta) != (1, 1):
        weight, bias = alpha * weight, beta * bias
    return step.builder.linear(
        step.name,
        step.operator,
        arguments.value(step, 1),
        weight.T,
        np.broadcast_to(bias.reshape(-1), weight.shape[1]),
    )


def _mm(step: Step, arguments: Arguments) -> Value:
    weight = arguments.array(step, 1)
    assert weight is not None
    return step.builder.linear(step.name, step.operator, arguments.value(step), weight.T)


def _linear(step: Step, arguments: Arguments) -> Value:
    weight = arguments.array(step, 1)
    assert weight is not None
    return step.builder.linear(
        step.name, step.operator, arguments.value(step), weight, arguments.array(step, 2)
    )


def _max_pool(step: Step, arguments: Arguments) -> tuple[Value, None]:
    value = arguments.value(step)
    axes = len(value.shape) - 1
    kernel = _spread(arguments.positional[1], axes)
    result = step.pooled(
        value,
        largest=True,
        kernel=kernel,
        stride=_spread(arguments.get(2) or kernel, axes),
        sides=_both_sides(_spread(arguments.get(3, [0]), axes)),
        dilation=_spread(arguments.get(4, [1]), axes),
        ceil_mode=arguments.get(5, False),
    )
    return result, None


def _average_pool(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    axes = len(value.shape) - 1
    kernel = _spread(arguments.positional[1], axes)
    divisor = arguments.get(6)
    if divisor is not None and divisor != int(np.prod(kernel)):
        raise step.refused(f"has divisor_override={divisor}", "scale by a constant behind it")
    return step.pooled(
        value,
        largest=False,
        kernel=kernel,
        stride=_spread(arguments.get(2) or kernel, axes),
        sides=_both_sides(_spread(arguments.get(3, [0]), axes)),
        ceil_mode=arguments.get(4, False),
        count_include_pad=arguments.get(5, True),
    )


def _adaptive(*, largest: bool) -> Callable[[Step, Arguments], Any]:
    def handler(step: Step, arguments: Arguments) -> Any:
        result = step.pooled_to(
            arguments.value(step), list(arguments.positional[1]), largest=largest
        )
        return (result, None) if largest else result

    return handler


def _mean(step: Step, arguments: Arguments) -> Value:
    return _over_axes(step, arguments, largest=False)


def _largest(step: Step, arguments: Arguments) -> Value:
    return _over_axes(step, arguments, largest=True)


def _sum(step: Step, arguments: Arguments) -> Value:
    value = arguments.value(step)
    mean = _over_axes(step, arguments, largest=False)
    return step.multiplied(mean, as_array(np.prod(value.shape) / np.prod(mean.shape)))


def _over_axes(step: Step, arguments: Arguments, *, largest: bool) -> Value:
    value = arguments.value(step)
    axes = [axis % (len(value.shape) + 1) - 1 for axis in arguments.get(1) or ()]
    if not axes or -1 in axes:
        raise step.refused(
            "reduces the batch, too", "reduce the axes of an image, height and width"
        )
    return step.pooled_over(value, axes, largest=largest, keep=bool(arguments.get(2, False)))


HANDLERS: dict[str, Callable[[Step, Arguments], Any]] = {
    "convolution": _convolution,
    "_native_batch_norm_legit_no_training": _batch_norm,
    "relu": _relu,
    "clamp": _clamp,
    "clamp_min": _clamp,
    "hardtanh": _clamp,
    "addmm": _addmm,
    "mm": _mm,
    "linear": _linear,
    "max_pool2d_with_indices": _max_pool,
    "avg_pool1d": _average_pool,
    "avg_pool2d": _average_pool,
    "_adaptive_avg_pool2d": _adaptive(largest=False),
    "adaptive_avg_pool1d": _adaptive(largest=False),
    "adaptive_max_pool2d": _adaptive(largest=True),
    "mean": _mean,
    "sum": _sum,
    "amax": _largest,
}
