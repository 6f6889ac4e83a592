"""PyTorch's torch.compile on graphs: a step of the whole network, or all steps of a population.

Generic code, not a package for spiking networks. Where populations run layer by layer, what is
compiled is their neurons, unrolled over eight steps.
"""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import harness
from graphs.graph import BATCH_SIZES, TRIAL_IMAGES
from graphs.torch_graph import LAYERS, torch_graph
from peer import Peer
from torch_network import CHANNELS_LAST, COMPILED, FROZEN

if __name__ == "__main__":
    harness.main(
        Peer(
            name="torch_compile",
            packages=("torch",),
            prepare=torch_graph,
            batch_sizes=BATCH_SIZES,
            variants=(f"{LAYERS} {COMPILED}", f"steps {COMPILED}", f"steps {COMPILED} {FROZEN}"),
            image_variants=(
                f"{LAYERS} {COMPILED} {CHANNELS_LAST}",
                f"steps {COMPILED} {CHANNELS_LAST}",
                f"steps {COMPILED} {FROZEN} {CHANNELS_LAST}",
            ),
            graphs=True,
            trial_images=TRIAL_IMAGES,
        )
    )
