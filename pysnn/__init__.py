"""Spiking neural networks from trained ReLU networks, simulated exactly and fast.

>>> import pysnn
>>> mnist = pysnn.datasets.load_mnist()
>>> network = pysnn.models.diehl2015_fcn(seed=0)
>>> history = pysnn.train(network, mnist.x_train, mnist.y_train)       # doctest: +SKIP
>>> snn = pysnn.convert(network, method="data", x=mnist.x_train)       # doctest: +SKIP
>>> result = pysnn.simulate(snn, mnist.x_test, duration=0.1)           # doctest: +SKIP
>>> result.score(mnist.y_test)                                         # doctest: +SKIP
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
    from typing import TYPE_CHECKING as _TYPE_CHECKING

    from . import datasets, io, models, parallel
    from ._base.system import STREAM_VERSION, cpu_target, default_num_threads, has_openmp
    from ._paths import get_cmake_dir, get_include
    from .conversion import (
        FoldedNetwork,
        Normalization,
        QuantizedNetwork,
        Recipe,
        convert,
        fold,
        normalize,
        quantize,
        recipes,
    )
    from .io import ModelFileError, load, save
    from .network import Network
    from .nodes import (
        Add,
        Affine,
        AvgPool2d,
        BatchNorm,
        Concat,
        Conv2d,
        Flatten,
        Identity,
        Linear,
        MaxPool2d,
        Pad,
        ReLU,
    )
    from .spiking import (
        Balance,
        Population,
        Projection,
        RecordFiles,
        Simulation,
        SimulationResult,
        SpikingNetwork,
        poisson_spikes,
        regular_spikes,
        simulate,
    )
    from .training import History, train

    if _TYPE_CHECKING:
        from . import diagnosis, experiments, exporters, importers, metrics, plotting, reproduction
        from .diagnosis import ConversionErrors, ConversionReport, conversion_errors, diagnose
        from .estimator import SpikingClassifier as SpikingClassifier
        from .experiments.compare import Comparison, compare
        from .experiments.tune import Tuning, tune
        from .exporters import to_integers, to_nir
        from .importers import (
            from_keras,
            from_matlab,
            from_nir,
            from_onnx,
            from_sklearn,
            from_torch,
            load_torch_weights,
        )

    # Read when they are first asked for: most programs never ask.
    _LATE = {
        "Comparison": "experiments.compare",
        "ConversionErrors": "diagnosis",
        "ConversionReport": "diagnosis",
        "SpikingClassifier": "estimator",
        "Tuning": "experiments.tune",
        "compare": "experiments.compare",
        "conversion_errors": "diagnosis",
        "cli": None,
        "diagnose": "diagnosis",
        "diagnosis": None,
        "estimator": None,
        "experiments": None,
        "exporters": None,
        "from_keras": "importers",
        "from_matlab": "importers",
        "from_nir": "importers",
        "from_onnx": "importers",
        "from_sklearn": "importers",
        "from_torch": "importers",
        "importers": None,
        "load_torch_weights": "importers",
        "metrics": None,
        "plotting": None,
        "reproduction": None,
        "to_integers": "exporters",
        "to_nir": "exporters",
        "tune": "experiments.tune",
    }

    def __getattr__(name: str) -> object:
        if name not in _LATE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home = _LATE[name]
        module = import_module(f"{__name__}.{home or name}")
        value = module if home is None else getattr(module, name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        from pkgutil import iter_modules

        rooms = [each.name for each in iter_modules(__path__)]
        return sorted({*__all__, *_LATE, *(name for name in rooms if not name.startswith("_"))})

    # Without SpikingClassifier: `from pysnn import *` must not need scikit-learn.
    __all__ = [
        "STREAM_VERSION",
        "Add",
        "Affine",
        "AvgPool2d",
        "Balance",
        "BatchNorm",
        "Comparison",
        "Concat",
        "Conv2d",
        "ConversionErrors",
        "ConversionReport",
        "Flatten",
        "FoldedNetwork",
        "History",
        "Identity",
        "Linear",
        "MaxPool2d",
        "ModelFileError",
        "Network",
        "Normalization",
        "Pad",
        "Population",
        "Projection",
        "QuantizedNetwork",
        "ReLU",
        "Recipe",
        "RecordFiles",
        "Simulation",
        "SimulationResult",
        "SpikingNetwork",
        "Tuning",
        "__version__",
        "compare",
        "conversion_errors",
        "convert",
        "cpu_target",
        "datasets",
        "default_num_threads",
        "diagnose",
        "diagnosis",
        "experiments",
        "exporters",
        "fold",
        "from_keras",
        "from_matlab",
        "from_nir",
        "from_onnx",
        "from_sklearn",
        "from_torch",
        "get_cmake_dir",
        "get_include",
        "has_openmp",
        "importers",
        "io",
        "load",
        "load_torch_weights",
        "metrics",
        "models",
        "normalize",
        "parallel",
        "plotting",
        "poisson_spikes",
        "quantize",
        "recipes",
        "regular_spikes",
        "reproduction",
        "save",
        "simulate",
        "to_integers",
        "to_nir",
        "train",
        "tune",
    ]
