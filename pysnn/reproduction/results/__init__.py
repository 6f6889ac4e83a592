"""What a run of `pysnn reproduce` measured: plain values, in JSON and back."""

from .case_result import CaseResult
from .network_result import NetworkResult
from .published import Published
from .reproduce_result import ReproduceResult

__all__ = ["CaseResult", "NetworkResult", "Published", "ReproduceResult"]
