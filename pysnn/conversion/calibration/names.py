"""Names of the calibrations."""

from __future__ import annotations

from typing import Literal

Calibration = Literal["none", "bias", "potential"]
