"""Model files that are cut, changed, hostile or from the future: an error, never a crash."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from model_examples import (
    relu_convnet,
    relu_graph,
    relu_groups,
    relu_mlp,
    spiking_graph,
    spiking_models,
    spiking_neuron,
)
from model_parts import Parts, compact, join, split

import pysnn
from pysnn.io import from_bytes, to_bytes

RELU = to_bytes(relu_mlp())
CONV = to_bytes(relu_convnet())
SPIKING = to_bytes(spiking_neuron())
GRAPH = to_bytes(spiking_graph())
GROUPS = to_bytes(relu_groups())
KINDS = to_bytes(relu_graph())
MODELS = to_bytes(spiking_models())

Row = tuple[str, bytes, str]


def text_replaced(old: bytes, new: bytes) -> bytes:
    """Return the spiking neuron's file with other text in its header."""
    header, data = split(SPIKING)
    assert header.count(old) == 1
    return join(header.replace(old, new), data)


def header_changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the spiking neuron's file with a changed header."""
    parts = Parts.of(SPIKING)
    header = parts.header()
    change(header)
    return join(compact(header).encode(), parts.data())


def changed(file: bytes, change: Callable[[Parts], object]) -> bytes:
    """Return a file with a changed description or changed tensors."""
    parts = Parts.of(file)
    change(parts)
    return parts.file()


def described(file: bytes, *path: str | int, value: object = None, drop: bool = False) -> bytes:
    """Return a file with one value of its description replaced, added or dropped."""
    parts = Parts.of(file)
    place: Any = parts.description
    for step in path[:-1]:
        place = place[step]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return parts.file()


def with_tensor(file: bytes, name: str, values: Any) -> bytes:
    """Return a file with one tensor replaced or added."""
    return changed(
        file, lambda p: p.tensors.__setitem__(name, np.asarray(values, dtype=np.float32))
    )


def without_tensor(file: bytes, name: str) -> bytes:
    """Return a file that lacks one tensor."""
    return changed(file, lambda p: p.tensors.pop(name))


def with_entry(key: str, value: object) -> bytes:
    """Return the spiking neuron's file with one value of a tensor's entry replaced."""
    return header_changed(lambda h: h["output/0/weight"].__setitem__(key, value))


def with_text(description: str) -> bytes:
    """Return the spiking neuron's file with this text for its description."""
    return header_changed(lambda h: h["__metadata__"].__setitem__("pysnn", description))


def rename(parts: Parts, old: str, new: str) -> None:
    """Give a layer or population another name, in its tensors too."""
    for entry in parts.description.get("populations") or parts.description["layers"]:
        if entry["name"] == old:
            entry["name"] = new
    parts.tensors = {
        new + name.removeprefix(old) if name.startswith(old + "/") else name: values
        for name, values in parts.tensors.items()
    }


def empty(parts: Parts) -> None:
    """Take all populations away."""
    parts.description["populations"] = []
    parts.tensors = {}


WEIGHT = b'"output/0/weight"'
P, J = "populations", "projections"
CONTAINER: list[Row] = [
    ("empty", b"", "0 bytes"),
    ("shorter than the length", SPIKING[:7], "7 bytes"),
    ("length beyond the file", struct.pack("<Q", 9) + b"{}      ", "only 8 bytes follow"),
    ("length beyond 64 bits", b"\xff" * 8 + SPIKING[8:], "18446744073709551615"),
    ("header above the limit", struct.pack("<Q", 100_000_001) + SPIKING[8:], "100000000"),
    ("empty header", join(b""), "begin with '{'"),
    ("header begins with a space", join(b" {}"), "begin with '{'"),
    ("header is a list", join(b"[]"), "begin with '{'"),
    ("byte order mark", join(b"\xef\xbb\xbf{}"), "begin with '{'"),
    ("text after the header", text_replaced(b"}}  ", b"}}x "), "JSON"),
    ("NUL after the header", text_replaced(b"}}  ", b"}}\0x"), "NUL"),
    ("comment", text_replaced(b"}}  ", b"}}/**/"), "JSON"),
    ("trailing comma", text_replaced(b"}}  ", b"},} "), "JSON"),
    ("not UTF-8", text_replaced(WEIGHT, b'"output/0/\xff"'), "UTF-8"),
    ("overlong UTF-8", text_replaced(WEIGHT, b'"\xc0\xaf"'), "UTF-8"),
    ("half a surrogate pair", text_replaced(WEIGHT, b'"\\ud800"'), "UTF-8"),
    ("control byte in a name", text_replaced(WEIGHT, b'"a\nb"'), "JSON"),
    ("escaped NUL in a name", text_replaced(WEIGHT, b'"a\\u0000"'), "NUL"),
    ("number beyond float64", text_replaced(b"[4,12]", b"[4,1e999]"), "number"),
    ("tensor twice", text_replaced(WEIGHT, b'"output/0/bias"'), "'output/0/bias' twice"),
    ("escaped double", text_replaced(WEIGHT, b'"output/0/\\u0062ias"'), "twice"),
    ("entry's key twice", text_replaced(b'"shape":[1,2]', b'"shape":[1,2],"dtype":"F32"'), "twice"),
    ("metadata twice", text_replaced(WEIGHT, b'"__metadata__"'), "twice"),
    ("deep nesting", join(b'{"a":' * 100_000), "nested"),
    ("deep list", join(b'{"a":' + b"[" * 100_000), "nested"),
    # Seconds of it would mean that the time grows with the square of the length.
    ("long list of objects", join(b'{"a":[' + b"{}," * 500_000 + b"{}]}"), "object"),
    ("tensor is no object", header_changed(lambda h: h.update({"output/0/weight": 1})), "object"),
    ("metadata is no object", header_changed(lambda h: h.update(__metadata__=[])), "object"),
    ("metadata is no text", header_changed(lambda h: h["__metadata__"].update(n=1)), "string"),
    ("no dtype", header_changed(lambda h: h["output/0/weight"].pop("dtype")), "no key 'dtype'"),
    ("unknown key of a tensor", with_entry("scale", 1), "unknown key 'scale'"),
    ("other dtype", with_entry("dtype", "F64"), "'F64'"),
    ("unknown dtype", with_entry("dtype", "f32"), "'f32'"),
    ("dtype is a number", with_entry("dtype", 1), "string"),
    ("shape is a number", with_entry("shape", 2), "list"),
    ("negative size", with_entry("shape", [-1, -2]), "integers"),
    ("fractional size", with_entry("shape", [1.0, 2]), "integers"),
    ("size of 2^63", with_entry("shape", [2**63]), "2^63"),
    ("size beyond 64 bits", with_entry("shape", [2**64]), "integers"),
    ("product beyond 64 bits", with_entry("shape", [2**62, 2**62]), "too large"),
    ("product that wraps to 0", with_entry("shape", [2**32, 2**32]), "too large"),
    ("product beyond the data", with_entry("shape", [2**40]), "bytes between"),
    ("shape does not fill the offsets", with_entry("shape", [1, 1]), "bytes between"),
    ("three offsets", with_entry("data_offsets", [4, 12, 12]), "two integers"),
    ("offsets the wrong way round", with_entry("data_offsets", [12, 4]), "bytes between"),
    ("gap", with_entry("data_offsets", [8, 16]), "expected 4"),
    ("overlap", with_entry("data_offsets", [0, 8]), "no overlap"),
    ("offsets beyond 64 bits", with_entry("data_offsets", [2**63 - 8, 2**63]), "data_offsets"),
    ("data cut", SPIKING[:-4], "data"),
    ("data continued", SPIKING + bytes(4), "data"),
    ("data after no tensor", join(b"{}", b"x"), "1 bytes of data"),
    ("no description", join(b"{}"), "'pysnn'"),
    ("other metadata only", join(b'{"__metadata__":{"format":"pt"}}'), "'pysnn'"),
]

DESCRIPTION: list[Row] = [
    ("description is no object", with_text("[]"), "begin with '{'"),
    ("description is no JSON", with_text("{"), "JSON"),
    ("description has a key twice", with_text('{"kind":"a","kind":"a"}'), "'kind' twice"),
    ("description is deep", with_text('{"a":' + "[" * 99), "nested"),
    ("no version", described(SPIKING, "format_version", drop=True), "'format_version'"),
    ("version 0", described(SPIKING, "format_version", value=0), "format_version is 0"),
    ("version is text", described(SPIKING, "format_version", value="1"), "integer"),
    ("groups in version 1", described(GROUPS, "format_version", value=1), "unknown key"),
    ("groups, key of version 2", described(CONV, "layers", 0, "groups", value=1), "unknown key"),
    ("version 2, no groups", described(CONV, "format_version", value=2), "no key 'dilation'"),
    ("no groups", described(GROUPS, "layers", 1, "groups", drop=True), "no key 'groups'"),
    ("groups of 0", described(GROUPS, "layers", 0, "groups", value=0), "0 groups"),
    ("groups beyond 2^63", described(GROUPS, "layers", 0, "groups", value=2**63), "below 2^63"),
    ("groups up to 2^63", described(GROUPS, "layers", 0, "groups", value=2**63 - 1), "groups is"),
    ("groups of 3", described(GROUPS, "layers", 0, "groups", value=3), "does not divide"),
    ("other groups", described(GROUPS, "layers", 0, "groups", value=1), "takes 1 channels"),
    ("dilation of 0", described(GROUPS, "layers", 1, "dilation", value=[0, 1]), "at least 1"),
    ("one dilation", described(GROUPS, "layers", 1, "dilation", value=[1]), "two integers"),
    ("wide dilation", described(GROUPS, "layers", 1, "dilation", value=[1, 2**40]), "2^31"),
    ("dilation, no room", described(GROUPS, "layers", 1, "dilation", value=[1, 9]), "does not fit"),
    ("version 3", described(SPIKING, "format_version", value=3), "update pysnn"),
    ("other kind", described(SPIKING, "kind", value="graph"), "update pysnn"),
    ("unknown key", described(SPIKING, "preciSion", value=1), "unknown key 'preciSion'"),
    ("unknown key of a population", described(SPIKING, P, 0, "leak", value=1), "'leak'"),
    ("unknown key of a projection", described(SPIKING, P, 0, J, 0, "delay", value=1), "'delay'"),
    ("unknown key of a layer", described(RELU, "layers", 0, "padding", value=[0, 0]), "'padding'"),
    ("no precision", described(SPIKING, "precision", drop=True), "'precision'"),
    ("other precision", described(SPIKING, "precision", value="int8"), "'int8'"),
    ("other reset", described(SPIKING, P, 0, "reset", value="Zero"), "'Zero'"),
    ("other layer", described(RELU, "layers", 0, "type", value="MaxPool2d"), "'MaxPool2d'"),
    ("other activation", described(RELU, "layers", 0, "activation", value="tanh"), "'tanh'"),
    ("Flatten has an activation", described(CONV, "layers", 3, "activation", value="relu"), "key"),
    ("period is text", described(SPIKING, P, 0, "refractory_period", value="0"), "number"),
    ("negative period", described(SPIKING, P, 0, "refractory_period", value=-1), "-1"),
    ("scale is text", described(SPIKING, "scales", value=["1"]), "numbers"),
    ("too many scales", described(SPIKING, "scales", value=[1, 1]), "scale"),
    ("scale is 0", described(SPIKING, "scales", value=[0]), "scale"),
    ("no populations", changed(SPIKING, empty), "population"),
    ("populations is an object", described(SPIKING, P, value={}), "list"),
    ("population is text", described(SPIKING, P, 0, value="output"), "object"),
    ("population of no neurons", described(SPIKING, P, 0, "shape", value=[0]), "(0,)"),
    ("population too large", described(SPIKING, P, 0, "shape", value=[2**40]), "shape"),
    ("more neurons than thresholds", described(SPIKING, P, 0, "shape", value=[2]), "threshold"),
    ("population of two axes", described(SPIKING, P, 0, "shape", value=[1, 1]), "shape"),
    ("population twice", changed(SPIKING, lambda p: p.description[P].append(p.description[P][0])),
     "twice"),
    ("population named input", changed(SPIKING, lambda p: rename(p, "output", "input")), "taken"),
    ("source comes later", described(GRAPH, P, 0, J, 0, "source", value="out"), "'out'"),
    ("no source", described(SPIKING, P, 0, J, 0, "source", drop=True), "'source'"),
    ("Flatten as a projection", described(GRAPH, P, 1, J, 0, value={
        "type": "Flatten", "source": "conv"}), "not a projection"),
    ("other input shape", described(SPIKING, "input_shape", value=[3]), "3"),
    ("input shape overflows", described(SPIKING, "input_shape", value=[2**62, 4, 4]), "shape"),
    ("padding of 2^62", described(CONV, "layers", 0, "padding", value=[2**62, 0]), "padding"),
    ("bias is a number", described(SPIKING, P, 0, J, 0, "bias", value=1), "true or false"),
    ("stride of one number", described(CONV, "layers", 0, "stride", value=[1]), "two integers"),
    ("stride 0", described(CONV, "layers", 0, "stride", value=[0, 1]), "stride"),
    ("window that does not fit", described(CONV, "layers", 1, "kernel_size", value=[4, 3]), "fit"),
    ("layer's name holds a slash", changed(RELU, lambda p: rename(p, "linear1", "a/b")), "'a/b'"),
    ("layer's name is taken", described(RELU, "layers", 1, "name", value="linear1"), "twice"),
]  # fmt: skip

TENSORS: list[Row] = [
    ("weight missing", without_tensor(SPIKING, "output/0/weight"), "'output/0/weight' is missing"),
    ("bias missing", without_tensor(SPIKING, "output/0/bias"), "'output/0/bias' is missing"),
    ("pool's weight missing", without_tensor(GRAPH, "Größe 2/0/weight"), "missing"),
    ("threshold missing", without_tensor(SPIKING, "output/threshold"), "missing"),
    ("potential missing", without_tensor(SPIKING, "output/initial_potential"), "missing"),
    ("bias not announced", described(SPIKING, P, 0, J, 0, "bias", value=False), "'output/0/bias'"),
    ("tensor of nobody", with_tensor(SPIKING, "output/1/weight", [1]), "'output/1/weight'"),
    ("pool of a ReLU network has a weight", with_tensor(CONV, "pool1/weight", [1]), "'pool1"),
    ("weight of one axis", with_tensor(SPIKING, "output/0/weight", [1, 2]), "2 axes"),
    ("empty weight", with_tensor(SPIKING, "output/0/weight", np.ones((0, 2))), "empty"),
    ("bias of another size", with_tensor(SPIKING, "output/0/bias", [1, 2]), "(2,)"),
    ("empty bias", with_tensor(SPIKING, "output/0/bias", []), "expected (1,)"),
    ("threshold of two axes", with_tensor(SPIKING, "output/threshold", [[1]]), "(1, 1)"),
    ("threshold of 0", with_tensor(SPIKING, "output/threshold", [0]), "threshold"),
    ("NaN weight", with_tensor(SPIKING, "output/0/weight", [[1, np.nan]]), "nan"),
    ("infinite bias", with_tensor(RELU, "linear1/bias", [0, -np.inf]), "inf"),
    ("NaN threshold", with_tensor(SPIKING, "output/threshold", [np.nan]), "nan"),
    ("infinite potential", with_tensor(SPIKING, "output/initial_potential", [np.inf]), "inf"),
    ("NaN grid", with_tensor(SPIKING, "output/grid", [np.nan]), "nan"),
    ("grid of two values", with_tensor(SPIKING, "output/grid", [1, 1]), "grid"),
    ("grid is no power of two", with_tensor(SPIKING, "output/grid", [3 * 2.0**-24]), "grid"),
    ("negative grid", with_tensor(SPIKING, "output/grid", [-(2.0**-24)]), "grid"),
    ("grid too coarse", with_tensor(SPIKING, "output/grid", [1]), "grid"),
    ("grid too fine", with_tensor(SPIKING, "output/grid", [2.0**-25]), "grid"),
    ("pool's weight is another", with_tensor(GRAPH, "Größe 2/0/weight", [0.5, 0.25]), "pool"),
]  # fmt: skip


VERSION_2: list[Row] = [
    ("kind of version 2 in version 1", described(KINDS, "format_version", value=1), "'Affine'"),
    ("inputs in version 1", described(RELU, "layers", 1, "inputs", value=["input"]), "'inputs'"),
    ("inputs is text", described(KINDS, "layers", 7, "inputs", value="cut"), "list"),
    ("input is a number", described(KINDS, "layers", 7, "inputs", value=[1, 2]), "strings"),
    ("input is no layer", described(KINDS, "layers", 7, "inputs", value=["cut", "x"]), "'x'"),
    ("input comes later", described(KINDS, "layers", 7, "inputs", value=["cut", "flat"]), "'flat'"),
    ("sum of one input", described(KINDS, "layers", 7, "inputs", value=["cut"]), "at least 2"),
    ("two inputs of a ReLU", described(KINDS, "layers", 9, "inputs", value=["sum", "plain"]),
     "expected 1"),
    ("layer that nobody reads", described(KINDS, "layers", 7, "inputs", value=["cut", "cut"]),
     "'average'"),
    ("four equal paddings", described(KINDS, "layers", 1, "padding", value=[1, 1, 2, 2]), "sides"),
    ("three paddings", described(KINDS, "layers", 1, "padding", value=[1, 1, 2]), "four"),
    ("four paddings in version 1", described(CONV, "layers", 0, "padding", value=[0, 1, 1, 1]),
     "two integers"),
    ("padding above half", described(KINDS, "layers", 5, "padding", value=[2, 1]), "half"),
    ("padding of a pool in version 1", described(CONV, "layers", 1, "padding", value=[0, 1]),
     "'padding'"),
    ("flag is a number", described(KINDS, "layers", 5, "ceil_mode", value=1), "true or false"),
    ("kernel of 2^40", described(KINDS, "layers", 5, "kernel_size", value=[2**40, 1]), "2^31"),
    ("levels without max", described(KINDS, "layers", 9, "max", value=0), "no max"),
    ("negative max", described(KINDS, "layers", 3, "max", value=-1), "max"),
    ("max of more digits", described(KINDS, "layers", 3, "max", value=0.1), "float32"),
    ("max beyond float32", described(KINDS, "layers", 3, "max", value=1e300), "float32"),
    ("negative eps", described(KINDS, "layers", 2, "eps", value=-1), "eps"),
    ("mean missing", without_tensor(KINDS, "norm/mean"), "'norm/mean' is missing"),
    ("weight not announced", described(KINDS, "layers", 2, "weight", value=False), "'norm/weight'"),
    ("negative variance", with_tensor(KINDS, "norm/variance", [1, -1, 1]), "variance"),
    ("variances of two channels", with_tensor(KINDS, "norm/variance", [1, 1]), "variance"),
    ("scale of three channels", described(KINDS, "layers", 0, "scale", value=[1, 2, 3]), "scale"),
    ("scale is a number", described(KINDS, "layers", 0, "scale", value=1), "list"),
    ("neuron in version 1", described(SPIKING, P, 0, "neuron", value="signed"), "'neuron'"),
    ("unknown neuron", described(MODELS, P, 0, "neuron", value="other"), "update pysnn"),
    ("neuron with other tensors", described(MODELS, P, 0, "neuron", value="bipolar"), "negative_t"),
    ("delay of a signed neuron", described(MODELS, P, 0, "delay", value=1), "'delay'"),
    ("no delay", described(MODELS, P, 5, "delay", drop=True), "'delay'"),
    ("delay of half a step", described(MODELS, P, 5, "delay", value=0.5), "delay"),
    ("population's bias not announced", described(MODELS, P, 0, "bias", drop=True), "signed/bias"),
    ("population's bias missing", without_tensor(MODELS, "signed/bias"), "missing"),
    ("bias that is not on the grid", with_tensor(MODELS, "signed/bias", [1e-20, 2]), "grid"),
    ("bias of three channels", with_tensor(MODELS, "signed/bias", [1, 2, 3]), "bias"),
    ("leak above 1", with_tensor(MODELS, "leaky/leak", [2] * 5), "leak"),
    ("threshold of a max pool", with_tensor(MODELS, "pooled/threshold", [1] * 18), "threshold"),
    ("max pool of the input", described(MODELS, P, 2, J, 0, "source", value="input"), "input"),
    ("channels out of reach", described(MODELS, P, 1, J, 0, "first_channel", value=1), "Identity"),
    ("list of one scale", described(MODELS, "scales", value=[[1]] + [1] * 5), "two numbers"),
    ("list in a list of scales", described(MODELS, "scales", value=[[1, [1]]]), "numbers"),
    ("list of scales in version 1", described(SPIKING, "scales", value=[[1, 1]]), "numbers"),
    ("range in version 1", described(SPIKING, "input_range", value={}), "'input_range'"),
    ("range is a list", described(MODELS, "input_range", value=[]), "object"),
    ("range without a scale", described(MODELS, "input_range", "scale", drop=True), "'scale'"),
    ("range of 0", described(MODELS, "input_range", "scale", value=0), "input_scale"),
    ("affine of one part", described(MODELS, "input_range", "affine_shift", value=[]), "affine"),
    ("encoding in version 1", described(SPIKING, "encoding", value="constant"), "'encoding'"),
    ("unknown encoding", described(MODELS, "encoding", value="bursts"), "'bursts'"),
    ("recipe in version 1", described(SPIKING, "recipe", value={"name": "mine"}), "'recipe'"),
    ("recipe is a list", described(MODELS, "recipe", value=[]), "object"),
    ("recipe without a string", described(MODELS, "recipe", value={}), "at least one string"),
    ("number in a recipe", described(MODELS, "recipe", value={"per": 1}), "object of strings"),
    ("unknown key of the range", described(MODELS, "input_range", "low", value=0), "'low'"),
]  # fmt: skip


ROWS = CONTAINER + DESCRIPTION + TENSORS + VERSION_2


@pytest.mark.parametrize(("file", "words"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_refused(file: bytes, words: str) -> None:
    with pytest.raises(pysnn.ModelFileError) as caught:
        from_bytes(file)
    assert words in str(caught.value)


def test_files_that_the_table_changes_are_read() -> None:
    for file in (RELU, CONV, SPIKING, GRAPH, KINDS, MODELS):
        assert to_bytes(from_bytes(Parts.of(file).file())) == file
