"""Print the memory that `pysnn simulate` takes on samples of a memory map, beyond the map.

The paper's FCN, trained here for an epoch, a file of MNIST images one after the other until there
are enough of them (Poisson input draws other spikes for each), and one command of the command line.
While it runs, this process reads the command's sizes from Linux twenty times a second: RssAnon, its
own memory, and from smaps the resident pages of all of its mappings but that of the file, code and
libraries included. The largest of these sizes are printed, beside what needs no looking often
enough: the largest size that Linux itself saw, VmHWM, less all of the file.

The accuracy is asserted to be a trained network's, so that it is known to do its work.

Usage:
    python benchmarks/large_data.py [--samples 1000000] [--steps 16] [--dtype float32] [--threads 1]
        [--output csv]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import pysnn
from pysnn.datasets import Mnist

BAR = 300.0  # MB
MB = 1e6
_BLOCK = 10_000


@dataclass
class Peaks:
    """The largest sizes of a process so far, in bytes."""

    own: int = 0  # RssAnon
    beyond: int = 0  # pages of all mappings but the file's
    pages: int = 0  # of the file
    whole: int = 0  # VmHWM
    num_looks: int = 0

    def look(self, pid: int, path: Path) -> None:
        """Read the sizes now; nothing where the process is over."""
        try:
            # One reading of one file: two would count pages of a mapping that goes in between.
            pages, beyond = resident_bytes(Path(f"/proc/{pid}/smaps").read_text(), path)
            status = Path(f"/proc/{pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return
        sizes = {
            name: int(value.split()[0]) * 1024
            for name, _, value in (line.partition(":") for line in status.splitlines())
            if name in ("RssAnon", "VmHWM")
        }
        if len(sizes) < 2:
            return  # it has ended, and waits to be asked for its status
        self.own = max(self.own, sizes["RssAnon"])
        self.beyond = max(self.beyond, beyond)
        self.pages = max(self.pages, pages)
        self.whole = max(self.whole, sizes["VmHWM"])
        self.num_looks += 1


def resident_bytes(smaps: str, path: Path) -> tuple[int, int]:
    """Return the resident bytes of a file's mappings, and of all others."""
    inside = outside = 0
    is_file = False
    for line in smaps.splitlines():
        name, _, value = line.partition(":")
        if "-" in line.split(" ", 1)[0]:
            is_file = line.endswith(str(path))
        elif name == "Rss" and is_file:
            inside += int(value.split()[0]) * 1024
        elif name == "Rss":
            outside += int(value.split()[0]) * 1024
    return inside, outside


def write_files(folder: Path, mnist: Mnist, num_samples: int, dtype: str) -> None:
    """Write the network, the samples and the labels."""
    network = pysnn.models.diehl2015_fcn(seed=0)
    pysnn.train(network, mnist.x_train[:20000], mnist.y_train[:20000], epochs=1, seed=0)
    snn = pysnn.convert(network, method="data", x=mnist.x_train[:5000])
    snn.save(folder / "fcn.safetensors")
    shape = (num_samples, 784)
    x = np.lib.format.open_memmap(folder / "x.npy", "w+", np.dtype(dtype), shape)
    images = np.rint(mnist.x_test * 255).astype(np.uint8) if dtype == "uint8" else mnist.x_test
    flat = images.reshape(len(images), -1)
    for start in range(0, num_samples, _BLOCK):
        x[start : start + _BLOCK] = flat[: num_samples - start]
    np.save(folder / "y.npy", np.resize(mnist.y_test, num_samples))


def main() -> None:
    """Write the files, run the command, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--samples", type=int, default=1_000_000, help="default 1,000,000")
    parser.add_argument("--steps", type=int, default=16, help="steps of 1 ms (default 16)")
    parser.add_argument("--dtype", choices=("float32", "uint8"), default="float32")
    parser.add_argument("--threads", type=int, default=1, help="threads (default 1)")
    parser.add_argument("--output", choices=("csv", "json", "npz"), help="write results, too")
    parser.add_argument("--folder", help="where to write, 3 GB by default (default: a temporary)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name).resolve()
        write_files(folder, pysnn.datasets.load_mnist(), options.samples, options.dtype)
        command = ["pysnn", "simulate", "fcn.safetensors", "--data", "x.npy", "--labels", "y.npy"]
        command += ["--num-steps", str(options.steps), "--num-threads", str(options.threads)]
        command += ["--scale", "1/255"] if options.dtype == "uint8" else []
        command += [] if options.output is None else ["--output", f"results.{options.output}"]
        print("$", *command, flush=True)
        peaks, start = Peaks(), time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, stdout=subprocess.PIPE, text=True
        ) as process:
            while process.poll() is None:
                peaks.look(process.pid, folder / "x.npy")
                time.sleep(0.05)
            assert process.stdout is not None
            printed = process.stdout.read()
        seconds = time.perf_counter() - start
        assert process.returncode == 0, printed
        map_bytes = (folder / "x.npy").stat().st_size
    print(printed)
    accuracy = float(printed.split("accuracy: ")[1].split("%")[0])
    assert accuracy > 60, f"accuracy {accuracy} %: the network is not right"
    largest = max(peaks.beyond, peaks.whole - map_bytes)
    print(
        f"pysnn {pysnn.__version__}, CPU {pysnn.cpu_target()}, {options.threads} threads, "
        f"{options.dtype}, {seconds:.0f} s, {peaks.num_looks} looks\n"
        f"map {map_bytes / MB:.0f} MB, at most {peaks.pages / MB:.0f} MB of it resident\n"
        f"own memory (RssAnon) {peaks.own / MB:.1f} MB; all but the map's pages (smaps) "
        f"{peaks.beyond / MB:.1f} MB; VmHWM less the map {(peaks.whole - map_bytes) / MB:.1f} MB\n"
        f"bar {BAR:.0f} MB beyond the map: {'met' if largest / MB < BAR else 'missed'}"
    )


if __name__ == "__main__":
    main()
