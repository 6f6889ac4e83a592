"""`pysnn import`, and networks of other programs in the other commands."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from cli_files import X, make_files, network, run

import pysnn
from pysnn.importers import registry
from pysnn.importers.extras import load_library
from pysnn.network import Origin

NOTE = "the Softmax behind the last layer is left out"


def from_other(
    path: str | os.PathLike[str], *, output: str | None = None, dt: float = 0.1
) -> pysnn.Network | pysnn.SpikingNetwork:
    """Read a file that says in a word what it holds."""
    word = Path(path).read_text()
    if word == "spiking":
        return pysnn.convert(network(), method="none", threshold=dt)
    if word == "lost":
        load_library("no_such_library", "mat", "files of other")
    if word == "several" and output is None:
        raise pysnn.ModelFileError(f"{path}: has the outputs a and b, but output is not given")
    origin = Origin("other", Path(path).name, "other 1.0", 2.5e-7, 3, (NOTE,))
    return pysnn.Network.from_graph(network().graph, origin)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with files, some of them of a format that only the tests know."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    for word in ("one", "several", "spiking", "lost"):
        Path(f"{word}.oth").write_text(word)
    importer = registry.Importer(
        "other", (".oth",), from_other, "other", {"output_node": "output", "dt": "dt"}
    )
    monkeypatch.setattr(registry, "IMPORTERS", (*registry.IMPORTERS, importer))


def test_a_network_is_written_under_its_own_name_and_shown_with_its_origin() -> None:
    done = run("import", "one.oth")
    assert (done.status, done.err) == (0, "")
    assert pysnn.load("one.safetensors") == network()
    lines = done.out.splitlines()
    assert lines[0].startswith("one.safetensors: ReLU network, 39 neurons, ")
    assert lines[-2:] == [
        "from other (one.oth): outputs of 3 samples differ from those of other 1.0 by at most "
        "2.5e-07 of the largest",
        NOTE,
    ]


def test_json_has_the_origin() -> None:
    done = run("import", "one.oth", "--output", "net.safetensors", "--json")
    facts = json.loads(done.out)
    assert facts["file"] == "net.safetensors"
    assert facts["origin"] == {
        "format": "other",
        "name": "one.oth",
        "framework": "other 1.0",
        "difference": 2.5e-7,
        "num_samples": 3,
        "notes": [NOTE],
    }


def test_a_spiking_network_is_written_as_such() -> None:
    done = run("import", "spiking.oth", "--dt", "0.25")
    assert done.out.startswith("spiking.safetensors: spiking network")
    assert pysnn.load("spiking.safetensors").populations[0].threshold[0] == 0.25


def test_options_reach_the_importer() -> None:
    done = run("import", "several.oth")
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "pysnn: error: several.oth: has the outputs a and b, but output is not given\n"
    )
    assert not Path("several.safetensors").exists()
    assert run("import", "several.oth", "--output-node", "a").status == 0


def test_inspect_shows_a_foreign_file_without_writing_one() -> None:
    done = run("inspect", "one.oth")
    assert done.out.startswith("one.oth: ReLU network")
    assert done.out.endswith(f"of the largest\n{NOTE}\n")
    assert json.loads(run("inspect", "one.oth", "--json").out)["origin"]["notes"] == [NOTE]
    assert not Path("one.safetensors").exists()


def test_networks_that_were_not_imported_have_no_origin() -> None:
    assert "origin" not in json.loads(run("inspect", "ann.safetensors", "--json").out)


def test_convert_takes_a_foreign_file_and_says_where_it_is_from() -> None:
    done = run("convert", "one.oth", "--data", "x.npy", "--output", "new.safetensors")
    assert done.status == 0
    assert NOTE in done.err.splitlines()
    new = pysnn.load("new.safetensors")
    assert isinstance(new, pysnn.SpikingNetwork)
    expected = pysnn.convert(network(), method="data", x=X)
    np.testing.assert_array_equal(new.populations[0].threshold, expected.populations[0].threshold)


def test_a_missing_extra_is_one_line_and_status_1() -> None:
    for command in ("import", "inspect"):
        done = run(command, "lost.oth")
        assert (done.status, done.out) == (1, "")
        assert done.err == (
            "pysnn: error: files of other need no_such_library, which is not installed: "
            "pip install h5py (the extra 'mat')\n"
        )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["net.th"], "holds a pickle, which pysnn never runs; build the model in Python"),
        (["net.PT"], "call pysnn.from_torch(model, example)"),
        (["net.pkl"], "call pysnn.from_sklearn(estimator)"),
        (["net.txt"], "file is net.txt, but its name must end in .mat or "),
        (["ann.safetensors"], "pysnn.load_torch_weights(network, path)"),
        (["one.oth", "--reset", "zero"], "--reset is given, but does not apply to other files"),
        (["one.oth", "--dt", "0"], "is 0, but must be above 0"),
        (["one.oth", "--output", "net.onnx"], "must end in .safetensors"),
    ],
)
def test_wrong_usage_is_status_2_and_says_the_way_out(words: list[str], said: str) -> None:
    done = run("import", *words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("command", ["inspect", "convert"])
def test_no_command_reads_a_pickle(command: str) -> None:
    done = run(command, "net.pth", *(["--method", "none"] if command == "convert" else []))
    assert done.status == 2
    assert "net.pth holds a pickle, which pysnn never runs" in done.err


def test_missing_files_are_wrong_usage() -> None:
    done = run("import", "no.oth")
    assert done.status == 2
    assert done.err.startswith("pysnn import: error: no.oth: No such file or directory (see")


def test_a_matlab_file_with_a_sigmoid_becomes_a_network_that_spikes_on_request() -> None:
    pytest.importorskip("scipy", reason="scipy is not installed")
    import matlab_files as matlab

    matlab.write(Path("net.mat"), nn=matlab.connected_struct([12, 5, 3], output="sigm"))
    done = run("import", "net.mat")
    assert done.out.splitlines()[-2:] == [
        "from MATLAB (net.mat): its outputs were not compared",
        "'sigm' behind the last layer is left out, which gives the same classes; for an output "
        "that spikes, read the file with output='relu'",
    ]
    done = run("import", "net.mat", "--output-activation", "relu")
    assert done.out.endswith("from MATLAB (net.mat): its outputs were not compared\n")
    assert pysnn.load("net.safetensors") == pysnn.from_matlab("net.mat", output="relu")
