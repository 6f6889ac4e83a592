"""Memory that simulations held is free when they are gone, in the core too."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CHILD = """
import sys
import numpy as np, pysnn

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

network = pysnn.models.mlp((784, 1200, 1200, 10), seed=0)
x = np.random.default_rng(0).random((100, 784), dtype=np.float32)
snn = pysnn.convert(network, method="none")

def state():
    simulation = pysnn.Simulation(snn, 100)
    simulation.run(x, duration=0.01)

def batch():
    pysnn.simulate(snn, x, duration=0.01, record="counts")

def whole_network():
    pysnn.simulate(pysnn.convert(network, method="none"), x, duration=0.01)

use = {each.__name__: each for each in (state, batch, whole_network)}[sys.argv[1]]
for _ in range(3):
    use()
before = resident()
for _ in range(20):
    use()
print(resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("use", ["state", "batch", "whole_network"])
def test_the_twentieth_of_them_takes_no_more_memory_than_the_third(use: str) -> None:
    # 20 states of the paper's network with 100 samples are 750 MiB, 20 networks 120 MiB.
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CHILD, use], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 60
