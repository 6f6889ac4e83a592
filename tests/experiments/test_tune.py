"""The search for the cheapest conversion: what it chooses, on which samples, and what it keeps."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn.experiments.compare import Candidate, Comparison
from pysnn.experiments.compare.readings import Readings
from pysnn.experiments.tune import bench, halving
from pysnn.experiments.tune.grid import search_candidates
from pysnn.experiments.tune.halving import Goal

# Scales below nearly all activations: what is cut off costs accuracy at any number of steps.
CLIPPED = [("robust", {"percentile": 60.0}), ("robust", {"percentile": 70.0})]
ALONE = {"percentiles": (), "neurons": (), "readouts": ()}
# The module, which the function of its name hides.
TUNE: Any = sys.modules["pysnn.experiments.tune.tune"]
STEPS = [2, 4, 8, 16, 32, 64]


def network() -> pysnn.Network:
    return pysnn.models.mlp((6, 12, 3), seed=3)


def data(num_samples: int = 900) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(3).random((num_samples, 6), dtype=np.float32)
    return x, network().classify(x)


def tuned(**options: Any) -> pysnn.Tuning:
    x, y = data()
    arguments = {
        "x": x,
        "y": y,
        "x_calibration": np.random.default_rng(4).random((50, 6), dtype=np.float32),
        "max_loss": 0.1,
        "num_steps": STEPS,
        "recipes": [*CLIPPED, "robust"],
        **ALONE,
        "num_threads": 1,
        "progress": False,
        **options,
    }
    return pysnn.tune(network(), **arguments)


def assert_same(a: pysnn.Tuning, b: pysnn.Tuning) -> None:
    assert a.to_dict() == b.to_dict()
    assert pysnn.io.to_bytes(a.network) == pysnn.io.to_bytes(b.network)


def test_the_only_candidate_within_the_loss_is_chosen() -> None:
    found = tuned()
    assert found.candidate.name == "robust"
    assert found.is_within
    i = STEPS.index(found.num_steps)
    assert found.choice.loss[0, i] <= 0.1 < found.choice.loss[0, i - 1]
    for trial in found.trials[1:]:
        assert (trial.loss > 0.1).all()


def test_of_those_within_the_loss_the_cheapest_is_chosen() -> None:
    found = tuned(recipes=["rueckauer2017", "opi2022"], cost="steps", max_loss=0.1)
    steps = []
    for trial in found.trials:
        within = trial.steps[trial.loss[0] <= 0.1]
        steps.append(int(within[0]) if len(within) else 10_000)
    assert found.num_steps == min(steps)
    assert found.candidate.name == "opi2022"


def test_none_within_the_loss_is_said_and_the_least_loss_taken() -> None:
    found = tuned(recipes=CLIPPED, max_loss=0.0)
    assert not found.is_within
    assert "No candidate loses at most 0 points" in str(found)
    assert found.choice.loss.min() == min(trial.loss.min() for trial in found.trials)


def test_the_final_figure_is_of_samples_that_the_choice_never_saw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[int, np.ndarray]] = []

    def watched(bench_: object, tasks: list[Any], samples: Any, is_over: Any) -> Any:
        seen.append((len(tasks), samples.x))
        return bench.measure(bench_, tasks, samples, is_over)

    monkeypatch.setattr("pysnn.experiments.tune.search.measure", watched)
    monkeypatch.setattr(TUNE, "measure", watched)
    found = tuned()
    *rounds, final = seen
    chosen_on = np.concatenate([x for _, x in rounds])
    assert [len(x) for _, x in rounds] == [112, 338]
    assert len(final[1]) == found.final.num_samples == 450
    assert final[0] == 1
    rows = np.unique(np.concatenate([chosen_on, final[1]]), axis=0)
    assert len(rows) == 900


def test_the_final_figures_are_those_of_the_network_that_comes_back() -> None:
    found = tuned()
    x, y = data()
    _, rows = TUNE._split(900, 0.5, 0)
    result = pysnn.simulate(
        found.network, x[rows], num_steps=found.num_steps, encoding="constant", num_threads=1
    )
    assert found.final.num_correct[0, 0] == (result.predictions == y[rows]).sum()
    assert found.final.synaptic_operations[0, 0] == result.synaptic_operations.sum()


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_gives_the_same_bits(pool: Callable[..., Any]) -> None:
    with pool(2) as executor:
        assert_same(tuned(executor=executor), tuned())


def test_poisson_input_keeps_its_sample_ids_through_the_split() -> None:
    options = {"recipes": ["diehl2015"], "num_steps": [8], "seed": 4}
    found = tuned(**options)
    assert_same(found, tuned(sample_ids=np.arange(900), **options))
    other = tuned(sample_ids=np.arange(900) + 7, **options)
    assert other.final.to_dict() != found.final.to_dict()


def test_a_checkpoint_does_no_work_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count_conversions(monkeypatch)
    recipes = [*CLIPPED, ("diehl2015", {"neuron": "signed"}), "robust"]
    options = {"checkpoint": tmp_path / "kept.json", "recipes": recipes}
    whole = tuned(recipes=recipes)
    calls.clear()
    first = tuned(**options)
    assert sorted(calls) == sorted(each.name for each in search_candidates(recipes, (), (), (), ()))
    calls.clear()
    again = tuned(**options)
    assert calls == ["robust"]  # for the network alone
    assert_same(first, whole)
    assert_same(again, whole)


def test_a_search_that_broke_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count_conversions(monkeypatch)
    kept = tmp_path / "kept.json"
    tuned(checkpoint=kept, budget=1e-9)
    assert calls == ["robust (percentile=60)"]
    calls.clear()
    found = tuned(checkpoint=kept)
    assert "robust (percentile=60)" not in calls
    assert_same(found, tuned())


def test_a_checkpoint_serves_no_other_data(tmp_path: Path) -> None:
    _, y = data()
    kept = tmp_path / "kept.json"
    tuned(checkpoint=kept)
    before = len(json.loads(kept.read_text())["results"])
    other = (y + 1) % 3
    assert_same(tuned(checkpoint=kept, y=other), tuned(y=other))
    assert len(json.loads(kept.read_text())["results"]) > before
    assert [path.name for path in tmp_path.iterdir()] == ["kept.json"]


def test_a_budget_that_cuts_the_search_is_said() -> None:
    found = tuned(budget=1e-9)
    assert found.was_cut
    assert len(found.trials) == 1
    assert "The budget ended the search" in str(found)
    assert not tuned(budget=1e9).was_cut


def count_conversions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    convert = Candidate.convert

    def counted(self: Candidate, *arguments: Any) -> Any:
        calls.append(self.name)
        return convert(self, *arguments)

    monkeypatch.setattr(Candidate, "convert", counted)
    return calls


def test_the_grid_has_no_way_twice() -> None:
    names = [each.name for each in search_candidates(None, None, None, None, ())]
    assert names[:2] == ["robust", "signed"]
    assert set(pysnn.recipes) <= set(names)
    # Four percentiles, two neurons and two readouts, of which two are recipes.
    assert len(names) == len(pysnn.recipes) + 16 - 2
    assert "robust (percentile=99.9, neuron=if, readout=potential)" not in names


def test_the_grid_is_around_the_recipes_that_are_given() -> None:
    found = search_candidates(["opi2022"], [99.0], ["if"], ["spikes"], [("robust", {})])
    assert [each.name for each in found] == [
        "opi2022",
        "robust",
        "opi2022 (percentile=99, neuron=if, readout=spikes)",
    ]


def trial(lost: list[int], num_samples: int = 1000) -> Comparison:
    """Return figures of a candidate with so many samples lost at 1, 2, ... steps."""
    counts = np.array(lost)
    return Comparison.of(
        {
            "a": Readings(
                num_correct=num_samples - counts,
                num_lost=counts,
                num_equal=num_samples - counts,
                spikes=counts,
                synaptic_operations=np.arange(1, len(lost) + 1) * 10 * num_samples,
            )
        },
        ["constant"],
        range(1, len(lost) + 1),
        num_samples,
        num_samples,
    )


def test_candidates_rank_by_cost_within_the_loss_and_then_by_loss() -> None:
    goal = Goal(0.01, "steps")
    trials = [trial([90, 60]), trial([50, 10]), trial([10, 10]), trial([70, 50])]
    assert halving.ranked(trials, goal) == [2, 1, 3, 0]
    assert halving.best_reading(trials[1], goal) == (1, True)
    assert halving.best_reading(trials[0], goal) == (1, False)


def test_chance_is_forgiven_by_a_slack() -> None:
    goal = Goal(0.01, "steps")
    assert halving.best_reading(trial([13]), goal) == (0, False)
    assert halving.best_reading(trial([13]), goal, slack=1.0) == (0, True)


@pytest.mark.parametrize(
    ("num_samples", "sizes"),
    [(1, (1,)), (399, (399,)), (400, (100, 400)), (2500, (156, 625, 2500))],
)
def test_rounds_grow_fourfold_up_to_all_samples(num_samples: int, sizes: tuple[int, ...]) -> None:
    assert halving.rung_sizes(num_samples) == sizes


def test_the_front_holds_what_nothing_beats() -> None:
    found = tuned(recipes=["robust", "opi2022"])
    for kind in ("operations", "steps"):
        front = found.front(kind)
        accuracies = [each.accuracy for each in front]
        assert accuracies == sorted(set(accuracies))
        assert [each.cost for each in front] == sorted({each.cost for each in front})
        for each in found.trials:
            for cost, accuracy in zip(halving.costs(each, kind), each.accuracy[0], strict=True):
                assert any(p.cost <= cost and p.accuracy >= accuracy for p in front)


def test_it_pickles_and_is_shown(tmp_path: Path) -> None:
    found = tuned()
    assert_same(pickle.loads(pickle.dumps(found)), found)
    text = str(found)
    assert text.startswith(f"robust, {found.num_steps} steps, constant input")
    assert "held-out samples: " in text
    assert "Candidates compared: 3" in text
    found.to_csv(tmp_path / "found.csv")
    lines = (tmp_path / "found.csv").read_text().splitlines()
    assert len(lines) == 1 + sum(len(each.steps) for each in found.trials)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == found.to_dict()


def test_its_figure_has_the_front_and_the_finalists() -> None:
    pytest.importorskip("matplotlib")
    found = tuned(recipes=["robust", "opi2022"])
    labels = [line.get_label() for line in found.plot("steps").get_lines()]
    assert labels[0] == "front"
    assert set(labels[1:3]) == {"robust", "opi2022"}
