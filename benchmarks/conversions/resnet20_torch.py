"""ResNet-20 of others on CIFAR-10 from PyTorch: accuracy, and how far outputs are from torch's.

The weights are those of akamaster/pytorch_resnet_cifar10 (ResNet-20 with shortcuts of option A);
images are (num_samples, 3, 32, 32) bytes. --onnx writes the module as NET.onnx with its weights
inside and as NET_external.onnx with them in a file beside it, and imports both again.

Usage:
    python benchmarks/conversions/resnet20_torch.py WEIGHTS.th IMAGES.npz [--images 5000]
        [--onnx NET.onnx]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

import pysnn

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
BATCH = 500


class Block(nn.Module):
    """Two convolutions and a shortcut without weights around them.

    Args:
        inputs: Channels of what it reads.
        outputs: Channels of what it gives; where these are more, at half of the resolution.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.stride = 1 if inputs == outputs else 2
        self.added = (outputs - inputs) // 2
        self.conv1 = nn.Conv2d(inputs, outputs, 3, self.stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return (num_samples, outputs, height, width)."""
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.stride == 2:
            # Every second pixel, and channels of zeros on both sides.
            sides = (0, 0, 0, 0, self.added, self.added)
            x = functional.pad(x[:, :, ::2, ::2], sides)
        return functional.relu(y + x)


class ResNet20(nn.Module):
    """The network for images in [0, 1], which it standardizes."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(STD)[:, None, None], persistent=False)
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Block(16, 16), Block(16, 16), Block(16, 16))
        self.layer2 = nn.Sequential(Block(16, 32), Block(32, 32), Block(32, 32))
        self.layer3 = nn.Sequential(Block(32, 64), Block(64, 64), Block(64, 64))
        self.linear = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return (num_samples, 10)."""
        x = (x - self.mean) / self.std
        x = functional.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        x = functional.adaptive_avg_pool2d(x, 1)
        return self.linear(x.flatten(1))


def load_model(path: Path) -> ResNet20:
    """Return the module with the weights of a file."""
    state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
    model = ResNet20()
    model.load_state_dict({name.removeprefix("module."): each for name, each in state.items()})
    return model.eval()


def outputs_of(model: nn.Module, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what torch gives for images, (num_samples, 10)."""
    with torch.no_grad():
        parts = [
            model(torch.from_numpy(x[start : start + BATCH])) for start in range(0, len(x), BATCH)
        ]
    return torch.cat(parts).numpy()


def report(
    title: str,
    network: pysnn.Network,
    x: NDArray[np.float32],
    y: NDArray[np.int64],
    expected: NDArray[np.float32],
) -> None:
    """Print how many images a network classifies right, and how far its outputs are off."""
    start = time.perf_counter()
    outputs = network.predict(x)
    took = time.perf_counter() - start
    right = int((outputs.argmax(axis=1) == y).sum())
    same = int((outputs.argmax(axis=1) == expected.argmax(axis=1)).sum())
    apart = float(np.abs(outputs - expected).max() / np.abs(expected).max())
    print(
        f"{title}: {right} of {len(y)} right, {same} as torch, outputs within {apart:.1e} of the "
        f"largest, {len(y) / took:.0f} images/s"
    )


def export(model: nn.Module, example: Tensor, path: Path) -> list[Path]:
    """Write the module as ONNX, with its weights inside and with them beside it."""
    written = []
    for target, external in ((path, False), (path.with_stem(f"{path.stem}_external"), True)):
        torch.onnx.export(
            model, (example,), target, dynamo=True, external_data=external, verbose=False
        )
        written.append(target)
    return written


def main() -> None:
    """Print accuracies and differences."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--images", dest="num_images", type=int, default=5000)
    parser.add_argument("--onnx", type=Path)
    options = parser.parse_args()
    with np.load(options.images) as data:
        x = data["x_test"][: options.num_images].astype(np.float32) / np.float32(255)
        y = data["y_test"][: options.num_images].astype(np.int64)
    model = load_model(options.weights)
    expected = outputs_of(model, x)
    right = int((expected.argmax(axis=1) == y).sum())
    print(f"torch {torch.__version__}: {right} of {len(y)} right")
    start = time.perf_counter()
    network = pysnn.from_torch(model, x[:8])
    print(f"imported in {time.perf_counter() - start:.1f} s\n{network.origin}")
    report("from_torch", network, x, y, expected)
    if options.onnx is not None:
        for path in export(model, torch.from_numpy(x[:1]), options.onnx):
            report(f"from_onnx of {path.name}", pysnn.from_onnx(path), x, y, expected)


if __name__ == "__main__":
    main()
