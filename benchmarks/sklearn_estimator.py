"""`pysnn.SpikingClassifier` beside scikit-learn's `MLPClassifier`: accuracy on digits and MNIST.

Both have 100 hidden neurons and their default settings, behind the same scaling of the features;
each row is the lowest and the highest accuracy over some seeds. Digits are split in halves, MNIST
is the first 5,000 training images and all test images.

Usage:
    python benchmarks/sklearn_estimator.py [--num-seeds 3] [--num-steps 8 16 64]
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

import pysnn

NUM_MNIST = 5000
SCALERS = {"standard": StandardScaler, "minmax": MinMaxScaler}

Split = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]


def digits() -> Split:
    """Return samples to train on and to test with, and their labels."""
    x, y = load_digits(return_X_y=True)
    split: Split = train_test_split(
        x.astype(np.float32), y, test_size=0.5, random_state=0, stratify=y
    )
    return split


def mnist() -> Split:
    """Return the same of MNIST, flat."""
    data = pysnn.datasets.load_mnist()
    x = data.x_train[:NUM_MNIST].reshape(NUM_MNIST, -1)
    x_test = data.x_test.reshape(len(data.x_test), -1)
    return x, x_test, data.y_train[:NUM_MNIST], data.y_test


def accuracies(split: Split, scaler: str, seed: int, steps: Sequence[int]) -> list[float]:
    """Return those of scikit-learn, of the ReLU network, and of the spiking one by steps."""
    x, x_test, y, y_test = split
    theirs = make_pipeline(SCALERS[scaler](), MLPClassifier(random_state=seed)).fit(x, y)
    found = [theirs.score(x_test, y_test)]
    for num_steps in steps:
        ours = pysnn.SpikingClassifier(scaler=scaler, num_steps=num_steps, random_state=seed)
        ours.fit(x, y)
        if num_steps == steps[0]:
            found.append(ours.network_.accuracy(x_test, y_test))
        found.append(ours.score(x_test, y_test))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--num-seeds", type=int, default=3, help="from 0 on (default 3)")
    parser.add_argument("--num-steps", type=int, nargs="+", default=[8, 16, 64])
    options = parser.parse_args()
    # MLPClassifier ends after its 200 passes, whether it has converged or not.
    warnings.simplefilter("ignore", ConvergenceWarning)
    spiking = " | ".join(f"{num_steps} steps" for num_steps in options.num_steps)
    print(f"| data | scaling | MLPClassifier | ReLU network | {spiking} |")
    print(f"| --- | --- | --- | --- |{' --- |' * len(options.num_steps)}")
    for name, split in (("digits", digits()), ("MNIST", mnist())):
        for scaler in SCALERS:
            rows = [
                accuracies(split, scaler, seed, options.num_steps)
                for seed in range(options.num_seeds)
            ]
            cells = [
                f"{100 * min(each):.2f} to {100 * max(each):.2f} %"
                for each in zip(*rows, strict=True)
            ]
            print(f"| {name} | {scaler} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
