"""The search among candidates, round by round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...spiking import Stimulus
from ..compare import Candidate, Comparison
from ..compare.readings import ClassifiedSamples
from .bench import Bench, Task, measure
from .halving import Goal, best_reading, num_kept, ranked, rung_sizes, steps_to_come


@dataclass(frozen=True, eq=False)
class Found:
    """What a search has found.

    Attributes:
        candidates: Those that were measured, the best one first.
        trials: Figures of each.
        refusals: Candidates that the network can't be converted by, each with the reason.
        was_cut: Whether time was over before the search was.
    """

    candidates: tuple[Candidate, ...]
    trials: tuple[Comparison, ...]
    refusals: tuple[tuple[str, str], ...]
    was_cut: bool


class Search:
    """Successive halving over candidates.

    Args:
        bench: What measurements share.
        samples: Samples of the choice.
        drives: How these drive each candidate's network, by the candidate's name.
        steps: Numbers of steps, rising.
        goal: What is looked for.
        is_over: Whether time is over.
    """

    def __init__(
        self,
        bench: Bench,
        samples: ClassifiedSamples,
        drives: Mapping[str, Stimulus],
        steps: tuple[int, ...],
        goal: Goal,
        is_over: Callable[[], bool],
    ) -> None:
        self._bench = bench
        self._samples = samples
        self._drives = drives
        self._steps = steps
        self._goal = goal
        self._is_over = is_over
        self._trials: dict[str, Comparison] = {}
        self._refusals: dict[str, str] = {}

    def run(self, candidates: Sequence[Candidate]) -> Found:
        """Measure candidates until one is left to choose, or time is over."""
        live = list(candidates)
        everyone: list[Candidate] = []
        was_cut = False
        sizes = rung_sizes(len(self._samples))
        for before, size in pairwise((0, *sizes)):
            measured = self._round(live, slice(before, size))
            was_cut = len(measured) < sum(each.name not in self._refusals for each in live)
            if not before:
                live = everyone = measured
            if was_cut or size == sizes[-1]:
                break
            live = self._ordered(live, slack=1.0)[: num_kept(len(live))]
            for name in self._bench.converted.keys() - {each.name for each in live}:
                del self._bench.converted[name]
        best = self._best_first(measured, live)
        if not was_cut and not self._is_within(best[:1]):
            dropped = [each for each in everyone if each not in best]
            revived, was_cut = self._second_chance(dropped)
            best = self._ordered([*best, *revived])
        rest = [each for each in everyone if each not in best]
        order = (*best, *self._ordered(rest))
        return Found(
            candidates=order,
            trials=tuple(self._trials[each.name] for each in order),
            refusals=tuple(self._refusals.items()),
            was_cut=was_cut,
        )

    def _second_chance(self, dropped: Sequence[Candidate]) -> tuple[list[Candidate], bool]:
        """Measure candidates on all samples until one is within the loss.

        Those alone that chance may have kept from it on the samples that they have seen.

        Returns:
            Those that were measured, and whether time was over before.
        """
        revived: list[Candidate] = []
        for each in self._ordered(dropped, slack=1.0):
            trial = self._trials[each.name]
            if not best_reading(trial, self._goal, slack=1.0)[1] or self._is_within(revived[-1:]):
                break
            if self._is_over():
                return revived, True
            revived += self._round([each], slice(trial.num_samples, len(self._samples)))
        return revived, False

    def _is_within(self, candidates: Sequence[Candidate]) -> bool:
        return any(best_reading(self._trials[c.name], self._goal)[1] for c in candidates)

    def _round(self, live: Sequence[Candidate], rows: slice) -> list[Candidate]:
        """Measure candidates on further samples, and return those that time was enough for."""
        part = self._samples[rows]
        tasks = [self._task(each, rows) for each in live]
        steps = {task.candidate.name: task.steps for task in tasks}
        num_right = int((part.ann == part.y).sum())
        measured = []
        for candidate, result in measure(self._bench, tasks, part, self._is_over):
            name = candidate.name
            if isinstance(result, str):
                self._refusals[name] = result
                continue
            trial = Comparison.of(
                {name: result}, [candidate.encoding], steps[name], len(part), num_right
            )
            if name in self._trials:
                earlier = self._trials[name].until(steps[name][-1])
                trial = Comparison.concatenate([earlier, trial])
            self._trials[name] = trial
            measured.append(candidate)
        return [each for each in live if each in measured]

    def _task(self, candidate: Candidate, rows: slice) -> Task:
        trial = self._trials.get(candidate.name)
        return Task(
            candidate,
            self._drives[candidate.name].part(rows, len(self._samples)),
            self._steps if trial is None else steps_to_come(trial, self._goal),
        )

    def _best_first(
        self, measured: Sequence[Candidate], live: Sequence[Candidate]
    ) -> list[Candidate]:
        """Return the candidates of the last round, those before that have seen its samples.

        Where none of these is within the loss, all of the round compete.
        """
        last = self._ordered(measured)
        if self._is_within(last[:1]):
            return [*last, *self._ordered([each for each in live if each not in last])]
        return self._ordered(live)

    def _ordered(self, candidates: Sequence[Candidate], slack: float = 0.0) -> list[Candidate]:
        trials = [self._trials[each.name] for each in candidates]
        return [candidates[i] for i in ranked(trials, self._goal, slack)]
