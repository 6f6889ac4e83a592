# Made by tools/make_stub.py from the built extension: change the bindings, not this file.

import os
import typing
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

class ModelFileError(ValueError): ...

class Linear:
    def __init__(
        self, weight: NDArray[np.float32], bias: NDArray[np.float32] | None = None
    ) -> None: ...
    @property
    def bias(self) -> NDArray[np.float32] | None: ...
    @property
    def weight(self) -> NDArray[np.float32]: ...

class Conv2d:
    def __init__(
        self,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32] | None = None,
        stride: Sequence[int] = [1, 1],
        padding: Sequence[int] = [0, 0, 0, 0],
        dilation: Sequence[int] = [1, 1],
        groups: int = 1,
    ) -> None: ...
    @property
    def bias(self) -> NDArray[np.float32] | None: ...
    @property
    def dilation(self) -> list[int]: ...
    @property
    def groups(self) -> int: ...
    @property
    def padding(self) -> list[int]: ...
    @property
    def stride(self) -> list[int]: ...
    @property
    def weight(self) -> NDArray[np.float32]: ...

class AvgPool2d:
    def __init__(
        self,
        kernel_size: Sequence[int],
        stride: Sequence[int],
        padding: Sequence[int] = [0, 0, 0, 0],
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None: ...
    @property
    def ceil_mode(self) -> bool: ...
    @property
    def count_include_pad(self) -> bool: ...
    @property
    def kernel_size(self) -> list[int]: ...
    @property
    def padding(self) -> list[int]: ...
    @property
    def stride(self) -> list[int]: ...

class MaxPool2d:
    def __init__(
        self,
        kernel_size: Sequence[int],
        stride: Sequence[int],
        padding: Sequence[int] = [0, 0, 0, 0],
        dilation: Sequence[int] = [1, 1],
        ceil_mode: bool = False,
    ) -> None: ...
    @property
    def ceil_mode(self) -> bool: ...
    @property
    def dilation(self) -> list[int]: ...
    @property
    def kernel_size(self) -> list[int]: ...
    @property
    def padding(self) -> list[int]: ...
    @property
    def stride(self) -> list[int]: ...

class BatchNorm:
    def __init__(
        self,
        weight: NDArray[np.float32] | None,
        bias: NDArray[np.float32] | None,
        mean: NDArray[np.float32],
        variance: NDArray[np.float32],
        eps: float = 1e-05,
    ) -> None: ...
    @property
    def bias(self) -> NDArray[np.float32] | None: ...
    @property
    def eps(self) -> float: ...
    @property
    def mean(self) -> NDArray[np.float32]: ...
    @property
    def variance(self) -> NDArray[np.float32]: ...
    @property
    def weight(self) -> NDArray[np.float32] | None: ...

class ReLU:
    def __init__(self, max: float = 0.0, levels: int = 0) -> None: ...
    @property
    def levels(self) -> int: ...
    @property
    def max(self) -> float: ...

class Affine:
    def __init__(self, scale: NDArray[np.float64], shift: NDArray[np.float64]) -> None: ...
    @property
    def scale(self) -> NDArray[np.float64]: ...
    @property
    def shift(self) -> NDArray[np.float64]: ...

class Flatten:
    def __init__(self) -> None: ...

class Add:
    def __init__(self) -> None: ...

class Concat:
    def __init__(self) -> None: ...

class Pad:
    def __init__(self, padding: Sequence[int]) -> None: ...
    @property
    def padding(self) -> list[int]: ...

class Network:
    def __init__(
        self,
        input_shape: Sequence[int],
        nodes: Sequence[
            tuple[
                str,
                Linear
                | Conv2d
                | AvgPool2d
                | Flatten
                | MaxPool2d
                | BatchNorm
                | ReLU
                | Add
                | Concat
                | Pad
                | Affine,
                str,
                Sequence[str],
            ]
        ],
    ) -> None: ...
    @property
    def input_shape(self) -> tuple[int, ...]: ...
    @property
    def nodes(
        self,
    ) -> list[
        tuple[
            str,
            Linear
            | Conv2d
            | AvgPool2d
            | Flatten
            | MaxPool2d
            | BatchNorm
            | ReLU
            | Add
            | Concat
            | Pad
            | Affine,
            typing.Literal["relu", "none"],
            list[str],
        ]
    ]: ...

class PoolSynapses:
    def __init__(
        self,
        kernel_size: Sequence[int],
        stride: Sequence[int],
        padding: Sequence[int] = [0, 0, 0, 0],
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None: ...
    @property
    def ceil_mode(self) -> bool: ...
    @property
    def count_include_pad(self) -> bool: ...
    @property
    def kernel_size(self) -> list[int]: ...
    @property
    def padding(self) -> list[int]: ...
    @property
    def stride(self) -> list[int]: ...
    @property
    def weight(self) -> NDArray[np.float32]: ...

class MaxPoolSynapses:
    def __init__(
        self,
        kernel_size: Sequence[int],
        stride: Sequence[int],
        padding: Sequence[int] = [0, 0, 0, 0],
        dilation: Sequence[int] = [1, 1],
        ceil_mode: bool = False,
    ) -> None: ...
    @property
    def ceil_mode(self) -> bool: ...
    @property
    def dilation(self) -> list[int]: ...
    @property
    def kernel_size(self) -> list[int]: ...
    @property
    def padding(self) -> list[int]: ...
    @property
    def stride(self) -> list[int]: ...

class IdentitySynapses:
    def __init__(
        self,
        weight: NDArray[np.float32],
        stride: Sequence[int],
        padding: Sequence[int],
        out_channels: int,
        first_channel: int,
    ) -> None: ...
    @property
    def first_channel(self) -> int: ...
    @property
    def out_channels(self) -> int: ...
    @property
    def padding(self) -> list[int]: ...
    @property
    def stride(self) -> list[int]: ...
    @property
    def weight(self) -> NDArray[np.float32]: ...

class Population:
    def __init__(
        self,
        *,
        name: str,
        shape: Sequence[int],
        threshold: NDArray[np.float32],
        initial_potential: NDArray[np.float32],
        reset: str,
        refractory_period: float,
        projections: Sequence[
            tuple[str, Linear | Conv2d | PoolSynapses | IdentitySynapses | MaxPoolSynapses]
        ],
        neuron: str,
        negative_threshold: NDArray[np.float32],
        leak: NDArray[np.float32],
        delay: int,
        bias: NDArray[np.float32] | None,
    ) -> None: ...
    def with_threshold(self, threshold: NDArray[np.float32]) -> Population: ...
    @property
    def bias(self) -> NDArray[np.float32]: ...
    @property
    def delay(self) -> int: ...
    @property
    def grid(self) -> NDArray[np.float32]: ...
    @property
    def initial_potential(self) -> NDArray[np.float32]: ...
    @property
    def leak(self) -> NDArray[np.float32]: ...
    @property
    def name(self) -> str: ...
    @property
    def negative_threshold(self) -> NDArray[np.float32]: ...
    @property
    def neuron(self) -> str: ...
    @property
    def projections(
        self,
    ) -> list[tuple[str, Linear | Conv2d | PoolSynapses | IdentitySynapses | MaxPoolSynapses]]: ...
    @property
    def refractory_period(self) -> float: ...
    @property
    def reset(self) -> str: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def threshold(self) -> NDArray[np.float32]: ...

class InputRange:
    def __init__(
        self,
        *,
        scale: float,
        is_signed: bool,
        affine_scale: Sequence[float],
        affine_shift: Sequence[float],
    ) -> None: ...
    @property
    def affine_scale(self) -> list[float]: ...
    @property
    def affine_shift(self) -> list[float]: ...
    @property
    def is_signed(self) -> bool: ...
    @property
    def scale(self) -> float: ...

class SpikingNetwork:
    __hash__: typing.ClassVar[None]  # type: ignore[assignment]
    def __eq__(self, arg0: object, /) -> bool: ...
    def __init__(
        self,
        *,
        input_shape: Sequence[int],
        precision: str,
        populations: Sequence[Population],
        scale_factors: Sequence[Sequence[float]],
        input: InputRange,
        encoding: str | None,
        recipe: Mapping[str, str],
    ) -> None: ...
    def sends_negative(self, population: int) -> bool: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def input(self) -> InputRange: ...
    @property
    def input_shape(self) -> tuple[int, ...]: ...
    @property
    def populations(self) -> list[Population]: ...
    @property
    def precision(self) -> str: ...
    @property
    def recipe(self) -> dict[str, str]: ...
    @property
    def rounding_loss(self) -> list[tuple[float, float] | None]: ...
    @property
    def scale_factors(self) -> list[list[float]]: ...

class SimulationOptions:
    def __init__(
        self,
        *,
        dt: float,
        max_rate: float,
        seed: int,
        encoding: str,
        bias_scale: float,
        sample_ids: NDArray[np.uint64] | None,
        record: Mapping[str, Sequence[str]],
        stop_margin: float,
        stop_interval: int,
        num_threads: int,
    ) -> None: ...

class SimulationResult:
    def record(self, what: str, population: int) -> dict[str, NDArray[typing.Any]]: ...
    @property
    def first_step(self) -> int: ...
    @property
    def input_spikes(self) -> NDArray[np.int64]: ...
    @property
    def is_readout(self) -> bool: ...
    @property
    def num_outputs(self) -> int: ...
    @property
    def num_samples(self) -> int: ...
    @property
    def num_steps(self) -> int: ...
    @property
    def output_negative_spikes(self) -> NDArray[np.uint8]: ...
    @property
    def output_potentials(self) -> NDArray[np.float32]: ...
    @property
    def output_scale(self) -> float: ...
    @property
    def output_spikes(self) -> NDArray[np.uint8]: ...
    @property
    def readout_delay(self) -> int: ...
    @property
    def spikes(self) -> NDArray[np.int64]: ...
    @property
    def stopped_step(self) -> NDArray[np.int64]: ...
    @property
    def synaptic_operations(self) -> NDArray[np.int64]: ...

class ForwardPass:
    def __init__(self, network: Network) -> None: ...
    def activations(
        self,
        x: NDArray[np.float32],
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> list[NDArray[np.float32]]: ...
    def largest_activations(
        self,
        x: NDArray[np.float32],
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> list[NDArray[np.float32]]: ...
    def predict(
        self,
        x: NDArray[np.float32],
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> NDArray[np.float32]: ...

class Reading:
    def __init__(
        self,
        *,
        node: int,
        channels: int,
        look: str,
        most: float,
        cut_node: int,
        shift: float,
        rank: int,
        scales: Sequence[float],
    ) -> None: ...

class Calibration:
    def __init__(self, network: Network) -> None: ...
    def balanced(
        self,
        x: NDArray[np.float32],
        readings: Sequence[Reading],
        num_updates: int,
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> list[NDArray[np.float64]]: ...
    def largest(
        self,
        x: NDArray[np.float32],
        readings: Sequence[Reading],
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> list[NDArray[np.float32]]: ...
    def moments(
        self,
        x: NDArray[np.float32],
        readings: Sequence[Reading],
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> list[NDArray[np.float64]]: ...
    def ranked(
        self,
        x: NDArray[np.float32],
        readings: Sequence[Reading],
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> list[NDArray[np.float32]]: ...
    def squared_errors(
        self,
        x: NDArray[np.float32],
        readings: Sequence[Reading],
        num_steps: int,
        batch_size: int,
        num_threads: int,
        progress: Callable[[float], None] | None,
    ) -> list[NDArray[np.float64]]: ...

class Simulation:
    def __init__(
        self, network: SpikingNetwork, num_samples: int, options: SimulationOptions
    ) -> None: ...
    def membrane_potential(self, population: int) -> NDArray[np.float32]: ...
    def reset(self) -> None: ...
    def restore(
        self,
        state: tuple[
            int,
            NDArray[np.int32],
            list[
                tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
            ],
        ],
    ) -> None: ...
    def run(
        self, x: NDArray[np.float32], num_steps: int, report: Callable[[float], None] | None = None
    ) -> SimulationResult: ...
    def run_spikes(
        self,
        spikes: NDArray[np.uint8] | NDArray[np.int8],
        report: Callable[[float], None] | None = None,
    ) -> SimulationResult: ...
    def spike_counts(self) -> NDArray[np.int32]: ...
    def state(
        self,
    ) -> tuple[
        int,
        NDArray[np.int32],
        list[tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]],
    ]: ...
    @property
    def next_step(self) -> int: ...

class Normalization:
    @property
    def applied_factor(self) -> list[list[float]]: ...
    @property
    def scale_factor(self) -> list[list[float]]: ...

def apply_scales(network: Network, scale_factor: Sequence[Sequence[float]]) -> Network: ...
def cpu_target() -> str: ...
def data_based_normalization(
    network: Network,
    max_activation: Sequence[float],
    include_last: bool,
    variant: str,
    num_threads: int,
) -> Normalization: ...
def default_num_threads() -> int: ...
def first_spike_step(
    output_spikes: NDArray[np.uint8],
    output_negative_spikes: NDArray[np.uint8],
    num_outputs: int,
    first_step: int,
) -> NDArray[np.int64]: ...
def from_bytes(data: bytes) -> Network | SpikingNetwork: ...
def has_openmp() -> bool: ...
def load_model(path: os.PathLike[str] | str | bytes) -> Network | SpikingNetwork: ...
def model_based_normalization(
    network: Network, include_last: bool, num_threads: int
) -> Normalization: ...
@typing.overload
def output_shape(
    node: Linear
    | Conv2d
    | AvgPool2d
    | Flatten
    | MaxPool2d
    | BatchNorm
    | ReLU
    | Add
    | Concat
    | Pad
    | Affine,
    input_shape: Sequence[int],
) -> tuple[int, ...]: ...
@typing.overload
def output_shape(
    node: Linear
    | Conv2d
    | AvgPool2d
    | Flatten
    | MaxPool2d
    | BatchNorm
    | ReLU
    | Add
    | Concat
    | Pad
    | Affine,
    input_shapes: Sequence[Sequence[int]],
) -> tuple[int, ...]: ...
def outputs_of_potentials(
    output_potentials: NDArray[np.float32],
    stopped_step: NDArray[np.int64],
    first_step: int,
    delay: int,
    scale: float,
) -> NDArray[np.float64]: ...
def predictions_of_potentials(
    output_potentials: NDArray[np.float32],
    stopped_step: NDArray[np.int64],
    first_step: int,
    delay: int,
) -> NDArray[np.int32]: ...
def predictions_over_time(
    output_spikes: NDArray[np.uint8], output_negative_spikes: NDArray[np.uint8], num_outputs: int
) -> NDArray[np.int32]: ...
@typing.overload
def save(network: Network, path: os.PathLike[str] | str | bytes) -> None: ...
@typing.overload
def save(network: SpikingNetwork, path: os.PathLike[str] | str | bytes) -> None: ...
def simulate(
    network: SpikingNetwork,
    x: NDArray[np.float32],
    num_steps: int,
    options: SimulationOptions,
    report: Callable[[float], None] | None = None,
) -> SimulationResult: ...
def simulate_spikes(
    network: SpikingNetwork,
    spikes: NDArray[np.uint8] | NDArray[np.int8],
    options: SimulationOptions,
    report: Callable[[float], None] | None = None,
) -> SimulationResult: ...
def spike_counts(
    output_spikes: NDArray[np.uint8], output_negative_spikes: NDArray[np.uint8], num_outputs: int
) -> NDArray[np.int32]: ...
def spike_trains(
    x: NDArray[np.float32],
    num_steps: int,
    *,
    dt: float,
    max_rate: float,
    seed: int,
    encoding: str,
    sample_ids: NDArray[np.uint64] | None,
    first_step: int,
    is_signed: bool,
    num_threads: int,
) -> NDArray[np.uint8] | NDArray[np.int8]: ...
@typing.overload
def to_bytes(network: Network) -> bytes: ...
@typing.overload
def to_bytes(network: SpikingNetwork) -> bytes: ...
def total_memory() -> int: ...

STREAM_VERSION: int
__version__: str
