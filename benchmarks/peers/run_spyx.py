"""spyx: its IF neurons under jax.jit and jax.lax.scan.

On chains spyx's IF resets by subtraction and fires in the step after the one in which it reaches
the threshold, and takes no other orders: other spikes than ours, at the same cost. It fires above
the threshold, not at it, so the threshold is the next smaller float32. Variants: "steps" runs all
layers in every step, "layers" all steps of a layer before the next one; "rbg" draws with XLA's own
generator in place of JAX's. Graphs get our spikes (graphs/spyx_graph.py).
"""

# mypy: disable-error-code="import-not-found, no-any-return"

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import harness
import jax
import jax.numpy as jnp
import numpy as np
import spyx.nn
from graphs.graph import BATCH_SIZES, TRIAL_IMAGES
from graphs.spyx_graph import SpyxGraph
from numpy.typing import NDArray
from numpy_network import channel_last, linear_matrix, moved
from peer import Peer, Setting, Simulator
from problem import Floats, Problem, Synapses, just_below

IMAGES = ("NHWC", "HWIO", "NHWC")


def currents(layer: Synapses, source_shape: tuple[int, ...]) -> Callable[[Any], Any]:
    """Return the function from spikes, (n, ...) in channel-last order, to currents."""
    if layer.kind == "linear":
        matrix = jnp.asarray(linear_matrix(layer, source_shape))
        return lambda spikes: spikes.reshape(len(spikes), -1) @ matrix
    if layer.kind == "conv":
        kernel = jnp.asarray(layer.weight.transpose(2, 3, 1, 0))
        pad = [(each, each) for each in layer.padding]
        return lambda spikes: jax.lax.conv_general_dilated(
            spikes, kernel, layer.stride, pad, dimension_numbers=IMAGES
        )
    weight = jnp.asarray(layer.weight)
    window, step = (1, *layer.kernel_size, 1), (1, *layer.stride, 1)
    return lambda spikes: (
        weight * jax.lax.reduce_window(spikes, 0.0, jax.lax.add, window, step, "VALID")
    )


class SpyxSimulator(Simulator):
    """The whole simulation of a batch as one compiled function."""

    def __init__(self, problem: Problem, setting: Setting, seed: int) -> None:
        generator = "rbg" if "rbg" in setting.variant else "threefry2x32"
        self._key = jax.random.key(seed, impl=generator)
        sources = [problem.input_shape, *(layer.output_shape for layer in problem.layers)]
        synapses = [
            currents(layer, source)
            for layer, source in zip(problem.layers, sources[:-1], strict=True)
        ]
        neurons = [
            spyx.nn.IF(channel_last(layer.output_shape), threshold=just_below(layer.threshold))
            for layer in problem.layers
        ]
        size, steps = setting.batch_size, problem.num_steps

        def draw(key: Any, probability: Any) -> Any:
            uniform = jax.random.uniform(key, probability.shape)
            return (uniform < probability).astype(jnp.float32)

        def by_steps(probability: Any, key: Any) -> Any:
            def step(carry: Any, step_key: Any) -> tuple[Any, None]:
                membranes, total = carry
                spikes, after = draw(step_key, probability), []
                for synapse, neuron, membrane in zip(synapses, neurons, membranes, strict=True):
                    spikes, membrane = neuron(synapse(spikes), membrane)
                    after.append(membrane)
                return (after, total + spikes), None

            first = [neuron.initial_state(size) for neuron in neurons]
            total = jnp.zeros((size, problem.num_classes))
            return jax.lax.scan(step, (first, total), jax.random.split(key, steps))[0][1]

        def by_layers(probability: Any, key: Any) -> Any:
            shape = (steps, *probability.shape)
            trains = draw(key, jnp.broadcast_to(probability, shape))
            for synapse, neuron in zip(synapses, neurons, strict=True):
                drive = synapse(trains.reshape(steps * size, *trains.shape[2:]))
                drive = drive.reshape(steps, size, *drive.shape[1:])

                def step(membrane: Any, current: Any, neuron: Any = neuron) -> tuple[Any, Any]:
                    spikes, membrane = neuron(current, membrane)
                    return membrane, spikes

                trains = jax.lax.scan(step, neuron.initial_state(size), drive)[1]
            return trains.sum(0)

        self._run = jax.jit(by_layers if "layers" in setting.variant else by_steps)

    def counts(self, probability: Floats) -> NDArray[Any]:
        self._key, key = jax.random.split(self._key)
        return np.asarray(self._run(jnp.asarray(moved(probability)), key))


if __name__ == "__main__":
    harness.main(
        Peer(
            name="spyx",
            packages=("spyx", "jax", "jaxlib"),
            prepare=SpyxSimulator,
            batch_sizes=(10, 25, 50, 100, 250),
            variants=("steps", "steps rbg", "layers", "layers rbg"),
            equal_spikes=False,
        ),
        Peer(
            name="spyx",
            packages=("spyx", "jax", "jaxlib"),
            prepare=partial(SpyxGraph, part=currents),
            batch_sizes=BATCH_SIZES,
            variants=("layers", "steps"),
            graphs=True,
            trial_images=TRIAL_IMAGES,
        ),
    )
