"""What torch.export makes of a module, in silence and with errors of one line."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import logging
import re
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

from .refused import refuse_by_name

_MOST_LETTERS = 200
# It warns of what the error says, too.
_TALKER = "torch.fx.experimental.symbolic_shapes"


def check_takes_one_tensor(model: Any, x: Any) -> None:
    """Check that a module can be called with one argument.

    Raises:
        ValueError: It needs more, or takes none.
    """
    try:
        inspect.signature(model.forward).bind(x)
    except TypeError as error:
        raise ValueError(
            f"model can't be called with example alone ({error}): wrap it in a module that takes "
            f"one tensor"
        ) from None


def in_full_precision(torch: Any, model: Any, x: Any) -> tuple[Any, Any]:
    """Return a module and samples of one precision, copies in float32 for those of less.

    Raises:
        ValueError: The module can't be copied.
    """
    tensors = [
        each for each in chain(model.parameters(), model.buffers()) if each.is_floating_point()
    ]
    if not any(each.dtype in (torch.float16, torch.bfloat16) for each in (*tensors, x)):
        return model, x.to(tensors[0].dtype) if tensors else x
    try:
        return copy.deepcopy(model).float(), x.float()
    # Modules may hold anything, and copying says so by any kind of exception.
    except Exception as error:
        raise ValueError(
            f"model can't be copied, to run it in float32 ({first_sentence(error)}): convert it by "
            f"model.float()"
        ) from error


def traced(torch: Any, model: Any, x: Any) -> Any:
    """Return a module's exported program, split into core operators.

    Args:
        torch: The library.
        model: The module, in evaluation mode.
        x: A batch of samples.

    Raises:
        RefusalError: A node, under the name that it has before it is split, can't be a part of a
            `Network`.
        ValueError: torch can't trace the module, or run it on the samples.
    """
    with _silence():
        with _errors_in_a_line():
            program = torch.export.export(model, (x,), strict=False)
        refuse_by_name(program)
        with _errors_in_a_line():
            return program.run_decompositions(dict(_decompositions(torch)))


@contextlib.contextmanager
def _errors_in_a_line() -> Iterator[None]:
    """Turn what torch raises into one kind of exception."""
    try:
        yield
    # torch says by many kinds of exception that it can't trace a module.
    except Exception as error:
        if "data-dependent" in str(error):
            raise ValueError(
                "model decides by the values of its input what to do, as Python's if and while do: "
                "leave that out"
            ) from error
        raise ValueError(
            f"model can't be traced on example by torch.export: {first_sentence(error)}"
        ) from error


def first_sentence(error: Exception) -> str:
    """Return what an error says first, in a line of bounded length."""
    text = " ".join(str(error).split())
    sentence = re.split(r"(?<=[^A-Z.])\. (?=[A-Z])", text, maxsplit=1)[0].rstrip(".")
    if len(sentence) > _MOST_LETTERS:
        sentence = sentence[:_MOST_LETTERS] + "..."
    return sentence or type(error).__name__


@cache
def _decompositions(torch: Any) -> dict[Any, Any]:
    """Return torch's own table, which takes it a tenth of a second to collect."""
    return dict(torch.export.default_decompositions())


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep what torch prints beside its errors from the user, and its warnings of itself."""
    talker = logging.getLogger(_TALKER)
    was_disabled = talker.disabled
    talker.disabled = True
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        talker.disabled = was_disabled
