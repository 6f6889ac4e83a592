"""PyTorch modules, as `torch.export` sees them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...network import Network, Origin
from ..comparison import compared, log_softmax, softmax
from ..extras import load_library
from ..refusal import RefusalError
from .walk import walked


def from_torch(model: Any, example: Any) -> Network:
    """Return the network of a PyTorch module in evaluation mode, with its weights copied.

    The module is traced with `torch.export`, so that functions such as ``F.relu`` and ``+`` count
    as much as modules. Nodes have the names of the modules; printing the network shows how far its
    outputs are from the module's. ``docs/importing.md`` lists the operators.

    Args:
        model: A ``torch.nn.Module`` that takes one tensor and gives one. It is left as it was.
        example: A batch of samples as the module takes it, (num_samples, ...): a tensor or an
            array of real numbers. Outputs are compared on it.

    Returns:
        The network; without a softmax at the end, which changes no prediction.

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
    was_training = {module: module.training for module in model.modules()}
    try:
        model.eval()
        with torch.no_grad():
            program = _exported(torch, model, x)
            try:
                walk = walked(torch, program)
                network = walk.network()
            except RefusalError as error:
                raise ValueError(f"model has {error}") from None
            expected = model(x)
    finally:
        for module, training in was_training.items():
            module.training = training
    origin = Origin("PyTorch", type(model).__name__, notes=walk.notes)
    dropped = softmax if walk.dropped == "softmax" else log_softmax
    return compared(
        network,
        origin,
        x.detach().cpu().to(torch.float32).numpy().reshape(len(x), *network.input_shape),
        expected.detach().cpu().to(torch.float64).numpy(),
        f"torch {torch.__version__}",
        dropped=dropped if walk.dropped else None,
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
    if example.dtype not in (torch.float32, torch.float64):
        raise TypeError(
            f"example holds {example.dtype}, but must hold float32 or float64: convert example and "
            f"model by .float()"
        )
    if not 2 <= example.dim() <= 4 or 0 in example.shape:
        raise ValueError(
            f"example has shape {tuple(example.shape)}, but must be (num_samples, num_inputs), "
            f"(num_samples, channels, length) or (num_samples, channels, height, width)"
        )
    return example


def _exported(torch: Any, model: Any, x: Any) -> Any:
    try:
        # In float and in double alike, so that a module in half precision is not run in it.
        return torch.export.export(model, (x,), strict=False).run_decompositions()
    # torch says by many kinds of exception that it can't trace a module, or run it on the example.
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = lines[0] if lines else type(error).__name__
        raise ValueError(f"model can't be traced on example by torch.export: {reason}") from error
