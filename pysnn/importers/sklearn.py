"""Networks of scikit-learn: perceptrons, with what pipelines do to their inputs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._base.arrays import as_samples
from ..network import Network, Origin
from ..nodes import Affine, Linear, Node
from .comparison import compared, softmax
from .extras import load_library
from .refusal import RefusalError

_SCALERS = ("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler")
_MOST_LABELS = 20  # that a note writes out

_Doubles = NDArray[np.float64]
_Outputs = Callable[[NDArray[np.float32]], NDArray[np.floating]]


def from_sklearn(estimator: Any, *, x: ArrayLike | None = None) -> Network:
    """Return the network of a fitted multilayer perceptron of scikit-learn.

    Hidden layers are called ``"hidden1"`` and so on, the last one ``"output"``; it has no
    activation function, so that its outputs are scores: the largest is that of the predicted class.
    Scalers in front, in a `Pipeline`, become one `Affine` of the input, called like the last of
    them. ``docs/importing/sklearn.md`` says what becomes of each estimator.

    Args:
        estimator: A fitted ``MLPClassifier`` or ``MLPRegressor`` with ``activation="relu"``, or a
            ``Pipeline`` that ends in one, with scalers in front.
        x: Samples, (num_samples, num_features), as the estimator takes them, on which its outputs
            are compared with the network's; without them, random ones of the range that its
            weights expect.

    Returns:
        A chain of `Linear` layers. A classifier of two classes, which has one output here too, has
        two: 0 and its score. `Network.origin` says what was left out, how classes are labelled, and
        how far the outputs are from those of scikit-learn.

    Raises:
        ImportError: scikit-learn is not installed.
        TypeError: ``x`` does not hold floats.
        ValueError: The estimator is none of these, is not fitted, or has a setting that a `Network`
            can't show; or ``x`` does not fit it.
    """
    library = load_library("sklearn", "sklearn", "estimators of scikit-learn")
    try:
        *scalers, (name, model) = _steps(estimator)
        _check_perceptron(name, model, len(scalers))
        scale, shift = _input_factors(scalers, model.n_features_in_)
        network = _network(scalers, scale, shift, model)
    except RefusalError as error:
        raise ValueError(f"estimator: {error}") from None
    if x is None:
        # What the first layer reads is then of mean 0 and deviation 1, as in training.
        drawn = np.random.default_rng(0).standard_normal((3, model.n_features_in_))
        samples = ((drawn - shift) / scale).astype(np.float32)
    else:
        samples = as_samples(x, network.input_shape)
        if len(samples) == 0:
            raise ValueError("x has no samples, but a comparison needs one")
    last, notes = _left_out(model)
    return compared(
        network,
        Origin("scikit-learn", type(estimator).__name__, notes=notes),
        samples,
        _expected(estimator, samples),
        f"scikit-learn {library.__version__}",
        dropped=last,
    )


def _steps(estimator: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the steps of a pipeline, also of those within it, without those that do nothing."""
    if not isinstance(estimator, load_library("sklearn.pipeline", "sklearn", "pipelines").Pipeline):
        yield name or type(estimator).__name__.lower(), estimator
        return
    for inner, step in estimator.steps:
        if step is not None and not (isinstance(step, str) and step == "passthrough"):
            yield from _steps(step, inner)


def _check_perceptron(name: str, model: Any, num_before: int) -> None:
    networks = load_library("sklearn.neural_network", "sklearn", "perceptrons")
    kind = type(model).__name__
    if not isinstance(model, networks.MLPClassifier | networks.MLPRegressor):
        way = "train an MLPClassifier or MLPRegressor"
        if hasattr(model, "best_estimator_"):
            way = "pass its best_estimator_"
        elif num_before == 0 and not hasattr(model, "predict"):
            way = "pass a fitted MLPClassifier, MLPRegressor or a Pipeline that ends in one"
        raise RefusalError(name, kind, "is no multilayer perceptron", way)
    if not hasattr(model, "coefs_"):
        raise RefusalError(name, kind, "is not fitted", "call fit first")
    if model.activation != "relu" and len(model.coefs_) > 1:
        raise RefusalError(
            name, kind, f"has activation={model.activation!r}", "train it with activation='relu'"
        )


def _input_factors(scalers: list[tuple[str, Any]], num_features: int) -> tuple[_Doubles, _Doubles]:
    """Return what all scalers do to the features: times the first, plus the second."""
    scale, shift = np.ones(num_features), np.zeros(num_features)
    for i, (name, step) in enumerate(scalers):
        factor, offset = _factors(name, step, i)
        scale, shift = scale * factor, shift * factor + offset
    return scale, shift


def _factors(name: str, step: Any, place: int) -> tuple[Any, Any]:
    kind = type(step).__name__
    if not _is_a(step, *_SCALERS):
        raise RefusalError(
            name,
            kind,
            "is no scaling of the features by constants",
            f"apply it to the samples yourself, and pass pipeline[{place + 1}:]",
        )
    if not hasattr(step, "n_features_in_"):
        raise RefusalError(name, kind, "is not fitted", "call fit first")
    if getattr(step, "clip", False):
        raise RefusalError(
            name, kind, "has clip=True", "fit it with clip=False and keep samples in the range"
        )
    if _is_a(step, "MinMaxScaler"):
        return step.scale_, step.min_
    has_center, has_scale = _parts(step)
    factor = 1 / step.scale_ if has_scale else 1.0
    if not has_center:
        return factor, 0.0
    center = step.center_ if _is_a(step, "RobustScaler") else step.mean_
    return factor, -center * factor


def _is_a(step: Any, *kinds: str) -> bool:
    scalers = load_library("sklearn.preprocessing", "sklearn", "scalers")
    return isinstance(step, tuple(getattr(scalers, kind) for kind in kinds))


def _parts(step: Any) -> tuple[bool, bool]:
    """Return whether a scaler takes centres off, and whether it divides."""
    if hasattr(step, "with_mean"):
        return step.with_mean, step.with_std
    if hasattr(step, "with_centering"):
        return step.with_centering, step.with_scaling
    return False, True


def _network(
    scalers: list[tuple[str, Any]], scale: _Doubles, shift: _Doubles, model: Any
) -> Network:
    names: list[str] = []
    layers: list[Node] = []
    weights = [np.asarray(each, dtype=np.float64).T for each in model.coefs_]
    biases = [np.asarray(each, dtype=np.float64) for each in model.intercepts_]
    if _has_two_classes(model):
        weights[-1] = np.concatenate([np.zeros_like(weights[-1]), weights[-1]])
        biases[-1] = np.concatenate([np.zeros_like(biases[-1]), biases[-1]])
    if scalers:
        name, step = scalers[-1]
        names.append(_kept(name))
        with _refusing(name, step):
            layers.append(Affine(scale, shift))
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        is_last = i == len(weights)
        names.append("output" if is_last else f"hidden{i}")
        with _refusing(names[-1], model):
            layers.append(Linear(weight, bias, activation="none" if is_last else "relu"))
    return Network(layers, model.n_features_in_, layer_names=_distinct(names))


@contextmanager
def _refusing(name: str, step: Any) -> Iterator[None]:
    """Refuse a step whose numbers no node takes."""
    try:
        yield
    except ValueError as error:
        way_out = "train it again on scaled features"
        reason = f"can't be kept: {error}"
        raise RefusalError(name, type(step).__name__, reason, way_out) from None


def _kept(name: str) -> str:
    """Return a step's name as a network can keep it."""
    kept = name.replace("/", ".").replace("\0", "").strip(".").lstrip("_")
    return kept or "scaler"


def _distinct(names: list[str]) -> list[str]:
    """Return names of which the first, a scaler's, is no other's and not the input's."""
    first = names[0]
    while first in names[1:] or first == "input":
        first += "_scaler"
    return [first, *names[1:]]


def _has_two_classes(model: Any) -> bool:
    return hasattr(model, "classes_") and model.coefs_[-1].shape[1] == 1


def _left_out(model: Any) -> tuple[_Outputs | None, tuple[str, ...]]:
    """Return what scikit-learn does to the scores, and sentences about that and about labels."""
    last = model.out_activation_
    if last == "identity":
        return None, ()
    if last == "exp":
        return np.exp, (
            "the exponential of the outputs is left out: predictions are "
            "np.exp(network.predict(x))",
        )
    if last == "logistic" and not _has_two_classes(model):
        return _logistic, (
            "the logistic function of the outputs is left out: there is one score per label, and "
            "the labels of a sample are those with a score above 0",
        )
    notes = [f"the {last} function of the outputs is left out, which gives the same classes"]
    if _has_two_classes(model):
        notes[0] = (
            "the logistic function of the one output is left out: the outputs are 0 and its score"
        )
    labels = model.classes_
    if labels.dtype.kind not in "iu" or not np.array_equal(labels, np.arange(len(labels))):
        shown = ", ".join(repr(each) for each in labels[:_MOST_LABELS].tolist())
        more = ", ..." if len(labels) > _MOST_LABELS else ""
        notes.append(
            f"classes are numbered in the order of classes_, [{shown}{more}]: "
            f"classes_[network.classify(x)] are their labels"
        )
    return softmax, tuple(notes)


def _logistic(scores: NDArray[np.float32]) -> NDArray[np.floating]:
    # By tanh, which does not overflow.
    result: NDArray[np.floating] = (1 + np.tanh(scores.astype(np.float64) / 2)) / 2
    return result


def _expected(estimator: Any, samples: NDArray[np.float32]) -> NDArray[np.floating]:
    """Return the outputs of scikit-learn, (num_samples, num_outputs)."""
    outputs = getattr(estimator, "predict_proba", estimator.predict)
    with warnings.catch_warnings():
        # The features' names, which the estimator may have been fitted with, are no matter here.
        warnings.simplefilter("ignore")
        found: NDArray[np.floating] = outputs(samples.astype(np.float64))
    return found.reshape(len(samples), -1)
