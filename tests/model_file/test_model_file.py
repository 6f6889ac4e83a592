"""Model files: what is saved is what is loaded, with the same bytes every time."""

from __future__ import annotations

import copy
import json
import os
import pickle
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from model_examples import (
    EXAMPLES,
    Model,
    relu_graph,
    relu_mlp,
    spiking_graph,
    spiking_models,
    spiking_neuron,
)
from model_parts import Parts, compact, split

import pysnn
from pysnn.io import from_bytes, to_bytes

DATA = Path(__file__).parents[1] / "data"
FORMAT_PAGE = Path(__file__).parents[2] / "docs" / "model_file.md"


@pytest.fixture(params=EXAMPLES)
def model(request: pytest.FixtureRequest) -> Model:
    """Return each of the example models in turn."""
    return EXAMPLES[request.param]()


def test_loaded_model_equals_the_saved_one(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    pysnn.save(model, path)
    loaded = pysnn.load(path)
    assert type(loaded) is type(model)
    assert loaded == model
    assert path.read_bytes() == to_bytes(model) == to_bytes(loaded)


def test_method_and_function_write_the_same_file(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "method")
    pysnn.save(model, str(tmp_path / "function"))
    assert (tmp_path / "method").read_bytes() == (tmp_path / "function").read_bytes()


def test_equal_models_have_equal_bytes() -> None:
    for make in EXAMPLES.values():
        assert to_bytes(make()) == to_bytes(make())


def test_pickled_and_copied_models_are_equal(model: Model) -> None:
    assert pickle.loads(pickle.dumps(model)) == model
    assert copy.deepcopy(model) == model


def test_settings_of_populations_come_back() -> None:
    original = spiking_graph("int16")
    loaded = from_bytes(to_bytes(original))
    assert isinstance(loaded, pysnn.SpikingNetwork)
    assert loaded.precision == "int16"
    assert loaded.input_shape == (1, 4, 4)
    for old, new in zip(original.populations, loaded.populations, strict=True):
        assert (old.name, old.shape) == (new.name, new.shape)
        assert (old.reset, old.refractory_period) == (new.reset, new.refractory_period)
        np.testing.assert_array_equal(old.threshold, new.threshold)
        np.testing.assert_array_equal(old.initial_potential, new.initial_potential)
        np.testing.assert_array_equal(old.grid, new.grid)
        for left, right in zip(old.projections, new.projections, strict=True):
            assert left.source == right.source
            np.testing.assert_array_equal(left.weight, right.weight)
            assert (left.bias is None) == (right.bias is None)
            if left.bias is not None and right.bias is not None:
                np.testing.assert_array_equal(left.bias, right.bias)


def test_scales_come_back() -> None:
    original = EXAMPLES["spiking_convnet"]()
    loaded = from_bytes(to_bytes(original))
    assert isinstance(original, pysnn.SpikingNetwork)
    assert isinstance(loaded, pysnn.SpikingNetwork)
    assert original.scale_factors is not None
    assert loaded.scale_factors == original.scale_factors


def test_file_is_canonical(model: Model) -> None:
    file = to_bytes(model)
    header, _ = split(file)
    assert len(header) % 8 == 0
    # Sorted keys, no white space but the padding, ASCII, tensors one after the other by name.
    assert Parts.of(file).file() == file


def test_neurons_have_a_threshold_each_in_the_file() -> None:
    snn = pysnn.SpikingNetwork(2)
    snn.add_population("output", 3, threshold=2.0, initial_potential=0.5)
    snn.connect("input", "output", pysnn.Linear(np.ones((3, 2))))
    tensors = Parts.of(to_bytes(snn)).tensors
    np.testing.assert_array_equal(tensors["output/threshold"], np.full(3, 2.0, np.float32))
    np.testing.assert_array_equal(tensors["output/initial_potential"], np.full(3, 0.5, np.float32))


@given(st.floats(min_value=0.0, allow_infinity=False), st.floats(1e-300, 1e300))
def test_doubles_come_back_to_the_bit(period: float, scale: float) -> None:
    parts = Parts.of(to_bytes(spiking_neuron()))
    parts.description["populations"][0]["refractory_period"] = period
    parts.description["scales"] = [scale]
    again = Parts.of(to_bytes(from_bytes(parts.file()))).description
    assert _bits(again["populations"][0]["refractory_period"]) == _bits(period)
    assert _bits(again["scales"][0]) == _bits(scale)


def _bits(value: float) -> bytes:
    return struct.pack("<d", value)


def test_weights_of_every_magnitude_come_back_to_the_bit() -> None:
    bits = np.random.default_rng(0).integers(0, 2**32, 4000, dtype=np.uint32)
    weight = bits.view(np.float32)
    weight = np.append(
        weight[np.isfinite(weight)], np.array([0.0, -0.0, 1e-45, 3.4028235e38], np.float32)
    )
    network = pysnn.Network([pysnn.Linear(weight[np.newaxis])], input_shape=weight.size)
    loaded = from_bytes(to_bytes(network))
    assert isinstance(loaded, pysnn.Network)
    layer = loaded.layers[0]
    assert isinstance(layer, pysnn.Linear)
    np.testing.assert_array_equal(layer.weight[0].view(np.uint32), weight.view(np.uint32))


def test_safetensors_package_reads_our_files(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    pysnn.save(model, path)
    parts = Parts.of(path.read_bytes())
    tensors = safetensors.numpy.load_file(path)
    assert tensors.keys() == parts.tensors.keys()
    for name, values in parts.tensors.items():
        assert tensors[name].dtype == np.float32
        np.testing.assert_array_equal(tensors[name], values)
    with safetensors.safe_open(path, "numpy") as file:
        assert json.loads(file.metadata()["pysnn"]) == parts.description


def test_files_of_the_safetensors_package_are_read(model: Model) -> None:
    parts = Parts.of(to_bytes(model))
    tensors = {name: parts.tensors[name].copy() for name in reversed(parts.tensors)}
    metadata = {"pysnn": json.dumps(parts.description, indent=2), "note": "ours to keep out of"}
    assert from_bytes(safetensors.numpy.save(tensors, metadata)) == model


def test_file_without_grid_is_rounded_as_a_new_network() -> None:
    weight = np.random.default_rng(3).normal(size=(4, 5)).astype(np.float32)
    snn = pysnn.SpikingNetwork(5)
    snn.add_population("output", 4)
    snn.connect("input", "output", pysnn.Linear(weight))
    parts = Parts.of(to_bytes(snn))
    del parts.tensors["output/grid"]
    parts.tensors["output/0/weight"] = weight
    assert from_bytes(parts.file()) == snn


def test_pool_weight_of_0_is_filled_in() -> None:
    parts = Parts.of(to_bytes(spiking_graph()))
    parts.tensors["Größe 2/0/weight"] = np.zeros(2, np.float32)
    assert from_bytes(parts.file()) == spiking_graph()


KEPT = {
    "network_v1": "relu_mlp",
    "convnet_v1": "relu_convnet",
    "spiking_network_v1": "spiking_neuron",
    "spiking_graph_v1": "spiking_graph_int16",
    "network_v2": "relu_groups",
    "spiking_network_v2": "spiking_groups",
    "graph_v2": "relu_graph",
    "spiking_models_v2": "spiking_models",
}


@pytest.mark.parametrize(("name", "example"), KEPT.items())
def test_files_of_old_versions_are_read_and_written_for_ever(name: str, example: str) -> None:
    path = DATA / f"{name}.safetensors"
    assert pysnn.load(path) == EXAMPLES[example]()
    assert to_bytes(EXAMPLES[example]()) == to_bytes(pysnn.load(path)) == path.read_bytes()


def test_only_what_is_new_needs_version_2() -> None:
    new = {"relu_groups", "spiking_groups", "relu_graph", "spiking_models"}
    for name, make in EXAMPLES.items():
        version = Parts.of(to_bytes(make())).description["format_version"]
        assert version == (2 if name in new else 1)


def test_a_chain_names_no_inputs_and_defaults_are_left_out() -> None:
    layers = Parts.of(to_bytes(relu_graph())).description["layers"]
    assert [each["name"] for each in layers if "inputs" in each] == [
        "largest",
        "sum",
        "joined",
    ]
    pool = pysnn.Network([pysnn.AvgPool2d(2)], input_shape=(1, 4, 4))
    assert set(Parts.of(to_bytes(pool)).description["layers"][0]) == {
        *("name", "type", "kernel_size", "stride")
    }


def test_models_of_neurons_and_ranges_come_back() -> None:
    original = spiking_models()
    loaded = from_bytes(to_bytes(original))
    assert isinstance(loaded, pysnn.SpikingNetwork)
    assert loaded.input_scale == 4.0
    for old, new in zip(original.populations, loaded.populations, strict=True):
        assert (old.neuron, old.delay) == (new.neuron, new.delay)
        np.testing.assert_array_equal(old.negative_threshold, new.negative_threshold)
        np.testing.assert_array_equal(old.leak, new.leak)
        assert (old.bias is None) == (new.bias is None)
        if old.bias is not None and new.bias is not None:
            np.testing.assert_array_equal(old.bias, new.bias)


def test_scales_of_channels_come_back() -> None:
    parts = Parts.of(to_bytes(spiking_models()))
    parts.description["scales"] = [[0.5, 1.5], 2.0, 1.0, [3.0, 4.0], 1.0, 0.1]
    loaded = from_bytes(parts.file())
    again = Parts.of(to_bytes(loaded)).description
    assert again["scales"] == parts.description["scales"]


def test_a_file_of_version_2_without_need_is_read_and_written_as_version_1() -> None:
    parts = Parts.of(to_bytes(relu_mlp()))
    parts.description["format_version"] = 2
    assert from_bytes(parts.file()) == relu_mlp()
    assert to_bytes(from_bytes(parts.file())) == to_bytes(relu_mlp())


def test_numbers_in_files_of_version_1_are_what_they_were() -> None:
    network = pysnn.load(DATA / "network_v1.safetensors")
    assert isinstance(network, pysnn.Network)
    # relu([0.5 - 0.25, 1 + 0.1] + bias) is [0.375, 0.1], and 1 * 0.375 + 2 * 0.1 comes out.
    np.testing.assert_allclose(network.predict([[1.0, 1.0]]), [[0.575]], rtol=1e-6)
    snn = pysnn.load(DATA / "spiking_network_v1.safetensors")
    assert isinstance(snn, pysnn.SpikingNetwork)
    # 0.5 + 0.125 in each step: every second one passes the threshold of 1.
    spikes = np.tile(np.array([1, 0], np.uint8), (6, 1, 1))
    result = pysnn.simulate(snn, spikes=spikes, record=["spikes"])
    assert result.spikes("output").ravel().tolist() == [False, True] * 3


def test_worked_example_of_the_format_is_a_file_to_the_byte() -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", FORMAT_PAGE.read_text("utf-8"), re.DOTALL)
    example = [(kind, text) for kind, text in blocks if kind in ("hex", "header")]
    assert [kind for kind, _ in example] == ["hex", "header", "hex"]
    length, header, data = (text for _, text in example)
    # Lines of the page are wrapped; the header itself has no line end.
    text = "".join(header.splitlines()).replace("\u2423", " ").encode()
    assert _dump(length) + text + _dump(data) == to_bytes(spiking_neuron())


def _dump(text: str) -> bytes:
    return b"".join(bytes.fromhex(line.split("#")[0]) for line in text.splitlines())


def test_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape(str(tmp_path / "missing"))):
        pysnn.load(tmp_path / "missing")


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        pysnn.load(tmp_path)
    with pytest.raises(IsADirectoryError):
        pysnn.save(relu_mlp(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_is_refused_and_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe"):
        pysnn.save(relu_mlp(), tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe"):
        pysnn.load(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()


def test_damaged_file_is_named_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"not a model")
    with pytest.raises(pysnn.ModelFileError, match=f"^{re.escape(str(path))}: "):
        pysnn.load(path)


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text here")
def test_name_that_is_not_text_is_a_name(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/m\xff"
    pysnn.save(relu_mlp(), os.fsdecode(path))
    assert pysnn.load(os.fsdecode(path)) == relu_mlp()
    Path(os.fsdecode(path)).write_bytes(b"")
    with pytest.raises(
        pysnn.ModelFileError, match="m\ufffd is no model file of pysnn, but an empty file"
    ):
        pysnn.load(os.fsdecode(path))


def test_saving_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    for make in EXAMPLES.values():
        pysnn.save(make(), path)
        assert pysnn.load(path) == make()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_saving_over_a_file_keeps_its_permissions(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    pysnn.save(relu_mlp(), path)
    path.chmod(mode)
    pysnn.save(spiking_neuron(), path)
    assert path.stat().st_mode & 0o777 == mode
    assert pysnn.load(path) == spiking_neuron()


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_new_files_obey_the_umask(umask: int, mode: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        pysnn.save(relu_mlp(), tmp_path / "model.safetensors")
    finally:
        os.umask(before)
    assert (tmp_path / "model.safetensors").stat().st_mode & 0o777 == mode


FAILING_SAVE = """
import resource, sys
import numpy, pysnn
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # as a full disk
network = pysnn.Network([pysnn.Linear(numpy.ones((1, 1000)))], input_shape=1000)
try:
    pysnn.save(network, sys.argv[1])
except OSError as error:
    print("refused:", error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_failing_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    pysnn.save(relu_mlp(), path)
    command = [sys.executable, "-c", FAILING_SAVE, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.startswith("refused:")
    assert str(path) in run.stdout
    assert pysnn.load(path) == relu_mlp()
    assert list(tmp_path.iterdir()) == [path]


def test_description_is_canonical_json() -> None:
    header, _ = split(to_bytes(spiking_graph()))
    text = json.loads(header)["__metadata__"]["pysnn"]
    assert text == compact(json.loads(text))
    assert text.isascii()
