"""Pictures of results: one file for each kind, each function draws into ``ax`` and returns it.

matplotlib is imported when a function is called, so that the package works without it, and no
global state of matplotlib is changed. Without ``ax``, a function makes a figure of its own, which
``ax.figure.savefig(path)`` writes; as the value of a notebook's cell, the axes show it.

Colours are those of Okabe and Ito and the map "cividis", which stay apart for every kind of colour
vision; dashes, hatches and lightness keep things apart in print without colour.
"""

from .._base.named import late_submodules
from ._style import require_matplotlib
from .accuracy import plot_accuracy_over_time
from .cost import plot_cost_over_time, plot_layer_cost
from .early_stop import plot_early_stop
from .error_parts import plot_error_parts
from .heat_map import plot_heat_map
from .potential import plot_potential
from .raster import plot_raster
from .rates import plot_activation_against_rate, plot_rate_histogram
from .times import plot_time_histogram, plot_time_shares
from .tradeoff import plot_accuracy_against_cost

__all__ = [
    "plot_accuracy_against_cost",
    "plot_accuracy_over_time",
    "plot_activation_against_rate",
    "plot_cost_over_time",
    "plot_early_stop",
    "plot_error_parts",
    "plot_heat_map",
    "plot_layer_cost",
    "plot_potential",
    "plot_raster",
    "plot_rate_histogram",
    "plot_time_histogram",
    "plot_time_shares",
    "require_matplotlib",
]

__getattr__, __dir__ = late_submodules(__name__)
