"""ONNX Runtime, float32: generic code, not a package for spiking networks."""

from __future__ import annotations

import harness
from graphs.onnx_simulators import onnx_graph_peer
from onnx_peer import onnx_peer

if __name__ == "__main__":
    harness.main(onnx_peer("onnxruntime", int8=False), onnx_graph_peer("onnxruntime", int8=False))
