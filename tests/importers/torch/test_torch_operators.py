"""Every operator of the table of PyTorch, beside what torch makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pysnn

torch = pytest.importorskip("torch")
nn = torch.nn
functional = torch.nn.functional

# Of torch.export itself.
pytestmark = pytest.mark.filterwarnings(
    "ignore::FutureWarning", "ignore::DeprecationWarning", "ignore:Using padding='same'"
)


class Function(nn.Module):  # type: ignore[misc]
    """A module that is a function, with modules that it uses."""

    def __init__(self, function: Callable[..., Any], *modules: Any) -> None:
        super().__init__()
        self.function = function
        self.parts = nn.ModuleList(modules)

    def forward(self, x: Any) -> Any:
        return self.function(x, *self.parts)


def imported(model: Any, *shape: int) -> pysnn.Network:
    """Return the network of a module with random statistics, compared on three samples."""
    torch.manual_seed(0)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d) and module.running_mean is not None:
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
    network = pysnn.from_torch(model, torch.randn(3, *shape))
    assert network.origin is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-5
    return network


IMAGE = (4, 9, 8)
ROWS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "Conv2d": (nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2)), IMAGE),
    "Conv2d, groups": (nn.Conv2d(4, 8, 3, groups=2, bias=False), IMAGE),
    "Conv2d, padding same": (nn.Conv2d(4, 8, 4, padding="same"), IMAGE),
    "Conv1d": (nn.Conv1d(4, 6, 3, stride=2, padding=1), (4, 11)),
    "BatchNorm2d": (nn.BatchNorm2d(4), IMAGE),
    "BatchNorm2d without affine": (nn.BatchNorm2d(4, affine=False), IMAGE),
    "BatchNorm1d": (nn.BatchNorm1d(5), (5,)),
    "BatchNorm1d of sequences": (nn.BatchNorm1d(4), (4, 11)),
    "Linear": (nn.Linear(5, 3), (5,)),
    "Linear without bias": (nn.Linear(5, 3, bias=False), (5,)),
    "ReLU": (nn.ReLU(), IMAGE),
    "ReLU in place": (nn.ReLU(inplace=True), IMAGE),
    "ReLU6": (nn.ReLU6(), IMAGE),
    "Hardtanh from 0": (nn.Hardtanh(0, 2.5), IMAGE),
    "clamp": (Function(lambda x: x.clamp(0, 0.75)), IMAGE),
    "clamp from 0": (Function(lambda x: x.clamp(min=0)), IMAGE),
    "MaxPool2d": (nn.MaxPool2d(3, 2, 1, ceil_mode=True), IMAGE),
    "MaxPool2d, dilation": (nn.MaxPool2d(2, 1, dilation=2), IMAGE),
    "MaxPool1d": (nn.MaxPool1d(3, 2), (4, 11)),
    "AvgPool2d": (nn.AvgPool2d(3, 2, 1, ceil_mode=True), IMAGE),
    "AvgPool2d without padding": (nn.AvgPool2d(3, 2, 1, count_include_pad=False), IMAGE),
    "AvgPool1d": (nn.AvgPool1d(3, 2, 1), (4, 11)),
    "AdaptiveAvgPool2d": (nn.AdaptiveAvgPool2d((3, 1)), IMAGE),
    "AdaptiveAvgPool1d": (nn.AdaptiveAvgPool1d(1), (4, 11)),
    "AdaptiveMaxPool2d": (nn.AdaptiveMaxPool2d(1), IMAGE),
    "mean": (Function(lambda x: x.mean((2, 3))), IMAGE),
    "mean, keepdim": (Function(lambda x: x.mean((-1, -2), keepdim=True)), IMAGE),
    "amax": (Function(lambda x: x.amax((2, 3))), IMAGE),
    "add": (Function(lambda x, f, g: f(x) + g(x), nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 1)), IMAGE),
    "add, alpha": (Function(lambda x: torch.add(x, functional.relu(x), alpha=-2)), IMAGE),
    "sub": (Function(lambda x: x - functional.relu(x)), IMAGE),
    "constants": (
        Function(lambda x: 3 - 2 * ((x - torch.arange(4.0)[:, None, None]) / 0.5)),
        IMAGE,
    ),
    "negative": (Function(lambda x: -x), IMAGE),
    "cat": (Function(lambda x: torch.cat([x, functional.relu(x)], 1)), IMAGE),
    "cat of constants 0": (Function(lambda x: torch.cat([x, torch.zeros(3, 2, 9, 8)], 1)), IMAGE),
    "flatten": (nn.Flatten(), IMAGE),
    "view": (Function(lambda x: x.view(x.shape[0], -1)), IMAGE),
    "permute before flatten": (
        Function(lambda x, f: f(x.permute(0, 2, 3, 1).flatten(1)), nn.Linear(288, 3)),
        IMAGE,
    ),
    "squeeze": (Function(lambda x, p: p(x).squeeze(), nn.AdaptiveAvgPool2d(1)), IMAGE),
    "unsqueeze": (
        Function(lambda x, c: c(x.mean((2, 3))[:, :, None, None]), nn.Conv2d(4, 2, 1)),
        IMAGE,
    ),
    "strided slice": (Function(lambda x: x[:, :, ::2, 1::3]), IMAGE),
    "crop": (Function(lambda x: x[:, 1:3, 2:-1, :5]), IMAGE),
    "select": (Function(lambda x: x[:, :, 0]), (4, 3)),
    "index": (Function(lambda x: x[:, [2, 0, 1, 1]]), IMAGE),
    "chunk": (Function(lambda x: functional.relu(x.chunk(2, 1)[1])), IMAGE),
    "split": (Function(lambda x: torch.cat(x.split([1, 3], 1)[::-1], 1)), IMAGE),
    "channel shuffle": (
        Function(lambda x: x.view(-1, 2, 2, 9, 8).transpose(1, 2).reshape(-1, 4, 9, 8)),
        IMAGE,
    ),
    "ChannelShuffle": (nn.ChannelShuffle(2), IMAGE),
    "pad": (Function(lambda x: functional.pad(x, (1, 2, 0, 3))), IMAGE),
    "pad of channels": (
        Function(lambda x: functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2))),
        IMAGE,
    ),
    "negative pad": (Function(lambda x: functional.pad(x, (-1, 0, -2, -1))), IMAGE),
    "ZeroPad2d": (nn.ZeroPad2d((0, 1, 2, 0)), IMAGE),
    "Dropout": (nn.Sequential(nn.Dropout(0.5), nn.ReLU()), IMAGE),
    "contiguous": (Function(lambda x: x.contiguous().clone().detach()), IMAGE),
    "flip": (Function(lambda x, f: f(x.flip(1)), nn.Linear(5, 3)), (5,)),
}


def prepared(model: Any, shape: tuple[int, ...]) -> Any:
    """Return a module behind a convolution or matrix, so that the network is more than a view."""
    return nn.Sequential(model, nn.ReLU())


@pytest.mark.parametrize("row", ROWS)
def test_operator_is_imported(row: str) -> None:
    model, shape = ROWS[row]
    imported(prepared(model, shape), *shape)


@pytest.mark.parametrize("softmax", [nn.Softmax(1), nn.LogSoftmax(-1)])
def test_a_softmax_at_the_end_is_left_out_and_said(softmax: Any) -> None:
    model = nn.Sequential(nn.Linear(4, 3), softmax)
    network = imported(model, 4)
    assert network.layer_names == ("0",)
    assert "is left out: outputs are its logits" in repr(network)
    x = torch.randn(3, 4)
    expected = model[0](x).detach().numpy()
    np.testing.assert_allclose(network.predict(x.numpy()), expected, rtol=1e-5, atol=1e-6)


REFUSED: dict[str, tuple[Any, tuple[int, ...], str]] = {
    "SiLU": (nn.SiLU(), IMAGE, r"node '0' \(aten\.(silu|sigmoid)\).*ReLU"),
    "Sigmoid": (nn.Sigmoid(), IMAGE, r"\(aten.sigmoid\) is not supported; replace it by a ReLU"),
    "GELU": (nn.GELU(), IMAGE, r"\(aten.gelu\) is not supported; replace it by a ReLU"),
    "Hardswish": (nn.Hardswish(), IMAGE, r"node '0' \(aten\."),
    "LeakyReLU": (nn.LeakyReLU(), IMAGE, r"node '0' \(aten\."),
    "Hardtanh": (nn.Hardtanh(), IMAGE, r"clips to \[-1.0, 1.0\]"),
    "LayerNorm": (nn.LayerNorm(8), IMAGE, r"\(aten.native_layer_norm\) is not supported; use a Ba"),
    "InstanceNorm2d": (nn.InstanceNorm2d(4), IMAGE, r"between samples"),
    "ConvTranspose2d": (nn.ConvTranspose2d(4, 2, 3), IMAGE, r"\(aten.convolution\) is transposed"),
    "Conv3d": (nn.Conv3d(1, 2, 2), (1, 3, 3), "node|traced"),
    "Upsample": (nn.Upsample(scale_factor=2), IMAGE, r"node '0' \(aten\."),
    "Softmax inside": (nn.Sequential(nn.Softmax(1), nn.Linear(8, 2)), IMAGE, r"\(aten._softmax\)"),
    "product": (Function(lambda x: x * functional.relu(x)), IMAGE, r"multiplies two values"),
    "broadcast": (
        Function(lambda x: x + x.mean((2, 3), keepdim=True)),
        IMAGE,
        r"adds values of the shapes \(4, 9, 8\) and \(4, 1, 1\)",
    ),
    "matrix of values": (Function(lambda x: x @ x.transpose(2, 3)), IMAGE, r"node"),
    "batch as channels": (Function(lambda x: x.reshape(1, -1)), IMAGE, r"between samples"),
    "batch moved": (Function(lambda x: x.transpose(0, 1)), IMAGE, r"axis of the batch"),
    "mean of channels": (Function(lambda x: x.mean(1)), IMAGE, r"reduces the axes"),
    "mean of all": (Function(lambda x: x.mean()), IMAGE, r"reduces the batch"),
    "pad with 1": (Function(lambda x: functional.pad(x, (1, 1), value=1.0)), IMAGE, r"pads with 1"),
    "reflect pad": (nn.ReflectionPad2d(1), IMAGE, r"node"),
    "adaptive": (nn.AdaptiveAvgPool2d(5), IMAGE, r"windows differ in size"),
    "divisor": (nn.AvgPool2d(2, divisor_override=3), IMAGE, r"divisor_override=3"),
    "division by a value": (Function(lambda x: 1 / (x + 9)), IMAGE, r"node"),
    "constant per pixel": (Function(lambda x: x + torch.arange(8.0)), IMAGE, r"within a channel"),
    "nothing": (nn.Identity(), IMAGE, r"is all there is"),
    "two outputs": (Function(lambda x: (x, functional.relu(x))), IMAGE, r"is 2 tensors"),
    "no tensor": (Function(lambda x: 3), IMAGE, r"output|traced"),
    "control flow": (Function(lambda x: x if x.sum() > 0 else -x), IMAGE, r"can't be traced"),
    "turned": (Function(lambda x: functional.relu(x.transpose(2, 3))), IMAGE, r"no choice of"),
}


@pytest.mark.parametrize("row", REFUSED)
def test_operator_is_refused_in_one_line_that_names_it(row: str) -> None:
    model, shape, text = REFUSED[row]
    wrapped = model if isinstance(model, Function) else nn.Sequential(model)
    with pytest.raises(ValueError, match=text) as found:
        pysnn.from_torch(wrapped, torch.randn(3, *shape))
    assert "\n" not in str(found.value)
    assert str(found.value).startswith("model ")
