"""The walk over the layers of a Keras model."""

from __future__ import annotations

from ... import _core
from ..building import GraphBuilder, Step, Value
from ..refusal import RefusalError
from .calls import Call, ConfigError, Tensor
from .config import Layer, Model
from .layers import HANDLERS
from .layers.arguments import Arguments
from .weights import Path, Weights

_MOST_CALLS = 20_000  # models within models can make many of a small file
_WITH_RELU = "replace it by a ReLU and train again"
_WAYS_OUT = {
    **dict.fromkeys(("LeakyReLU", "PReLU", "ELU", "ThresholdedReLU"), _WITH_RELU),
    **dict.fromkeys(
        ("LayerNormalization", "GroupNormalization", "UnitNormalization"),
        "use a BatchNormalization and train again",
    ),
    **dict.fromkeys(("Lambda", "TFOpLambda"), "use layers of Keras: code of a file is never run"),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "Bidirectional"), "use a feed-forward network"),
    **dict.fromkeys(
        ("UpSampling2D", "UpSampling1D", "Conv2DTranspose", "Conv1DTranspose", "Resizing"),
        "scale images in front of the network",
    ),
}


class Walk:
    """Values of a model's layers.

    Args:
        builder: What collects the nodes.
        weights: Arrays of each layer.

    Attributes:
        differs_by_backend: Whether a layer averages in the way of TensorFlow and JAX, which is not
            that of Keras with PyTorch.
        dropped: Name of the last layer and its activation function, which was left out, or None.
    """

    def __init__(self, builder: GraphBuilder, weights: Weights) -> None:
        self._builder = builder
        self._weights = weights
        self._num_calls = 0
        self._num_bytes = 0
        self.differs_by_backend = False
        self.dropped: tuple[str, str] | None = None

    def outputs(
        self, model: Model, inputs: list[Value], *, path: Path = (), is_last: bool = True
    ) -> list[Value]:
        """Return what a model gives for values.

        Args:
            model: The model.
            inputs: A value for each of its inputs.
            path: The models that it is in, and itself.
            is_last: Whether its output is that of the network.

        Raises:
            ConfigError: The model is not what Keras makes.
            RefusalError: A layer can't be a part of a `Network`.
        """
        known: dict[Tensor, Value] = dict(zip(model.inputs, inputs, strict=True))
        layers = {layer.name: layer for layer in model.layers}
        for call in model.calls:
            layer = layers[call.output[0]]
            if layer.kind != "InputLayer":
                last = is_last and [call.output] == list(model.outputs)
                known[call.output] = self._result(layer, call, known, path, is_last=last)
        for output in model.outputs:
            if output not in known:
                raise ConfigError(f"has the output {output[0]!r}, which no layer gives")
        return [known[output] for output in model.outputs]

    def _result(
        self, layer: Layer, call: Call, known: dict[Tensor, Value], path: Path, *, is_last: bool
    ) -> Value:
        inner = (*path, layer.name)
        step = Step(self._builder, ".".join(inner), layer.kind)
        self._num_calls += 1
        if self._num_calls > _MOST_CALLS:
            raise ConfigError(f"calls layers more than {_MOST_CALLS:,} times")
        for each in call.inputs:
            if isinstance(each, tuple) and each not in known:
                raise ConfigError(f"reads the input {each[0]!r}, which is none of its model's")
        inputs = [known[each] if isinstance(each, tuple) else each for each in call.inputs]
        handler = HANDLERS.get(layer.kind)
        if handler is None and layer.model is None:
            raise step.refused("is not supported", _way_out(layer.kind))
        for name, value in call.options.items():
            # Keras 2 writes these of a call that has none.
            if value is not None and value is not False:
                raise step.refused(
                    f"is called with {name}={str(value)[:40]!r}", "call it on one value alone"
                )
        if layer.model is not None:
            values = [each for each in inputs if isinstance(each, Value)]
            if (len(values), len(layer.model.outputs)) != (len(layer.model.inputs), 1):
                raise step.refused("has several outputs or inputs", "give it one of each")
            (result,) = self.outputs(layer.model, values, path=inner, is_last=is_last)
            return result
        assert handler is not None
        arguments = Arguments(layer, inputs, self._weights.get(inner, ()), is_last)
        try:
            result = handler(step, arguments)
        except RefusalError:
            raise
        # What a damaged file leaves out, or has in other shapes than it says.
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200] or "something is missing"
            raise step.refused(f"can't be read: {reason}", "check the file") from None
        self._note(step, arguments)
        return result

    def _note(self, step: Step, arguments: Arguments) -> None:
        """Keep what a layer says of the network."""
        arguments.check_number(step)
        self._num_bytes += arguments.num_bytes
        # Each call of a layer has weights of its own here.
        if self._num_bytes > _core.total_memory() // 2:
            raise step.refused("and those before it have more weights than memory", "share none")
        self.differs_by_backend |= arguments.differs_by_backend
        if arguments.dropped:
            self.dropped = (step.name, arguments.dropped)


def _way_out(kind: str) -> str:
    if "." in kind or ">" in kind:
        is_operation = kind.startswith("ops.")
        return "use a layer of Keras" if is_operation else "code of a file is never run"
    return _WAYS_OUT.get(kind, "replace it by a layer that docs/importing/keras.md lists")
