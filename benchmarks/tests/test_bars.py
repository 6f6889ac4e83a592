"""Bars are read from what other benchmarks print, and judged by the figures of each round."""

from __future__ import annotations

from typing import Any

import pytest
from bar_parts.bar import Bar, number, peak, rows
from bar_parts.real_networks import (
    convolution_bars,
    peer_bars,
    resnet20_bars,
    vgg_bars,
)

CONVOLUTIONS = """\
| synapses | channels | image | precision | G operations/s | ns | times reading and writing |
|---|---|---|---|---|---|---|
| 3x3 | 16 | 16x16 | float32 | 30.0 | 45.2 | 11.3 |
| 3x3 | 16 | 32x32 | float32 | 20.0 | 45.2 | 11.3 |
| 3x3 | 16 | 32x32 | int16 | 2.0 | 45.2 | 11.3 |
| 3x3 | 32 | 16x16 | float32 | 36.0 | 45.2 | 11.3 |
| 3x3 | 64 | 8x8 | float32 | 1.0 | 45.2 | 11.3 |
| 3x3 | 64 | 16x16 | float32 | 1,041.5 | 45.2 | 11.3 |
| depthwise 3x3 | 32 | 16x16 | float32 | 0.5 | 45.2 | 5.9 |
| depthwise 3x3 | 64 | 16x16 | float32 | 0.5 | 45.2 | 6.4 |
| identity | 64 | 16x16 | float32 | 0.1 | 45.2 | 9.0 |
| shortcut | 64 | 16x16 | float32 | 0.1 | 45.2 | 1.5 |
"""
VGG = """\
16 images

| precision | threads | images/s | G additions/s | share | times the first precision |
|---|---|---|---|---|---|
| float32 | 1 | 7.15 | 34.0 |  | 1.00 |
| float32 | 2 | 10.32 | 60.0 | 60% | 1.00 |
| int16 | 1 | 12.19 | 50.0 |  | 1.70 |
| int16 | 2 | 18.48 | 90.0 | 9% | 1.50 |

| population | shape |
|---|---|
| conv1 | 64x32x32 |
"""


def measured(bars: Any) -> dict[str, float | None]:
    """Return what was measured by what."""
    return {f"{bar.what}, {bar.unit}": bar.measured for bar in bars}


@pytest.mark.parametrize(
    ("bar", "line"),
    [
        (Bar("a", 10, 9.5, "x"), "| a | 10 x | 9.5 x | met |"),
        (Bar("a", 10, 9.4, "x"), "| a | 10 x | 9.4 x | missed |"),
        (Bar("a", 10, 10.5, "MB", at_most=True), "| a | 10 MB | 10.5 MB | met |"),
        (Bar("a", 10, 10.6, "MB", at_most=True), "| a | 10 MB | 10.6 MB | missed |"),
        (Bar("a", 10, None, "x"), "| a | 10 x | not measured |  |"),
        (Bar("a", None, 3, "x"), "| a |  | 3 x |  |"),
    ],
)
def test_a_bar_within_five_percent_is_met(bar: Bar, line: str) -> None:
    assert str(bar) == line


def test_rows_are_those_of_one_table() -> None:
    assert rows(VGG, "population") == [{"population": "conv1", "shape": "64x32x32"}]
    assert [row["images/s"] for row in rows(VGG, "precision")] == [
        "7.15",
        "10.32",
        "12.19",
        "18.48",
    ]
    assert number("1,041.5 (8 %)") == 1041.5


def test_peak_memory_is_read() -> None:
    text = "network 3 MB\nlargest resident size beyond network and inputs: 149.4 MB, median of 1"
    assert peak(text) == 149.4


def test_the_slowest_image_of_at_least_16_pixels_counts() -> None:
    found = list(convolution_bars(CONVOLUTIONS))
    assert [bar.measured for bar in found] == [20.0, 36.0, 1041.5, 1.5, 6.4]
    assert [str(bar).split()[-2] for bar in found] == ["missed", "met", "met", "met", "missed"]


def test_all_threads_of_the_vgg_like_network_count() -> None:
    assert [bar.measured for bar in vgg_bars(VGG, ceiling=80.0)] == [75.0, 1.5]


def test_resnet20_is_judged_inside_rounds() -> None:
    def row(seconds: list[float], operations: float = 8e9) -> dict[str, Any]:
        return {"num_images": 10, "operations": operations, "seconds": seconds}

    found = {
        ("robust", "float32", 1): row([2.0, 3.0, 4.0]),
        ("robust", "float32", 2): row([1.0, 2.0, 4.0]),
        ("robust", "int16", 2): row([0.5, 1.0, 1.0]),
        ("signed", "float32", 2): row([2.0, 5.0, 8.0], operations=16e9),
        ("by hand, this build", "float32", 2): row([1.0, 2.0, 4.0]),
        ("by hand, the other build", "float32", 2): row([3.0, 4.0, 8.0]),
    }
    assert list(measured(resnet20_bars(found)).values()) == [5.0, 4.0, 2.0, 2.0, 1.5, 2.0, 1.0]
    assert set(measured(resnet20_bars({})).values()) == {None}


def test_the_fastest_peer_of_each_kind_counts() -> None:
    figures = {
        "pysnn float32": ("pysnn", 1.0),
        "spyx": ("spiking", 30.0),
        "sinabs": ("spiking", 8.0),
        "torch": ("generic", 4.0),
        "onnxruntime": ("generic", 5.0),
        "onnxruntime int8": ("generic", 2.0),
    }
    found = {name: {"kind": kind, "pysnn_is": times} for name, (kind, times) in figures.items()}
    bars = list(peer_bars(found))
    assert [bar.measured for bar in bars] == [8.0, 4.0, 2.0]
    assert "(sinabs)" in bars[0].what
    assert [bar.measured for bar in peer_bars({})] == [None, None, None]
