"""Networks from Keras, as live models and as files."""

from .importer import from_keras

__all__ = ["from_keras"]
