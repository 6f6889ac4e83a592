"""The walk over the layers of a Keras model."""

from __future__ import annotations

from ..building import GraphBuilder, Step, Value
from ..refusal import RefusalError
from .arguments import Arguments
from .config import Call, ConfigError, Model, Tensor
from .layers import HANDLERS
from .weights import Weights

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
        self.differs_by_backend = False
        self.dropped: tuple[str, str] | None = None

    def outputs(
        self, model: Model, inputs: list[Value], *, prefix: str = "", is_last: bool = True
    ) -> list[Value]:
        """Return what a model gives for values.

        Args:
            model: The model.
            inputs: A value for each of its inputs.
            prefix: What stands in front of the names of its layers.
            is_last: Whether its output is that of the network.

        Raises:
            RefusalError: A layer can't be a part of a `Network`.
        """
        known: dict[Tensor, Value] = dict(zip(model.inputs, inputs, strict=True))
        for call in model.calls:
            if call.layer.kind != "InputLayer":
                last = is_last and [call.output] == list(model.outputs)
                known[call.output] = self._result(call, known, prefix, is_last=last)
        for output in model.outputs:
            if output not in known:
                raise ConfigError(f"has the output {output[0]!r}, which no layer gives")
        return [known[output] for output in model.outputs]

    def _result(
        self, call: Call, known: dict[Tensor, Value], prefix: str, *, is_last: bool
    ) -> Value:
        layer = call.layer
        step = Step(self._builder, f"{prefix}{layer.name}", layer.kind)
        inputs = [known[each] if isinstance(each, tuple) else each for each in call.inputs]
        if layer.model is not None:
            values = [each for each in inputs if isinstance(each, Value)]
            if (len(values), len(layer.model.outputs)) != (len(layer.model.inputs), 1):
                raise step.refused("has several outputs or inputs", "give it one of each")
            (result,) = self.outputs(layer.model, values, prefix=f"{step.name}.", is_last=is_last)
            return result
        handler = HANDLERS.get(layer.kind)
        if handler is None:
            way_out = _WAYS_OUT.get(layer.kind, "replace it by a layer of the table")
            raise step.refused("is not supported", way_out)
        arguments = Arguments(layer, inputs, self._weights.get(layer.name, ()), is_last)
        try:
            result = handler(step, arguments)
        except RefusalError:
            raise
        # What a damaged file leaves out, or has in other shapes than it says.
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
            reason = " ".join(str(error).split()) or "something is missing"
            raise step.refused(f"can't be read: {reason}", "check the file") from None
        self.differs_by_backend |= arguments.differs_by_backend
        if arguments.dropped:
            self.dropped = (layer.name, arguments.dropped)
        return result
