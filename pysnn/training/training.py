"""Training of ReLU networks by stochastic gradient descent, in NumPy."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_labels, as_samples
from .._base.numbers import (
    as_choice,
    as_fraction,
    as_int,
    as_positive_float,
    as_positive_int,
    as_seed,
)
from .._base.progress import Progress, check_progress, progress_bar
from ..network import Network
from ..nodes import WeightedNode
from .backprop import Backpropagation
from .losses import LOSSES
from .trainable import check_trainable

LearningRate = float | Sequence[float] | Callable[[int], float]


@dataclass
class History:
    """What happened in each epoch of a training run, one list entry per epoch.

    Attributes:
        loss: Mean loss of the training samples, measured while the weights changed.
        training_accuracy: Fraction classified as labelled, likewise, with dropout in effect.
        validation_accuracy: Fraction of the held-out samples classified as labelled at the end
            of the epoch; empty without held-out samples.
        learning_rate: Learning rate of the epoch.
        seconds: Wall-clock time of the epoch in s, validation included.
    """

    loss: list[float] = field(default_factory=list)
    training_accuracy: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __repr__(self) -> str:
        """Show a table with one line per epoch."""
        lines = ["epoch  learning rate       loss  training  validation  seconds"]
        for i, loss in enumerate(self.loss):
            validation = f"{self.validation_accuracy[i]:.2%}" if self.validation_accuracy else "-"
            lines.append(
                f"{i + 1:>5}  {self.learning_rate[i]:>13.4g}  {loss:>9.5f}  "
                f"{self.training_accuracy[i]:>8.2%}  {validation:>10}  {self.seconds[i]:>7.1f}"
            )
        return "\n".join(lines)


def train(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    *,
    epochs: int = 15,
    batch_size: int = 100,
    learning_rate: LearningRate = 1.0,
    momentum: float = 0.5,
    dropout: float | Sequence[float] = 0.5,
    loss: str = "half_squared_error",
    validation_split: int | float = 0,
    seed: int = 0,
    scale: float | None = None,
    progress: bool | None = None,
) -> History:
    """Train a network in place by stochastic gradient descent with momentum.

    The defaults are those of the paper's fully connected network; convolutions need a learning
    rate of about a half and no momentum, since larger updates can silence every output for good.
    Weights change by ``v``, with ``v = momentum * v - learning_rate * gradient``, and so do the
    largest outputs of ReLUs with ``levels`` (QCFS; Bu et al., ICLR 2022); that of a ReLU without
    stays. The same
    arguments give the same weights, bit for bit, on the same machine with the same number of
    threads. When training stops with an exception, Ctrl-C included, the network keeps the weights
    of the last finished epoch.

    Args:
        network: Network whose last weighted layer gives one output per class.
        x: Samples, (num_samples, *input_shape) or flat (num_samples, num_inputs).
        y: Integer class labels, (num_samples,).
        epochs: Passes over the training samples.
        batch_size: Samples per update; a smaller rest forms the last batch of an epoch.
        learning_rate: A number, one per epoch, or a function of the epoch (from 0).
        momentum: Fraction of the last update that is kept, in [0, 1).
        dropout: Fraction of hidden units (of whole maps in convolutions) that is silenced for
            each training sample, in [0, 1): a number or one per hidden weighted layer.
        loss: ``"half_squared_error"`` or ``"softmax_cross_entropy"``, see `pysnn.training.losses`.
        validation_split: Samples to hold out from the end of the data: a number of them (int) or
            a fraction (float).
        seed: Seed of the order of samples and of dropout.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for integer images.
        progress: True shows a progress bar, False none, None one on a terminal.

    Returns:
        Loss, accuracies, learning rate and time of each epoch.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument has the wrong value or shape.
        FloatingPointError: The loss or a weight is not finite any more.
        ImportError: ``progress`` is True and tqdm is not installed.
    """
    check_trainable(network)
    check_progress(progress)
    epochs = as_positive_int(epochs, "epochs")
    batch_size = as_positive_int(batch_size, "batch_size")
    rates = _as_learning_rates(learning_rate, epochs)
    momentum = as_fraction(momentum, "momentum")
    loss_function = LOSSES[as_choice(loss, "loss", tuple(LOSSES))]
    backprop = Backpropagation(network, loss_function, _as_dropout(dropout, network))
    # A stream of its own: builders draw initial weights from default_rng(seed), and the order of
    # samples must not repeat those numbers.
    rng = np.random.default_rng(np.random.SeedSequence(as_seed(seed), spawn_key=(1,)))
    samples = as_samples(x, network.input_shape, scale=scale)
    labels = as_labels(y, len(samples), network.output_shape[0])
    count = len(samples) - _num_held_out(validation_split, len(samples))
    if count < 1:
        raise ValueError(f"x has {len(samples)} samples, which leaves none to train on")

    history = History()
    descent = _Descent(backprop, momentum, rng)
    num_batches = epochs * math.ceil(count / batch_size)
    with (
        progress_bar(num_batches, "training", progress=progress, unit="batch") as bar,
        descent.keeping_finished_epochs(),
    ):
        for rate in rates:
            start = time.perf_counter()
            mean_loss, accuracy = descent.run_epoch(
                samples[:count], labels[:count], batch_size, rate, bar
            )
            history.loss.append(mean_loss)
            history.training_accuracy.append(accuracy)
            history.learning_rate.append(rate)
            bar.set_note(f"loss {mean_loss:.4f}")
            if count < len(samples):
                held_out = network.accuracy(samples[count:], labels[count:])
                history.validation_accuracy.append(held_out)
                bar.set_note(f"loss {mean_loss:.4f}, validation {held_out:.2%}")
            history.seconds.append(time.perf_counter() - start)
    return history


class _Descent:
    """Gradient descent with momentum, one epoch after the other."""

    def __init__(
        self, backprop: Backpropagation, momentum: float, rng: np.random.Generator
    ) -> None:
        self._backprop = backprop
        self._momentum = momentum
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
        for batch, batch_labels in self._batches(samples, labels, batch_size):
            masks = self._backprop.draw_masks(self._rng, len(batch_labels))
            loss, right = self._backprop.run(batch, batch_labels, masks)
            if not math.isfinite(loss):
                raise self._diverged(f"the loss is {loss}", rate)
            self._update(rate)
            if any(ceiling[0] <= 0 for ceiling in self._backprop.ceilings):
                raise self._diverged("the largest output of a ReLU fell to 0", rate)
            total_loss += loss * len(batch_labels)
            num_right += right
            bar.advance()
        if not all(np.isfinite(parameter).all() for parameter in self._backprop.parameters):
            raise self._diverged("a weight is not finite", rate)
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

    def _diverged(self, what: str, rate: float) -> FloatingPointError:
        return FloatingPointError(
            f"training diverged: {what} in epoch {self._num_finished + 1} with learning_rate "
            f"{rate:g}; the network has the weights of epoch {self._num_finished}"
        )


def _as_learning_rates(learning_rate: LearningRate, epochs: int) -> list[float]:
    if callable(learning_rate):
        rates: list[object] = [learning_rate(epoch) for epoch in range(epochs)]
    elif isinstance(learning_rate, Sequence | np.ndarray) and not isinstance(learning_rate, str):
        rates = list(learning_rate)
        if len(rates) != epochs:
            raise ValueError(
                f"learning_rate has {len(rates)} entries, but there are {epochs} epochs"
            )
    else:
        return [as_positive_float(learning_rate, "learning_rate")] * epochs
    return [as_positive_float(rate, f"learning_rate[{i}]") for i, rate in enumerate(rates)]


def _as_dropout(dropout: float | Sequence[float], network: Network) -> list[float]:
    num_hidden = sum(isinstance(layer, WeightedNode) for layer in network.layers) - 1
    if isinstance(dropout, Sequence | np.ndarray) and not isinstance(dropout, str):
        if len(dropout) != num_hidden:
            raise ValueError(
                f"dropout has {len(dropout)} entries, but there are {num_hidden} hidden layers"
            )
        return [as_fraction(value, f"dropout[{i}]") for i, value in enumerate(dropout)]
    return [as_fraction(dropout, "dropout")] * num_hidden


def _num_held_out(validation_split: int | float, num_samples: int) -> int:
    if isinstance(validation_split, float | np.floating):
        return round(as_fraction(validation_split, "validation_split") * num_samples)
    number = as_int(validation_split, "validation_split")
    if not 0 <= number < max(1, num_samples):
        raise ValueError(
            f"validation_split is {number}, but must be at least 0 and below the {num_samples} "
            f"samples"
        )
    return number
