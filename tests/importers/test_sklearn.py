"""Networks of scikit-learn give its probabilities and predictions."""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import pysnn

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.compose import TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    RobustScaler,
    StandardScaler,
)

RNG = np.random.default_rng(7)
X = RNG.normal([100.0, -3.0, 0.0, 0.5], [20.0, 1.0, 0.1, 4.0], (60, 4)).astype(np.float32)
Y = (X[:, 0] > 100).astype(int) + (X[:, 1] > -3)


def fitted(model: Any, y: NDArray[Any] = Y) -> Any:
    """Return a model after a few passes over the samples."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(X, y)


def classifier(**settings: Any) -> MLPClassifier:
    """Return a small classifier."""
    return MLPClassifier(
        **{"hidden_layer_sizes": (6, 5), "max_iter": 15, "random_state": 0, **settings}
    )


def regressor(**settings: Any) -> MLPRegressor:
    """Return a small regressor."""
    return MLPRegressor(
        **{"hidden_layer_sizes": (6,), "max_iter": 15, "random_state": 0, **settings}
    )


def check_origin(network: pysnn.Network, *notes: str) -> None:
    """Check that the outputs were compared, and what else is said."""
    assert network.origin is not None
    assert network.origin.format == "scikit-learn"
    assert network.origin.framework is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-5
    assert len(network.origin.notes) == len(notes)
    for said, words in zip(network.origin.notes, notes, strict=True):
        assert words in said


def probabilities(scores: NDArray[Any]) -> NDArray[Any]:
    """Return the softmax of scores."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_a_classifier_becomes_a_chain_whose_softmax_are_its_probabilities() -> None:
    model = fitted(classifier())
    network = pysnn.from_sklearn(model, x=X)
    assert network.layer_names == ("hidden1", "hidden2", "output")
    assert [layer.activation for layer in network.layers] == ["relu", "relu", "none"]
    np.testing.assert_allclose(
        probabilities(network.predict(X)), model.predict_proba(X), rtol=1e-4, atol=1e-6
    )
    check_origin(network, "the softmax function of the outputs is left out")
    assert network.origin is not None
    assert network.origin.num_samples == 60


def test_a_classifier_of_two_classes_has_the_outputs_0_and_its_score() -> None:
    model = fitted(make_pipeline(StandardScaler(), classifier()), Y > 0)
    network = pysnn.from_sklearn(model)
    outputs = network.predict(X)
    assert outputs.shape == (60, 2)
    assert not outputs[:, 0].any()
    np.testing.assert_allclose(probabilities(outputs), model.predict_proba(X), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(model.classes_[network.classify(X)], model.predict(X))
    check_origin(network, "the outputs are 0 and its score", "classes_, [False, True]")


def test_a_score_of_0_is_the_first_class_as_in_scikit_learn() -> None:
    model = fitted(classifier(), Y > 0)
    for array in (model.coefs_[-1], model.intercepts_[-1]):
        array[...] = 0
    network = pysnn.from_sklearn(model)
    np.testing.assert_array_equal(model.classes_[network.classify(X)], model.predict(X))


def test_labels_of_any_kind_are_kept_in_a_note() -> None:
    names = np.array(["ant", "bee", "cat"])
    model = fitted(make_pipeline(StandardScaler(), classifier()), names[Y])
    network = pysnn.from_sklearn(model)
    np.testing.assert_array_equal(names[network.classify(X)], model.predict(X))
    check_origin(network, "softmax", "['ant', 'bee', 'cat']: classes_[network.classify(x)]")


def test_several_labels_per_sample_have_a_score_each() -> None:
    labels = np.stack([X[:, 0] > 100, X[:, 1] > -3, X[:, 2] > 0], axis=1).astype(int)
    model = fitted(make_pipeline(StandardScaler(), classifier()), labels)
    network = pysnn.from_sklearn(model)
    np.testing.assert_array_equal(network.predict(X) > 0, model.predict(X))
    check_origin(network, "those with a score above 0")


@pytest.mark.parametrize("y", [X[:, 0] / 50, X[:, :2]], ids=["one", "two"])
def test_a_regressor_gives_its_predictions(y: NDArray[Any]) -> None:
    model = fitted(make_pipeline(StandardScaler(), regressor()), y)
    network = pysnn.from_sklearn(model)
    expected = model.predict(X).reshape(60, -1)
    np.testing.assert_allclose(network.predict(X), expected, rtol=1e-4, atol=1e-4)
    check_origin(network)


def test_a_regressor_of_counts_gives_their_logarithms() -> None:
    if "loss" not in MLPRegressor().get_params():
        pytest.skip("this scikit-learn has no losses to choose")
    model = fitted(make_pipeline(StandardScaler(), regressor(loss="poisson")), Y)
    network = pysnn.from_sklearn(model)
    np.testing.assert_allclose(np.exp(network.predict(X))[:, 0], model.predict(X), rtol=1e-4)
    check_origin(network, "np.exp(network.predict(x))")


@pytest.mark.parametrize(
    "scaler",
    [
        StandardScaler(),
        StandardScaler(with_mean=False),
        StandardScaler(with_std=False),
        StandardScaler(with_mean=False, with_std=False),
        MinMaxScaler(),
        MinMaxScaler((-1, 3)),
        MaxAbsScaler(),
        RobustScaler(),
        RobustScaler(with_centering=False),
        RobustScaler(with_scaling=False),
    ],
    ids=str,
)
def test_a_scaler_becomes_an_affine_of_the_input(scaler: Any) -> None:
    model = fitted(Pipeline([("scaling", scaler), ("net", classifier())]))
    network = pysnn.from_sklearn(model)
    assert network.layer_names == ("scaling", "hidden1", "hidden2", "output")
    np.testing.assert_allclose(
        probabilities(network.predict(X)), model.predict_proba(X), rtol=1e-3, atol=1e-5
    )


def test_scalers_behind_each_other_are_one_affine() -> None:
    inner = make_pipeline("passthrough", RobustScaler())
    model = fitted(make_pipeline(StandardScaler(), inner, MinMaxScaler(), classifier()))
    network = pysnn.from_sklearn(model)
    assert network.layer_names == ("minmaxscaler", "hidden1", "hidden2", "output")
    np.testing.assert_allclose(
        probabilities(network.predict(X)), model.predict_proba(X), rtol=1e-3, atol=1e-5
    )


@pytest.mark.parametrize("name", ["hidden1", "input", "a/b"])
def test_names_that_a_network_can_not_keep_are_changed(name: str) -> None:
    model = fitted(Pipeline([(name.replace("/", "|"), StandardScaler()), ("net", classifier())]))
    model.steps[0] = (name, model.steps[0][1])
    first, *others = pysnn.from_sklearn(model).layer_names
    assert first not in (*others, "input")


def test_a_network_converts_with_its_scaler() -> None:
    model = fitted(make_pipeline(StandardScaler(), classifier(max_iter=200)))
    network = pysnn.from_sklearn(model)
    snn = pysnn.convert(network, x=X, recipe="robust")
    result = pysnn.simulate(snn, X, duration=0.2, encoding="constant")
    assert (model.classes_[result.predictions] == model.predict(X)).mean() > 0.9


def pipeline(*steps: Any) -> Any:
    """Return a fitted pipeline that ends in a classifier."""
    return fitted(make_pipeline(*steps, classifier()))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: fitted(classifier(activation="tanh")), ("activation='tanh'", "activation='relu'")),
        (lambda: fitted(regressor(activation="logistic")), ("MLPRegressor", "'logistic'")),
        (classifier, ("'mlpclassifier' (MLPClassifier) is not fitted", "fit first")),
        (lambda: make_pipeline(StandardScaler(), classifier()), ("is not fitted",)),
        (
            lambda: make_pipeline(StandardScaler(), fitted(classifier())),
            ("'standardscaler' (StandardScaler) is not fitted",),
        ),
        (lambda: pipeline(MinMaxScaler(clip=True)), ("(MinMaxScaler) has clip=True", "clip=False")),
        (
            lambda: pipeline(StandardScaler(), FunctionTransformer()),
            ("(FunctionTransformer) is no scaling", "yourself, and pass pipeline[2:]"),
        ),
        (lambda: pipeline(PCA(2)), ("'pca' (PCA) is no scaling", "pipeline[1:]")),
        (
            lambda: fitted(LogisticRegression(max_iter=10)),
            ("'logisticregression' (LogisticRegression) is no multilayer perceptron",),
        ),
        (
            lambda: fitted(GridSearchCV(classifier(), {"alpha": [1e-3]}, cv=2)),
            ("pass its best_estimator_",),
        ),
        (
            lambda: fitted(TransformedTargetRegressor(regressor()), X[:, 0]),
            ("(TransformedTargetRegressor) is no multilayer perceptron",),
        ),
        (lambda: 3, ("'int' (int) is no multilayer perceptron", "pass a fitted MLPClassifier")),
    ],
)
def test_what_a_network_can_not_show_is_refused_by_name(make: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"^estimator: node ") as caught:
        pysnn.from_sklearn(make())
    for each in words:
        assert each in str(caught.value)


def test_a_network_without_hidden_layers_has_no_activation_to_refuse() -> None:
    model = fitted(classifier(hidden_layer_sizes=(), activation="tanh"))
    assert pysnn.from_sklearn(model).layer_names == ("output",)


def test_weights_that_are_no_numbers_are_refused() -> None:
    model = fitted(classifier())
    model.coefs_[0][0, 0] = np.nan
    with pytest.raises(ValueError, match=r"node 'hidden1' \(MLPClassifier\) can't be kept: weight"):
        pysnn.from_sklearn(model)


@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        (X[:, :3], ValueError, "x has 3 columns, but the network has 4 inputs"),
        (X[:0], ValueError, "x has no samples"),
        (X.astype(int), TypeError, "x has dtype int64"),
    ],
)
def test_samples_that_do_not_fit_are_refused(
    x: NDArray[Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=re.escape(words)):
        pysnn.from_sklearn(fitted(classifier()), x=x)


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match=r"need sklearn, .* pip install scikit-learn"):
        pysnn.from_sklearn(None)


def test_the_example_of_the_documentation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = Path(__file__).resolve().parents[2] / "docs/importing/sklearn.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        exec(code, {})
    before, after = (float(word) for word in capsys.readouterr().out.split())
    assert before > 0.9
    assert after > before - 0.01
