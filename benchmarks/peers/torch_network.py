"""What the scripts of PyTorch's packages share: synapses as modules, steps, compilation."""

# mypy: disable-error-code="import-not-found, no-any-return, untyped-decorator"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from peer import Setting, Simulator
from problem import Floats, Problem, Spikes, Synapses
from torch import nn

# Words that a variant's name is made of.
COMPILED, FROZEN, CHANNELS_LAST = "compiled", "frozen", "channels_last"

# From currents and membrane potentials to spikes and new membrane potentials.
Neuron = Callable[[Any, Any], tuple[Any, Any]]


def synapses(problem: Problem, linear: Any = nn.Linear, conv: Any = nn.Conv2d) -> list[Any]:
    """Return a module per layer that turns spikes into currents.

    Args:
        problem: Gives the layers.
        linear: Class to use in place of PyTorch's own.
        conv: Likewise.
    """
    return [synapse_module(layer, linear, conv) for layer in problem.layers]


def synapse_module(layer: Synapses, linear: Any = nn.Linear, conv: Any = nn.Conv2d) -> Any:
    """Return a module that turns spikes into currents; of an identity there is none."""
    if layer.kind == "pool":
        if not layer.is_mean:
            raise SystemExit(f"a pool over {layer.kernel_size} is no mean in float32")
        return nn.AvgPool2d(layer.kernel_size, layer.stride)
    outputs, inputs = layer.weight.shape[:2]
    if layer.kind == "conv":
        module = conv(
            inputs,
            outputs,
            layer.kernel_size,
            stride=layer.stride,
            padding=layer.padding,
            bias=False,
        )
    else:
        module = linear(inputs, outputs, bias=False)
    module.weight.data = torch.from_numpy(layer.weight)
    return module.eval().requires_grad_(False)


def float_trains(trains: Spikes) -> Any:
    """Return spike trains as a tensor of 0.0 and 1.0."""
    return torch.from_numpy(trains.astype(np.float32))


def layout(images: Any, setting: Setting) -> Any:
    """Return images in the order of memory that the setting's variant asks for."""
    if images.ndim == 4 and CHANNELS_LAST in setting.variant:
        return images.contiguous(memory_format=torch.channels_last)
    return images


def draw_trains(probability: Floats, num_steps: int) -> Any:
    """Return spike trains as a tensor (num_steps, batch_size, *input_shape) of 0.0 and 1.0."""
    p = torch.from_numpy(probability)
    return (torch.rand((num_steps, *p.shape)) < p).float()


class StepSimulator(Simulator):
    """All layers in every step, as packages do whose neurons know single steps.

    Args:
        problem: The problem.
        setting: Its variant may hold `COMPILED`, `FROZEN` and `CHANNELS_LAST`.
        seed: Seed of the spikes.
        neurons: What each population does with its currents.
    """

    def __init__(
        self, problem: Problem, setting: Setting, seed: int, neurons: list[Neuron]
    ) -> None:
        torch.manual_seed(seed)
        self._problem = problem
        self._setting = setting
        modules = nn.ModuleList(synapses(problem))
        if CHANNELS_LAST in setting.variant:
            modules = modules.to(memory_format=torch.channels_last)
        linear_after_image = [
            layer.kind == "linear" and len(shape) == 3
            for layer, shape in zip(
                problem.layers,
                [problem.input_shape, *(layer.output_shape for layer in problem.layers)],
                strict=False,
            )
        ]

        def step(spikes: Any, membranes: list[Any]) -> tuple[Any, list[Any]]:
            after = []
            for index, synapse in enumerate(modules):
                if linear_after_image[index]:
                    spikes = spikes.flatten(1)
                spikes, membrane = neurons[index](synapse(spikes), membranes[index])
                after.append(membrane)
            return spikes, after

        def drawn_step(probability: Any, membranes: list[Any], total: Any) -> tuple[Any, list[Any]]:
            spikes, after = step((torch.rand_like(probability) < probability).float(), membranes)
            return total + spikes, after

        self._step = step
        self._drawn_step = drawn_step
        if COMPILED in setting.variant:
            self._step, self._drawn_step = compiled(step, setting), compiled(drawn_step, setting)

    @torch.inference_mode()
    def counts(self, probability: Floats) -> NDArray[Any]:
        p = layout(torch.from_numpy(probability), self._setting)
        membranes, total = self._start(len(p)), torch.zeros(len(p), self._problem.num_classes)
        for _ in range(self._problem.num_steps):
            total, membranes = self._drawn_step(p, membranes, total)
        return total.numpy()

    @torch.inference_mode()
    def replay(self, trains: Spikes) -> Spikes:
        membranes, outputs = self._start(trains.shape[1]), []
        for step in float_trains(trains):
            spikes, membranes = self._step(layout(step, self._setting), membranes)
            outputs.append(spikes)
        return torch.stack(outputs).numpy() > 0

    def _start(self, batch_size: int) -> list[Any]:
        return [
            layout(torch.zeros(batch_size, *layer.output_shape), self._setting)
            for layer in self._problem.layers
        ]


def compiled(function: Any, setting: Setting) -> Any:
    """Return a function as torch.compile makes it, with weights as constants if `FROZEN`."""
    if FROZEN in setting.variant:
        torch._inductor.config.freezing = True
        torch._inductor.config.max_autotune_gemm_backends = "ATEN,CPP"
        torch._inductor.config.max_autotune = True
    # Modules that keep their state are compiled once per population.
    torch._dynamo.config.recompile_limit = 64
    return torch.compile(function, dynamic=False)
