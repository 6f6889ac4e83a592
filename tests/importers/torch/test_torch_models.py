"""Networks of common structure from PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pysnn

torch = pytest.importorskip("torch")

from importing.torch_modules import Function, with_statistics  # noqa: E402

nn = torch.nn
functional = torch.nn.functional


class BasicBlock(nn.Module):  # type: ignore[misc]
    """A residual block with a shortcut of option A."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.stride = 1 if inputs == outputs else 2
        self.conv1 = nn.Conv2d(inputs, outputs, 3, self.stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.added = (outputs - inputs) // 2

    def forward(self, x: Any) -> Any:
        out = functional.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.stride == 2:
            x = functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added, self.added))
        out += x
        return functional.relu(out)


class ResNet(nn.Module):  # type: ignore[misc]
    """A small residual network with standardized inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.5, 0.4, 0.3])[:, None, None])
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.layer1 = nn.Sequential(BasicBlock(4, 4), BasicBlock(4, 8))
        self.linear = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        x = functional.relu(self.conv1((x - self.mean) / 0.25))
        x = self.layer1(x)
        x = functional.avg_pool2d(x, x.size()[3])
        return self.linear(x.view(x.size(0), -1))


class Dense(nn.Module):  # type: ignore[misc]
    """A dense block: batch norm and ReLU before each convolution, and all of it joined."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.norm1, self.conv1 = nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.norm2, self.conv2 = nn.BatchNorm2d(8), nn.Conv2d(8, 4, 3, padding=1, bias=False)
        self.classifier = nn.Linear(12, 5)

    def forward(self, x: Any) -> Any:
        parts = [self.first(x)]
        parts.append(self.conv1(functional.relu(self.norm1(torch.cat(parts, 1)))))
        parts.append(self.conv2(functional.relu(self.norm2(torch.cat(parts, 1)))))
        x = functional.relu(torch.cat(parts, 1))
        return self.classifier(torch.flatten(functional.adaptive_avg_pool2d(x, (1, 1)), 1))


class Inception(nn.Module):  # type: ignore[misc]
    """A block of branches, one of which pools."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
        self.three = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(inplace=True))
        self.pool = nn.Sequential(
            nn.MaxPool2d(3, 1, 1, ceil_mode=True), nn.Conv2d(3, 2, 1), nn.ReLU()
        )
        self.stem = nn.Sequential(nn.Conv2d(3, 3, 3), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True))
        self.fc = nn.Linear(10 * 3 * 3, 5)

    def forward(self, x: Any) -> Any:
        x = self.stem(x)
        x = torch.cat([self.one(x), self.three(x), self.pool(x)], 1)
        return self.fc(torch.flatten(functional.dropout(x, training=self.training), 1))


class Shuffle(nn.Module):  # type: ignore[misc]
    """A unit of ShuffleNet: half of the channels pass, and all are shuffled."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())
        self.branch = nn.Sequential(
            nn.Conv2d(4, 4, 1),
            nn.ReLU(),
            nn.Conv2d(4, 4, 3, padding=1, groups=4),
            nn.Conv2d(4, 4, 1),
        )
        self.fc = nn.Linear(8, 5)

    def forward(self, x: Any) -> Any:
        left, right = self.stem(x).chunk(2, dim=1)
        x = torch.cat((left, functional.relu(self.branch(right))), dim=1)
        n, c, h, w = x.size()
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)
        return self.fc(x.mean([2, 3]))


def inverted_residual() -> Any:
    """Return a network of depthwise convolutions under ReLU6."""
    return nn.Sequential(
        nn.Conv2d(3, 6, 1), nn.BatchNorm2d(6), nn.ReLU6(),
        nn.Conv2d(6, 6, 3, 2, 1, groups=6), nn.BatchNorm2d(6), nn.ReLU6(),
        nn.Conv2d(6, 4, 1), nn.BatchNorm2d(4), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(4, 5),
    )  # fmt: skip


def sequence() -> Any:
    """Return a network of one-dimensional convolutions."""
    return nn.Sequential(
        nn.Conv1d(3, 4, 5, 2, 2), nn.BatchNorm1d(4), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(4, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(4, 5),
    )  # fmt: skip


MODELS = {
    "ResNet": (ResNet, (3, 8, 8)),
    "Dense": (Dense, (3, 8, 8)),
    "Inception": (Inception, (3, 8, 8)),
    "Shuffle": (Shuffle, (3, 8, 8)),
    "inverted residual": (inverted_residual, (3, 8, 8)),
    "sequence": (sequence, (3, 24)),
}


def made(name: str) -> tuple[Any, Any]:
    """Return a model with random statistics, and samples."""
    torch.manual_seed(1)
    build, shape = MODELS[name]
    return with_statistics(build()), torch.rand(6, *shape)


@pytest.mark.parametrize("name", MODELS)
def test_outputs_are_torchs_and_the_network_converts(name: str) -> None:
    model, x = made(name)
    network = pysnn.from_torch(model, x)
    assert network.origin is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-5
    assert f"of torch {torch.__version__} by at most" in repr(network)
    samples = x.numpy().reshape(len(x), *network.input_shape)
    snn = pysnn.convert(network, recipe="robust", x=samples, progress=False)
    result = pysnn.simulate(snn, samples, duration=0.5, encoding="constant")
    assert (result.predictions == network.classify(samples)).mean() >= 0.8


def test_names_are_those_of_modules_and_functions_keep_their_place() -> None:
    model, x = made("ResNet")
    names = pysnn.from_torch(model, x).layer_names
    for name in ("conv1", "layer1.0.conv1", "layer1.1.bn2", "layer1.0.relu", "linear"):
        assert any(each == name or each.startswith(f"{name}_") for each in names), name


def test_the_model_is_left_as_it_was() -> None:
    model, x = made("ResNet")
    model.train()
    model.layer1.eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    pysnn.from_torch(model, x)
    assert model.training
    assert model.conv1.training
    assert not model.layer1[0].bn1.training
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_later_changes_of_the_model_do_not_reach_the_network() -> None:
    model, x = made("sequence")
    network = pysnn.from_torch(model, x)
    samples = x.numpy().reshape(len(x), *network.input_shape)
    before = network.predict(samples)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    np.testing.assert_array_equal(network.predict(samples), before)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_weights_of_other_precisions_become_float32(dtype: Any) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).to(dtype)
    # Samples of the other precision are as good.
    network = pysnn.from_torch(model, torch.rand(2, 4))
    assert network.layers[0].arrays()["weight"].dtype == np.float32
    assert network.origin is not None
    assert network.origin.difference is not None
    assert network.origin.difference < 1e-6
    assert model[0].weight.dtype == dtype
    assert pysnn.from_torch(model, torch.rand(2, 4).to(dtype)).layer_names == ("0", "1", "2")


def test_a_module_that_works_in_place_leaves_the_example_as_it_was() -> None:
    model = Function(lambda x, part: part(x.sub_(0.5)), nn.Linear(4, 3))
    x = torch.rand(2, 4)
    before = x.clone()
    network = pysnn.from_torch(model, x)
    assert torch.equal(x, before)
    assert network.layer_names == ("sub", "parts.0")


# Of torch itself, once in a process.
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_the_path_of_a_module_goes_to_the_node_that_it_is_there_for() -> None:
    model = nn.Sequential(nn.Conv1d(3, 4, 2, padding="same"), nn.MaxPool1d(2), nn.ReLU())
    names = pysnn.from_torch(model, torch.rand(1, 3, 8)).layer_names
    assert names == ("0.constant_pad_nd", "0", "1", "2")


@pytest.mark.parametrize(
    ("model", "example", "error", "words"),
    [
        (3, torch.zeros(1, 4), TypeError, ("model", "int", "torch.nn.Module")),
        (nn.Linear(4, 2), [1.0], TypeError, ("example", "list")),
        (nn.Linear(4, 2), np.array(["a"]), TypeError, ("example", "<U1")),
        (nn.Linear(4, 2), torch.zeros(1, 4).int(), TypeError, ("example", "int32", ".float()")),
        (nn.Linear(4, 2), torch.zeros(4), ValueError, ("example", "(4,)", "num_samples")),
        (nn.Linear(4, 2), torch.zeros(0, 4), ValueError, ("example", "(0, 4)")),
        (nn.Linear(4, 2), torch.zeros(1, 5), ValueError, ("model", "traced", "example")),
    ],
)
def test_bad_arguments_are_refused_by_name(
    model: Any, example: Any, error: type[Exception], words: tuple[str, ...]
) -> None:
    with pytest.raises(error) as found:
        pysnn.from_torch(model, example)
    assert all(word in str(found.value) for word in words), str(found.value)


def test_an_array_is_an_example_too() -> None:
    network = pysnn.from_torch(nn.Linear(4, 2), np.zeros((2, 4)))
    assert network.layer_names == ("addmm",)
