"""The spikes of one image, neuron by neuron."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...plotting import plot_raster
from ...plotting._style import new_axes
from ...spiking import simulate
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Figure, Panel, Part, Table, experiment
from ..report.methods import case_label, colour
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DURATION = 0.05  # s
_METHODS = ("none", "data")
_NEURONS = 40  # of a population that are shown: those with the most spikes


def _measure(run: SectionRun) -> Outcome:
    x, label = run.mnist.x_test[:1], int(run.mnist.y_test[0])
    cases, pictures = [], {}
    for network, case in run.cases():
        if case.normalization not in _METHODS:
            continue
        simulated = simulate(
            run.converted(network.name, case.normalization),
            x,
            duration=min(_DURATION, case.curve.duration),
            **run.stimulus(case).options(),
            record="spikes",
            num_threads=run.num_threads,
            progress=False,
        )
        trains = {
            name: (np.asarray(train)[:, 0] != 0).reshape(len(train), -1)
            for name, train in simulated.spikes.items()
        }
        cases.append(
            {
                "network": network.name,
                "normalization": case.normalization,
                "title": case.title,
                "max_rate_hz": case.max_rate,
                "steps": len(next(iter(trains.values()))),
                "label": label,
                "prediction": int(simulated.predictions[0]),
                "output_spikes": simulated.spike_counts[0].tolist(),
            }
        )
        pictures[f"raster_{network.name}_{case.normalization}"] = partial(
            _draw,
            {name: train for each in trains.items() for name, train in [_busiest(*each)]},
            case.curve.dt,
            x[0],
            colour(case.normalization),
            f"{network.title}\n{case_label(case)}",
        )
    return Outcome({"cases": cases}, pictures)


def _busiest(name: str, train: NDArray[np.bool_]) -> tuple[str, NDArray[np.bool_]]:
    """Return the neurons with the most spikes, in their order, and what to call them."""
    num_neurons = train.shape[1]
    if num_neurons <= _NEURONS:
        return name, train
    shown = np.sort(np.argsort(-train.sum(axis=0), kind="stable")[:_NEURONS])
    return f"{name}\n{_NEURONS} busiest\nof {num_neurons:,}", train[:, shown]


def _draw(
    trains: dict[str, NDArray[np.bool_]],
    dt: float,
    image: NDArray[np.float32],
    method_colour: str,
    title: str,
) -> Axes:
    axes = new_axes(None, figsize=(7.0, 1.4 + 1.3 * len(trains)))
    plot_raster(trains, dt=dt, image=image, max_neurons=_NEURONS, title=title, ax=axes)
    for line in axes.lines:
        if line.get_marker() in ("|", "_"):
            # One colour per method throughout; populations are told apart by their places.
            line.set(color=method_colour, markeredgewidth=1.6)
    return axes


def _part(result: ReproduceResult) -> Part:
    cases = result.sections[SECTION.name]["cases"]
    titles = result.titles
    panels = [
        Panel(
            f"raster_{case['network']}_{case['normalization']}",
            f"{titles[case['network']]}, normalization {case['title']}: spikes of every population "
            f"for one image of a {case['label']}",
        )
        for case in cases
    ]
    header = ["network, normalization", "prediction", *(f"class {i}" for i in range(10))]
    rows = [
        [
            f"{case['network']}, {case['title']}",
            str(case["prediction"]),
            *(str(count) for count in case["output_spikes"]),
        ]
        for case in cases
    ]
    caption = (
        f"The first test image, a {cases[0]['label']}. A mark is a spike; of large populations "
        f"the {_NEURONS} neurons with the most spikes are shown."
    )
    return experiment(
        "The spikes of one image",
        asked=texts.RASTERS_ASKED,
        found=[
            Figure(panels, caption),
            Table(header, rows, caption=f"Output spikes after {cases[0]['steps']} steps"),
        ],
        command=result.command_for(SECTION.name),
        differs=texts.RASTERS_DIFFER,
    )


SECTION = Section(
    "rasters",
    "spikes of one image beside it",
    Chapter.CAUSES,
    _measure,
    _part,
)
