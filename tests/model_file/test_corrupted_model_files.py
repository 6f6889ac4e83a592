"""Every cut and every changed byte of a model file: another valid model, or a clean error."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_examples import EXAMPLES, Model
from model_parts import join, split

import pysnn
from pysnn.io import from_bytes, to_bytes

# What a byte may become in the larger files: one bit flipped, or a byte that means something.
MEANINGFUL = sorted({*b'"{}[]:,\\/-+.0129eEtfn \t\n', 0x00, 0x7F, 0x80, 0xC0, 0xFF})


def outcome(file: bytes) -> Model | None:
    """Return the model of a file, which can be saved again, or None where it is refused."""
    try:
        model = from_bytes(file)
    except pysnn.ModelFileError:
        return None
    assert from_bytes(to_bytes(model)) == model
    return model


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_truncation_is_refused(name: str) -> None:
    file = to_bytes(EXAMPLES[name]())
    for size in range(len(file)):
        with pytest.raises(pysnn.ModelFileError):
            from_bytes(file[:size])


def test_every_value_of_every_byte_loads_or_is_refused() -> None:
    network = pysnn.Network([pysnn.Linear([[0.5]])], input_shape=1)
    file = bytearray(to_bytes(network))
    num_loaded = 0
    for position, original in enumerate(file):
        for value in range(256):
            file[position] = value
            num_loaded += outcome(bytes(file)) is not None
        file[position] = original
    # Exponent 255 alone is refused in a weight's four bytes; names, too, may be others.
    assert num_loaded > 3 * 256


@pytest.mark.parametrize("name", ["relu_mlp", "spiking_neuron"])
def test_every_telling_change_of_a_byte_loads_or_is_refused(name: str) -> None:
    file = bytearray(to_bytes(EXAMPLES[name]()))
    for position, original in enumerate(file):
        for value in {*MEANINGFUL, *(original ^ (1 << bit) for bit in range(8))}:
            file[position] = value
            outcome(bytes(file))
        file[position] = original


@pytest.mark.parametrize("name", ["relu_convnet", "spiking_graph", "spiking_convnet"])
def test_random_changes_load_or_are_refused(name: str) -> None:
    rng = np.random.default_rng(11)
    original = np.frombuffer(to_bytes(EXAMPLES[name]()), np.uint8)
    header_size = len(split(original.tobytes())[0])
    for _ in range(3000):
        file = original.copy()
        positions = rng.integers(0, 8 + header_size, rng.integers(1, 4))
        file[positions] = rng.choice(np.array(MEANINGFUL, np.uint8), positions.size)
        outcome(file.tobytes())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("name", ["relu_convnet", "spiking_graph"])
@settings(max_examples=300)
@given(data=st.data())
def test_any_value_at_any_place_of_the_description_loads_or_is_refused(
    name: str, data: st.DataObject
) -> None:
    header_text, tensors = split(to_bytes(EXAMPLES[name]()))
    header = json.loads(header_text)
    description = json.loads(header["__metadata__"]["pysnn"])
    place = description
    while True:
        key = data.draw(
            st.sampled_from(list(place) if isinstance(place, dict) else [*range(len(place))])
        )
        if not place[key] or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    header["__metadata__"]["pysnn"] = json.dumps(description)
    outcome(join(json.dumps(header).encode(), tensors))


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_any_bytes_are_refused(header: bytes, data: bytes) -> None:
    for file in (header, join(header, data), join(b"{" + header, data), join(b"{}" + header, data)):
        assert outcome(file) is None
