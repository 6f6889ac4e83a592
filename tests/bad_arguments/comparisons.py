"""Bad arguments of comparisons of conversions, and of the search for the cheapest one."""

# Wrong types are what half of the rows are about.
# mypy: disable-error-code="arg-type, list-item, call-overload"

from __future__ import annotations

from typing import Any

import pysnn
from pysnn.plotting import plot_accuracy_against_cost

from .calls import INF, NAN, Row, X, Y, dead, image_net, net, snn, with_value, written


def compared(**options: Any) -> pysnn.Comparison:
    """Compare one recipe on the 4-3-2 network."""
    arguments = {"x": X, "y": Y, "x_calibration": X, "recipes": ["robust"], "num_steps": 2}
    arguments |= {"num_threads": 1, **options}
    return pysnn.compare(arguments.pop("network", None) or net(), **arguments)


def tuned(**options: Any) -> pysnn.Tuning:
    """Tune the 4-3-2 network among the grid around one recipe."""
    arguments = {"x": X, "y": Y, "x_calibration": X, "recipes": ["robust"], "num_steps": 2}
    arguments |= {"max_loss": 0.9, "num_threads": 1, **options}
    return pysnn.tune(arguments.pop("network", None) or net(), **arguments)


def joined(*parts: Any) -> pysnn.Comparison:
    """Concatenate comparisons."""
    return pysnn.Comparison.concatenate(list(parts))


def of_both(call: Any) -> list[Row]:
    """Return the rows of arguments that both functions have."""
    return [
        (lambda _: call(network=snn()), TypeError, ("network", "SpikingNetwork", "Network")),
        (lambda _: call(network=image_net()), ValueError, ("x", "4 columns", "16 inputs")),
        (lambda _: call(network=dead()), ValueError, ("x", "4 columns", "1 inputs")),
        (lambda _: call(x=X[:, :3]), ValueError, ("x", "3 columns", "4 inputs")),
        (lambda _: call(x=X[:0], y=Y[:0]), ValueError, ("x", "no samples")),
        (lambda _: call(x=with_value(X, (1, 2), NAN)), ValueError, ("x[1, 2]", "nan")),
        (lambda _: call(x=X.astype(int)), TypeError, ("x", "int64", "scale")),
        (lambda _: call(x=9 * X), ValueError, ("recipes", "robust", "4.5", "[0, 1]")),
        (lambda _: call(y=Y[:3]), ValueError, ("y", "(3,)", "(5,)")),
        (lambda _: call(y=Y + 0.5), TypeError, ("y", "float64")),
        (lambda _: call(y=Y + 1), ValueError, ("y[1]", "2", "[0, 2)")),
        (lambda _: call(x_calibration=None), ValueError, ("x_calibration", "robust", "samples")),
        (lambda _: call(x_calibration=X[:0]), ValueError, ("x_calibration", "no samples")),
        (lambda _: call(x_calibration=X[:, :2]), ValueError, ("x_calibration", "2 columns")),
        (
            lambda _: call(x_calibration=with_value(X, (0, 0), INF)),
            ValueError,
            ("x_calibration[0, 0]", "inf"),
        ),
        (lambda _: call(recipes="robust"), TypeError, ("recipes", "str", "sequence")),
        (lambda _: call(recipes=[]), ValueError, ("recipes", "empty")),
        (lambda _: call(recipes=["best"]), ValueError, ("recipe", "'best'", "'robust'")),
        (lambda _: call(recipes=[3]), TypeError, ("recipes[0]", "int", "recipe")),
        (lambda _: call(recipes=["robust", "robust"]), ValueError, ("recipes[1]", "recipes[0]")),
        (lambda _: call(recipes=[("robust", 3)]), TypeError, ("recipes[0]", "robust", "mapping")),
        (
            lambda _: call(recipes=[("robust", {"x": X})]),
            ValueError,
            ("recipes[0]", "'x'", "keyword"),
        ),
        (
            lambda _: call(recipes=[("robust", {"neuron": "odd"})]),
            ValueError,
            ("neuron", "'odd'", "signed"),
        ),
        (
            lambda _: call(recipes=[("robust", {"encoding": "odd"})]),
            ValueError,
            ("recipes[0]", "encoding", "'odd'"),
        ),
        (lambda _: call(num_steps=0), ValueError, ("num_steps", "0")),
        (lambda _: call(num_steps=2.0), TypeError, ("num_steps", "float")),
        (lambda _: call(num_steps=[]), ValueError, ("num_steps", "empty")),
        (lambda _: call(num_steps=[2, 2]), ValueError, ("num_steps[1]", "2", "above")),
        (lambda _: call(num_steps=[1, 2.5]), TypeError, ("num_steps[1]", "float")),
        (lambda _: call(executor=3), TypeError, ("executor", "int", "submit")),
        (lambda _: call(num_threads=0), ValueError, ("num_threads", "0")),
        (lambda _: call(progress="yes"), TypeError, ("progress", "str")),
        (lambda _: call(seed=1), ValueError, ("seed", "random")),
        (lambda _: call(sample_ids=[1] * 5), ValueError, ("sample_ids", "random")),
        (
            lambda _: call(recipes=["diehl2015"], sample_ids=[1]),
            ValueError,
            ("sample_ids", "1", "5"),
        ),
        (lambda _: call(encoding="poisson"), TypeError, ("encoding", "recipe")),
        (lambda _: call(dt=0.0), ValueError, ("dt", "0")),
        (lambda _: call(max_rate=2000.0), ValueError, ("max_rate", "2.0", "1")),
        (lambda _: call(scale=0.0), ValueError, ("scale", "0")),
    ]


COMPARISONS: list[Row] = [
    *of_both(compared),
    *of_both(tuned),
    (
        lambda _: compared(recipes=[("diehl2015", {"method": "none"})]),
        ValueError,
        ("x_calibration", "no recipe"),
    ),
    (lambda _: compared(convert_steps=0), ValueError, ("convert_steps", "0")),
    (lambda _: compared(convert_steps=4), ValueError, ("convert_steps", "4", "no recipe")),
    (lambda _: joined(), ValueError, ("parts", "empty")),
    (lambda _: joined(compared(), 3), TypeError, ("parts[1]", "int", "Comparison")),
    (lambda _: pysnn.Comparison.concatenate(3), TypeError, ("parts", "int")),
    (
        lambda _: joined(compared(), compared(num_steps=3)),
        ValueError,
        ("parts[1]", "steps", "[3]", "[2]"),
    ),
    (
        lambda _: joined(compared(), compared(recipes=["signed"])),
        ValueError,
        ("parts[1]", "names", "signed"),
    ),
    (lambda _: compared().to_csv(3), TypeError, ("path", "int")),
    (lambda _: compared().to_json(3), TypeError, ("path", "int")),
    (lambda _: tuned(x=X[:1], y=Y[:1]), ValueError, ("x", "1 samples", "each part")),
    (lambda _: tuned(max_loss=-0.1), ValueError, ("max_loss", "-0.1")),
    (lambda _: tuned(max_loss=1.0), ValueError, ("max_loss", "1.0", "0.005")),
    (lambda _: tuned(max_loss="0"), TypeError, ("max_loss", "str")),
    (lambda _: tuned(cost="time"), ValueError, ("cost", "'time'", "operations")),
    (lambda _: tuned(percentiles=[0.0]), ValueError, ("percentile", "0.0", "(0, 100]")),
    (lambda _: tuned(percentiles=99.0), TypeError, ("percentiles", "float")),
    (
        lambda _: tuned(recipes=["diehl2015"], percentiles=[99.0]),
        ValueError,
        ("percentiles", "no recipe"),
    ),
    (lambda _: tuned(neurons=["odd"]), ValueError, ("neurons[0]", "'odd'", "signed")),
    (lambda _: tuned(neurons="if"), TypeError, ("neurons", "str")),
    (lambda _: tuned(readouts=["odd"]), ValueError, ("readouts[0]", "'odd'", "spikes")),
    (lambda _: tuned(candidates=["odd"]), ValueError, ("recipe", "'odd'")),
    (lambda _: tuned(candidates=3), TypeError, ("candidates", "int")),
    (lambda _: tuned(final_share=0.0), ValueError, ("final_share", "0.0")),
    (lambda _: tuned(final_share=1.0), ValueError, ("final_share", "1.0")),
    (lambda _: tuned(split_seed=-1), ValueError, ("split_seed", "-1")),
    (lambda _: tuned(budget=0.0), ValueError, ("budget", "0")),
    (lambda _: tuned(budget="1"), TypeError, ("budget", "str")),
    (
        lambda p: tuned(checkpoint=p / "a.json", split_seed=None),
        ValueError,
        ("split_seed", "None", "checkpoint"),
    ),
    (
        lambda p: tuned(checkpoint=p / "a.json", seed=None),
        ValueError,
        ("seed", "None", "checkpoint"),
    ),
    (lambda _: tuned(checkpoint=3), TypeError, ("checkpoint", "int")),
    (lambda p: tuned(checkpoint=written(p, b"{}")), ValueError, ("checkpoint", "tune has written")),
    (lambda p: tuned(checkpoint=p / "no" / "a.json"), FileNotFoundError, ("checkpoint", "folder")),
    (lambda _: tuned().front("time"), ValueError, ("cost", "'time'")),
    (lambda _: tuned().plot("time"), ValueError, ("cost", "'time'")),
    (lambda _: tuned().to_csv(3), TypeError, ("path", "int")),
    (lambda _: plot_accuracy_against_cost({}, xlabel="steps"), ValueError, ("curves", "empty")),
    (
        lambda _: plot_accuracy_against_cost(
            {"a": {"cost": [1, 2], "accuracy": [0.5]}}, xlabel="steps"
        ),
        ValueError,
        ("curves['a']", "2 costs", "1"),
    ),
    (
        lambda _: plot_accuracy_against_cost(
            {"a": {"cost": [1], "accuracy": [1.5]}}, xlabel="steps"
        ),
        ValueError,
        ("curves['a'].accuracy[0]", "1.5"),
    ),
]
