"""Records that parts write into files: those of one process, also after an interruption."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scaling.jobs import digest, snn, x, y

import pysnn
from pysnn.parallel import ExecutorError, LocalProcesses, PartsMissing, Workers

RECORD = ("spikes", "potentials", "counts", "balance")


def simulated(record_to: Path | None, executor: Any = None, **options: Any) -> Any:
    keywords: dict[str, Any] = {"num_steps": 9, "seed": 5, "record": RECORD, "y": y()} | options
    samples = keywords.pop("x", x())
    return pysnn.simulate(snn(), samples, record_to=record_to, executor=executor, **keywords)


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder; the manifest without the run that it is of."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    manifest = json.loads(found.pop("records.json"))
    manifest.pop("run", None)
    return found | {"records.json": json.dumps(manifest).encode()}


@pytest.fixture
def alone(tmp_path: Path) -> dict[str, bytes]:
    """Return the files of one process, in blocks of ten samples."""
    simulated(tmp_path / "alone", batch_size=10)
    return contents(tmp_path / "alone")


@pytest.mark.parametrize("keep_trains", [True, False])
def test_processes_write_the_files_of_one(
    keep_trains: bool, tmp_path: Path, alone: dict[str, bytes]
) -> None:
    expected = simulated(tmp_path / "here", batch_size=10, keep_trains=keep_trains)
    with LocalProcesses(2) as executor:
        found = simulated(
            tmp_path / "there",
            Workers(executor, part_size=20),
            batch_size=10,
            keep_trains=keep_trains,
        )
    assert contents(tmp_path / "there") == alone
    assert digest(found) == digest(expected)
    np.testing.assert_array_equal(found.accuracy(), expected.accuracy())
    assert found.counts == {}


def test_spike_trains_are_recorded_in_parts(tmp_path: Path) -> None:
    trains = np.random.default_rng(4).random((9, 60, 6)) < 0.4
    options: Any = {"record": RECORD, "y": y(), "batch_size": 10, "keep_trains": False}
    one = pysnn.simulate(snn(), spikes=trains, record_to=tmp_path / "one", **options)
    workers = Workers(part_size=20)
    two = pysnn.simulate(
        snn(), spikes=trains, record_to=tmp_path / "two", executor=workers, **options
    )
    assert digest(one) == digest(two)
    np.testing.assert_array_equal(one.accuracy(), two.accuracy())
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("size", [1, 7, 60])
def test_a_part_of_some_samples_at_a_time_has_the_bits_of_a_whole_one(size: int) -> None:
    assert digest(simulated(None, Workers(part_size=20), batch_size=size)) == digest(
        simulated(None)
    )


def test_no_samples_leave_an_empty_record(tmp_path: Path) -> None:
    empty: Any = {"x": x()[:0], "y": y()[:0]}
    simulated(tmp_path / "r", Workers(part_size=20), **empty)
    assert pysnn.RecordFiles(tmp_path / "r").num_samples == 0


def test_shares_write_into_one_folder(tmp_path: Path, alone: dict[str, bytes]) -> None:
    folder = tmp_path / "kept"
    for number in (3, 1):
        workers = Workers(folder=folder, part_size=10, share=(number, 3))
        with pytest.raises(PartsMissing):
            simulated(tmp_path / "r", workers, batch_size=10)
        assert pysnn.RecordFiles(tmp_path / "r").num_samples is None
    workers = Workers(folder=folder, part_size=10, share=(2, 3))
    simulated(tmp_path / "r", workers, batch_size=10)
    assert contents(tmp_path / "r") == alone
    merged = simulated(tmp_path / "r", Workers(folder=folder, only_kept=True), batch_size=10)
    assert digest(merged) == digest(simulated(tmp_path / "again", batch_size=10))
    assert contents(tmp_path / "r") == alone


class Breaking:
    """Takes no part behind the second, and leaves records of a third one."""

    def __init__(self, leave: Any) -> None:
        self._num_parts = 0
        self._leave = leave

    def submit(self, function: Any, /, *arguments: Any) -> Any:
        from concurrent.futures import Future

        self._num_parts += 1
        if self._num_parts == 3:
            self._leave()
            raise RuntimeError("no more")
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        return future


def test_a_record_that_broke_off_is_taken_up_with_another_split(
    tmp_path: Path, alone: dict[str, bytes]
) -> None:
    folder, records = tmp_path / "kept", tmp_path / "r"
    spikes = records / "spikes" / "0-linear1"

    def leave() -> None:
        (spikes / "000000000024-000000000030.npy").write_bytes(b"of a part that did not finish")

    with pytest.raises(ExecutorError):
        simulated(records, Workers(Breaking(leave), folder=folder, part_size=10), batch_size=10)
    assert len(list(spikes.iterdir())) == 3
    again = Workers(folder=folder, part_size=20)
    simulated(records, again, batch_size=10)
    assert (again.report.num_kept, again.report.num_parts) == (2, 2)
    assert contents(records) == alone


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_a_part_whose_records_are_not_there_is_made_again(
    damage: str, tmp_path: Path, alone: dict[str, bytes]
) -> None:
    folder, records = tmp_path / "kept", tmp_path / "r"
    simulated(records, Workers(folder=folder, part_size=20), batch_size=10)
    path = records / "counts" / "1-linear2" / "000000000030-000000000040.npy"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1])
    again = Workers(folder=folder, part_size=20)
    simulated(records, again, batch_size=10)
    assert (again.report.num_kept, again.report.num_parts) == (2, 1)
    assert contents(records) == alone


def test_records_of_something_else_are_left_alone(tmp_path: Path) -> None:
    folder, records = tmp_path / "kept", tmp_path / "r"
    simulated(records, Workers(folder=folder, part_size=20))
    before = contents(records)
    other: list[dict[str, Any]] = [{"seed": 6}, {"x": 1 - x()}, {"record": "counts"}]
    for change in other:
        with pytest.raises(FileExistsError, match="holds records of another simulation"):
            simulated(records, Workers(folder=folder, part_size=20), **change)
    # Without kept parts nobody knows what is in the folder.
    with pytest.raises(FileExistsError, match="take an empty folder or a new one"):
        simulated(records, Workers(part_size=20))
    assert contents(records) == before


def test_kept_parts_write_into_another_folder_again(
    tmp_path: Path, alone: dict[str, bytes]
) -> None:
    folder = tmp_path / "kept"
    for name in ("r", "s"):
        simulated(tmp_path / name, Workers(folder=folder, part_size=20), batch_size=10)
        assert contents(tmp_path / name) == alone


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path: Path) -> None:
    records = tmp_path / "r"

    class Elsewhere(Breaking):
        def submit(self, function: Any, /, *arguments: Any) -> Any:
            (records / "records.json").rename(tmp_path / "hidden.json")
            return super().submit(function, *arguments)

    with pytest.raises(RuntimeError, match=r"which is not there on .*; it must be a folder that"):
        simulated(records, Workers(Elsewhere(lambda: None), part_size=60, num_retries=0))
    assert list(records.iterdir()) == []
