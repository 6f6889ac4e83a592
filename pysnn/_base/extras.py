"""The optional extras: what each installs, and how a user gets it."""

from __future__ import annotations

# Names of distributions, in the order of pyproject.toml.
EXTRAS: dict[str, tuple[str, ...]] = {
    "report": ("matplotlib", "threadpoolctl", "tqdm"),
    "mat": ("h5py",),
    "torch": ("torch",),
    "onnx": ("onnx",),
    "keras": ("h5py",),
    "nir": ("nir", "h5py"),
    "sklearn": ("scikit-learn",),
    "dask": ("distributed",),
    "mpi": ("mpi4py",),
    "interactive": ("plotly",),
}


def install_hint(extra: str) -> str:
    """Return a command that installs what an extra does, wherever pysnn came from.

    The name on PyPI belongs to another project, and who has a wheel has no source folder: so it
    names the packages.
    """
    return f"pip install {' '.join(EXTRAS[extra])} (the extra {extra!r})"
