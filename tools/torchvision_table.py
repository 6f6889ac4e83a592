"""What becomes of torchvision's models, as the table of docs/importing/torchvision.md.

Models have random weights and random running statistics, and are compared on two random images;
these are as small as a model allows. torchvision brings a torch of its own: run this in an
environment apart.

Usage:
    python tools/torchvision_table.py docs/importing/torchvision.md [--models resnet18 vgg11_bn]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import torch
import torchvision

import pysnn

# Pixels of a side. Those of 224 pool to a fixed size, which smaller images do not fill.
MODELS: dict[str, int] = {
    "alexnet": 224,
    "convnext_tiny": 64,
    "densenet121": 64,
    "efficientnet_b0": 64,
    "googlenet": 64,
    "inception_v3": 107,
    "mnasnet1_0": 64,
    "mobilenet_v2": 64,
    "mobilenet_v3_small": 64,
    "regnet_x_400mf": 64,
    "regnet_y_400mf": 64,
    "resnet18": 64,
    "resnet50": 64,
    "resnext50_32x4d": 64,
    "shufflenet_v2_x1_0": 64,
    "squeezenet1_1": 64,
    "swin_t": 64,
    "vgg11_bn": 224,
    "vit_b_16": 224,
    "wide_resnet50_2": 64,
}
OPTIONS: dict[str, dict[str, bool]] = {
    # Their own initialization takes minutes; input transformed as with trained weights.
    "googlenet": {"init_weights": False, "transform_input": True},
    "inception_v3": {"init_weights": False, "transform_input": True},
}
PAGE = """# Models of torchvision

What [`from_torch`](torch.md) makes of {num_models} models of torchvision {torchvision} with
random weights (torch {torch}): imported, with the largest difference of an output from torch's on
two random images, as a fraction of the largest output; or refused, with the reason. From
`python tools/torchvision_table.py docs/importing/torchvision.md`.

| model | images | nodes | result |
|---|---|---|---|
"""


def made(name: str) -> Any:
    """Return a model with random running statistics."""
    torch.manual_seed(0)
    model = torchvision.models.get_model(name, weights=None, **OPTIONS.get(name, {}))
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return model


def row_of(name: str) -> str:
    """Return the row of a model."""
    size = MODELS[name]
    model = made(name)
    try:
        network = pysnn.from_torch(model, torch.rand(2, 3, size, size))
    except ValueError as error:
        return f"| {name} | {size} x {size} | | refused: {str(error).removeprefix('model: ')} |"
    assert network.origin is not None
    nodes = len(network.layer_names)
    result = f"imported, within {network.origin.difference:.1e}"
    return f"| {name} | {size} x {size} | {nodes} | {result} |"


def main() -> None:
    """Write the page, and print rows as they come."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--models", nargs="+", choices=tuple(MODELS), default=tuple(MODELS))
    options = parser.parse_args()
    rows = []
    for name in options.models:
        start = time.perf_counter()
        rows.append(row_of(name))
        print(f"{rows[-1]} {time.perf_counter() - start:.0f} s", flush=True)
    head = PAGE.format(
        num_models=len(rows),
        torch=torch.__version__.partition("+")[0],
        torchvision=torchvision.__version__.partition("+")[0],
    )
    options.page.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
