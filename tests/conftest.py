"""Fixtures that several test files share: MNIST, and smaller networks trained once per test run."""

from __future__ import annotations

import math
import os
from typing import Any

# The reference's matrices are small: a second BLAS thread gains nothing, and where other work has
# the processors, threads that wait for each other take five times as long. Read when NumPy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# For this run, not for those that tests begin in other environments.
os.environ.pop("PYTEST_ADDOPTS", None)

import hypothesis
import pytest

import pysnn
from pysnn.datasets import Mnist

pytest_plugins = ["cpp_fixtures", "wheel_fixtures"]

# Examples are found from the test's name alone: a failure on one machine is one on all of them.
hypothesis.settings.register_profile("pysnn", derandomize=True, deadline=None, max_examples=50)
hypothesis.settings.load_profile("pysnn")


# Folders and files whose tests build the core, or need what others of them build.
BUILDS = ("tests/cpp/", "tests/packaging/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that build the core, which take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(BUILDS))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Keep a file's tests on one worker of pytest-xdist, and all builds on one."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "builds" if nodeid.startswith(BUILDS) else nodeid.split("::")[0]

    return Scheduling(config, log)


@pytest.fixture(scope="session")
def mnist() -> Mnist:
    """Return the digits that ship with the package; tests do not write to them."""
    return pysnn.datasets.load_mnist()


@pytest.fixture(scope="session")
def trained_mlp(mnist: Mnist) -> pysnn.Network:
    """Return a 784-100-100-10 network with biases, trained for two epochs on 4,000 digits."""
    network = pysnn.models.mlp((784, 100, 100, 10), bias=True, seed=1)
    _train(network, mnist, num_images=4000, epochs=2)
    return network


@pytest.fixture(scope="session")
def trained_convnet(mnist: Mnist) -> pysnn.Network:
    """Return a 28x28-4c5-2s-8c5-2s-10o network, trained for two epochs on 3,000 digits."""
    network = pysnn.models.convnet((1, 28, 28), (4, 8), kernel_size=5, pool=2, num_classes=10)
    _train(network, mnist, num_images=3000, epochs=2)
    return network


def _train(network: pysnn.Network, mnist: Mnist, *, num_images: int, epochs: int) -> None:
    pysnn.train(
        network,
        mnist.x_train[:num_images],
        mnist.y_train[:num_images],
        epochs=epochs,
        batch_size=50,
        learning_rate=0.1,
        momentum=0.9,
        dropout=0.0,
        loss="softmax_cross_entropy",
        max_gradient_norm=math.inf,
        seed=3,
        progress=False,
    )
