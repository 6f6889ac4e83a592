"""Operators that no node stands for, refused by the names that they have before torch splits them.

Behind `run_decompositions` a Hardswish is a clamp and two products, and an LSTM is hundreds of
steps: a refusal of one of these would not tell anybody what to change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..refusal import RefusalError
from .ending import ending_of
from .names import Names, operator_of, title_of

Refusal = tuple[str, str]
"""Reason and way out."""

_ACTIVATION = ("is no ReLU", "replace it by a ReLU and train again")
_GATE = (
    "weighs other values, as gates and squeeze-and-excitation do",
    "leave both out and train again",
)
_NORM = (
    "normalizes by the statistics of each sample",
    "use a BatchNorm, whose statistics are kept, and train again",
)
_ATTENTION = (
    "multiplies two values that both depend on the input, as attention does",
    "use a convolutional or fully connected network",
)
_RECURRENT = (
    "is recurrent",
    "use a network without memory, such as one of one-dimensional convolutions",
)
_LARGER = (
    "enlarges images, which no node does",
    "import the part in front of it, or give larger images",
)
_PIXELS = ("moves pixels into channels, or back", "use a convolution with a stride instead")
_QUANTIZED = ("rounds numbers as quantized networks do", "import the float model, before torch.ao")
_VOLUMES = ("works on volumes", "use images or sequences")
_SCALED = ("adds products of values that depend on the input", "leave it out and train again")
_TABLE = "leave it out, or use operators that docs/importing/torch.md lists"

REFUSED: dict[str, Refusal] = {
    **dict.fromkeys(
        (
            *("silu", "gelu", "tanh", "hardswish", "elu", "selu", "celu", "mish"),
            *("leaky_relu", "prelu", "rrelu", "softplus", "log_sigmoid", "threshold", "glu"),
            *("hardshrink", "softshrink"),
        ),
        _ACTIVATION,
    ),
    **dict.fromkeys(("layer_norm", "group_norm", "instance_norm", "rms_norm"), _NORM),
    **dict.fromkeys(("scaled_dot_product_attention", "bmm", "baddbmm"), _ATTENTION),
    **dict.fromkeys(("einsum", "bilinear"), _SCALED),
    **dict.fromkeys(
        ("lstm", "gru", "rnn_tanh", "rnn_relu", "lstm_cell", "gru_cell", "rnn_tanh_cell"),
        _RECURRENT,
    ),
    **dict.fromkeys(
        (
            *("upsample_nearest1d", "upsample_nearest2d", "upsample_linear1d"),
            *("upsample_bilinear2d", "upsample_bicubic2d", "_upsample_nearest_exact2d"),
            *("conv_transpose1d", "conv_transpose2d"),
        ),
        _LARGER,
    ),
    **dict.fromkeys(("pixel_shuffle", "pixel_unshuffle", "im2col", "col2im"), _PIXELS),
    **dict.fromkeys(
        (
            *("fused_moving_avg_obs_fake_quant", "fake_quantize_per_tensor_affine"),
            *("fake_quantize_per_channel_affine", "quantize_per_tensor", "quantize_per_channel"),
        ),
        _QUANTIZED,
    ),
    **dict.fromkeys(("conv3d", "conv_transpose3d", "max_pool3d", "adaptive_avg_pool3d"), _VOLUMES),
    "avg_pool3d": (
        "averages volumes, or channels as LocalResponseNorm does",
        "use images or sequences; replace a LocalResponseNorm by a BatchNorm and train again",
    ),
    **dict.fromkeys(
        ("argmax", "topk", "sort"),
        ("orders values", "leave it out: classify gives the index of the largest output"),
    ),
    **dict.fromkeys(
        ("_softmax", "_log_softmax"),
        (
            "is a softmax in front of other steps, as attention has",
            "leave it out, except as the last step",
        ),
    ),
    "_native_batch_norm_legit": (
        "has no running statistics",
        "train it with track_running_stats=True",
    ),
    "embedding": ("looks its input up in a table", "give the network what the table gives"),
}


def other_refusal(operator: str) -> Refusal:
    """Return what is said of an operator that nothing knows."""
    return REFUSED.get(operator, ("is not supported", _TABLE))


def refuse_by_name(program: Any) -> None:
    """Check an exported program before it is split into simpler operators.

    Raises:
        RefusalError: A node that depends on the input is one of `REFUSED`, drops numbers at random,
            or pads with anything but a constant.
    """
    names = Names(program.graph)
    inputs = program.graph_signature.user_inputs
    depending: set[Any] = set()
    for node in program.graph.nodes:
        if node.name in inputs or depending.intersection(node.all_input_nodes):
            depending.add(node)
        if node.op != "call_function" or node not in depending:
            continue
        operator = operator_of(node)
        check = _CHECKED.get(operator)
        refusal = check(node) if check is not None else REFUSED.get(operator)
        if refusal is not None and ending_of(node, names.of(node)) is None:
            raise RefusalError(names.of(node), title_of(node), *refusal)


def _dropout(node: Any) -> Refusal | None:
    if len(node.args) < 3 or not node.args[2]:
        return None
    return ("drops numbers also in evaluation mode", "call it with training=self.training")


def _sigmoid(node: Any) -> Refusal | None:
    products = (user for user in node.users if operator_of(user) == "mul")
    return _GATE if any(len(each.all_input_nodes) > 1 for each in products) else _ACTIVATION


def _padding(node: Any) -> Refusal | None:
    mode = node.args[2] if len(node.args) > 2 else "constant"
    return None if mode == "constant" else (f"pads by {mode!r}", "pad with zeros and train again")


_CHECKED: dict[str, Callable[[Any], Refusal | None]] = {
    **dict.fromkeys(
        ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout"), _dropout
    ),
    **dict.fromkeys(("sigmoid", "hardsigmoid"), _sigmoid),
    "pad": _padding,
}
