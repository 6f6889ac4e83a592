"""Print the memory that `pysnn.simulate` takes at its peak, beyond the network and the inputs.

A fresh process loads the paper's FCN and the test images from files that this one leaves, notes its
resident size, simulates, and notes the largest size since. That counts the result, which is still
alive, the threads, and whatever the first simulation of a network builds and keeps. Where the
system does not let a process reset its own peak (only Linux does), the highest size that loading
took hides some of it, and the output says so.

The accuracy is asserted to be a trained network's first, so that it is known to do its work.

Usage:
    python benchmarks/memory.py [--images 10000] [--steps 500] [--threads 2] [--processes 3]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from cases import FCN

import pysnn

BAR = 64.0  # MB
MB = 1e6
IN_CHILD = "--in-child"


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


def simulate_here(folder: Path, num_steps: int, num_threads: int) -> None:
    """Simulate in this process, and print what that took as JSON."""
    snn = pysnn.load(folder / "fcn.safetensors")
    assert isinstance(snn, pysnn.SpikingNetwork)
    x = np.load(folder / "x.npy")
    was_reset = reset_peak()
    before = peak_bytes()
    result = pysnn.simulate(
        snn, x, duration=num_steps * 1e-3, max_rate=FCN.max_rate, num_threads=num_threads
    )
    taken = peak_bytes() - before
    accuracy = float(result.accuracy(np.load(folder / "y.npy"))[-1])
    print(json.dumps({"bytes": taken, "was_reset": was_reset, "accuracy": accuracy}))


def simulate_in_child(folder: Path, num_steps: int, num_threads: int) -> tuple[float, bool]:
    """Simulate in a fresh process; returns MB and whether they are all."""
    command = [sys.executable, __file__, IN_CHILD, str(folder), str(num_steps), str(num_threads)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["accuracy"] > 0.9, f"accuracy {found['accuracy']:.2%}: the network is not right"
    return found["bytes"] / MB, found["was_reset"]


def main() -> None:
    """Leave the files, measure in fresh processes, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--images", type=int, default=10000, help="test images (default 10000)")
    parser.add_argument("--steps", type=int, default=500, help="steps of 1 ms (default 500)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default 2)")
    parser.add_argument("--processes", type=int, default=3, help="fresh processes (default 3)")
    options = parser.parse_args()
    mnist = pysnn.datasets.load_mnist()
    x = mnist.x_test[: options.images]
    snn = FCN.spiking_network(mnist)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snn.save(folder / "fcn.safetensors")
        np.save(folder / "x.npy", x)
        np.save(folder / "y.npy", mnist.y_test[: options.images])
        found = [
            simulate_in_child(folder, options.steps, options.threads)
            for _ in range(options.processes)
        ]
        network_bytes = (folder / "fcn.safetensors").stat().st_size
    sizes = [megabytes for megabytes, _ in found]
    median = statistics.median(sizes)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {FCN.name}, {FCN.max_rate:.0f} Hz, "
        f"{len(x)} images, {options.steps} steps, {options.threads} threads\n"
        f"network {network_bytes / MB:.1f} MB, inputs {x.nbytes / MB:.1f} MB, output spikes at "
        f"least {len(x) * options.steps * 10 / 8 / MB:.1f} MB\n"
        f"largest resident size beyond network and inputs: {median:.1f} MB, median of "
        f"{len(sizes)} processes ({min(sizes):.1f} to {max(sizes):.1f})\n"
        f"bar {BAR:.0f} MB: {'met' if median <= BAR else 'missed'}"
    )
    if not all(was_reset for _, was_reset in found):
        print("the peak could not be reset here: what loading took hides some of it")


if __name__ == "__main__":
    if sys.argv[1:2] == [IN_CHILD]:
        simulate_here(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
