"""What to do instead of operators that are no part of a `Network`."""

from __future__ import annotations

_WAYS_OUT: dict[str, tuple[str, ...]] = {
    "replace it by a ReLU and train again": (
        *("Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Selu", "Gelu", "LeakyRelu"),
        *("PRelu", "Softplus", "Softsign", "Mish", "Erf", "ThresholdedRelu", "Celu", "Swish"),
        *("Shrink", "Hardmax"),
    ),
    "export the network before its quantization": (
        *("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv"),
        *("QLinearMatMul", "ConvInteger", "MatMulInteger"),
    ),
    "use a BatchNormalization and train again": (
        *("LRN", "InstanceNormalization", "LayerNormalization", "GroupNormalization"),
        *("RMSNormalization", "MeanVarianceNormalization", "LpNormalization"),
    ),
    "export a network without control flow": ("If", "Loop", "Scan"),
    "use a feed-forward network": ("LSTM", "GRU", "RNN", "Attention", "Einsum"),
    "leave it to the end of the network": ("Softmax", "LogSoftmax", "ArgMax"),
    "name an output in front of it by output=": ("TopK", "NonMaxSuppression"),
    "scale images in front of the network": ("Resize", "Upsample", "ConvTranspose", "GridSample"),
    "use a convolution with a stride": ("SpaceToDepth", "DepthToSpace"),
    "use an AveragePool or a MaxPool": ("LpPool", "GlobalLpPool", "MaxRoiPool", "RoiAlign"),
}

WAYS_OUT = {operator: way_out for way_out, operators in _WAYS_OUT.items() for operator in operators}
"""By operator."""
