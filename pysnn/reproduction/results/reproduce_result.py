"""The numbers that a run of `pysnn reproduce` gives."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from textwrap import indent
from typing import Any

from ..._base.formats import percent
from ..._base.tables import text_table
from .network_result import NetworkResult
from .published import Published


@dataclass(frozen=True, eq=False)
class ReproduceResult:
    """Everything that one run of the experiment measured.

    Attributes:
        settings: The settings of the run, ready for JSON.
        environment: Versions, processor target and threads.
        command: Shell command that repeats the run.
        quick: Whether this was the short version.
        checkpoints: Times in s at which tables show the accuracy.
        networks: One result for each network.
        sections: What each further section measured, by its name, ready for JSON.
        seconds: Wall-clock time of the run's parts, by name, in order.
        output: Folder of the report.
        missing: What could not be made for want of an optional package; empty if nothing.
        published: How the simulations compare with the published ones; None under other settings.
    """

    settings: dict[str, Any]
    environment: dict[str, Any]
    command: str
    quick: bool
    checkpoints: tuple[float, ...]
    networks: tuple[NetworkResult, ...]
    sections: dict[str, Any]
    seconds: dict[str, float]
    output: str
    missing: tuple[str, ...]
    published: Published | None = None

    @property
    def titles(self) -> dict[str, str]:
        """Networks' names for people, by their short names."""
        return {network.name: network.title for network in self.networks}

    @property
    def num_images(self) -> int:
        """Test images that were simulated."""
        return int(self.settings["num_test"])

    @property
    def shown_checkpoints(self) -> tuple[float, ...]:
        """The checkpoints that at least one of the networks was simulated for."""
        shown = {t for each in self.networks for t in each.shown_checkpoints(self.checkpoints)}
        return tuple(time for time in self.checkpoints if time in shown)

    def to_dict(self) -> dict[str, Any]:
        """Return every number of the run, ready for JSON."""
        return {
            "command": self.command,
            "quick": self.quick,
            "settings": self.settings,
            "environment": self.environment,
            "checkpoints_s": list(self.checkpoints),
            "networks": [network.to_dict() for network in self.networks],
            "sections": self.sections,
            "seconds": self.seconds,
            "missing": list(self.missing),
            "published": None if self.published is None else asdict(self.published),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], output: str = "") -> ReproduceResult:
        """Return the run that `to_dict` gave these values for.

        Args:
            values: What was stored.
            output: Folder that it lies in.

        Raises:
            ValueError: They are of something else.
        """
        names = ("settings", "environment", "command", "quick", "sections", "seconds")
        try:
            num_images = int(values["settings"]["num_test"])
            return cls(
                **{name: values[name] for name in names},
                checkpoints=tuple(values["checkpoints_s"]),
                networks=tuple(
                    NetworkResult.from_dict(each, num_images) for each in values["networks"]
                ),
                output=output,
                missing=tuple(values["missing"]),
                published=_published(values.get("published")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"values hold no run of `pysnn reproduce`: {error!r}") from None

    def command_for(self, section: str) -> str:
        """Return the shell command that makes one section alone, beside the trained networks."""
        words = shlex.split(self.command)
        if words[:2] != ["pysnn", "reproduce"]:
            return self.command
        # The authors' file is for one section only.
        unwanted = ["--sections", *(["--matlab-convnet"] if section != "authors-convnet" else [])]
        for option in unwanted:
            if option in words:
                at = words.index(option)
                del words[at : at + 2]
        return shlex.join([*words[:2], "--sections", section, *words[2:]])

    def __str__(self) -> str:
        """Show a table for each network, accuracies in percent."""
        tables = [
            f"{network.title}: ReLU network {percent(network.ann_accuracy)} %\n"
            + indent(text_table(*network.table(self.checkpoints)), "  ")
            for network in self.networks
        ]
        return "\n\n".join(tables if self.published is None else [*tables, str(self.published)])


def _published(values: Mapping[str, Any] | None) -> Published | None:
    if values is None:
        return None
    return Published(dict(values["digests"]), tuple(values["different"]))
