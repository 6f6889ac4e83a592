"""The core's own tests, built as a C++ user would build them, warnings refused."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-8000:]
    return done.stdout


@pytest.mark.skipif(shutil.which("cmake") is None, reason="cmake is not installed")
@pytest.mark.skipif(shutil.which("ninja") is None, reason="ninja is not installed")
def test_cpp_tests_pass_with_every_instruction_set(tmp_path: Path) -> None:
    build = str(tmp_path)
    said = run(
        "cmake", "-S", str(ROOT), "-B", build, "-G", "Ninja", "-DPYSNN_WARNINGS_AS_ERRORS=ON"
    )
    if "doctest was not found" in said:
        pytest.skip("doctest is not installed (Debian: doctest-dev)")
    run("cmake", "--build", build)
    said = run("ctest", "--test-dir", build, "--output-on-failure")
    assert "100% tests passed" in said
