"""Gradient descent with momentum: one epoch after the other, on a network's own weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from .._base.progress import Progress
from .backprop import Backpropagation
from .outcome import remedy


class GradientDescent:
    """Gradient descent with momentum, one epoch after the other."""

    def __init__(
        self,
        backprop: Backpropagation,
        momentum: float,
        max_gradient_norm: float,
        rng: np.random.Generator,
    ) -> None:
        self._backprop = backprop
        self._momentum = momentum
        self._max_norm = max_gradient_norm
        self._rng = rng
        self._velocities = [np.zeros_like(parameter) for parameter in backprop.parameters]
        self._finished = [parameter.copy() for parameter in backprop.parameters]
        self._num_finished = 0

    @contextmanager
    def keeping_finished_epochs(self) -> Iterator[None]:
        """Put the weights of the last finished epoch back when the block raises."""
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                yield
        except BaseException:
            for parameter, finished in zip(self._backprop.parameters, self._finished, strict=True):
                parameter[...] = finished
            raise

    def run_epoch(
        self,
        samples: NDArray[np.float32],
        labels: NDArray[np.int64],
        batch_size: int,
        rate: float,
        bar: Progress,
    ) -> tuple[float, float]:
        """Pass once over the samples and return the mean loss and the accuracy on the way."""
        total_loss, num_right = 0.0, 0
        has_gradient = False
        for batch, batch_labels in self._batches(samples, labels, batch_size):
            masks = self._backprop.draw_masks(self._rng, len(batch_labels))
            loss, right = self._backprop.run(batch, batch_labels, masks)
            if not math.isfinite(loss):
                raise self._diverged(f"the loss is {loss}", rate)
            # A loss of 0 needs none. Once one is seen, the epoch is alive: no need to look again.
            has_gradient = has_gradient or loss == 0 or self._has_gradient()
            self._update(rate)
            if any(ceiling[0] <= 0 for ceiling in self._backprop.ceilings):
                raise self._diverged("the largest output of a ReLU fell to 0", rate)
            total_loss += loss * len(batch_labels)
            num_right += right
            bar.advance()
        if not all(np.isfinite(parameter).all() for parameter in self._backprop.parameters):
            raise self._diverged("a weight is not finite", rate)
        if not has_gradient:
            raise self._failed("died: no weight has a gradient", rate)
        for parameter, finished in zip(self._backprop.parameters, self._finished, strict=True):
            finished[...] = parameter
        self._num_finished += 1
        return total_loss / len(samples), num_right / len(samples)

    def _batches(
        self, samples: NDArray[np.float32], labels: NDArray[np.int64], batch_size: int
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int64]]]:
        order = self._rng.permutation(len(samples))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            yield np.ascontiguousarray(np.moveaxis(samples[chosen], 0, -1)), labels[chosen]

    def _update(self, rate: float) -> None:
        rate *= self._clipping()
        for parameter, velocity, gradient in zip(
            self._backprop.parameters, self._velocities, self._backprop.gradients, strict=True
        ):
            # Products stay in the buffers that are there: temporaries of the weights' size would
            # cost as much as the update.
            gradient *= rate
            if self._momentum == 0:
                parameter -= gradient
            else:
                velocity *= self._momentum
                velocity -= gradient
                parameter += velocity

    def _clipping(self) -> float:
        """Return the factor that makes the norm of all gradients together at most the largest."""
        if math.isinf(self._max_norm):
            return 1.0
        norm = math.sqrt(sum(float(np.vdot(each, each)) for each in self._backprop.gradients))
        return min(1.0, self._max_norm / norm) if norm > 0 else 1.0

    def _has_gradient(self) -> bool:
        return any(gradient.any() for gradient in self._backprop.gradients)

    def _diverged(self, what: str, rate: float) -> FloatingPointError:
        return self._failed(f"diverged: {what}", rate)

    def _failed(self, what: str, rate: float) -> FloatingPointError:
        return FloatingPointError(
            f"training {what} in epoch {self._num_finished + 1} with learning_rate {rate:g}; the "
            f"network has the weights of epoch {self._num_finished}; {remedy(rate)}"
        )
