"""ResNet-8 of MLPerf Tiny from its Keras file: accuracy as ReLU and as spiking network.

The file is pretrainedResnet.h5 of mlcommons/tiny, whose inputs are 0 to 255; images are
(num_samples, 3, 32, 32) bytes. It is read without TensorFlow or Keras.

Usage:
    python benchmarks/resnet8_keras.py MODEL.h5 IMAGES.npz [--images 5000] [--spiking 500]
                                       [--steps 128] [--calibration 1000] [--recipe robust]
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
    parser.add_argument("--spiking", type=int, default=500)
    parser.add_argument("--steps", type=int, default=128)
    parser.add_argument("--calibration", type=int, default=1000)
    parser.add_argument("--recipe", choices=tuple(pysnn.recipes), default="robust")
    return parser.parse_args()


def main() -> None:
    """Print accuracies."""
    options = parse()
    network = pysnn.from_keras(options.model)
    print(network.origin)
    with np.load(options.images) as data:
        x = data["x_test"][: options.num_images].astype(np.float32)
        y = data["y_test"][: options.num_images].astype(np.int64)
        calibration = data["x_train"][: options.calibration].astype(np.float32)
    classes = network.classify(x)
    print(f"ReLU network: {100 * (classes == y).mean():.2f} % of {len(y)} images")
    x, y, classes = x[: options.spiking], y[: options.spiking], classes[: options.spiking]
    print(f"              {100 * (classes == y).mean():.2f} % of the first {len(y)}")
    snn = pysnn.convert(network, recipe=options.recipe, x=calibration)
    result = pysnn.simulate(snn, x, num_steps=options.steps, encoding="constant")
    for steps in (2**i for i in range(3, options.steps.bit_length())):
        found = result.predictions_over_time[steps - 1]
        print(
            f"after {steps:4} steps: {100 * (found == y).mean():.1f} % right, "
            f"{100 * (found == classes).mean():.1f} % as the ReLU network"
        )


if __name__ == "__main__":
    main()
