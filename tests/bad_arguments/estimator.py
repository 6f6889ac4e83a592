"""Bad arguments of the scikit-learn estimator; what scikit-learn's own checks find is not here."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

from typing import Any

import numpy as np

import pysnn

from .calls import Row, Y, graph, image_net, net

X = np.random.default_rng(0).random((5, 4))


def fitted(**parameters: Any) -> pysnn.SpikingClassifier:
    """Fit a classifier of four features and two classes in one epoch."""
    return pysnn.SpikingClassifier(**{"epochs": 1, "random_state": 0, **parameters}).fit(X, Y)


ESTIMATOR: list[Row] = [
    (lambda _: fitted(hidden_layer_sizes=(3, 0)), ValueError, ("hidden_layer_sizes[1]", "0")),
    (lambda _: fitted(hidden_layer_sizes="3"), TypeError, ("hidden_layer_sizes", "str")),
    (lambda _: fitted(hidden_layer_sizes=2.5), TypeError, ("hidden_layer_sizes", "float")),
    (
        lambda _: fitted(hidden_layer_sizes=(5,), network=net()),
        ValueError,
        ("hidden_layer_sizes", "(5,)", "network"),
    ),
    (lambda _: fitted(network=3), TypeError, ("network", "int", "function")),
    (lambda _: fitted(network=lambda *_: 3), TypeError, ("network", "int", "Network")),
    (lambda _: fitted(network=pysnn.models.mlp([5, 2])), ValueError, ("network", "5", "4 feat")),
    (lambda _: fitted(network=graph()), ValueError, ("network", "(3,)", "2 classes")),
    (lambda _: fitted(network=image_net()), ValueError, ("network", "16 inputs", "4 features")),
    (lambda _: fitted(scaler="robust"), ValueError, ("scaler", "robust", "minmax")),
    (lambda _: fitted(epochs=0), ValueError, ("epochs", "0")),
    (lambda _: fitted(batch_size=0), ValueError, ("batch_size", "0")),
    (lambda _: fitted(learning_rate=-1), ValueError, ("learning_rate", "-1")),
    (lambda _: fitted(train_options=3), TypeError, ("train_options", "int", "dict")),
    (lambda _: fitted(train_options={"epochs": 3}), ValueError, ("train_options", "epochs")),
    (lambda _: fitted(train_options={"seed": 3}), ValueError, ("train_options", "seed")),
    (lambda _: fitted(train_options={"dropout": 1}), ValueError, ("dropout", "1")),
    (lambda _: fitted(train_options={"scale": 0.1}), ValueError, ("train_options", "scaler=")),
    (lambda _: fitted(convert_options={"scale": 0.1}), ValueError, ("convert_", "scaler=")),
    (lambda _: fitted(simulate_options={"scale": 0.1}), ValueError, ("simulate_", "scaler=")),
    (
        lambda _: fitted(scaler="none").fit(255 * X, Y),
        ValueError,
        ("X", "0 to", "scaler='minmax'"),
    ),
    (lambda _: fitted(recipe="best"), ValueError, ("recipe", "best", "calibrated")),
    (lambda _: fitted(percentile=101), ValueError, ("percentile", "101")),
    (lambda _: fitted(convert_options=[]), TypeError, ("convert_options", "list", "dict")),
    (
        lambda _: fitted(recipe="robust", convert_options={"recipe": "signed"}),
        ValueError,
        ("convert_options", "recipe"),
    ),
    (lambda _: fitted(convert_options={"x": X}), ValueError, ("convert_options", "x")),
    (lambda _: fitted(convert_options={"threshold": 0}), ValueError, ("threshold", "0")),
    (lambda _: fitted(num_steps=0), ValueError, ("num_steps", "0")),
    (lambda _: fitted(encoding="rate"), ValueError, ("encoding", "rate", "constant")),
    (lambda _: fitted(simulate_options="a"), TypeError, ("simulate_options", "str", "dict")),
    (
        lambda _: fitted(simulate_options={"num_steps": 3}),
        ValueError,
        ("simulate_options", "num_steps"),
    ),
    (lambda _: fitted(simulate_options={"x": X}), ValueError, ("simulate_options", "x")),
    (lambda _: fitted(simulate_options={"dt": 0}), ValueError, ("dt", "0")),
    (lambda _: fitted(num_threads=0), ValueError, ("num_threads", "0")),
    (lambda _: fitted().fit(X, Y[:4]), ValueError, ("[5, 4]",)),
    (lambda _: fitted().fit(X, Y * 0), ValueError, ("y", "1 class")),
    (lambda _: fitted().predict(X[:, :3]), ValueError, ("3 features", "4 features")),
    (lambda _: fitted().decision_function(X[:, :3]), ValueError, ("3 features", "4 features")),
    (lambda _: fitted().predict_proba(X[:, :3]), ValueError, ("3 features", "4 features")),
    (lambda _: fitted().predict_log_proba(X[:, :3]), ValueError, ("3 features", "4 features")),
    (lambda _: fitted().simulate(X[:, :3]), ValueError, ("3 features", "4 features")),
    (lambda _: fitted().simulate(X, record="all"), ValueError, ("record", "all")),
]
