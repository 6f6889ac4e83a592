"""Model files against the C++ reader under the sanitizers: damaged everywhere, and as fuzzed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from cpp_fixtures import ROOT, find_compiler, need
from long_tests import long_test
from processes import run

DATA = ROOT / "tests" / "data"
CORPUS = ROOT / "cpp" / "fuzz" / "corpus"
SMALL = [DATA / "network_v1.safetensors", DATA / "spiking_network_v1.safetensors"]
LARGER = [
    DATA / "convnet_v1.safetensors",
    DATA / "spiking_graph_v1.safetensors",
    DATA / "network_v2.safetensors",
    DATA / "spiking_network_v2.safetensors",
    DATA / "graph_v2.safetensors",
    DATA / "spiking_models_v2.safetensors",
]


def build(folder: Path, family: str, *targets: str) -> Path:
    """Return the folder with programs of cpp/fuzz, built by this family of compilers."""
    need("cmake", "ninja")
    compiler = find_compiler(family)
    program = folder / "program.cpp"
    program.write_text("int main() { return 0; }\n")
    options = ["-fsanitize=address,undefined"]
    if "fuzz_model_file" in targets:
        options.append("-fsanitize=fuzzer-no-link")
    said = subprocess.run(
        [compiler, *options, program, "-o", folder / "program"],
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode != 0:
        pytest.skip(f"{family} has no runtime for the sanitizers here (Debian: libclang-rt-*-dev)")
    said = subprocess.run(
        [
            *("cmake", "-S", ROOT, "-B", folder / "build", "-G", "Ninja"),
            f"-DCMAKE_CXX_COMPILER={compiler}",
            *("-DPYSNN_BUILD_FUZZERS=ON", "-DPYSNN_BUILD_TESTS=OFF", "-DPYSNN_USE_OPENMP=OFF"),
            "-DPYSNN_WARNINGS_AS_ERRORS=ON",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if "PYSNN_JSON_INCLUDE_DIR" in said.stderr:
        pytest.skip("nlohmann-json is not installed (Debian: nlohmann-json3-dev)")
    assert said.returncode == 0, said.stderr
    run("cmake", "--build", folder / "build", "--target", *targets)
    return folder / "build" / "cpp" / "fuzz"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the programs that any compiler can build."""
    folder = tmp_path_factory.mktemp("watched")
    return build(folder, "GCC", "damage_model_files", "replay_model_files")


def damages(said: str) -> dict[str, tuple[int, int]]:
    """Return how many damaged files there were of each kind, and how many of them were read."""
    lines = re.findall(r"^(\w+): (\d+) files, (\d+) accepted", said, re.MULTILINE)
    return {kind: (int(files), int(accepted)) for kind, files, accepted in lines}


def test_small_files_damaged_in_every_byte_and_field_are_read_or_refused(programs: Path) -> None:
    counts = damages(run(programs / "damage_model_files", *SMALL))
    size = sum(path.stat().st_size for path in SMALL)
    assert counts["cut"] == (size + len(SMALL), 0)
    assert counts["changed"][0] > 15 * size
    # Among them are other weights and other names.
    assert 0 < counts["changed"][1] < counts["changed"][0]
    assert 0 < counts["corrupted"][1] < counts["corrupted"][0]


@long_test
def test_files_with_everything_cut_and_corrupted_are_read_or_refused(programs: Path) -> None:
    counts = damages(run(programs / "damage_model_files", "--all-but-changes", *LARGER))
    assert counts["cut"] == (sum(path.stat().st_size for path in LARGER) + len(LARGER), 0)
    assert 0 < counts["corrupted"][1] < counts["corrupted"][0]


def test_what_the_fuzzer_kept_is_read_or_refused(programs: Path) -> None:
    said = run(programs / "replay_model_files", CORPUS)
    assert said == f"{len(list(CORPUS.iterdir()))} inputs\n"


def test_the_corpus_stays_small() -> None:
    sizes = [path.stat().st_size for path in CORPUS.iterdir()]
    assert 20 < len(sizes) < 100
    assert sum(sizes) < 200_000


@long_test
def test_the_fuzzer_runs_with_the_corpus(tmp_path: Path) -> None:
    fuzzer = build(tmp_path, "Clang", "fuzz_model_file") / "fuzz_model_file"
    new = tmp_path / "new"
    new.mkdir()
    done = subprocess.run(
        [fuzzer, "-runs=2000", "-seed=1", f"-artifact_prefix={tmp_path}/", new, CORPUS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-8000:]
    assert "-Custom-" in done.stderr or any(new.iterdir())
