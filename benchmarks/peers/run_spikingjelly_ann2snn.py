"""SpikingJelly's own conversion of a ReLU network: another network than ours, at its cost."""

# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import harness
from graphs.ann2snn import Ann2Snn
from graphs.graph import BATCH_SIZES, TRIAL_IMAGES
from peer import Peer
from torch_network import CHANNELS_LAST

if __name__ == "__main__":
    harness.main(
        Peer(
            name="spikingjelly_ann2snn",
            packages=("spikingjelly", "torch"),
            prepare=Ann2Snn,
            batch_sizes=BATCH_SIZES,
            variants=("multi-step", f"multi-step {CHANNELS_LAST}"),
            equal_spikes=False,
            same_network=False,
            graphs=True,
            trial_images=TRIAL_IMAGES,
        )
    )
