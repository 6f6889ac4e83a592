"""Input rate against threshold, for each network before and after normalization."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..._base.digests import sha256
from ..._base.files import write_json
from ..._base.formats import percent
from ...experiments.sweep import SweepCase, log_range, sweep
from ...experiments.sweep_result import SweepResult
from ...spiking import simulate
from ..paper import texts
from ..report.chapters import Chapter
from ..report.document import Block, Figure, Panel, Part, Table, experiment
from ..results import ReproduceResult
from .section import Outcome, Section, SectionRun

_FOLDER = "grids"
_RATES = (25.0, 1000.0)  # Hz
_THRESHOLDS = {"none": (0.1, 20.0), "data": (0.05, 10.0)}
_NEAR = 0.01


def _measure(run: SectionRun) -> Outcome:
    extent = run.sections
    held_out = max(1, min(run.settings.num_validation, len(run.mnist.x_train)))
    x, y = run.mnist.x_train[-held_out:], run.mnist.y_train[-held_out:]
    num_samples = min(extent.grid_images, held_out)
    folder = _fresh_folder(run, num_samples)
    grids, pictures = [], {}
    for name, network in run.networks.items():
        ann = network.accuracy(x[:num_samples], y[:num_samples])
        for method, thresholds in _THRESHOLDS.items():
            if method not in {case.normalization for case in run.core[name].cases}:
                continue
            snn = run.converted(name, method)
            result = sweep(
                snn,
                x,
                y,
                max_rates=log_range(*_RATES, extent.grid_size),
                thresholds=log_range(*thresholds, extent.grid_size),
                num_samples=num_samples,
                num_steps=extent.grid_steps,
                dt=run.settings.dt,
                seed=run.settings.seed,
                output=folder / f"{name}_{method}",
                num_threads=run.num_threads,
                progress=run.progress,
                description=f"grid {name}, {method}",
            )
            case = SweepCase(name, "data" if method == "data" else "none", result)
            grids.append(_numbers(run, case, ann))
            pictures[f"grid_{name}_{method}"] = partial(
                _draw, result, ann, f"{name}, normalization: {run.core[name].case(method).title}"
            )
    return Outcome({"grids": grids}, pictures)


def _numbers(run: SectionRun, case: SweepCase, ann: float) -> dict[str, Any]:
    best = case.result.best
    # Chosen on held-out training images; only then the test images are looked at.
    simulated = simulate(
        run.converted(case.network, case.method).with_threshold(best.threshold),
        run.mnist.x_test,
        duration=run.sections.grid_steps * run.settings.dt,
        dt=run.settings.dt,
        max_rate=best.max_rate,
        seed=run.settings.seed,
        num_threads=run.num_threads,
        progress=run.progress,
    )
    near = case.result.accuracy >= ann - _NEAR - 1e-9
    return {
        "network": case.network,
        "normalization": case.method,
        "title": run.core[case.network].case(case.method).title,
        "ann_accuracy": ann,
        "best_on_test_images": float(simulated.accuracy(run.mnist.y_test)[-1]),
        "cells": int(near.size),
        "cells_within_1_point": int(np.count_nonzero(near)),
        **case.result.to_dict(),
    }


def _draw(result: SweepResult, ann: float, title: str) -> Any:
    return result.plot(near=ann - _NEAR - 1e-9, title=title)


def _fresh_folder(run: SectionRun, num_samples: int) -> Path:
    """Return the folder of the grids, emptied where it has parts of other networks or settings."""
    folder = run.folder / _FOLDER
    key = {
        "models": {
            name: sha256((run.folder / f"{name}.safetensors").read_bytes()) for name in run.networks
        },
        "grid_size": run.sections.grid_size,
        "num_steps": run.sections.grid_steps,
        "num_samples": num_samples,
        "num_train": len(run.mnist.x_train),
        "num_validation": run.settings.num_validation,
        "threshold": run.settings.threshold,
        "dt": run.settings.dt,
        "seed": run.settings.seed,
    }
    path = folder / "made_with.json"
    try:
        same = json.loads(path.read_text(encoding="utf-8")) == key
    except (OSError, ValueError):
        same = False
    if not same:
        for name in run.networks:
            for method in _THRESHOLDS:
                shutil.rmtree(folder / f"{name}_{method}", ignore_errors=True)
        folder.mkdir(exist_ok=True)
        write_json(path, key)
    return folder


def _part(result: ReproduceResult) -> Part:
    grids = result.sections[SECTION.name]["grids"]
    titles = result.titles
    panels = [
        Panel(
            f"grid_{grid['network']}_{grid['normalization']}",
            f"{titles[grid['network']]}, normalization {grid['normalization']}: accuracy over "
            f"input rate and threshold; best {percent(grid['best']['accuracy'])} %",
        )
        for grid in grids
    ]
    rows = [
        [
            titles[grid["network"]],
            grid["title"],
            f"{grid['best']['max_rate']:.0f} Hz",
            f"{grid['best']['threshold']:.3g}",
            f"{percent(grid['best']['accuracy'])} %",
            f"{percent(grid['ann_accuracy'])} %",
            f"{grid['cells_within_1_point']} of {grid['cells']}",
            f"{percent(grid['best_on_test_images'])} %",
        ]
        for grid in grids
    ]
    header = ["network", "normalization", "best rate", "best threshold", "accuracy"]
    header += ["ReLU network", "within 1 point", "test images, best cell"]
    settings = grids[0]["settings"]
    found: list[Block] = [
        Figure(
            panels,
            f"Accuracy after {settings['num_steps']} steps on {settings['num_samples']:,} held-out "
            "training images. A star marks the best cell (of equal ones that with the "
            "fewest synaptic operations), dots mark cells within 1 point of the ReLU network.",
        ),
        Table(
            header,
            rows,
        ),
    ]
    return experiment(
        "Input rate and threshold",
        asked=texts.GRIDS_ASKED,
        found=found,
        command=result.command_for(SECTION.name),
        differs=texts.GRIDS_DIFFER,
    )


SECTION = Section(
    "grids",
    "accuracy over input rate and threshold",
    Chapter.CONVERSION,
    _measure,
    _part,
)
