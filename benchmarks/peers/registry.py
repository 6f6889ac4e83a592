"""The peers that are compared with pysnn, and the environments that they run in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
# Large; checkouts may share them.
ENVIRONMENTS = Path(os.environ.get("PYSNN_PEERS", FOLDER.parent / ".venvs"))


@dataclass(frozen=True)
class Entry:
    """A peer as tables and commands know it.

    Attributes:
        name: Name on command lines; ``run_<name>.py`` is its script.
        title: Name in tables.
        environment: Name of its environment, which peers may share.
        images: Whether its script can run layers that read images.
        generic: Whether it is generic code, not a package for spiking networks.
        chains: Whether its script runs the cases of compare.py.
        graphs: Whether it runs the networks of real_networks.py.
        note: How what it simulates differs from the problem, or what else to know.
        graph_note: The same of a graph.
    """

    name: str
    title: str
    environment: str
    images: bool = True
    generic: bool = False
    chains: bool = True
    graphs: bool = False
    note: str = ""
    graph_note: str = ""

    @property
    def script(self) -> Path:
        """The script that measures it."""
        return FOLDER / f"run_{self.name}.py"

    @property
    def python(self) -> Path:
        """The Python of its environment."""
        return environment_python(self.environment)


def environment_python(name: str) -> Path:
    """Return where the Python of an environment is or would be."""
    return ENVIRONMENTS / name / "bin" / "python"


def requirements(environment: str) -> Path:
    """Return the file of an environment's pinned requirements."""
    return FOLDER / "requirements" / f"{environment}.txt"


PEERS = (
    Entry(
        "spyx",
        "spyx",
        "spyx",
        graphs=True,
        note="resets by subtraction, and each layer fires one step later; it has no other IF",
    ),
    Entry("spikingjelly", "SpikingJelly", "torch", graphs=True),
    Entry(
        "spikingjelly_ann2snn",
        "SpikingJelly, its own conversion",
        "torch",
        chains=False,
        graphs=True,
        graph_note="other thresholds than ours; currents and spikes are scaled around each neuron",
    ),
    Entry("norse", "norse", "torch", note="fires above the threshold, which is set one bit lower"),
    Entry(
        "snntorch",
        "snnTorch",
        "torch",
        note="fires above the threshold, which is set one bit lower",
    ),
    Entry("sinabs", "sinabs", "torch", graphs=True),
    Entry("bindsnet", "BindsNET", "bindsnet", images=False),
    Entry(
        "brian2",
        "Brian2",
        "brian2",
        images=False,
        note="one image after the other; its own count of seconds, without building and loading",
    ),
    Entry("numpy", "NumPy", "numpy", generic=True),
    # Of real_networks.py without torch.compile, which has a line of its own there.
    Entry("torch", "PyTorch, torch.compile", "torch", generic=True, graphs=True),
    Entry("torch_compile", "torch.compile", "torch", generic=True, chains=False, graphs=True),
    Entry("onnxruntime", "ONNX Runtime fp32", "onnxruntime", generic=True, graphs=True),
    Entry(
        "onnxruntime_int8",
        "ONNX Runtime int8",
        "onnxruntime",
        generic=True,
        graphs=True,
        note="weights rounded to 8 bits",
        graph_note="weights rounded to 8 bits, but not those of shortcuts and of the readout",
    ),
)
