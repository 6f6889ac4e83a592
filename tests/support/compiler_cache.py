"""The compiler cache that builds of these tests share: the core is the same in most of them."""

from __future__ import annotations

import shutil


def compiler_cache() -> dict[str, str]:
    """Return the environment in which builds use ccache; empty where it is not installed.

    Objects are found again where the build folder stands at the same place below the source, by
    whatever names both have: ``build/<name>``.
    """
    if shutil.which("ccache") is None:
        return {}
    return {
        "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
        "CCACHE_BASEDIR": "/",
        "CCACHE_NOHASHDIR": "1",
    }
