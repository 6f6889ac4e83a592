"""Small modules of PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn


class Function(nn.Module):
    """A module that is a function, with modules that it uses."""

    def __init__(self, function: Callable[..., Any], *modules: nn.Module) -> None:
        super().__init__()
        self.function = function
        self.parts = nn.ModuleList(modules)

    def forward(self, x: torch.Tensor) -> Any:
        """Return what the function gives."""
        return self.function(x, *self.parts)


class Variants(nn.Module):
    """Modules beside each other that read the same; their outputs are one vector."""

    def __init__(self, *modules: nn.Module) -> None:
        super().__init__()
        self.parts = nn.ModuleList(modules)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return all outputs behind a ReLU."""
        return torch.cat([torch.relu(part(x)).flatten(1) for part in self.parts], 1)


def with_statistics(model: nn.Module) -> nn.Module:
    """Return the module with random running statistics."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) and module.running_mean is not None:
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
    return model
