"""The comparison of a network with the Keras model that it comes from."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...network import Network, Origin
from ..comparison import compared, log_softmax, softmax

_OTHER_AVERAGE = (
    "an average pool has unequal padding, which Keras with PyTorch fills with the border, and with "
    "TensorFlow and JAX leaves out, as here"
)
_Floats = NDArray[np.float32]


class UnsafeError(Exception):
    """Says why Keras is not let to load a file."""


@dataclass(frozen=True, eq=False)
class Imported:
    """A network and what it is compared on.

    Attributes:
        network: The network.
        origin: Where it comes from.
        samples: Samples as Keras takes them.
        x: The same as the network takes them.
        output_axes: Axes of Keras's outputs in the network's order.
        dropped: Name of the function that Keras ends with and the network does not, or None.
        differs_by_backend: Whether Keras with PyTorch is known to give other outputs.
    """

    network: Network
    origin: Origin
    samples: _Floats
    x: _Floats
    output_axes: Sequence[int]
    dropped: str | None
    differs_by_backend: bool


def checked(imported: Imported, load: Callable[[], tuple[Any, Any]]) -> Network:
    """Return the network with what the comparison gives, or why there is none.

    Args:
        imported: The network.
        load: Returns Keras and its model.

    Raises:
        ValueError: The outputs differ by more than rounding.
    """
    try:
        # What Keras and its backend have to say of the file is not ours to say.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            keras, model = load()
            expected = _outputs(model, imported.samples).transpose(imported.output_axes)
    except ModuleNotFoundError as error:
        note = None if error.name == "keras" else f"Keras does not run it: {error}"
        return _noted(imported, note)
    except UnsafeError as error:
        return _noted(imported, f"Keras is not let to load it: {error}")
    # A backend may be missing or old.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        return _noted(imported, f"Keras does not run it: {reason[:200]}")
    if imported.differs_by_backend and keras.backend.backend() == "torch":
        return _noted(imported, _OTHER_AVERAGE)
    functions = {"softmax": softmax, "log_softmax": log_softmax, "sigmoid": _sigmoid}
    return compared(
        imported.network,
        imported.origin,
        imported.x,
        expected,
        f"keras {keras.__version__}",
        dropped=None if imported.dropped is None else functions[imported.dropped],
    )


def _noted(imported: Imported, note: str | None) -> Network:
    origin = imported.origin
    notes = origin.notes if note is None else (*origin.notes, note)
    return Network.from_graph(imported.network.graph, replace(origin, notes=notes))


def _outputs(model: Any, samples: _Floats) -> NDArray[np.floating]:
    found = model(samples, training=False)
    # Models whose only output has a name, or stands in a list.
    if isinstance(found, dict):
        (found,) = found.values()
    if isinstance(found, list | tuple):
        (found,) = found
    outputs: NDArray[np.floating] = np.asarray(
        found.detach().cpu().numpy() if hasattr(found, "detach") else found
    )
    return outputs


def _sigmoid(outputs: NDArray[np.floating]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 1 / (1 + np.exp(-np.asarray(outputs, dtype=np.float64)))
    return result
