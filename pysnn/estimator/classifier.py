"""A scikit-learn classifier that is a spiking network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.numbers import as_choice
from ..conversion import Recipe, convert
from ..conversion.named_recipes import choose
from ..network import Network
from ..spiking import Encoding, SimulationResult, SpikingNetwork, Stimulus, simulate
from ..training import History, LearningRate, train
from .library import (
    BaseEstimator,
    ClassifierMixin,
    check_classification_targets,
    check_is_fitted,
    check_random_state,
    column_or_1d,
    log_softmax,
    softmax,
    validate_data,
)
from .options import handed_on
from .outputs import estimated_outputs
from .rehearsal import rehearse
from .scaling import (
    SCALERS,
    Limits,
    Scaler,
    learn_scaling,
    roomy_input_scale,
    scaled,
    with_scaling,
)
from .untrained import DEFAULT_SIZES, Builder, descent_for, make_network

_RECIPE_FIELDS = {each.name for each in fields(Recipe)}
_MOST_SEED = 2**31 - 1


class SpikingClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier for scikit-learn: trains a ReLU network, converts it, and lets it spike.

    `fit` scales the features, trains by `pysnn.train`, and makes a spiking network by
    `pysnn.convert`; all predictions are those of the spiking network, by `pysnn.simulate`. They
    depend on a sample alone, not on the others it comes with: inputs are constant currents unless
    the recipe or ``encoding`` says otherwise, and random spikes are drawn by the sample's numbers.
    Features are rounded to float32.

    Args:
        hidden_layer_sizes: Neurons of each hidden layer of a perceptron with biases and linear
            outputs; ``()`` for none.
        network: In place of a perceptron: a `pysnn.Network` that can be trained, of which a copy
            is, from its weights on; or a function of the number of features, the number of
            classes and a seed that returns one. Samples are flat whatever its input's shape is.
        scaler: What is done to features first, as an `Affine` that the networks begin with:
            ``"standard"`` gives them mean 0 and deviation 1, ``"minmax"`` the range [0, 1],
            ``"none"`` leaves them. Channels of images are scaled as one.
        epochs: Passes over the samples; None: 15, or for few samples as many as give some 1,000
            updates, at most 200.
        batch_size: Samples per update; None: 100, or for few samples a tenth of them.
        learning_rate: As for `pysnn.train`; None: that of its recipe.
        train_options: More keywords of `pysnn.train`, such as ``{"dropout": 0.3}``. With
            ``"recipe"`` among them, epochs and batches are that recipe's unless given.
        recipe: Conversion recipe, as for `pysnn.convert`.
        percentile: As for `pysnn.convert`.
        convert_options: More keywords of `pysnn.convert`, such as ``{"precision": "int16"}``.
        num_steps: Steps of a simulation, for which the network is converted, too, where the recipe
            reads a number of steps. None for the default of `pysnn.simulate`, or for a
            ``duration`` in ``simulate_options``.
        encoding: As for `pysnn.simulate`; None: that of the recipe.
        simulate_options: More keywords of `pysnn.simulate`, such as ``{"stop_margin": 2.0}``.
        random_state: Seed of initial weights, order of samples, dropout and Poisson input: an int
            for the same fit every time, a ``RandomState``, or None.
        num_threads: Threads of the core; None for the default, 1 beside ``n_jobs``.
        progress: True shows a progress bar, None one on a terminal.

    Attributes:
        classes_: The labels, (num_classes,).
        n_features_in_: Number of features.
        feature_names_in_: Their names, where `fit` was given any.
        network_: The trained ReLU network, scaling included.
        spiking_network_: The spiking network, likewise.
        history_: What happened in training.

    Example:
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True)
        >>> classifier = SpikingClassifier((20,), random_state=0).fit(X, y)
        >>> classifier.score(X, y) > 0.9
        True
    """

    classes_: NDArray[Any]
    n_features_in_: int
    network_: Network
    spiking_network_: SpikingNetwork
    history_: History

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = DEFAULT_SIZES,
        *,
        network: Network | Builder | None = None,
        scaler: Scaler = "standard",
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: LearningRate | None = None,
        train_options: Mapping[str, Any] | None = None,
        recipe: str | Recipe | None = None,
        percentile: float | None = None,
        convert_options: Mapping[str, Any] | None = None,
        num_steps: int | None = 64,
        encoding: Encoding | None = None,
        simulate_options: Mapping[str, Any] | None = None,
        random_state: int | np.random.RandomState | None = None,
        num_threads: int | None = None,
        progress: bool | None = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.network = network
        self.scaler = scaler
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.train_options = train_options
        self.recipe = recipe
        self.percentile = percentile
        self.convert_options = convert_options
        self.num_steps = num_steps
        self.encoding = encoding
        self.simulate_options = simulate_options
        self.random_state = random_state
        self.num_threads = num_threads
        self.progress = progress

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Train a network and make a spiking one of it.

        Args:
            X: Samples, (num_samples, num_features).
            y: Their classes, of any type that can be sorted, (num_samples,).

        Returns:
            The classifier itself.

        Raises:
            TypeError: A parameter has the wrong type.
            ValueError: ``X`` or ``y`` does not fit, there is one class, or a parameter is out of
                its range.
            FloatingPointError: As `pysnn.train`.

        Warns:
            TrainingWarning: As `pysnn.train`.
        """
        samples, numbers = self._learn_classes(X, y)
        rng = check_random_state(self.random_state)
        seeds = [int(seed) for seed in rng.randint(_MOST_SEED, size=3)]
        # Labels may come sorted, and conversions calibrate on the first samples.
        order = rng.permutation(len(samples))
        samples, numbers = samples[order], numbers[order]
        network = make_network(
            self.hidden_layer_sizes,
            self.network,
            self.n_features_in_,
            len(self.classes_),
            seeds[0],
        )
        self._seed = seeds[2]
        rehearse(network, self._try)
        shape = network.input_shape
        affine = learn_scaling(samples, shape, as_choice(self.scaler, "scaler", SCALERS))
        seen = scaled(samples, shape, affine)
        self.history_ = train(network, **self._training(seen, numbers, seeds[1]))
        self.network_ = with_scaling(network, affine)
        self.spiking_network_ = self._converted(self.network_, samples, seen)
        self._limits = Limits.of(self.spiking_network_)
        return self

    def simulate(self, X: ArrayLike, **options: Any) -> SimulationResult:
        """Simulate the spiking network as `predict` does, and keep what it did.

        Args:
            X: Samples, (num_samples, num_features).
            options: Keywords of `pysnn.simulate`, in place of the classifier's: ``duration`` of its
                number of steps, too, and an ``encoding`` that draws nothing of its seed.

        Returns:
            Spikes, synaptic operations and outputs over time; classes are numbers, of ``classes_``.

        Raises:
            NotFittedError: `fit` has not been called.
            TypeError: As `pysnn.simulate`.
            ValueError: ``X`` does not fit, or as `pysnn.simulate`.
        """
        samples = self._samples(X)
        return self._simulated(self.spiking_network_, samples, options)

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return what the spiking network says after its last step, in units of the ReLU network.

        From the potentials of a readout, or else from spike counts, times the scale of the outputs,
        by the number of steps: estimates of the outputs of ``network_``.

        Args:
            X: Samples, (num_samples, num_features).

        Returns:
            An output for each class, (num_samples, num_classes); of two classes, the second less
            the first, (num_samples,).

        Raises:
            NotFittedError: `fit` has not been called.
            ValueError: ``X`` does not fit.
        """
        outputs = self._outputs(X)
        return outputs[:, 1] - outputs[:, 0] if len(self.classes_) == 2 else outputs

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with the largest output; ties go to the first of ``classes_``.

        Args:
            X: Samples, (num_samples, num_features).

        Returns:
            Labels, (num_samples,).

        Raises:
            NotFittedError: `fit` has not been called.
            ValueError: ``X`` does not fit.
        """
        numbers = self._outputs(X).argmax(axis=1)
        labels: NDArray[Any] = self.classes_[numbers]
        return labels

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the softmax of the spiking network's outputs.

        The ReLU network is trained for its softmax to be probabilities (under cross-entropy, the
        default loss). Outputs of the spiking network are estimates of its outputs, so that these
        are as good as those, up to the error of the conversion. They are not calibrated further.

        Args:
            X: Samples, (num_samples, num_features).

        Returns:
            (num_samples, num_classes), rows of sum 1.

        Raises:
            NotFittedError: `fit` has not been called.
            ValueError: ``X`` does not fit.
        """
        probabilities: NDArray[np.float64] = softmax(self._outputs(X), axis=1)
        return probabilities

    def predict_log_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the logarithms of `predict_proba`.

        Args:
            X: Samples, (num_samples, num_features).

        Returns:
            (num_samples, num_classes).

        Raises:
            NotFittedError: `fit` has not been called.
            ValueError: ``X`` does not fit.
        """
        logarithms: NDArray[np.float64] = log_softmax(self._outputs(X), axis=1)
        return logarithms

    def _learn_classes(
        self, X: ArrayLike, y: ArrayLike
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return checked samples and numbers of classes, and keep what they stand for."""
        samples, labels = validate_data(self, X, y, dtype=np.float32)
        labels = column_or_1d(labels, warn=True)
        check_classification_targets(labels)
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("y has 1 class, but a classifier needs at least 2 classes")
        return samples, numbers.astype(np.int64)

    def _training(
        self, samples: NDArray[np.float32], numbers: NDArray[np.int64], seed: int
    ) -> dict[str, Any]:
        options = handed_on(
            self.train_options,
            "train_options",
            x=samples,
            y=numbers,
            epochs=self.epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            seed=seed,
            progress=self.progress,
        )
        return options if "recipe" in options else {**descent_for(len(samples)), **options}

    def _try(self, network: Network, samples: NDArray[np.float32]) -> None:
        largest = handed_on(self.convert_options, "convert_options").get("input_scale")
        if isinstance(largest, int | float) and 0 < largest < 1:
            samples *= largest
        snn = self._converted(network, samples, samples)
        self._simulated(snn, samples, {})

    def _converted(
        self, network: Network, samples: NDArray[np.float32], seen: NDArray[np.float32]
    ) -> SpikingNetwork:
        """Return the spiking network of one that has seen samples scaled."""
        options = handed_on(
            self.convert_options,
            "convert_options",
            x=samples,
            recipe=self.recipe,
            percentile=self.percentile,
            num_threads=self.num_threads,
            progress=self.progress,
        )
        choices = {name: value for name, value in options.items() if name in _RECIPE_FIELDS}
        chosen, is_named = choose(options.get("recipe"), **choices)
        if chosen.reads_num_steps and self.num_steps is not None:
            options.setdefault("num_steps", self.num_steps)
        given = handed_on(self.simulate_options, "simulate_options", encoding=self.encoding)
        if given.get("encoding", chosen.encoding if is_named else None) == "constant":
            options.setdefault("input_scale", roomy_input_scale(seen))
        return convert(network, **options)

    def _simulated(
        self, snn: SpikingNetwork, samples: NDArray[np.float32], options: Mapping[str, Any]
    ) -> SimulationResult:
        return simulate(snn, **self._simulation(snn, samples, options))

    def _simulation(
        self, snn: SpikingNetwork, samples: NDArray[np.float32], options: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the keywords of a simulation of these samples: given ones, else its own."""
        own = handed_on(
            self.simulate_options,
            "simulate_options",
            x=samples,
            num_steps=self.num_steps,
            encoding=self.encoding,
            num_threads=self.num_threads,
            progress=self.progress,
        )
        # Steps and time stand for each other, and what is about chance goes with it.
        for given, other in (("duration", "num_steps"), ("num_steps", "duration")):
            if options.get(given) is not None:
                own.pop(other, None)
        # An interval without a margin would be refused.
        if "stop_margin" in options and options["stop_margin"] is None:
            own.pop("stop_interval", None)
        is_random = _stimulus(snn, {**own, **options}).is_random
        if "encoding" in options and not is_random:
            for name in ("seed", "sample_ids"):
                own.pop(name, None)
        if is_random:
            own.setdefault("seed", self._seed)
            own.setdefault("sample_ids", _ids(samples))
        return {**own, **options}

    def _samples(self, X: ArrayLike) -> NDArray[np.float32]:
        check_is_fitted(self)
        samples: NDArray[np.float32] = validate_data(self, X, dtype=np.float32, reset=False)
        return self._limits.applied(samples)

    def _outputs(self, X: ArrayLike) -> NDArray[np.float64]:
        samples = self._samples(X)
        snn = self.spiking_network_
        options = self._simulation(snn, samples, {"keep_trains": False})
        stimulus = _stimulus(snn, options)
        return estimated_outputs(snn, simulate(snn, **options), stimulus.max_rate * stimulus.dt)


def _stimulus(snn: SpikingNetwork, options: Mapping[str, Any]) -> Stimulus:
    known = {
        name: options[name] for name in ("dt", "max_rate", "encoding", "scale") if name in options
    }
    return Stimulus.of(**known, of_network=snn.encoding)


def _ids(samples: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return numbers of samples for the generator of Poisson input that follow from the samples.

    A sample's spikes, and with them its class, then do not depend on the rows around it.
    """
    digests = [hashlib.blake2b(row.tobytes(), digest_size=8).digest() for row in samples]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
