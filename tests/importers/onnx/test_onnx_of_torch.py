"""ONNX files as PyTorch exports them, by both of its exporters and in several versions."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

pytest.importorskip("onnx")
torch = pytest.importorskip("torch")
nn = torch.nn
functional = torch.nn.functional

pytestmark = pytest.mark.filterwarnings("ignore")


class Small(nn.Module):  # type: ignore[misc]
    """Batch norm, a shortcut of option A, both kinds of pools, and a constant in front."""

    def __init__(self, *, shortcut: bool = True) -> None:
        super().__init__()
        self.shortcut = shortcut
        self.conv1, self.bn1 = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv2, self.bn2 = nn.Conv2d(4, 8, 3, 2, 1), nn.BatchNorm2d(8)
        self.pool, self.fc = nn.MaxPool2d(2, ceil_mode=True), nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        x = functional.relu(self.bn1(self.conv1((x - 0.5) / 0.25)))
        passed = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2)) if self.shortcut else 0
        x = functional.relu(self.bn2(self.conv2(x)) + passed)
        x = functional.adaptive_avg_pool2d(functional.relu6(self.pool(x)), 1)
        return self.fc(x.view(x.size(0), -1))


def made(*, shortcut: bool = True) -> tuple[Any, Any]:
    """Return the model with random statistics, and samples."""
    torch.manual_seed(0)
    network = Small(shortcut=shortcut).eval()
    for module in (network.bn1, network.bn2):
        module.running_mean.normal_(0, 0.1)
        module.running_var.uniform_(0.5, 2)
    return network, torch.rand(3, 3, 9, 9)


def check(path: Path, x: Any, outputs: Any) -> None:
    """Check that a file gives the outputs of PyTorch."""
    network = pysnn.from_onnx(path, x=x.numpy())
    assert network.origin is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-5
    np.testing.assert_allclose(network.predict(x.numpy()), outputs.numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("opset", [9, 10, 11, 13, 17])
def test_files_of_the_older_exporter_give_pytorchs_outputs(opset: int, tmp_path: Path) -> None:
    # PyTorch writes no slices with steps before version 10.
    model, x = made(shortcut=opset > 9)
    with torch.no_grad():
        torch.onnx.export(
            model, (x,), str(tmp_path / "net.onnx"), opset_version=opset, dynamo=False,
            dynamic_axes={"x": {0: "n"}}, input_names=["x"], verbose=False,
        )  # fmt: skip
        check(tmp_path / "net.onnx", x, model(x))


@pytest.mark.parametrize("external", [True, False])
def test_files_of_the_newer_exporter_give_pytorchs_outputs(external: bool, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    model, x = made()
    with warnings.catch_warnings(), torch.no_grad():
        torch.onnx.export(
            model, (x,), str(tmp_path / "net.onnx"), dynamo=True, external_data=external,
            verbose=False,
        )  # fmt: skip
        check(tmp_path / "net.onnx", x, model(x))
    assert (tmp_path / "net.onnx.data").exists() == external
