"""A random graph through the core, in every way that it can be simulated, against the reference."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import reference
from comparison import RECORD, assert_balances_equal, assert_equals_reference, reference_run
from random_networks import Description
from random_spiking_graphs import Setting, random_graph, random_setting

import pysnn


def check_graph(seed: int) -> None:
    """Compare one graph: spikes, potentials, balances, early stop, a run cut in time, outputs."""
    description, setting = random_graph(seed), random_setting(seed)
    network = reference.from_description(description)
    spikes, expected = reference_run(description, setting)
    snn = description.build()
    names = [p.name for p in description.populations]
    record = (*RECORD, "balance") if seed % 3 == 0 else RECORD
    result = simulate(snn, description, setting, record=record, num_threads=1 + seed % 3)
    assert_equals_reference(result, expected, names)
    if "balance" in record:
        assert_balances_equal(result, expected, network)
    check_outputs(result, expected, setting)
    check_plain(simulate(snn, description, setting), result)
    check_early_stop(snn, description, setting, network, spikes, expected)
    check_cut_in_time(snn, description, setting, result)


def simulate(
    snn: pysnn.SpikingNetwork, description: Description, setting: Setting, **options: Any
) -> pysnn.SimulationResult:
    """Simulate a graph as its setting says."""
    if setting.encoding is None:
        return pysnn.simulate(
            snn, spikes=setting.spikes(description), dt=1.0, bias_scale=setting.rate, **options
        )
    if setting.encoding == "poisson":
        options["seed"] = setting.seed
    return pysnn.simulate(
        snn,
        setting.inputs(description),
        duration=float(setting.num_steps),
        dt=1.0,
        max_rate=setting.rate,
        encoding=setting.encoding,
        **options,
    )


def output_scale(setting: Setting) -> float:
    """Return what potentials of a readout are multiplied by; its own scale is not known."""
    return 1.0 if setting.encoding is None else 1.0 / setting.rate


def check_outputs(
    result: pysnn.SimulationResult, expected: reference.Trace, setting: Setting
) -> None:
    """Compare what a readout says."""
    assert result.has_readout == (expected.readout_delay is not None)
    if not result.has_readout:
        return
    np.testing.assert_array_equal(result.output_potentials, expected.output_potentials)
    np.testing.assert_allclose(result.outputs, expected.outputs(output_scale(setting)), rtol=1e-12)


def check_plain(plain: pysnn.SimulationResult, recorded: pysnn.SimulationResult) -> None:
    """Compare a simulation that keeps nothing more, which may run other kernels."""
    for field in ("output_spikes", "num_spikes", "num_input_spikes", "synaptic_operations"):
        np.testing.assert_array_equal(getattr(plain, field), getattr(recorded, field), field)
    if plain.has_readout:
        np.testing.assert_array_equal(plain.output_potentials, recorded.output_potentials)


def check_early_stop(
    snn: pysnn.SpikingNetwork,
    description: Description,
    setting: Setting,
    network: list[reference.Neurons],
    spikes: np.typing.NDArray[np.int8],
    trace: reference.Trace,
) -> None:
    """Compare samples that end early."""
    is_readout = trace.readout_delay is not None
    margin = 0.37 if is_readout else 1 + setting.seed % 3
    interval = 1 + setting.seed % 7
    expected, stopped = reference.stop_early(
        network, spikes, trace, margin=margin, interval=interval, scale=output_scale(setting)
    )
    result = simulate(
        snn,
        description,
        setting,
        record=RECORD,
        stop_margin=margin,
        stop_interval=interval,
    )
    np.testing.assert_array_equal(result.stopped_step, stopped)
    assert_equals_reference(result, expected, list(trace.spike_trains))
    if is_readout:
        np.testing.assert_allclose(
            result.outputs, trace.outputs(output_scale(setting), stopped), rtol=1e-12
        )


def check_cut_in_time(
    snn: pysnn.SpikingNetwork,
    description: Description,
    setting: Setting,
    whole: pysnn.SimulationResult,
) -> None:
    """Compare a simulation cut in two, the second part of it by what a pickle gives."""
    first = setting.num_steps // 3
    if first == 0:
        return
    options: dict[str, Any] = {"dt": 1.0, "record": RECORD}
    if setting.encoding is None:
        options["bias_scale"] = setting.rate
    else:
        options |= {"max_rate": setting.rate, "encoding": setting.encoding}
        if setting.encoding == "poisson":
            options["seed"] = setting.seed
    simulation = pysnn.Simulation(snn, setting.num_samples, **options)
    x, spikes = setting.inputs(description), setting.spikes(description)

    def run(each: pysnn.Simulation, begin: int, end: int) -> pysnn.SimulationResult:
        if setting.encoding is None:
            return each.run(spikes=spikes[begin:end])
        return each.run(x, duration=float(end - begin))

    parts = [run(simulation, 0, first)]
    copy = pickle.loads(pickle.dumps(simulation))
    parts.append(run(copy, first, setting.num_steps))
    for name in whole.population_names:
        trains = np.concatenate([part.spikes(name) for part in parts])
        np.testing.assert_array_equal(trains, whole.spikes(name), name)
    for name, potentials in whole.potentials.items():
        joined = np.concatenate([part.potentials[name] for part in parts])
        np.testing.assert_array_equal(joined.view(np.uint32), potentials.view(np.uint32), name)
    np.testing.assert_array_equal(copy.spike_counts, whole.spike_counts)
    np.testing.assert_array_equal(copy.predictions, whole.predictions)
    if whole.has_readout:
        np.testing.assert_array_equal(parts[1].outputs, whole.outputs)
