"""Heat maps: which way round cells stand, and what is marked."""

from __future__ import annotations

import numpy as np
import pytest

from pysnn.plotting import plot_heat_map

figure = pytest.importorskip("matplotlib.figure")


def new_axes():
    return figure.Figure().subplots()


def test_heat_map_marks_the_best_cell_and_those_near_it():
    cells = [[0.1, 0.98, np.nan], [0.99, 0.2, 0.3]]
    ax = plot_heat_map(cells, max_rate=[25, 100, 400], threshold=[0.5, 2], near=0.97, ax=new_axes())
    dots, star = ax.get_lines()
    assert sorted(zip(*dots.get_data(), strict=True)) == [(25, 2), (100, 0.5)]
    assert (float(star.get_xdata()[0]), float(star.get_ydata()[0])) == (25, 2)
    (mesh,) = ax.collections
    np.testing.assert_allclose(mesh.get_array().filled(-1), [[10, 98, -1], [99, 20, 30]])
    edges = mesh.get_coordinates()[0, :, 0]
    np.testing.assert_allclose(edges, [12.5, 50, 200, 800])


def test_heat_map_has_its_star_where_it_is_told():
    cells = [[0.9, 0.9], [0.9, 0.2]]
    ax = plot_heat_map(
        cells,
        max_rate=[25, 100],
        threshold=[0.5, 2],
        axes=("threshold", "max_rate"),
        best=(1, 0),
        ax=new_axes(),
    )
    (star,) = ax.get_lines()
    assert (float(star.get_xdata()[0]), float(star.get_ydata()[0])) == (25, 2)


def test_square_heat_map_is_drawn_only_where_its_axes_are_told():
    cells = np.array([[0.1, 0.2], [0.3, 0.9]])
    grid = {"max_rate": [25, 100], "threshold": [0.5, 2]}
    with pytest.raises(ValueError, match=r"\(2, 2\), which may be either way round: give axes="):
        plot_heat_map(cells, **grid)
    for axes, drawn in (
        (("threshold", "max_rate"), cells),
        (("max_rate", "threshold"), cells.T),
    ):
        ax = plot_heat_map(cells, **grid, axes=axes, best=(0, 1), ax=new_axes())
        (mesh,) = ax.collections
        np.testing.assert_allclose(mesh.get_array(), 100 * drawn)
        (star,) = ax.get_lines()
        place = (float(star.get_xdata()[0]), float(star.get_ydata()[0]))
        assert place == ((100, 0.5) if axes[0] == "threshold" else (25, 2))


def test_heat_map_of_unequal_sides_is_the_same_either_way_round():
    cells = np.array([[0.1, 0.98, 0.5], [0.99, 0.2, 0.3]])
    grid = {"max_rate": [25, 100, 400], "threshold": [0.5, 2]}
    meshes = [
        plot_heat_map(each, **grid, ax=new_axes()).collections[0].get_array()
        for each in (cells, cells.T)
    ]
    np.testing.assert_array_equal(*meshes)


def test_heat_map_colours_tell_90_from_99_percent():
    cells = [[0.9, 0.994, 0.1]]
    ax = plot_heat_map(cells, max_rate=[25, 100, 400], threshold=[1], ax=new_axes())
    mesh = ax.collections[0]
    low, high, bottom = mesh.norm([90.0, 99.4, 10.0])
    assert high - low > 0.3
    assert bottom < 0.1
    assert mesh.norm.inverse(mesh.norm(99.4)) == pytest.approx(99.4)
