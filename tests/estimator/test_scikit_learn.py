"""The classifier is an estimator of scikit-learn, by its checks and in its tools."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", minversion="1.6")

import pandas as pd
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import pysnn
from pysnn import SpikingClassifier

X, Y = load_iris(return_X_y=True)


def quick(**parameters: Any) -> SpikingClassifier:
    """Return a classifier that trains in a moment."""
    return SpikingClassifier(**{"hidden_layer_sizes": (10,), "random_state": 0, **parameters})


# Checks fit a handful of random samples, which no network learns in earnest.
@pytest.mark.filterwarnings("ignore::pysnn.training.TrainingWarning")
@parametrize_with_checks(
    [
        SpikingClassifier(),
        # The paper's: Poisson spikes, so that what they are drawn by is at stake.
        SpikingClassifier((20,), scaler="minmax", recipe="diehl2015", num_steps=200),
    ]
)
def test_it_passes_the_checks(estimator: SpikingClassifier, check: Callable[..., None]) -> None:
    check(estimator)


def test_a_grid_search_finds_settings_of_training_conversion_and_simulation() -> None:
    grid = {
        "hidden_layer_sizes": [(), (10,)],
        "recipe": ["robust", "rueckauer2017"],
        "percentile": [99.0, 100.0],
        "num_steps": [4],
    }
    search = GridSearchCV(quick(epochs=5), grid, cv=2).fit(X, Y)
    assert len(search.cv_results_["params"]) == 8
    assert search.best_estimator_.spiking_network_.recipe["method"] == "percentile"
    assert search.best_score_ == max(search.cv_results_["mean_test_score"]) > 0.6


def test_a_grid_search_chooses_among_networks() -> None:
    networks = [pysnn.models.mlp([4, size, 3], bias=True, seed=0) for size in (1, 10)]
    search = GridSearchCV(quick(hidden_layer_sizes=(100,)), {"network": networks}, cv=2).fit(X, Y)
    assert search.best_estimator_.network_.layer_shapes[1] == (10,)


def test_it_ends_a_pipeline_and_is_cross_validated_in_other_processes() -> None:
    pipeline = make_pipeline(StandardScaler(), quick(scaler="none", num_threads=1))
    scores = cross_val_score(pipeline, X, Y, cv=3, n_jobs=2)
    assert scores.min() > 0.85
    np.testing.assert_array_equal(scores, cross_val_score(pipeline, X, Y, cv=3))


def test_a_pickle_predicts_the_same_to_the_bit() -> None:
    fitted = quick().fit(X, Y)
    copy = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(copy.decision_function(X), fitted.decision_function(X))
    assert copy.spiking_network_ == fitted.spiking_network_


def test_a_clone_has_the_parameters_and_is_not_fitted() -> None:
    copy = clone(quick(train_options={"dropout": 0.1}).fit(X, Y))
    assert copy.get_params()["train_options"] == {"dropout": 0.1}
    assert not hasattr(copy, "spiking_network_")


def test_labels_may_be_words_and_features_may_have_names() -> None:
    flowers = load_iris(as_frame=True)
    words = np.array(["setosa", "versicolor", "virginica"])[flowers.target]
    fitted = quick().fit(flowers.data, words)
    assert list(fitted.classes_) == ["setosa", "versicolor", "virginica"]
    assert list(fitted.feature_names_in_) == list(flowers.data.columns)
    assert set(fitted.predict(flowers.data)) == set(words)
    assert fitted.score(flowers.data, words) > 0.9
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(pd.DataFrame(X, columns=list("abcd")))


def test_the_same_random_state_gives_the_same_network_and_another_one_another() -> None:
    first, again, other = (quick(random_state=seed, epochs=2).fit(X, Y) for seed in (1, 1, 2))
    assert first.spiking_network_ == again.spiking_network_ != other.spiking_network_
