"""Every operator that docs/importing/torch.md takes, beside what torch makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pysnn

torch = pytest.importorskip("torch")

from importing.tables import first_column  # noqa: E402
from importing.torch_modules import Function, Variants, with_statistics  # noqa: E402

nn = torch.nn
functional = torch.nn.functional

# Of a convolution whose padding is not the same on both sides.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")

IMAGE = (4, 9, 8)
SEQUENCE = (4, 11)
VECTOR = (5,)


def imported(model: Any, *shape: int) -> pysnn.Network:
    """Return the network of a module with random statistics, compared on three samples."""
    torch.manual_seed(0)
    network = pysnn.from_torch(with_statistics(model), torch.randn(3, *shape))
    assert network.origin is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-5
    return network


def per_channel() -> Any:
    """Return a number for each channel of `IMAGE`."""
    return torch.arange(1.0, 5.0)[:, None, None]


ROWS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "Conv2d": (
        Variants(
            nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2)),
            nn.Conv2d(4, 8, 3, groups=2, bias=False),
            nn.Conv2d(4, 8, 4, padding="same"),
        ),
        IMAGE,
    ),
    "Conv1d": (
        Variants(nn.Conv1d(4, 6, 3, 2, 1), nn.Conv1d(4, 4, 2, padding="same", groups=4)),
        SEQUENCE,
    ),
    "BatchNorm2d": (Variants(nn.BatchNorm2d(4), nn.BatchNorm2d(4, affine=False)), IMAGE),
    "BatchNorm1d": (nn.BatchNorm1d(5), VECTOR),
    "BatchNorm1d, sequences": (nn.BatchNorm1d(4), SEQUENCE),
    "Linear": (
        Variants(
            nn.Linear(5, 3),
            nn.Linear(5, 3, bias=False),
            Function(lambda x: torch.addmm(torch.ones(2), x, torch.ones(5, 2), alpha=2, beta=3)),
            Function(lambda x: x @ torch.arange(10.0).view(5, 2)),
        ),
        VECTOR,
    ),
    "weight_norm": (nn.utils.parametrizations.weight_norm(nn.Linear(5, 3)), VECTOR),
    "ReLU": (
        Variants(nn.ReLU(inplace=True), nn.ReLU(), Function(lambda x: functional.relu(x))),
        IMAGE,
    ),
    "ReLU6": (Variants(nn.ReLU6(), Function(lambda x: functional.relu6(4 * x))), IMAGE),
    "Hardtanh": (nn.Hardtanh(0, 0.7), IMAGE),
    "clamp": (
        Variants(Function(lambda x: x.clamp(0, 0.75)), Function(lambda x: x.clamp(min=0))),
        IMAGE,
    ),
    "MaxPool2d": (Variants(nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.MaxPool2d(2, 1, 0, 2)), IMAGE),
    "MaxPool1d": (nn.MaxPool1d(3, 2), SEQUENCE),
    "AvgPool2d": (
        Variants(
            nn.AvgPool2d(3, 2, 1, ceil_mode=True),
            nn.AvgPool2d(3, 2, 1, count_include_pad=False),
            nn.AvgPool2d(2, divisor_override=4),
        ),
        IMAGE,
    ),
    "AvgPool1d": (nn.AvgPool1d(3, 2, 1), SEQUENCE),
    "AdaptiveAvgPool2d": (Variants(nn.AdaptiveAvgPool2d((3, 1)), nn.AdaptiveAvgPool2d(1)), IMAGE),
    "AdaptiveAvgPool1d": (nn.AdaptiveAvgPool1d(1), SEQUENCE),
    "AdaptiveMaxPool2d": (nn.AdaptiveMaxPool2d((3, 4)), IMAGE),
    "AdaptiveMaxPool1d": (nn.AdaptiveMaxPool1d(1), SEQUENCE),
    "mean": (
        Variants(
            Function(lambda x: x.mean((2, 3))),
            Function(lambda x: x.mean((-1, -2), keepdim=True)),
            Function(lambda x: x.mean(2)),
        ),
        IMAGE,
    ),
    "sum": (Function(lambda x: x.sum((2, 3))), IMAGE),
    "amax": (Function(lambda x: x.amax((2, 3))), IMAGE),
    "add": (
        Variants(
            Function(lambda x, f, g: f(x) + g(x), nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 1)),
            Function(lambda x: torch.add(x, functional.relu(x), alpha=-2)),
            Function(lambda x: x + per_channel().expand(3, 4, 1, 1)),
        ),
        IMAGE,
    ),
    "sub": (
        Variants(Function(lambda x: x - functional.relu(x)), Function(lambda x: 1 - x)),
        IMAGE,
    ),
    "mul": (Function(lambda x: -2 * (x * per_channel())), IMAGE),
    "div": (Function(lambda x: (x - per_channel()) / 0.5), IMAGE),
    "neg": (Function(lambda x: -x), IMAGE),
    "cat": (
        Variants(
            Function(lambda x: torch.cat([x, functional.relu(x)], 1)),
            Function(lambda x: torch.cat([x, torch.zeros(3, 2, 9, 8)], 1)),
        ),
        IMAGE,
    ),
    "stack": (Function(lambda x: torch.stack([x, functional.relu(x)], 1).flatten(1)), VECTOR),
    "flatten": (Variants(nn.Flatten(), Function(lambda x: torch.flatten(x, 1))), IMAGE),
    "view": (
        Function(
            lambda x, pool, conv: conv(pool(x).squeeze()[:, :, None].unsqueeze(3)).view(3, -1),
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(4, 2, 1),
        ),
        IMAGE,
    ),
    "permute": (
        Function(
            lambda x, part: part(x.permute(0, 2, 3, 1).transpose(1, 2).flatten(1)),
            nn.Linear(288, 3),
        ),
        IMAGE,
    ),
    "slice": (Function(lambda x: x[:, :, ::2, 1::3]), IMAGE),
    "slice, all axes": (Function(lambda x: x[:, 1:3, 2:-1, :5]), IMAGE),
    "select": (Function(lambda x: x[:, [2, 0, 1, 1]].roll(1, 1).flip(1)), IMAGE),
    "select, vectors": (
        Function(lambda x: x[:, :, 0] + x.unbind(2)[1] + x.narrow(2, 2, 1)[..., 0]),
        (4, 3),
    ),
    "split": (
        Function(lambda x: torch.cat([*x.split([1, 3], 1)[::-1], x.chunk(2, 1)[1]], 1)),
        IMAGE,
    ),
    "repeat": (
        Function(lambda x: x.repeat(1, 2, 1, 1) + x.repeat_interleave(2, 1)),
        IMAGE,
    ),
    "channel shuffle": (
        Function(lambda x: x.view(-1, 2, 2, 9, 8).transpose(1, 2).reshape(-1, 4, 9, 8)),
        IMAGE,
    ),
    "channel shuffle, module": (nn.ChannelShuffle(2), IMAGE),
    "pad": (
        Variants(nn.ZeroPad2d((0, 1, 2, 0)), Function(lambda x: functional.pad(x, (-1, 2)))),
        IMAGE,
    ),
    "pad, channels": (
        Function(lambda x: functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2))),
        IMAGE,
    ),
    "Dropout": (
        nn.Sequential(nn.Dropout(), Function(lambda x: functional.dropout(x, training=False))),
        IMAGE,
    ),
    "contiguous": (Function(lambda x: x.contiguous().clone().detach().double().float()), IMAGE),
}


@pytest.mark.parametrize("row", ROWS)
def test_operator_is_imported(row: str) -> None:
    model, shape = ROWS[row]
    # A view alone is no network.
    imported(nn.Sequential(model, nn.ReLU()), *shape)


ENDS = {
    "Softmax": nn.Softmax(1),
    "LogSoftmax": nn.LogSoftmax(-1),
    "Sigmoid": nn.Sigmoid(),
    "argmax": Function(lambda x: x.argmax(1)),
}


@pytest.mark.parametrize("row", ENDS)
def test_what_changes_no_prediction_is_left_out_at_the_end_and_said(row: str) -> None:
    model = nn.Sequential(nn.Linear(4, 3), ENDS[row])
    network = imported(model, 4)
    assert network.layer_names == ("0",)
    assert f"{row.lower().removeprefix('log')} at the end, is left out: " in repr(network).replace(
        "log_", ""
    )
    x = torch.randn(3, 4)
    expected = model[0](x).detach().numpy()
    np.testing.assert_allclose(network.predict(x.numpy()), expected, rtol=1e-5, atol=1e-6)


def test_every_row_of_the_table_is_tested() -> None:
    tested = {row.partition(",")[0] for row in (*ROWS, *ENDS)}
    assert set(first_column("torch.md", "What is taken")) == tested
