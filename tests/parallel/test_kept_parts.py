"""Parts in a folder: taken where they fit, passed over where they do not."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scaling.jobs import digest, snn, x

import pysnn
from pysnn.parallel import PartsMissing, Workers
from pysnn.parallel.cover import cells, cover

RANGES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 5)).map(lambda each: (each[0], sum(each))),
    max_size=6,
)


def simulated(folder: Path, **options: object) -> tuple[str, Workers]:
    keywords = {"network": snn(), "x": x(), "num_steps": 9} | options
    workers = Workers(folder=folder, part_size=20)
    network, samples = keywords.pop("network"), keywords.pop("x")
    result = pysnn.simulate(network, samples, executor=workers, **keywords)
    return digest(result), workers


@given(RANGES)
def test_a_cover_leaves_out_the_fewest_samples(ranges: list[tuple[int, int]]) -> None:
    chosen, gaps = cover(ranges, 17)
    assert set(chosen) <= set(ranges)
    together = sorted([*chosen, *gaps])

    assert (together[0][0], together[-1][1]) == (0, 17)
    assert all(a[1] == b[0] for a, b in pairwise(together))

    def most(start: int) -> int:
        later = [each for each in ranges if each[0] >= start]
        return max((b - a + most(b) for a, b in later), default=0)

    assert sum(b - a for a, b in chosen) == most(0)


@given(RANGES, st.integers(1, 9))
def test_cells_are_cut_at_multiples(ranges: list[tuple[int, int]], cell: int) -> None:
    _, gaps = cover(ranges, 17)
    pieces = cells(gaps, cell)
    covered = [i for _, (start, stop) in pieces for i in range(start, stop)]
    assert covered == [i for start, stop in gaps for i in range(start, stop)]
    for number, (start, stop) in pieces:
        assert number * cell <= start < stop <= (number + 1) * cell


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"num_steps": 10},
        {"max_rate": 500.0},
        {"encoding": "constant"},
        {"record": "counts"},
        {"stop_margin": 1, "stop_interval": 1},
        {"network": pysnn.SpikingNetwork.from_core(snn().with_threshold(1.5).core)},
        {"x": 1 - x()},
        {"sample_ids": np.arange(60) + 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_parts_of_another_call_are_passed_over(change: dict[str, object], tmp_path: Path) -> None:
    before, _ = simulated(tmp_path)
    found, workers = simulated(tmp_path, **change)
    assert workers.report.num_kept == 0
    # Both stay there.
    again, workers = simulated(tmp_path)
    assert again == before
    assert workers.report.num_kept == 3
    assert found != before


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "pickle", "npy", "swapped"])
def test_a_part_that_is_not_whole_is_made_again(damage: str, tmp_path: Path) -> None:
    before, _ = simulated(tmp_path)
    first, second, _ = sorted(tmp_path.glob("simulate-*.npz"))
    data = first.read_bytes()
    match damage:
        case "cut":
            first.write_bytes(data[: len(data) // 2])
        case "flipped":
            place = data.index(b"stopped_step") + 200
            first.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        case "empty":
            first.write_bytes(b"")
        case "pickle":
            with first.open("wb") as file:
                np.savez(file, part=np.array([{}], dtype=object))
        case "npy":
            with first.open("wb") as file:
                np.save(file, np.arange(3))
        case "swapped":
            first.write_bytes(second.read_bytes())
    again, workers = simulated(tmp_path)
    assert again == before
    assert (workers.report.num_kept, workers.report.num_parts) == (2, 1)
    assert sorted(tmp_path.iterdir()) == sorted(tmp_path.glob("simulate-*.npz"))


def test_names_that_lie_about_their_samples_are_passed_over(tmp_path: Path) -> None:
    before, _ = simulated(tmp_path)
    for path in list(tmp_path.iterdir()):
        path.rename(tmp_path / path.name.replace("-00000020-", "-00000021-"))
    (tmp_path / "simulate-0123456789abcdef-00000005-00000002-0123456789abcdef.npz").touch()
    (tmp_path / "notes.txt").write_text("mine")
    again, _ = simulated(tmp_path)
    assert again == before


def test_missing_parts_are_counted(tmp_path: Path) -> None:
    with pytest.raises(PartsMissing, match=r"0 of 1 parts are in .*; missing are parts of sim"):
        pysnn.simulate(snn(), x(), num_steps=9, executor=Workers(folder=tmp_path, only_kept=True))


def test_there_may_be_more_shares_than_parts(tmp_path: Path) -> None:
    for number in range(1, 9):
        workers = Workers(folder=tmp_path, part_size=20, share=(number, 8))
        with pytest.raises(PartsMissing) if number < 3 else nullcontext() as caught:
            pysnn.simulate(snn(), x(), num_steps=9, executor=workers)
        if caught is not None:
            assert (caught.value.num_parts, caught.value.num_missing) == (3, 3 - number)
    assert simulated(tmp_path)[1].report.num_kept == 3


def test_no_samples_are_no_parts(tmp_path: Path) -> None:
    result = pysnn.simulate(snn(), x()[:0], num_steps=9, executor=Workers(folder=tmp_path))
    assert result.num_samples == 0


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"executor": 3}, TypeError, "executor is a int, but must have a method submit"),
        ({"part_size": 0}, ValueError, "part_size is 0"),
        ({"folder": 3}, TypeError, "folder is a int"),
        ({"num_retries": -1}, ValueError, "num_retries is -1"),
        ({"share": 3, "folder": "f"}, TypeError, "share is 3, but must be a tuple"),
        ({"share": (0, 3), "folder": "f"}, ValueError, r"share\[0\] is 0"),
        ({"share": (4, 3), "folder": "f"}, ValueError, r"share is \(4, 3\)"),
        ({"share": (1, 3)}, ValueError, "without a folder"),
        ({"only_kept": True}, ValueError, "without a folder"),
        ({"only_kept": 1}, TypeError, "only_kept is"),
        ({"only_kept": True, "share": (1, 2), "folder": "f"}, ValueError, "share and only_kept"),
    ],
)
def test_wrong_choices_are_refused(
    options: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        Workers(**options)  # type: ignore[arg-type]
