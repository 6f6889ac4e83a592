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


def describe(model: Network | SpikingNetwork) -> dict[str, Any]:
    """Return what `pysnn inspect --json` prints of a network, ready for JSON.

    Ranges are lists of the lowest and the highest value.
    """
    if isinstance(model, Network):
        parts = [_layer(place) for place in model.graph.nodes]
        kind, name = "network", "layers"
        more: dict[str, Any] = {"num_parameters": model.num_parameters}
    else:
        shapes = {INPUT: model.input_shape, **{p.name: p.shape for p in model.populations}}
        scales = model.scale_factors or [None] * len(model.populations)
        parts = [
            {**_population(population, shapes), "scale_factor": scale}
            for population, scale in zip(model.populations, scales, strict=True)
        ]
        kind, name = "spiking_network", "populations"
        more = {"precision": model.precision}
    return {
        "kind": kind,
        "input_shape": list(model.input_shape),
        "num_inputs": model.num_inputs,
        "num_neurons": sum(part["num_neurons"] for part in parts),
        "num_synapses": sum(part["num_synapses"] for part in parts),
        **more,
        name: parts,
    }


def describe_file(path: str, model: Network | SpikingNetwork) -> dict[str, Any]:
    """Return `describe` with the file's name and size in front."""
    return {"file": path, "size": Path(path).stat().st_size, **describe(model)}


def format_file(facts: dict[str, Any]) -> str:
    """Return what `describe_file` gave as one line about the file and a table."""
    precision = f" with {facts['precision']} weights" if "precision" in facts else ""
    is_spiking = "populations" in facts
    columns = _POPULATION_COLUMNS if is_spiking else _LAYER_COLUMNS
    first = ["input", _shape_text(facts["input_shape"]), f"{facts['num_inputs']:,}"]
    rows = [first + [""] * (len(columns) - len(first))]
    rows += [
        [column(part) for column in columns.values()]
        for part in facts["populations" if is_spiking else "layers"]
    ]
    return (
        f"{facts['file']}: {'spiking' if is_spiking else 'ReLU'} network{precision}, "
        f"{facts['num_neurons']:,} neurons, {facts['num_synapses']:,} synapses, "
        f"{facts['size']:,} bytes\n{text_table(list(columns), rows)}"
    )


def _layer(place: GraphNode) -> dict[str, Any]:
    node, shape = place.node, place.output_shape
    facts: dict[str, Any] = {
        "name": place.name,
        "type": type(node).__name__,
        "shape": list(shape),
        "num_neurons": math.prod(shape) if node.has_synapses else 0,
        "num_synapses": node.num_synapses(place.input_shape),
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
        "projections": [_projection(projection) for projection in population.projections],
    }


def _projection(projection: Projection) -> dict[str, Any]:
    return {
        "source": projection.source,
        "type": type(projection.layer).__name__,
        **_geometry(projection.layer),
        "weight": _range(projection.weight),
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
    return _range_text([limit for each in part["projections"] for limit in each["weight"]])


def _grid_text(part: dict[str, Any]) -> str:
    # Powers of two, which decimals would hide.
    low, high = (round(math.log2(value)) for value in part["grid"])
    return f"2^{low}" if low == high else f"2^{low} .. 2^{high}"


def _refractory_text(part: dict[str, Any]) -> str:
    return f"{part['refractory_period']:g} s" if part["refractory_period"] else "none"


def _scale_text(part: dict[str, Any]) -> str:
    return "" if part["scale_factor"] is None else f"{part['scale_factor']:.4g}"


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
_POPULATION_COLUMNS: _Columns = {
    "population": lambda part: str(part["name"]),
    "shape": lambda part: _shape_text(part["shape"]),
    "neurons": lambda part: f"{part['num_neurons']:,}",
    "synapses": lambda part: f"{part['num_synapses']:,}",
    "sources": _sources_text,
    "threshold": lambda part: _range_text(part["threshold"]),
    "reset": lambda part: str(part["reset"]),
    "refractory": _refractory_text,
    "weights": _weights_text,
    "grid": _grid_text,
    "scale": _scale_text,
}
