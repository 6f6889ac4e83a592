"""What is recorded into files is what a result would have kept, and overwrites nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pysnn

X = np.random.default_rng(2).random((23, 6), dtype=np.float32)
RECORD = ("spikes", "potentials", "counts", "balance")


def network(names: tuple[str, str] = ("hidden", "output")) -> pysnn.SpikingNetwork:
    """Return a network of two populations, the first of which can send negative spikes."""
    rng = np.random.default_rng(4)
    snn = pysnn.SpikingNetwork(6)
    snn.add_population(names[0], 11, neuron="signed", reset="subtract")
    snn.connect("input", names[0], pysnn.Linear(rng.normal(size=(11, 6))))
    snn.add_population(names[1], 3)
    snn.connect(names[0], names[1], pysnn.Linear(rng.normal(size=(3, 11))))
    return snn


def simulated(snn: pysnn.SpikingNetwork | None = None, **options: Any) -> pysnn.SimulationResult:
    """Simulate all samples."""
    return pysnn.simulate(snn or network(), X, **{"num_steps": 8, "record": RECORD, **options})


@pytest.mark.parametrize("batch_size", [1, 5, 23, None])
def test_files_hold_what_the_result_would(batch_size: int | None, tmp_path: Path) -> None:
    expected = simulated()
    left = simulated(batch_size=batch_size, record_to=tmp_path / "new" / "records")
    assert left.spikes == left.balance == {}
    np.testing.assert_array_equal(left.output_spikes, expected.output_spikes)
    records = pysnn.RecordFiles(tmp_path / "new" / "records")
    assert (records.num_samples, records.num_steps) == (23, 8)
    assert records.recorded == dict.fromkeys(RECORD, ("hidden", "output"))
    for name in ("hidden", "output"):
        for what, arrays in (
            ("spikes", expected.spikes),
            ("potentials", expected.potentials),
            ("counts", expected.counts),
        ):
            found = records.read(what, name, 0, 23)
            assert found.dtype == arrays[name].dtype
            np.testing.assert_array_equal(found, arrays[name])
            size = batch_size or 23
            assert [rows for rows, _ in records.parts(what, name)] == [
                slice(i, min(i + size, 23)) for i in range(0, 23, size)
            ]
        for field, array in vars(expected.balance[name]).items():
            if isinstance(array, np.ndarray):
                found = records.read("balance", name, 0, 23, field=field)
                np.testing.assert_array_equal(found, array)


def test_some_samples_are_read_across_files(tmp_path: Path) -> None:
    expected = simulated(record="spikes").spikes("hidden")
    simulated(record="spikes", record_to=tmp_path / "r", batch_size=5)
    records = pysnn.RecordFiles(tmp_path / "r")
    for rows in (slice(0, 1), slice(4, 6), slice(7, 23)):
        found = records.read("spikes", "hidden", rows.start, rows.stop)
        np.testing.assert_array_equal(found, expected[:, rows])


def test_names_of_populations_need_not_be_names_of_files(tmp_path: Path) -> None:
    names = ("..", "a b: \N{GREEK SMALL LETTER ALPHA}*" + "x" * 300)
    simulated(network(names), record="counts", record_to=tmp_path / "r")
    records = pysnn.RecordFiles(tmp_path / "r")
    assert records.read("counts", names[0], 0, 23).shape == (23, 11)
    assert records.read("counts", names[1], 0, 23).shape == (23, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_files_can_be_loaded_by_numpy_alone(tmp_path: Path) -> None:
    simulated(record="spikes", record_to=tmp_path / "r", batch_size=20)
    paths = sorted((tmp_path / "r" / "spikes" / "0-hidden").iterdir())
    assert [path.name for path in paths] == [
        "000000000000-000000000020.npy",
        "000000000020-000000000023.npy",
    ]
    assert [np.load(path).shape for path in paths] == [(8, 20, 11), (8, 3, 11)]


def test_a_folder_with_anything_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("text")
    with pytest.raises(FileExistsError, match=r"record_to .* 1 files, such as mine\.txt"):
        simulated(record_to=tmp_path)
    assert os.listdir(tmp_path) == ["mine.txt"]
    simulated(record_to=tmp_path / "r")
    before = {path: path.read_bytes() for path in (tmp_path / "r").rglob("*") if path.is_file()}
    with pytest.raises(FileExistsError, match="record_to"):
        simulated(record_to=tmp_path / "r")
    for path, content in before.items():
        assert path.read_bytes() == content
    with pytest.raises(NotADirectoryError, match=r"mine\.txt, which is a file"):
        simulated(record_to=tmp_path / "mine.txt")


def test_an_interruption_leaves_whole_files_and_says_so(tmp_path: Path) -> None:
    def interrupted() -> Any:
        yield X[:10]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pysnn.simulate(
            network(),
            interrupted(),
            num_steps=8,
            record="spikes",
            record_to=tmp_path / "r",
            batch_size=5,
        )
    records = pysnn.RecordFiles(tmp_path / "r")
    assert records.num_samples is None
    expected = simulated(record="spikes").spikes("hidden")
    np.testing.assert_array_equal(records.read("spikes", "hidden", 0, 10), expected[:, :10])
    with pytest.raises(ValueError, match=r"stop is 11, .* ends at 10"):
        records.read("spikes", "hidden", 0, 11)


def test_damaged_files_are_refused_by_name(tmp_path: Path) -> None:
    simulated(record="counts", record_to=tmp_path / "r", batch_size=20)
    folder = tmp_path / "r"
    (path,) = (folder / "counts" / "1-output").glob("*-000000000020.npy")
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ValueError, match=r"000000000020\.npy is no sound \.npy file"):
        pysnn.RecordFiles(folder).read("counts", "output", 0, 2)
    path.unlink()
    with pytest.raises(ValueError, match=r"stop is 2, .* ends at 0"):
        pysnn.RecordFiles(folder).read("counts", "output", 0, 2)
    manifest = folder / "records.json"
    facts = json.loads(manifest.read_text())
    for text in ("", "[]", json.dumps(facts | {"format_version": 2}), json.dumps({"kind": "x"})):
        manifest.write_text(text)
        with pytest.raises(ValueError, match=r"folder has .*records\.json"):
            pysnn.RecordFiles(folder)
