"""SpikingJelly's own converter on ResNet-20: channel by channel, percentiles, half a threshold.

These choices are those of pysnn's recipe ``robust``; thresholds, shortcuts and readout are the
converter's. It keeps the products in units of activations and scales currents and spikes around
each neuron. Its tracer has no step mode for `torch.nn.functional.pad`, so that shortcuts between
resolutions are convolutions here.
"""

# mypy: disable-error-code="import-not-found, misc, no-any-return, untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from graphs.graph import GraphProblem
from numpy.typing import NDArray
from peer import Setting, Simulator
from spikingjelly.activation_based import functional
from spikingjelly.activation_based.ann2snn import Converter
from spikingjelly.activation_based.ann2snn.recipes import RateCodingRecipe
from torch import nn
from torch_network import CHANNELS_LAST

PERCENTILE = "99.9%"
# Its thresholds are running means over batches.
CALIBRATION_BATCH = 500


class Block(nn.Module):
    """Two convolutions and a shortcut around them; with more outputs at half of the resolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        stride = 1 if inputs == outputs else 2
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.shortcut = nn.Identity() if stride == 1 else passed(inputs, outputs)

    def forward(self, x: Any) -> Any:
        """Return (num_samples, outputs, height, width)."""
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(y + self.shortcut(x))


def passed(inputs: int, outputs: int) -> nn.Conv2d:
    """Return a convolution that passes on every second pixel, between channels of zeros."""
    conv = nn.Conv2d(inputs, outputs, 1, 2, bias=False)
    weight = torch.zeros(outputs, inputs, 1, 1)
    first = (outputs - inputs) // 2
    weight[first : first + inputs, :, 0, 0] = torch.eye(inputs)
    conv.weight.data = weight
    return conv


class ResNet20(nn.Module):
    """The network for standardized images."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        self.layer1 = nn.Sequential(Block(16, 16), Block(16, 16), Block(16, 16))
        self.layer2 = nn.Sequential(Block(16, 32), Block(32, 32), Block(32, 32))
        self.layer3 = nn.Sequential(Block(32, 64), Block(64, 64), Block(64, 64))
        self.pool = nn.AvgPool2d(8)
        self.flatten = nn.Flatten()
        self.linear = nn.Linear(64, 10)

    def forward(self, x: Any) -> Any:
        """Return (num_samples, 10)."""
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(self.flatten(self.pool(x)))


class Ann2Snn(Simulator):
    """What the converter makes of the ReLU network, in multi-step mode."""

    def __init__(self, problem: GraphProblem, setting: Setting, seed: int) -> None:
        del seed
        if "calibration" not in problem.extra:
            raise SystemExit(f"{problem.name} has no ReLU network to convert")
        tensors = {name: torch.from_numpy(each) for name, each in problem.extra.items()}
        calibration = tensors.pop("calibration")
        self._scale = float(tensors.pop("input_scale"))
        self._num_steps = problem.num_steps
        network = ResNet20()
        network.load_state_dict(tensors, strict=False)
        recipe = RateCodingRecipe(
            calibration.split(CALIBRATION_BATCH),
            mode=PERCENTILE,
            channel_wise=True,
            half_threshold=True,
        )
        self._network = Converter(recipe=recipe).convert(network.eval()).eval()
        functional.set_step_mode(self._network, "m")
        if CHANNELS_LAST in setting.variant:
            self._network = self._network.to(memory_format=torch.channels_last)

    def batch(self, problem: GraphProblem, part: slice) -> NDArray[Any]:
        return problem.inputs[part] * np.float32(self._scale)

    @torch.inference_mode()
    def counts(self, probability: NDArray[Any]) -> NDArray[Any]:
        functional.reset_net(self._network)
        images = torch.from_numpy(probability)
        return self._network(images.expand(self._num_steps, *images.shape)).mean(0).numpy()
