"""Every operator that docs/importing/torch.md refuses, and the line that says so."""

from __future__ import annotations

from typing import Any

import pytest

import pysnn

torch = pytest.importorskip("torch")

from importing.tables import first_column  # noqa: E402
from importing.torch_modules import Function  # noqa: E402

nn = torch.nn
functional = torch.nn.functional

IMAGE = (4, 9, 8)
TOKENS = (6, 8)
RELU = "replace it by a ReLU and train again"


def rectified(name: str, *arguments: Any) -> tuple[Any, tuple[int, ...], str]:
    """Return a row for an activation function that only a ReLU can stand for."""
    operator = "_?".join(part for part in name)
    model = nn.Sequential(getattr(nn, name)(*arguments), nn.ReLU())
    return model, IMAGE, rf"node '1.0' \(aten\.(?i:{operator})\) .*{RELU}$"


def first_of(module: Any) -> Any:
    """Return a module that gives the first value of another one."""
    return Function(lambda x, part: part(x)[0], module)


def squeeze_and_excitation(gate: Any) -> Any:
    """Return channels weighed by a function of their means."""
    return Function(lambda x, part: x * gate(part(x.mean((2, 3), True))), nn.Conv2d(4, 4, 1))


def prepared_for_quantization() -> Any:
    """Return a convolution between observers and roundings, as torch.ao trains it."""
    quantization = pytest.importorskip("torch.ao.quantization")
    model = nn.Sequential(nn.Conv2d(4, 4, 1), nn.ReLU()).train()
    model.qconfig = quantization.get_default_qat_qconfig("fbgemm")
    return quantization.prepare_qat(model)


ACTIVATIONS = {
    name: rectified(name, *arguments)
    for name, *arguments in (
        *(("SiLU",), ("GELU",), ("Tanh",), ("Hardswish",), ("Hardsigmoid",), ("ELU",), ("CELU",)),
        *(("Mish",), ("LeakyReLU",), ("PReLU",), ("RReLU",), ("Softplus",), ("LogSigmoid",)),
        *(("Threshold", 0.1, 0.0), ("GLU", 1), ("Hardshrink",), ("SELU",), ("Sigmoid",)),
    )
}
BATCH = "keep the batch the first axis"
PLACES = "no choice of channels and pixels"
ROWS: dict[str, tuple[Any, tuple[int, ...], str]] = {
    **ACTIVATIONS,
    "Hardtanh below 0": (nn.Hardtanh(), IMAGE, r"clips to \[-1.0, 1.0\]"),
    "LayerNorm": (nn.LayerNorm(8), IMAGE, r"\(aten.layer_norm\) .*use a BatchNorm"),
    "GroupNorm": (nn.GroupNorm(2, 4), IMAGE, r"\(aten.group_norm\) .*use a BatchNorm"),
    "InstanceNorm2d": (nn.InstanceNorm2d(4), IMAGE, r"\(aten.instance_norm\) .*use a BatchNorm"),
    "RMSNorm": (nn.RMSNorm(8), IMAGE, r"\(aten.rms_norm\) .*use a BatchNorm"),
    "LocalResponseNorm": (nn.LocalResponseNorm(3), IMAGE, r"LocalResponseNorm by a BatchNorm"),
    "BatchNorm2d without statistics": (
        nn.BatchNorm2d(4, track_running_stats=False),
        IMAGE,
        r"no running statistics; train it with track_running_stats=True",
    ),
    "product of values": (
        squeeze_and_excitation(functional.relu),
        IMAGE,
        r"multiplies two values that both depend on the input",
    ),
    "product of values, sigmoid": (
        squeeze_and_excitation(torch.sigmoid),
        IMAGE,
        r"\(aten.sigmoid\) weighs other values, .*; leave both out and train again",
    ),
    "quotient of values": (
        Function(lambda x: x / functional.relu(x + 9)),
        IMAGE,
        r"divides by a value that depends on the input",
    ),
    "MultiheadAttention": (
        Function(lambda x, part: part(x, x, x)[0], nn.MultiheadAttention(8, 2, batch_first=True)),
        TOKENS,
        r"as attention does; use a convolutional or fully connected network",
    ),
    "TransformerEncoderLayer": (
        nn.TransformerEncoderLayer(8, 2, batch_first=True),
        TOKENS,
        r"as attention does; use a convolutional or fully connected network",
    ),
    "einsum": (Function(lambda x: torch.einsum("nc,nc->nc", x, x)), (4,), r"\(aten.einsum\) adds"),
    "Bilinear": (
        Function(lambda x, part: part(x, x), nn.Bilinear(4, 4, 3)),
        (4,),
        r"\(aten.bilinear\) adds products",
    ),
    "LSTM": (first_of(nn.LSTM(8, 5, batch_first=True)), TOKENS, r"\(aten.lstm\) is recurrent"),
    "GRU": (first_of(nn.GRU(8, 5, batch_first=True)), TOKENS, r"\(aten.gru\) is recurrent"),
    "RNN": (first_of(nn.RNN(8, 5, batch_first=True)), TOKENS, r"\(aten.rnn_tanh\) is recurrent"),
    "Upsample": (nn.Upsample(scale_factor=2), IMAGE, r"node '1' .* enlarges images"),
    "Upsample, bilinear": (
        nn.Upsample(scale_factor=2, mode="bilinear"),
        IMAGE,
        r"\(aten.upsample_bilinear2d\) enlarges images",
    ),
    "ConvTranspose2d": (nn.ConvTranspose2d(4, 2, 3), IMAGE, r"enlarges images, which no node"),
    "PixelShuffle": (nn.PixelShuffle(2), IMAGE, r"use a convolution with a stride"),
    "Unfold": (nn.Unfold(3), IMAGE, r"\(aten.im2col\) .*use a convolution with a stride"),
    "Conv3d": (
        Function(lambda x, part: part(x.unsqueeze(1)), nn.Conv3d(1, 2, 2)),
        IMAGE,
        r"\(aten.conv3d\) works on volumes",
    ),
    "Embedding": (
        Function(lambda x, part: part(x.long()), nn.Embedding(4, 4)),
        (4,),
        r"\(aten.embedding\) looks its input up",
    ),
    "quantization-aware training": (
        prepared_for_quantization,
        IMAGE,
        r"node '1.0.activation_post_process.*import the float model, before torch.ao",
    ),
    "argmax inside": (Function(lambda x: x.argmax(1) * 2), (4,), r"leave it out: classify gives"),
    "argmax along pixels": (Function(lambda x: x.argmax(2)), IMAGE, r"is along axis 2 .* none of"),
    "topk": (Function(lambda x: x.topk(2, 1)[0]), (4,), r"leave it out: classify gives"),
    "sort": (Function(lambda x: x.sort(1)[0]), (4,), r"leave it out: classify gives"),
    "softmax inside": (
        nn.Sequential(nn.Softmax(1), nn.Linear(8, 2)),
        (8,),
        r"is a softmax in front of other steps",
    ),
    "softmax along pixels": (nn.Softmax(-1), IMAGE, r"is along axis -1 .* none of classes"),
    "Linear on sequences": (nn.Linear(8, 3), TOKENS, r"as a Linear on values of several axes"),
    "sum of several shapes": (
        Function(lambda x: x + x.mean((2, 3), keepdim=True)),
        IMAGE,
        r"adds values of the shapes \(4, 9, 8\) and \(4, 1, 1\)",
    ),
    "constant per pixel": (Function(lambda x: x + torch.arange(8.0)), IMAGE, r"within a channel"),
    "mean of channels": (Function(lambda x: x.mean(1)), IMAGE, r"reduces the axes"),
    "mean of the batch": (Function(lambda x: x.mean()), IMAGE, r"reduces the batch"),
    "mean of the batch, view": (Function(lambda x: x.reshape(1, -1)), IMAGE, BATCH),
    "mean of the batch, transpose": (Function(lambda x: x.transpose(0, 1)), IMAGE, BATCH),
    "mean of the batch, slice": (Function(lambda x: x[1:]), IMAGE, BATCH),
    "mean of the batch, cat": (Function(lambda x: torch.cat([x, x])), IMAGE, r"joins samples"),
    "uneven windows": (nn.AdaptiveAvgPool2d(5), IMAGE, r"windows differ in size"),
    "divisor_override": (nn.AvgPool2d(2, divisor_override=3), IMAGE, r"divisor_override=3"),
    "transposed images": (Function(lambda x: torch.relu(x.transpose(2, 3))), IMAGE, PLACES),
    "pad with other numbers": (nn.ConstantPad2d(1, 0.5), IMAGE, r"pads with 0.5; pad with zeros"),
    "pad with other numbers, reflect": (nn.ReflectionPad2d(1), IMAGE, r"pads by 'reflect'"),
    "pad with other numbers, circular": (
        nn.Conv2d(4, 4, 3, padding=1, padding_mode="circular"),
        IMAGE,
        r"pads by 'circular'; pad with zeros",
    ),
    "conversion to other types": (Function(lambda x: x.half().float()), IMAGE, r"to float16; keep"),
    "dropout in evaluation mode": (
        Function(lambda x: functional.dropout(x)),
        IMAGE,
        r"call it with training=self.training",
    ),
    "random numbers": (Function(lambda x: x + torch.rand(8)), IMAGE, r"draws numbers at random"),
    "other operators": (
        Function(lambda x: x.cumsum(1)),
        IMAGE,
        r"\(aten.cumsum\) is not supported; .*docs/importing/torch.md",
    ),
    "nothing": (nn.Identity(), IMAGE, r"is all there is"),
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.filterwarnings("ignore:.*torch.ao.quantization is deprecated", "ignore:.*reduce_range")
def test_operator_is_refused_in_one_line_that_names_it(row: str) -> None:
    model, shape, text = ROWS[row]
    model = model if isinstance(model, nn.Module) else model()
    wrapped = nn.Sequential(nn.Identity(), model)
    with pytest.raises(ValueError, match=text) as found:
        pysnn.from_torch(wrapped, torch.randn(3, *shape))
    assert "\n" not in str(found.value)
    assert str(found.value).startswith("model: node '")


def test_every_row_of_the_table_is_tested() -> None:
    rows = ", ".join(first_column("torch.md", "What is refused")).split(", ")
    assert set(rows) == {row.partition(",")[0] for row in ROWS}


WHOLE: dict[str, tuple[Any, str]] = {
    "two inputs": (lambda x, y: x + y, r"missing a required argument: 'y'\): wrap it in a module"),
    "two outputs": (lambda x: (x, torch.relu(x)), r"gives 2 values; wrap the module"),
    "a tuple": (lambda x: (torch.relu(x),), r"returns a tuple, but must return a tensor"),
    "a dictionary": (lambda x: {"out": torch.relu(x)}, r"returns a dict, but must return a tensor"),
    "nothing": (lambda x: None, r"gives no tensor; wrap the module"),
    "a constant": (lambda x: torch.ones(3, 4), r"does not depend on the input"),
    "control flow": (lambda x: x if x.sum() > 0 else -x, r"decides by the values of its input"),
    "an error": (lambda x: 1 // 0, r"can't be traced on example by torch.export: .* by zero"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_module_that_is_no_function_of_a_tensor_is_refused_in_silence(
    case: str, capfd: pytest.CaptureFixture[str]
) -> None:
    forward, text = WHOLE[case]
    model = nn.Module()
    model.forward = forward
    with pytest.raises(ValueError, match=text) as found:
        pysnn.from_torch(model, torch.randn(3, 4))
    assert "\n" not in str(found.value)
    assert capfd.readouterr() == ("", "")


class Counter(nn.Module):  # type: ignore[misc]
    """Adds up how often it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(()))

    def forward(self, x: Any) -> Any:
        self.count += 1
        return torch.relu(x) / self.count


def test_a_module_that_keeps_state_is_refused_and_its_state_is_left_as_it_was() -> None:
    model = Counter()
    with pytest.raises(ValueError, match=r"node 'count' \(buffer\) changes with each call"):
        pysnn.from_torch(model, torch.randn(3, 4))
    assert model.count == 0
