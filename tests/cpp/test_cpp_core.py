"""The core's own tests, built as a C++ user would build them, warnings refused."""

from __future__ import annotations

import pytest
from cpp_fixtures import CoreBuild
from processes import run


@pytest.mark.parametrize("build", ["static_core", "serial_shared_core"])
def test_cpp_tests_pass_with_every_instruction_set(
    build: str, request: pytest.FixtureRequest
) -> None:
    core: CoreBuild = request.getfixturevalue(build)
    if not core.has_tests:
        pytest.skip("doctest is not installed (Debian: doctest-dev)")
    said = run("ctest", "--test-dir", core.folder, "--output-on-failure")
    assert "100% tests passed" in said
