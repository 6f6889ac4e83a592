"""ONNX Runtime with 8-bit weights, one scale per output neuron or channel.

Generic code, not a package for spiking networks; other weights than ours, at about the same
accuracy.
"""

from __future__ import annotations

import harness
from graphs.onnx_simulators import onnx_graph_peer
from onnx_peer import onnx_peer

if __name__ == "__main__":
    harness.main(
        onnx_peer("onnxruntime_int8", int8=True), onnx_graph_peer("onnxruntime_int8", int8=True)
    )
