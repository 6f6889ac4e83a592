"""Data loaders: batches of samples, or of samples with labels, wherever samples are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import pysnn
from pysnn._base.interface import loaders

RNG = np.random.default_rng(2)
X = RNG.random((23, 6), dtype=np.float32)
Y = RNG.integers(0, 3, 23)
NETWORK = pysnn.models.mlp((6, 8, 3), seed=1)
SNN = pysnn.convert(NETWORK, method="model")


class Loader:
    """What PyTorch's loader is: an iterable of lists that can be read again, and no sequence.

    Its batches fill the same memory, as some loaders' do.
    """

    def __init__(self, *arrays: Any, size: int = 5) -> None:
        self._arrays = arrays
        self._size = size

    def __len__(self) -> int:
        return -(-len(self._arrays[0]) // self._size)

    def __iter__(self) -> Iterator[Any]:
        rows = self._size
        memory = [np.empty((rows, *np.shape(each)[1:]), each.dtype) for each in self._arrays]
        for start in range(0, len(self._arrays[0]), rows):
            batch = []
            for array, kept in zip(self._arrays, memory, strict=True):
                part = array[start : start + rows]
                kept[: len(part)] = part
                batch.append(kept[: len(part)])
            yield batch if len(batch) > 1 else batch[0]


PAIRS, ALONE = Loader(X, Y), Loader(X)
OPTIONS: dict[str, Any] = {"num_steps": 8, "progress": False}


def weights(network: pysnn.Network) -> list[Any]:
    return [layer.weight.tolist() for layer in network.layers]


def trained(*data: Any) -> list[Any]:
    network = NETWORK.copy()
    pysnn.train(network, *data, epochs=2, progress=False)
    return weights(network)


def converted(x: Any) -> bytes:
    return pysnn.io.to_bytes(pysnn.convert(NETWORK, recipe="calibrated", x=x))


def normalized(x: Any) -> list[Any]:
    return weights(pysnn.conversion.normalize(NETWORK, x=x)[0])


def compared(x: Any, y: Any, calibration: Any) -> Any:
    found = pysnn.compare(
        NETWORK, x, y, x_calibration=calibration, recipes=["robust", "diehl2015"], **OPTIONS
    )
    return found.to_dict()


def tuned(x: Any, y: Any, calibration: Any) -> Any:
    found = pysnn.tune(
        NETWORK, x, y, x_calibration=calibration, recipes=["robust"], max_loss=0.9, **OPTIONS
    )
    return found.to_dict()


@pytest.mark.parametrize(
    ("of_loader", "of_arrays"),
    [
        (lambda: trained(PAIRS), lambda: trained(X, Y)),
        (lambda: trained(ALONE, Y), lambda: trained(X, Y)),
        (lambda: converted(PAIRS), lambda: converted(X)),
        (lambda: converted(ALONE), lambda: converted(X)),
        (lambda: normalized(iter(ALONE)), lambda: normalized(X)),
        (
            lambda: str(pysnn.diagnose(NETWORK, SNN, PAIRS, **OPTIONS)),
            lambda: str(pysnn.diagnose(NETWORK, SNN, X, y=Y, **OPTIONS)),
        ),
        (
            lambda: str(pysnn.conversion_errors(NETWORK, SNN, PAIRS, **OPTIONS)),
            lambda: str(pysnn.conversion_errors(NETWORK, SNN, X, **OPTIONS)),
        ),
        (lambda: compared(PAIRS, None, ALONE), lambda: compared(X, Y, X)),
        (lambda: tuned(PAIRS, None, PAIRS), lambda: tuned(X, Y, X)),
    ],
    ids=["train", "train, labels apart", "convert", "convert without labels", "normalize",
         "diagnose", "conversion_errors", "compare", "tune"],
)  # fmt: skip
def test_a_loader_gives_what_its_arrays_give(
    of_loader: Callable[[], Any], of_arrays: Callable[[], Any]
) -> None:
    assert of_loader() == of_arrays()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1, 4, 23, 100])
@pytest.mark.parametrize("batch_size", [None, 3])
def test_a_simulation_reads_samples_and_labels_in_step(size: int, batch_size: int | None) -> None:
    expected = pysnn.simulate(SNN, X, num_steps=12, y=Y)
    one_hot = np.eye(3)[Y]
    for data in (Loader(X, Y, size=size), Loader(X, one_hot, size=size)):
        found = pysnn.simulate(SNN, data, num_steps=12, batch_size=batch_size)
        np.testing.assert_array_equal(found.output_spikes, expected.output_spikes)
        np.testing.assert_array_equal(found.accuracy(), expected.accuracy())
        assert found.score() == expected.score(Y)


def test_tensors_of_pytorch_are_taken() -> None:
    data = pytest.importorskip("torch.utils.data")
    torch = pytest.importorskip("torch")
    pairs = data.TensorDataset(torch.tensor(X), torch.tensor(Y))
    loader = data.DataLoader(pairs, batch_size=4)
    assert trained(loader) == trained(X, Y)
    assert converted(loader) == converted(X)
    result = pysnn.simulate(SNN, loader, num_steps=12)
    np.testing.assert_array_equal(
        result.accuracy(), pysnn.simulate(SNN, X, num_steps=12).accuracy(Y)
    )


def test_what_needs_all_samples_says_how_many_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "MOST_BYTES", 200)

    def endless() -> Iterator[Any]:
        while True:
            yield X[:2]

    with pytest.raises(ValueError, match=r"x gives more than .* up to \(batch 4 of x\)"):
        pysnn.convert(NETWORK, x=endless())


def lazily(*batches: Any) -> Iterator[Any]:
    yield from batches


@pytest.mark.parametrize(
    ("batches", "error", "message"),
    [
        ([(X[:4], Y[:3])], ValueError, r"\(batch 0 of x\) has 4 samples, but 3 labels"),
        ([(X[:4], Y[:4]), X[4:]], ValueError, r"\(batch 1 of x\) is no pair"),
        ([X[:4], (X[:4], Y[:4])], ValueError, r"\(batch 1 of x\) is a pair"),
        ([(X[:4], Y[:4]), (X[4:, :5], Y[4:])], ValueError, r"\(batch 1 of x\)"),
        ([], ValueError, "x gave no batch"),
        (
            [(X[:4], Y[:4], Y[:4])],
            TypeError,
            r"\(batch 0 of x\) is a tuple of \(4, 6\), \(4,\), \(4,\), .* or a pair of arrays",
        ),
        ([[X[0], Y[:1]]], TypeError, r"\(batch 0 of x\) is a list of \(6,\), \(1,\), but must be"),
    ],
)
def test_batches_that_do_not_fit_are_named(batches: list[Any], error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        pysnn.simulate(SNN, lazily(*batches), num_steps=3)
    with pytest.raises(error, match=message):
        pysnn.train(NETWORK.copy(), lazily(*batches), None if batches else Y)


def test_samples_and_one_hot_rows_of_one_shape_are_a_pair() -> None:
    network = pysnn.models.mlp((3, 5, 3), seed=1)
    snn = pysnn.convert(network, method="model")
    x, one_hot = X[:, :3], np.eye(3, dtype=np.float32)[Y]
    expected = pysnn.simulate(snn, x, y=Y)
    for size in (1, 5):
        batches = [(x[i : i + size], one_hot[i : i + size]) for i in range(0, len(x), size)]
        found = pysnn.simulate(snn, iter(batches))
        np.testing.assert_array_equal(found.accuracy(), expected.accuracy())
        samples, labels = loaders.collected_pairs(iter(batches), None)
        np.testing.assert_array_equal(samples, x)
        np.testing.assert_array_equal(labels, one_hot)
        with pytest.raises(ValueError, match=r"\(batch 1 of x\) is a pair"):
            pysnn.simulate(snn, lazily(x[:1], batches[0]))


def test_two_samples_in_a_list_are_no_pair() -> None:
    rows = pysnn.simulate(SNN, iter([list(X[:2]), list(X[2:4])]), num_steps=12)
    np.testing.assert_array_equal(
        rows.output_spikes, pysnn.simulate(SNN, X[:4], num_steps=12).output_spikes
    )
    images = X[:5].reshape(5, 2, 3)
    layers = [pysnn.Flatten(), pysnn.Linear(6, 3, seed=0)]
    snn = pysnn.convert(pysnn.Network(layers, (1, 2, 3)), method="model")
    in_lists = iter([list(images[:3]), list(images[3:])])
    found = pysnn.simulate(snn, in_lists, num_steps=12).output_spikes
    np.testing.assert_array_equal(found, pysnn.simulate(snn, images, num_steps=12).output_spikes)
    in_lists = iter([list(images[:3]), list(images[3:])])
    np.testing.assert_array_equal(loaders.collected_samples(in_lists), images)


def test_labels_that_come_with_x_are_called_so() -> None:
    with pytest.raises(ValueError, match=r"^the labels of \(batch 1 of x\)\[0\] is .*\[0, 3\)"):
        pysnn.simulate(SNN, lazily((X[:4], Y[:4]), (X[4:], Y[4:] + 3)))


def test_an_empty_batch_needs_no_type_of_labels() -> None:
    empty = (X[:0], np.array([]))
    batches = [empty, (X[:9], Y[:9]), empty, (X[9:], Y[9:])]
    found = pysnn.simulate(SNN, lazily(*batches), num_steps=8)
    assert found.score() == pysnn.simulate(SNN, X, num_steps=8).score(Y)
    assert trained(lazily(*batches)) == trained(X, Y)
    assert loaders.collected_pairs(lazily(empty), None)[1].dtype == np.int64


def test_labels_come_once() -> None:
    for call in (
        lambda: pysnn.simulate(SNN, PAIRS, y=Y),
        lambda: pysnn.train(NETWORK.copy(), PAIRS, Y),
        lambda: pysnn.diagnose(NETWORK, SNN, PAIRS, y=Y),
        lambda: pysnn.compare(NETWORK, PAIRS, Y, x_calibration=X),
    ):
        with pytest.raises(ValueError, match="y is given, but x gives labels"):
            call()
    for call in (
        lambda: pysnn.train(NETWORK.copy(), ALONE),
        lambda: pysnn.train(NETWORK.copy(), X),
        lambda: pysnn.compare(NETWORK, ALONE, x_calibration=X),
    ):
        with pytest.raises(ValueError, match="y is None, but must be labels"):
            call()


def test_types_are_not_mixed() -> None:
    batches = lazily((X[:4], Y[:4]), ((255 * X[4:]).astype(np.uint8), Y[4:]))
    with pytest.raises(TypeError, match=r"\(batch 1 of x\) has dtype uint8"):
        pysnn.train(NETWORK.copy(), batches)
