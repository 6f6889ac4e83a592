"""The trained networks of the package, and the simulations that they are to give."""

from __future__ import annotations

import hashlib
import importlib.resources
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import pysnn
from pysnn.datasets import Mnist
from pysnn.experiments.normalizations import convert_case
from pysnn.reproduction import shipped
from pysnn.reproduction.blas import blas_words, describe_blas
from pysnn.reproduction.results import Published
from pysnn.reproduction.settings import default_settings
from pysnn.reproduction.shipped import compared_with_published, digest, take_shipped
from pysnn.reproduction.trained_models import train_or_reuse

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("name", "accuracy"), [("fcn", 0.9881), ("convnet", 0.993)])
def test_shipped_networks_have_the_accuracy_of_the_pages(
    name: str, accuracy: float, mnist: Mnist, tmp_path: Path
) -> None:
    model = take_shipped(name, tmp_path)
    assert model.network.accuracy(mnist.x_test, mnist.y_test) == accuracy
    record = json.loads((ROOT / "docs/paper.json").read_text(encoding="utf-8"))
    (page,) = (each for each in record["networks"] if each["name"] == name)
    assert page["ann_accuracy"] == accuracy
    assert page["training"]["recipe"] == model.training["recipe"]
    np.testing.assert_allclose(
        page["training"]["history"]["loss"], model.training["history"]["loss"], rtol=1e-9
    )
    file = tmp_path / f"{name}.safetensors"
    left = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(file.read_bytes()).hexdigest() == left["model_sha256"]
    assert pysnn.load(file) == model.network
    assert "kernel Haswell, 2 threads" in blas_words(model.training["blas"])


def test_the_first_images_are_classified_as_the_page_has_them_after_few_steps(
    mnist: Mnist, tmp_path: Path
) -> None:
    settings = default_settings(train=False)
    network = take_shipped("convnet", tmp_path).network
    (case,) = (each for each in settings.normalizations if each.name == "data")
    snn = convert_case(network, case, threshold=1.0, x=mnist.x_train, num_threads=1, progress=False)
    result = pysnn.simulate(snn, mnist.x_test, num_steps=20)
    record = json.loads((ROOT / "docs/paper.json").read_text(encoding="utf-8"))
    (page,) = (each for each in record["networks"] if each["name"] == "convnet")
    (found,) = (each for each in page["cases"] if each["normalization"] == "data")
    np.testing.assert_array_equal(
        result.accuracy(mnist.y_test), found["accuracy_after_each_step"][:20]
    )


def test_a_digest_tells_one_spike_apart() -> None:
    snn = pysnn.convert(pysnn.models.mlp([4, 3]), method="none")
    x = np.full((5, 4), 0.5)
    first, again = (pysnn.simulate(snn, x, num_steps=30) for _ in range(2))
    other = pysnn.simulate(snn, x, num_steps=30, seed=1)
    assert digest(first) == digest(again) != digest(other)


def test_simulations_are_compared_with_those_that_are_published() -> None:
    text = importlib.resources.files("pysnn") / "data/networks/digests.json"
    published = json.loads(text.read_text(encoding="utf-8"))
    settings = default_settings(train=False)
    assert set(published) == {
        f"{network.name}, {case.name}"
        for network in settings.networks
        for case in settings.normalizations
    }
    assert compared_with_published({**published, "mine": "0"}) == Published(published, ())
    name = next(iter(published))
    changed = compared_with_published({**published, name: "0"})
    assert changed.different == (name,)
    assert "differ from the published ones" in str(changed)


def test_a_damaged_network_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read = shipped._read
    monkeypatch.setattr(
        shipped, "_read", lambda name: read(name)[:-1] + b"x" if name[-1] == "s" else read(name)
    )
    with pytest.raises(ValueError, match=r"convnet\.safetensors is damaged: reinstall pysnn"):
        take_shipped("convnet", tmp_path)


def test_a_run_that_trains_does_not_take_a_shipped_network(mnist: Mnist, tmp_path: Path) -> None:
    settings = replace(default_settings(), num_validation=20)
    (_, convnet) = settings.networks
    short = replace(convnet, recipe=convnet.recipe.changed(epochs=1))
    take_shipped("convnet", tmp_path)
    lines: list[str] = []
    # Of 80 images, which no warning is given for.
    model = train_or_reuse(
        short,
        settings,
        mnist.x_train[:100],
        mnist.y_train[:100],
        folder=tmp_path,
        progress=False,
        say=lines.append,
    )
    assert "came with pysnn; training again" in lines[0]
    assert not model.reused
    assert model.training["blas"] == describe_blas()
    assert "NumPy" in lines[-1]


def test_blas_is_described_for_json() -> None:
    described = describe_blas()
    assert json.loads(json.dumps(described)) == described
    assert described["numpy"] == np.__version__
    assert "unknown kernel" in blas_words({**described, "kernel": None})
