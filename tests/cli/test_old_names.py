"""Options under the names of version 0.1: they work, say the new ones, and are not in the help."""

from __future__ import annotations

import pytest

from pysnn.cli.parser import parse

OLD_NAMES = [
    (("simulate", "snn"), "--steps", "--num-steps", "7"),
    (("simulate", "snn"), "--threads", "--num-threads", "2"),
    (("sweep", "snn"), "--steps", "--num-steps", "7"),
    (("sweep", "snn"), "--rates", "--max-rates", "100,200"),
    (("inspect", "snn"), "--steps", "--num-steps", "7"),
    (("inspect", "snn"), "--seeds", "--num-seeds", "7"),
    (("compare", "net"), "--steps", "--num-steps", "1,2,4"),
    (("tune", "net"), "--steps", "--num-steps", "16"),
    (("experiment", "over-time", "snn"), "--steps", "--num-steps", "7"),
    (("experiment", "over-time", "snn"), "--seeds", "--num-seeds", "7"),
    (("experiment", "over-time", "snn"), "--ann", "--network", "net"),
    (("experiment", "over-time", "snn"), "--picture", "--figure", "a.png"),
    (("train",), "--test", "--test-data", "mnist:test"),
    (("convert", "net"), "--threads", "--num-threads", "2"),
    (("reproduce",), "--threads", "--num-threads", "2"),
]


@pytest.mark.parametrize(("words", "old", "new", "value"), OLD_NAMES)
def test_an_old_name_says_the_new_one_and_means_it(words, old, new, value, capsys):
    found = vars(parse([*words, f"{old}={value}"]))
    said = capsys.readouterr().err
    assert said == f"pysnn: warning: {old} is now {new}; the old name goes in version 0.3\n"
    assert found.pop("parser") is not None
    expected = vars(parse([*words, new, value]))
    assert {name: str(each) for name, each in found.items()} == {
        name: str(each) for name, each in expected.items() if name != "parser"
    }
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "old"), sorted({(words[:1], old) for words, old, _, _ in OLD_NAMES})
)
def test_the_help_knows_no_old_name(words, old, capsys):
    with pytest.raises(SystemExit):
        parse([*words, "--help"])
    assert f"{old} " not in capsys.readouterr().out


def test_a_wrong_value_of_an_old_name_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        parse(["simulate", "snn", "--steps", "0"])
    assert ended.value.code == 2
    assert "is 0, but must be at least 1" in capsys.readouterr().err


def test_an_old_name_is_never_what_was_meant(capsys):
    with pytest.raises(SystemExit):
        parse(["simulate", "snn", "--thread", "2"])
    assert "did you mean --num-threads?" in capsys.readouterr().err
