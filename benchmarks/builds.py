"""This build of pysnn and another one, each in a process of its own, on the same network."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peers.process import TimedProcess

SCRIPT = Path(__file__).resolve().parent / "run_build.py"


@contextlib.contextmanager
def both_builds(
    network: Path, x: NDArray[np.float32], call: dict[str, Any], other: Path
) -> Iterator[list[TimedProcess]]:
    """Start a network in this build and in another one, and end both.

    Args:
        network: A model file, or a graph of `save_graph` that is built by hand.
        x: Images, (num_images, *input_shape).
        call: Keywords of `pysnn.simulate` that both builds know.
        other: Interpreter of the environment that the other build is installed in.

    Yields:
        The processes of this build and of the other one, which predict and count the same.

    Raises:
        PeerFailedError: One does not run.
        ValueError: They differ.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        images = Path(folder) / "x.npy"
        np.save(images, x)
        processes = []
        for title, python in (("this build", sys.executable), ("the other build", str(other))):
            command = [python, str(SCRIPT), str(network), str(images), json.dumps(call)]
            processes.append(TimedProcess(title, command))
            stack.callback(processes[-1].close)
        this, that = (process.info for process in processes)
        for key in ("predictions", "operations"):
            if this[key] != that[key]:
                raise ValueError(f"{key} of {network} are not those of version {that['version']}")
        yield processes
