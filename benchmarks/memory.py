"""Print the memory that `pysnn.simulate` takes at its peak, beyond the network and the inputs.

A fresh process loads a network and test images from files that this one leaves, notes its
resident size, simulates, and notes the largest size since. That counts the result, which is still
alive, the threads, and whatever the first simulation of a network builds and keeps. Where the
system does not let a process reset its own peak (only Linux does), the highest size that loading
took hides some of it, and the output says so.

The network is the paper's FCN, or ResNet-20 on CIFAR-10 by recipe `robust` with constant currents,
from the weights that conversions/resnet20.py reads. The accuracy is asserted to be a trained
network's, so that it is known to do its work.

Usage:
    python benchmarks/memory.py [--images 10000] [--steps 500] [--threads 2] [--processes 3]
    python benchmarks/memory.py --resnet20 WEIGHTS.th IMAGES.npz [--images 5000] [--steps 256]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from cases import FCN
from numpy.typing import NDArray

sys.path.append(str(Path(__file__).resolve().parent / "conversions"))

from cifar10 import read_images
from resnet20 import resnet20
from torch_file import load_tensors

import pysnn

MB = 1e6
CALIBRATION_IMAGES = 1000
IN_CHILD = "--in-child"


@dataclass(frozen=True, eq=False)
class Problem:
    """What is simulated.

    Attributes:
        name: Of the network.
        snn: The network.
        x: Images, (num_images, *input_shape).
        y: Right answers, (num_images,).
        num_steps: Steps that each image is shown for.
        call: Keywords of `pysnn.simulate`.
        least_right: Share of the images that a network at its work has right.
        bar: MB that it is held to at the default numbers of images and steps.
    """

    name: str
    snn: pysnn.SpikingNetwork
    x: NDArray[np.float32]
    y: NDArray[np.int64]
    num_steps: int
    call: dict[str, Any]
    least_right: float
    bar: float


def fcn(num_images: int, num_steps: int) -> Problem:
    """Return the paper's FCN at its rate."""
    mnist = pysnn.datasets.load_mnist()
    x, y = mnist.x_test[:num_images], mnist.y_test[:num_images].astype(np.int64)
    call = {"duration": num_steps * 1e-3, "max_rate": FCN.max_rate}
    snn = FCN.spiking_network(mnist)
    return Problem(FCN.name, snn, x, y, num_steps, call, least_right=0.9, bar=64.0)


def residual(weights: Path, images: Path, num_images: int, num_steps: int) -> Problem:
    """Return ResNet-20."""
    x, y = read_images(images, "test", num_images)
    seen, _ = read_images(images, "train", CALIBRATION_IMAGES)
    network = resnet20(load_tensors(weights))
    snn = pysnn.convert(network, x=seen, recipe="robust", progress=False)
    call = {"num_steps": num_steps}
    return Problem("ResNet-20", snn, x, y, num_steps, call, least_right=0.5, bar=128.0)


def status_bytes(field: str) -> int | None:
    """Return a size that Linux tells of this process, or None elsewhere."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    for line in status.read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return None


def peak_bytes() -> int:
    """Return the largest resident size of this process, since its mark was reset if it was."""
    found = status_bytes("VmHWM")
    if found is not None:
        return found
    # Kibibytes, except on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def reset_peak() -> bool:
    """Take the mark of the largest size back to the present one; returns whether that worked."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    peak, present = status_bytes("VmHWM"), status_bytes("VmRSS")
    # Linux adds up pages of several processors now and then only: the two never agree to the byte.
    return peak is not None and present is not None and peak - present < MB


def simulate_here(folder: Path, call: dict[str, Any]) -> None:
    """Simulate in this process, and print what that took as JSON."""
    snn = pysnn.load(folder / "snn.safetensors")
    assert isinstance(snn, pysnn.SpikingNetwork)
    x = np.load(folder / "x.npy")
    was_reset = reset_peak()
    before = peak_bytes()
    result = pysnn.simulate(snn, x, **call)
    taken = peak_bytes() - before
    right = float((result.predictions == np.load(folder / "y.npy")).mean())
    print(json.dumps({"bytes": taken, "was_reset": was_reset, "right": right}))


def simulate_in_child(folder: Path, problem: Problem, threads: int) -> tuple[float, bool]:
    """Simulate in a fresh process; returns MB and whether they are all."""
    call = json.dumps({**problem.call, "num_threads": threads})
    command = [sys.executable, __file__, IN_CHILD, str(folder), call]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    right = found["right"]
    assert right > problem.least_right, f"{right:.2%} are right: the network is not"
    return found["bytes"] / MB, found["was_reset"]


def parse() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    add = parser.add_argument
    add("--resnet20", nargs=2, type=Path, metavar=("WEIGHTS", "IMAGES"), help="files to read")
    add("--images", type=int, help="test images (default 10000, or 5000 of ResNet-20)")
    add("--steps", type=int, help="steps of 1 ms (default 500, or 256 of ResNet-20)")
    add("--threads", type=int, default=2, help="threads (default 2)")
    add("--processes", type=int, default=3, help="fresh processes (default 3)")
    return parser.parse_args()


def main() -> None:
    """Leave the files, measure in fresh processes, and print."""
    options = parse()
    if options.resnet20 is None:
        problem = fcn(options.images or 10000, options.steps or 500)
    else:
        weights, images = options.resnet20
        problem = residual(weights, images, options.images or 5000, options.steps or 256)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        problem.snn.save(folder / "snn.safetensors")
        np.save(folder / "x.npy", problem.x)
        np.save(folder / "y.npy", problem.y)
        found = [
            simulate_in_child(folder, problem, options.threads) for _ in range(options.processes)
        ]
        network_bytes = (folder / "snn.safetensors").stat().st_size
    sizes = [megabytes for megabytes, _ in found]
    median = statistics.median(sizes)
    num_images = len(problem.x)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {problem.name}, "
        f"{num_images} images, {problem.num_steps} steps, {options.threads} threads\n"
        f"network {network_bytes / MB:.1f} MB, inputs {problem.x.nbytes / MB:.1f} MB\n"
        f"largest resident size beyond network and inputs: {median:.1f} MB, median of "
        f"{len(sizes)} processes ({min(sizes):.1f} to {max(sizes):.1f})\n"
        f"bar {problem.bar:.0f} MB: {'met' if median <= problem.bar else 'missed'}"
    )
    if not all(was_reset for _, was_reset in found):
        print("the peak could not be reset here: what loading took hides some of it")


if __name__ == "__main__":
    if sys.argv[1:2] == [IN_CHILD]:
        simulate_here(Path(sys.argv[2]), json.loads(sys.argv[3]))
    else:
        main()
