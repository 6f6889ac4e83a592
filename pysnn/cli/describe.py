"""What a model file holds, as JSON and as a table."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._base.tables import range_text, text_table
from ..network import GraphNode, Network
from ..nodes import Node, WeightedNode
from ..spiking import INPUT, Population, Projection, SpikingNetwork
from ..spiking.neuron import RESETTING, WITHOUT_THRESHOLD
from ..spiking.tables import made_by_text
from .output import print_json


def describe(model: Network | SpikingNetwork) -> dict[str, Any]:
    """Return what `pysnn inspect --json` prints of a network, ready for JSON.

    Ranges are lists of the lowest and the highest value.
    """
    if isinstance(model, Network):
        is_chain = model.graph.is_chain
        parts = [_layer(place, with_inputs=not is_chain) for place in model.graph.nodes]
        kind, name = "network", "layers"
        more: dict[str, Any] = {"num_parameters": model.num_parameters}
        if model.origin is not None:
            more["origin"] = model.origin.to_dict()
    else:
        shapes = {INPUT: model.input_shape, **{p.name: p.shape for p in model.populations}}
        parts = [_population(population, shapes) for population in model.populations]
        kind, name = "spiking_network", "populations"
        more = {"precision": model.precision}
        if not model.input_range.is_default:
            more["input"] = _input(model)
        if model.encoding is not None:
            more["encoding"] = model.encoding
        if model.recipe:
            more["recipe"] = dict(model.recipe)
    return {
        "kind": kind,
        "input_shape": list(model.input_shape),
        "num_inputs": model.num_inputs,
        "num_neurons": sum(part["num_neurons"] for part in parts),
        "num_synapses": sum(part["num_synapses"] for part in parts),
        **more,
        name: parts,
    }


def print_file(path: str, model: Network | SpikingNetwork, *, as_json: bool) -> None:
    """Print what a file holds: a table and where an imported network comes from, or JSON."""
    facts = describe_file(path, model)
    if as_json:
        print_json(facts)
        return
    print(format_file(facts))
    if isinstance(model, Network) and model.origin is not None:
        print(model.origin)


def describe_file(path: str, model: Network | SpikingNetwork) -> dict[str, Any]:
    """Return `describe` with the file's name and size in front."""
    return {"file": path, "size": Path(path).stat().st_size, **describe(model)}


def format_file(facts: dict[str, Any]) -> str:
    """Return what `describe_file` gave as one line about the file and a table."""
    precision = f" with {facts['precision']} weights" if "precision" in facts else ""
    is_spiking = "populations" in facts
    columns = (
        _population_columns(facts["populations"]) if is_spiking else _layer_columns(facts["layers"])
    )
    first = ["input", _shape_text(facts["input_shape"]), f"{facts['num_inputs']:,}"]
    rows = [first + [""] * (len(columns) - len(first))]
    rows += [
        [column(part) for column in columns.values()]
        for part in facts["populations" if is_spiking else "layers"]
    ]
    return (
        f"{facts['file']}: {'spiking' if is_spiking else 'ReLU'} network{precision}, "
        f"{facts['num_neurons']:,} neurons, {facts['num_synapses']:,} synapses, "
        f"{facts['size']:,} bytes"
        f"{made_by_text(facts.get('recipe', {}), facts.get('encoding'))}\n"
        f"{text_table(list(columns), rows)}"
    )


def _layer(place: GraphNode, *, with_inputs: bool) -> dict[str, Any]:
    node, shape = place.node, place.output_shape
    facts: dict[str, Any] = {
        "name": place.name,
        "type": type(node).__name__,
        **({"inputs": list(place.inputs)} if with_inputs else {}),
        "shape": list(shape),
        "num_neurons": math.prod(shape) if node.has_synapses else 0,
        "num_synapses": node.num_synapses(place.input_shapes[0]),
        "num_parameters": node.num_parameters,
        **_geometry(node),
    }
    if isinstance(node, WeightedNode):
        facts["activation"] = node.activation
        facts["weight"] = _range(node.weight)
        facts["bias"] = None if node.bias is None else _range(node.bias)
    return facts


def _population(population: Population, shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    return {
        "name": population.name,
        "shape": list(population.shape),
        "num_neurons": population.num_neurons,
        "num_synapses": sum(
            each.layer.num_synapses(shapes[each.source]) for each in population.projections
        ),
        "threshold": _range(population.threshold),
        "initial_potential": _range(population.initial_potential),
        "reset": population.reset,
        "refractory_period": population.refractory_period,
        "grid": _range(population.grid),
        "neuron": population.neuron,
        **_own_settings(population),
        "projections": [_projection(projection) for projection in population.projections],
        "scale_factor": _scale(population.scale_factor),
    }


def _own_settings(population: Population) -> dict[str, Any]:
    """Return what only some neuron models have."""
    facts: dict[str, Any] = {}
    match population.neuron:
        case "signed":
            facts["negative_threshold"] = _range(population.negative_threshold)
        case "leaky":
            facts["leak"] = _range(population.leak)
        case "readout":
            facts["delay"] = population.delay
    if population.bias is not None:
        facts["bias"] = _range(population.bias)
    return facts


def _scale(scale: float | NDArray[np.float64] | None) -> float | list[float] | None:
    return scale.tolist() if isinstance(scale, np.ndarray) else scale


def _input(model: SpikingNetwork) -> dict[str, Any]:
    """Return the range of the samples."""
    affine = model.input_affine
    return {
        "scale": model.input_range.scale,
        "is_signed": model.input_range.is_signed,
        "affine": None if affine is None else [each.tolist() for each in affine],
    }


def _projection(projection: Projection) -> dict[str, Any]:
    return {
        "source": projection.source,
        "type": type(projection.layer).__name__,
        **_geometry(projection.layer),
        "weight": _range(projection.weight) if projection.weight.size else None,
        "bias": None if projection.bias is None else _range(projection.bias),
    }


def _geometry(node: Node) -> dict[str, int | list[int]]:
    return {
        name: list(sizes) if isinstance(sizes, tuple) else sizes
        for name, sizes in node.geometry().items()
    }


def _range(values: NDArray[np.float32]) -> list[float]:
    return [float(values.min()), float(values.max())]


def _shape_text(shape: list[int]) -> str:
    return str(tuple(shape))


def _range_text(limits: list[float]) -> str:
    return range_text(np.array(limits, dtype=np.float32))


def _parameter_text(part: dict[str, Any], name: str) -> str:
    if name not in part:
        return ""
    return "none" if part[name] is None else _range_text(part[name])


def _sources_text(part: dict[str, Any]) -> str:
    return ", ".join(f"{each['source']} ({each['type']})" for each in part["projections"])


def _weights_text(part: dict[str, Any]) -> str:
    limits = [limit for each in part["projections"] for limit in each["weight"] or ()]
    return _range_text(limits) if limits else ""


def _grid_text(part: dict[str, Any]) -> str:
    # Powers of two, which decimals would hide.
    low, high = (round(math.log2(value)) for value in part["grid"])
    return f"2^{low}" if low == high else f"2^{low} .. 2^{high}"


def _neuron_text(part: dict[str, Any]) -> str:
    own = {"signed": "negative_threshold", "leaky": "leak"}.get(part["neuron"])
    if own is not None and (part["neuron"] == "leaky" or any(part[own])):
        return f"{part['neuron']} ({_range_text(part[own])})"
    if part["neuron"] == "readout" and part["delay"]:
        return f"readout (from step {part['delay']})"
    return str(part["neuron"])


def _threshold_text(part: dict[str, Any]) -> str:
    return "" if part["neuron"] in WITHOUT_THRESHOLD else _range_text(part["threshold"])


def _reset_text(part: dict[str, Any]) -> str:
    return "" if part["neuron"] in WITHOUT_THRESHOLD else str(part["reset"])


def _refractory_text(part: dict[str, Any]) -> str:
    if part["neuron"] not in RESETTING:
        return ""
    return f"{part['refractory_period']:g} s" if part["refractory_period"] else "none"


def _scale_text(part: dict[str, Any]) -> str:
    scale = part["scale_factor"]
    if scale is None:
        return ""
    return _range_text([min(scale), max(scale)] if isinstance(scale, list) else [scale])


_Columns = dict[str, Callable[[dict[str, Any]], str]]

_LAYER_COLUMNS: _Columns = {
    "layer": lambda part: str(part["name"]),
    "shape": lambda part: _shape_text(part["shape"]),
    "neurons": lambda part: f"{part['num_neurons']:,}",
    "synapses": lambda part: f"{part['num_synapses']:,}",
    "parameters": lambda part: f"{part['num_parameters']:,}",
    "weights": lambda part: _parameter_text(part, "weight"),
    "bias": lambda part: _parameter_text(part, "bias"),
    "activation": lambda part: part.get("activation", ""),
}


def _layer_columns(layers: list[dict[str, Any]]) -> _Columns:
    """Return the columns of a table of nodes, with their inputs where they are no chain."""
    if not any("inputs" in layer for layer in layers):
        return _LAYER_COLUMNS
    return {**_LAYER_COLUMNS, "inputs": lambda part: ", ".join(part["inputs"])}


_POPULATION_COLUMNS: _Columns = {
    "population": lambda part: str(part["name"]),
    "shape": lambda part: _shape_text(part["shape"]),
    "neurons": lambda part: f"{part['num_neurons']:,}",
    "synapses": lambda part: f"{part['num_synapses']:,}",
    "sources": _sources_text,
    "neuron": _neuron_text,
    "threshold": _threshold_text,
    "reset": _reset_text,
    "refractory": _refractory_text,
    "weights": _weights_text,
    "grid": _grid_text,
    "scale": _scale_text,
}


def _population_columns(populations: list[dict[str, Any]]) -> _Columns:
    """Return the columns of a table of populations, without models where all are plain."""
    if any(population["neuron"] != "if" for population in populations):
        return _POPULATION_COLUMNS
    return {name: text for name, text in _POPULATION_COLUMNS.items() if name != "neuron"}
