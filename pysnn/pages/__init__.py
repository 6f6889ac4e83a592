"""Pages of HTML: one file each that needs no other, and no network."""

from .._base.named import late_submodules

__getattr__, __dir__ = late_submodules(__name__)
