"""PyTorch modules, as `torch.export` sees them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...network import Network, Origin
from ..comparison import compared
from ..extras import load_library
from ..refusal import RefusalError
from .tracing import check_takes_one_tensor, in_full_precision, traced
from .walk import walked


def from_torch(model: Any, example: Any) -> Network:
    """Return the network of a PyTorch module in evaluation mode, with its weights copied.

    The module is traced with `torch.export`, so that functions such as ``F.relu`` and ``+`` count
    as much as modules. Nodes have the names of the modules; printing the network shows how far its
    outputs are from the module's. ``docs/importing/torch.md`` lists
    the operators.

    Args:
        model: A ``torch.nn.Module`` that takes one tensor and gives one, in any precision (its
            numbers become float32). It is left as it was.
        example: A batch of any number of samples as the module takes it, (num_samples, ...): a
            tensor or an array of real numbers. Outputs are compared on it.

    Returns:
        The network; without a softmax, sigmoid or argmax at the end, which changes no
        prediction.

    Raises:
        ImportError: torch is not installed.
        TypeError: ``model`` is no module, or ``example`` no tensor or array of real numbers.
        ValueError: ``example`` does not fit, or a node (which is named) can't be a part of a
            `Network`.

    Example:
        >>> network = pysnn.from_torch(model, torch.zeros(1, 3, 32, 32))  # doctest: +SKIP
    """
    torch = load_library("torch", "torch", "PyTorch modules")
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"model is a {type(model).__name__}, but must be a torch.nn.Module")
    x = _checked_example(torch, example)
    name = type(model).__name__
    check_takes_one_tensor(model, x)
    model, x = in_full_precision(torch, model, x)
    was_training = {module: module.training for module in model.modules()}
    try:
        model.eval()
        with torch.no_grad():
            try:
                walk = walked(torch, traced(torch, model, x))
                network = walk.network()
            except RefusalError as error:
                raise ValueError(f"model: {error}") from None
            # Modules may work in place, on their input too.
            expected = model(x.clone())
    finally:
        for module, training in was_training.items():
            module.training = training
    if not isinstance(expected, torch.Tensor):
        raise ValueError(
            f"model returns a {type(expected).__name__}, but must return a tensor: wrap it in a "
            f"module that does"
        )
    origin = Origin("PyTorch", name, notes=walk.notes)
    return compared(
        network,
        origin,
        x.detach().cpu().to(torch.float32).numpy().reshape(len(x), *network.input_shape),
        expected.detach().cpu().to(torch.float64).numpy(),
        f"torch {torch.__version__}",
        dropped=None if walk.ending is None else walk.ending.function,
    )


def _checked_example(torch: Any, example: Any) -> Any:
    if isinstance(example, np.ndarray):
        if example.dtype.kind not in "fiu":
            raise TypeError(f"example holds {example.dtype}, but must hold real numbers")
        example = torch.from_numpy(np.array(example, dtype=np.float32))
    if not isinstance(example, torch.Tensor):
        raise TypeError(
            f"example is a {type(example).__name__}, but must be a torch.Tensor or an array"
        )
    if not example.dtype.is_floating_point:
        raise TypeError(
            f"example holds {example.dtype}, but must hold real numbers: convert it by .float()"
        )
    if not 2 <= example.dim() <= 4 or 0 in example.shape:
        raise ValueError(
            f"example has shape {tuple(example.shape)}, but must be (num_samples, num_inputs), "
            f"(num_samples, channels, length) or (num_samples, channels, height, width)"
        )
    return example
