"""The C++ benchmark of streaming builds, checks itself, and finds no allocation."""

from __future__ import annotations

import json
from pathlib import Path

from cpp_fixtures import ROOT, CoreBuild, find_compiler, need
from processes import run

import pysnn


def test_streaming_allocates_nothing_after_the_first_call(
    static_core: CoreBuild, tmp_path: Path
) -> None:
    need("pkg-config")
    (file,) = static_core.prefix.glob("**/pkgconfig/pysnn.pc")
    environment = {"PKG_CONFIG_PATH": str(file.parent)}
    flags = run("pkg-config", "--cflags", "--libs", "pysnn", env=environment).split()
    sources = ("benchmarks/streaming.cpp", "tests/support/counted_allocations.cpp")
    program = tmp_path / "streaming"
    command = (find_compiler("GCC"), "-std=c++17", *(ROOT / "cpp" / source for source in sources))
    run(*command, "-o", program, *flags)

    found = json.loads(run(program, "--json", "--steps", "60", "--rounds", "2"))
    assert found["cpu_target"] == pysnn.cpu_target()
    assert [call["allocations"] for call in found["calls"]] == [0, 0]
    assert all(0 < call["median"] <= call["percentile_99"] for call in found["calls"])
