"""Networks from ONNX files."""

from .importer import from_onnx

__all__ = ["from_onnx"]
