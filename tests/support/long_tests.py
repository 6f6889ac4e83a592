"""Tests that take too long for every change: ``.ci/long`` asks for them by PYSNN_LONG_TESTS."""

from __future__ import annotations

import os

import pytest

long_test = pytest.mark.skipif(
    "PYSNN_LONG_TESTS" not in os.environ, reason="one of the long tests (.ci/long)"
)
