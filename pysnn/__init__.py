"""Spiking neural networks from trained ReLU networks, simulated exactly and fast.

>>> import pysnn
>>> mnist = pysnn.datasets.load_mnist()
>>> network = pysnn.models.diehl2015_fcn(seed=0)
>>> history = pysnn.train(network, mnist.x_train, mnist.y_train)       # doctest: +SKIP
>>> snn = pysnn.convert(network, method="data", x=mnist.x_train)       # doctest: +SKIP
>>> result = pysnn.simulate(snn, mnist.x_test, duration=0.1)           # doctest: +SKIP
>>> result.accuracy(mnist.y_test)[-1]                                  # doctest: +SKIP
"""

try:
    from ._core import __version__
except ModuleNotFoundError as _error:
    if _error.name != f"{__name__}._core":
        raise
    # This is the source folder, which Python started in a checkout finds before the installed
    # package. The extension is only there, and one package must not be made of two.
    from ._checkout import hand_over

    hand_over(__name__)
else:
    from . import datasets, experiments, io, metrics, models
    from ._base.system import STREAM_VERSION, cpu_target, default_num_threads, has_openmp
    from ._paths import get_cmake_dir, get_include
    from .conversion import Normalization, convert, normalize
    from .diagnosis import ConversionReport, diagnose
    from .io import ModelFileError, load, save
    from .network import Network
    from .nodes import AvgPool2d, Conv2d, Flatten, Linear
    from .spiking import (
        Balance,
        Population,
        Projection,
        Simulation,
        SimulationResult,
        SpikingNetwork,
        poisson_spikes,
        regular_spikes,
        simulate,
    )
    from .training import History, train

    __all__ = [
        "STREAM_VERSION",
        "AvgPool2d",
        "Balance",
        "Conv2d",
        "ConversionReport",
        "Flatten",
        "History",
        "Linear",
        "ModelFileError",
        "Network",
        "Normalization",
        "Population",
        "Projection",
        "Simulation",
        "SimulationResult",
        "SpikingNetwork",
        "__version__",
        "convert",
        "cpu_target",
        "datasets",
        "default_num_threads",
        "diagnose",
        "experiments",
        "get_cmake_dir",
        "get_include",
        "has_openmp",
        "io",
        "load",
        "metrics",
        "models",
        "normalize",
        "poisson_spikes",
        "regular_spikes",
        "save",
        "simulate",
        "train",
    ]
