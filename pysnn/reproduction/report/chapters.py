"""The chapters of a report's page, in their order."""

from __future__ import annotations

from enum import Enum


class Chapter(Enum):
    """What parts of a report are gathered under; the value is the heading."""

    ACCURACY = "Accuracy over time"
    COST = "Cost of a classification"
    CAUSES = "Where accuracy is lost"
    CONVERSION = "Normalization, rates and thresholds"
    LITERATURE = "The paper and the literature"
    RUN = "How these numbers were made"
