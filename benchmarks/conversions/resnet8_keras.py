"""ResNet-8 of MLPerf Tiny from its Keras file: its accuracy as a ReLU network.

The file is pretrainedResnet.h5 of mlcommons/tiny, whose inputs are 0 to 255; images are
(num_samples, 3, 32, 32) bytes. It is read without TensorFlow or Keras. cifar10_recipes.py has its
spiking networks.

Usage:
    python benchmarks/conversions/resnet8_keras.py MODEL.h5 IMAGES.npz [--images 5000]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import pysnn


def parse() -> argparse.Namespace:
    """Return the arguments."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--images", dest="num_images", type=int, default=5000)
    return parser.parse_args()


def main() -> None:
    """Print accuracies."""
    options = parse()
    network = pysnn.from_keras(options.model)
    print(network.origin)
    with np.load(options.images) as data:
        x = data["x_test"][: options.num_images].astype(np.float32)
        y = data["y_test"][: options.num_images].astype(np.int64)
    classes = network.classify(x)
    print(f"ReLU network: {100 * (classes == y).mean():.2f} % of {len(y)} images")


if __name__ == "__main__":
    main()
