"""Simulations and files of given networks are, to the bit, those of version 0.1.0.

``tests/golden/digests.json`` says how it is made again, which is right only where a change of bits
is wanted and `pysnn.STREAM_VERSION` was raised.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIGESTS = ROOT / "tests" / "golden" / "digests.json"


def compare(digests: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Compare the pysnn of this Python with a file of digests."""
    script = ROOT / "tools" / "compare_builds.py"
    return subprocess.run(
        [sys.executable, script, digests, sys.executable, *options],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("cpu", ["baseline", "avx2", "avx512", "neon"])
def test_spikes_potentials_balances_and_files_are_those_of_version_0_1_0(cpu: str) -> None:
    done = compare(DIGESTS, "--cpus", cpu)
    assert done.returncode == 0, done.stdout + done.stderr
    if "left out" in done.stdout:
        pytest.skip(done.stdout.strip())


def test_another_digest_is_found_and_its_case_and_part_are_named(tmp_path: Path) -> None:
    golden = json.loads(DIGESTS.read_text())
    parts = golden["cases"]["random 000, float32"]
    parts["recorded: potentials"] = parts["recorded: counts"]
    (tmp_path / "digests.json").write_text(json.dumps(golden))
    done = compare(tmp_path / "digests.json", "--only", "^random 000")
    assert done.returncode == 1
    assert "random 000, float32: 1 of" in done.stdout
    assert "differ: recorded: potentials" in done.stdout
    assert "random 000, int16" not in done.stdout
