"""Training of ReLU networks by stochastic gradient descent, in NumPy."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._base.arrays import as_labels, as_samples
from .._base.interface.loaders import NO_LABELS, collected_pairs
from .._base.numbers import (
    as_choice,
    as_drawn_seed,
    as_fraction,
    as_int,
    as_positive_float,
    as_positive_int,
)
from .._base.progress import check_progress, progress_bar
from ..network import Network
from ..nodes import WeightedNode
from .backprop import Backpropagation
from .descent_settings import DEFAULT_DESCENT, DESCENTS
from .gradient_descent import GradientDescent
from .losses import LOSSES, LossName
from .outcome import warn_if_near_chance
from .trainable import check_not_pixels, check_trainable

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
        seed: Seed of the run, given or drawn; None where it is not known.
    """

    loss: list[float] = field(default_factory=list)
    training_accuracy: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    seed: int | None = None

    def columns(self) -> dict[str, list[float]]:
        """Return the lists by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, list)}

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
    x: ArrayLike | Iterable[Any],
    y: ArrayLike | None = None,
    *,
    recipe: str = DEFAULT_DESCENT,
    epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate: LearningRate | None = None,
    momentum: float | None = None,
    dropout: float | Sequence[float] | None = None,
    loss: LossName | None = None,
    max_gradient_norm: float | None = None,
    validation_split: int | float = 0,
    seed: int | None = 0,
    scale: float | None = None,
    progress: bool | None = None,
) -> History:
    """Train a network in place by stochastic gradient descent with momentum.

    ``recipe`` names settings, and each keyword overrides one of them. ``"default"`` is for any
    network of `pysnn.models` on images such as MNIST's: cross-entropy, batches of 100, 15 epochs,
    no dropout, and a learning rate that falls linearly from 0.1, with momentum 0.9 and gradients
    of a norm of at most 1.
    ``"diehl2015"`` is what Diehl et al. (IJCNN 2015) say of their fully connected network, and fit
    for that alone; ``"diehl2015_fcn"`` and ``"diehl2015_convnet"`` are how `pysnn reproduce` trains
    their two networks. All stand in `pysnn.training.DESCENTS`.

    Weights change by ``v``, with ``v = momentum * v - learning_rate * gradient``, and so do the
    largest outputs of ReLUs with ``levels`` (QCFS; Bu et al., ICLR 2022); that of a ReLU without
    stays. The same arguments give the same weights, bit for bit, on the same machine with the same
    number of threads. When training stops with an exception, Ctrl-C included, the network keeps the
    weights of the last finished epoch.

    Args:
        network: Network whose last weighted layer gives one output per class.
        x: Samples, (num_samples, *input_shape) or flat (num_samples, num_inputs), of about [0, 1]
            or [-1, 1]. Or an iterable of batches, (x, y) or x alone, such as a data loader of
            PyTorch: it is read once, up to 4 GiB, and batches are then drawn anew.
        y: Integer class labels, (num_samples,), or one-hot rows; None where ``x`` gives them.
        recipe: Name of the settings that the keywords up to ``max_gradient_norm`` override.
        epochs: Passes over the training samples.
        batch_size: Samples per update; a smaller rest forms the last batch of an epoch.
        learning_rate: A number for all epochs, one per epoch, or a function of the epoch (from 0).
        momentum: Fraction of the last update that is kept, in [0, 1).
        dropout: Fraction of hidden units (of whole maps in convolutions) that is silenced for
            each training sample, in [0, 1): a number or one per hidden weighted layer.
        loss: ``"half_squared_error"`` or ``"softmax_cross_entropy"``, see `pysnn.training.losses`.
        max_gradient_norm: Euclidean norm, of all gradients together, that they are scaled down to
            where it is exceeded (Pascanu et al., ICML 2013); ``math.inf`` leaves them.
        validation_split: Samples to hold out from the end of the data: a number of them (int) or
            a fraction (float).
        seed: Seed of the order of samples and of dropout; None draws one, which `History.seed`
            keeps.
        scale: Factor for the numbers of ``x``, such as 1/255; needed for images of 0 to 255.
        progress: True shows a progress bar, False none, None one on a terminal or in a notebook.

    Returns:
        Loss, accuracies, learning rate and time of each epoch.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument has the wrong value or shape.
        FloatingPointError: The loss or a weight is not finite any more, or no weight has a gradient
            any more.
        ImportError: ``progress`` is True and tqdm is not installed.

    Warns:
        TrainingWarning: The trained network is hardly better than a guess.
    """
    check_trainable(network)
    check_progress(progress)
    settings = DESCENTS[as_choice(recipe, "recipe", tuple(DESCENTS))].overridden(
        epochs=None if epochs is None else as_positive_int(epochs, "epochs"),
        batch_size=None if batch_size is None else as_positive_int(batch_size, "batch_size"),
        momentum=None if momentum is None else as_fraction(momentum, "momentum"),
        loss=None if loss is None else as_choice(loss, "loss", tuple(LOSSES)),
        max_gradient_norm=_as_norm(max_gradient_norm),
    )
    rates = (
        settings.rates()
        if learning_rate is None
        else _as_learning_rates(learning_rate, settings.epochs)
    )
    silenced = _as_dropout(settings.dropout if dropout is None else dropout, network)
    backprop = Backpropagation(network, LOSSES[settings.loss], silenced)
    drawn = as_drawn_seed(seed)
    # A stream of its own: builders draw initial weights from default_rng(seed), and the order of
    # samples must not repeat those numbers.
    rng = np.random.default_rng(np.random.SeedSequence(drawn, spawn_key=(1,)))
    found, y = collected_pairs(x, y)
    if y is None:
        raise ValueError(NO_LABELS)
    samples = as_samples(found, network.input_shape, scale=scale)
    if scale is None:
        check_not_pixels(samples)
    labels = as_labels(y, len(samples), network.output_shape[0])
    count = len(samples) - _num_held_out(validation_split, len(samples))
    if count < 1:
        raise ValueError(f"x has {len(samples)} samples, which leaves none to train on")

    history = History(seed=drawn)
    descent = GradientDescent(backprop, settings.momentum, settings.max_gradient_norm, rng)
    num_batches = settings.epochs * math.ceil(count / settings.batch_size)
    with (
        progress_bar(num_batches, "training", progress=progress, unit="batch") as bar,
        descent.keeping_finished_epochs(),
    ):
        for rate in rates:
            start = time.perf_counter()
            mean_loss, accuracy = descent.run_epoch(
                samples[:count], labels[:count], settings.batch_size, rate, bar
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
    warn_if_near_chance(network, samples[:count], labels[:count], rates[0])
    return history


def _as_norm(norm: object) -> float | None:
    if norm is None:
        return None
    return math.inf if norm == math.inf else as_positive_float(norm, "max_gradient_norm")


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
