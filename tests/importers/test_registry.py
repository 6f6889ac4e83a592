"""The list of importers."""

from __future__ import annotations

import inspect
import tomllib
from pathlib import Path

import pytest

import pysnn
from pysnn.importers import IMPORTERS, find

ROOT = Path(__file__).resolve().parents[2]


def test_every_suffix_finds_its_importer_whatever_its_case() -> None:
    for importer in IMPORTERS:
        for suffix in importer.suffixes:
            assert find(f"folder.with.dots/net{suffix}") is importer
            assert find(Path(f"NET{suffix.upper()}")) is importer


@pytest.mark.parametrize("name", ["net.safetensors", "net", ".mat", "mat", "net.mat.gz"])
def test_other_names_find_none(name: str) -> None:
    assert find(name) is None


def test_importers_are_public_functions_with_their_own_suffixes() -> None:
    suffixes = [suffix for importer in IMPORTERS for suffix in importer.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert ".safetensors" not in suffixes
    for importer in IMPORTERS:
        assert importer.load.__name__ in pysnn.__all__
        assert inspect.signature(importer.load).return_annotation in ("Network", "SpikingNetwork")


def test_the_older_name_for_matlab_files_is_kept() -> None:
    assert pysnn.io.load_matlab is pysnn.from_matlab


def test_every_extra_is_one_of_the_package() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    assert {importer.extra for importer in IMPORTERS} - {None} <= extras.keys()
