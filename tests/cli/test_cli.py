"""The command line: what it prints where, and its exit statuses."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys

import numpy as np
import pytest
from report_samples import small_settings

import pysnn
from pysnn import cli
from pysnn.cli.parser import build_parser
from pysnn.cli.registry import COMMANDS
from pysnn.reproduction import reproduce
from pysnn.reproduction.sections import SECTIONS

COMMAND = (sys.executable, "-m", "pysnn")


@pytest.fixture
def small_reproduce(monkeypatch, mnist):
    """Make `pysnn reproduce` run the small stand-in of the experiment."""
    monkeypatch.setattr(reproduce, "load_mnist", lambda: mnist)
    monkeypatch.setattr(
        reproduce, "default_settings", lambda *, seed, **_: small_settings(seed=seed)
    )


def run_process(*arguments, **options):
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=60, **options
    )


def test_reproduce_prints_the_table_and_says_what_it_does(small_reproduce, tmp_path, capsys):
    folder = tmp_path / "out put"
    assert (
        cli.main(["reproduce", "--output", str(folder), "--seed", "7", "--num-threads", "2"]) == 0
    )
    out, err = capsys.readouterr()
    assert (folder / "report.html").exists()
    stored = json.loads((folder / "results.json").read_text())
    assert stored["settings"]["seed"] == 7
    assert stored["settings"]["num_threads"] == 2
    assert (
        stored["command"] == f"pysnn reproduce --seed 7 --train --num-threads 2 --output '{folder}'"
    )
    for network in stored["networks"]:
        assert f"ReLU network {100 * network['ann_accuracy']:.2f} %" in out
        for case in network["cases"]:
            assert f"{100 * case['accuracy_after_each_step'][19]:.2f}" in out
    lines = err.splitlines()
    assert all("\r" not in line for line in lines)
    for part in ("fcn: training", "convnet: normalization data", "report written to"):
        assert any(part in line for line in lines)


def test_reproduce_json_is_the_file_and_nothing_else(small_reproduce, tmp_path, capsys):
    assert cli.main(["reproduce", "--json", "--output", str(tmp_path)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "results.json").read_text())


def test_quick_seed_and_threads_reach_the_experiment(monkeypatch, tmp_path):
    given = {}

    def remember(output, **options):
        given.update(options, output=output)
        raise OSError("enough seen")

    monkeypatch.setattr(reproduce, "run", remember)
    words = ["--quick", "--seed", "3", "--num-threads", "5", "--output", "there"]
    chosen = ["--sections", "grids,authors-convnet", "--matlab-convnet", "net.mat"]
    cli.main(["reproduce", *words, *chosen])
    del given["say"]
    assert given == {
        "output": "there",
        "train": False,
        "quick": True,
        "seed": 3,
        "num_threads": 5,
        "sections": ["grids", "authors-convnet"],
        "matlab_convnet": "net.mat",
    }
    cli.main(["reproduce"])
    del given["say"]
    assert given == {
        "output": "report",
        "train": False,
        "quick": False,
        "seed": 0,
        "num_threads": None,
        "sections": None,
        "matlab_convnet": None,
    }


def test_an_unknown_section_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["reproduce", "--sections", "cost,costs"])
    assert ended.value.code == 2
    assert "'costs' is no section" in capsys.readouterr().err


def test_the_help_names_every_section(capsys):
    with pytest.raises(SystemExit):
        cli.main(["reproduce", "--help"])
    # Lines are broken at hyphens too.
    text = "".join(capsys.readouterr().out.split())
    for section in SECTIONS:
        assert f"{section.name}:" in text


@pytest.mark.parametrize(
    "error",
    [OSError("disk is\nfull"), ValueError("disk is full"), MemoryError("disk is full")],
)
def test_a_failure_is_one_line_and_status_1(monkeypatch, capsys, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(reproduce, "run", fail)
    assert cli.main(["reproduce"]) == 1
    assert capsys.readouterr() == ("", "pysnn: error: disk is full\n")


def test_an_error_without_words_is_named_by_its_kind(monkeypatch, capsys):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr(reproduce, "run", fail)
    assert cli.main(["reproduce"]) == 1
    assert capsys.readouterr().err == "pysnn: error: MemoryError\n"


def test_output_that_is_a_file_fails_in_one_line(tmp_path):
    (tmp_path / "report").write_text("mine")
    done = run_process("reproduce", "--output", str(tmp_path / "report"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"pysnn reproduce: error: output is .* must be a folder.*\n", done.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: COMMAND"),
        (["learn"], "invalid choice: 'learn'"),
        (["reproduce", "--seed", "-1"], "is -1, but must be in [0, 2^64)"),
        (["reproduce", "--seed", "18446744073709551616"], "must be in [0, 2^64)"),
        (["reproduce", "--seed", "x"], "is 'x', but must be a whole number"),
        (["reproduce", "--num-threads", "0"], "is 0, but must be at least 1"),
        (["reproduce", "--fast"], "pysnn reproduce: error: unrecognized arguments: --fast"),
        (["reproduce", "--quik"], "unrecognized arguments: --quik; did you mean --quick?"),
        (["reproduce", "--quik=3"], "did you mean --quick?"),
        (["reproducee"], "did you mean reproduce?"),
        (["--versoin"], "unrecognized argument --versoin; "),
        (["--versoin"], "did you mean --version?"),
        (["-n", "2", "info"], "unrecognized argument -n; options of a command follow its name ("),
        (["--num-threads", "2", "info"], "options of a command follow its name"),
        (["train", "--recipe", "diehl2015_fcm"], "did you mean diehl2015_fcn?"),
        (["reproduce", "--sections", "all,core"], "'all' must stand alone"),
        (["inspect", "missing.safetensors"], "missing.safetensors: No such file or directory"),
        (
            ["reproduce", "--sections", "grids", "--matlab-convnet", "a.mat"],
            "lack 'authors-convnet'",
        ),
        (["info", "extra"], "unrecognized arguments: extra"),
    ],
)
def test_wrong_usage_is_status_2_and_one_line(arguments, words, capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    err = capsys.readouterr().err
    assert words in err
    assert re.fullmatch(r"pysnn[^\n]*: error: [^\n]*--help\)\n", err)


class WriteOnly:
    """A stderr that a program put in place of its own."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        """Nothing is held back."""


def closed_file():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [None, closed_file(), WriteOnly()])
def test_exit_codes_are_the_same_whatever_stands_in_for_stderr(stream, monkeypatch):
    monkeypatch.setattr(sys, "stderr", stream)
    for words in (["inspect", "missing.safetensors"], ["learn"]):
        with pytest.raises(SystemExit) as exit_:
            cli.main(words)
        assert exit_.value.code == 2
    if isinstance(stream, WriteOnly):
        assert "missing.safetensors" in stream.text
        assert "invalid choice: 'learn'" in stream.text


def test_version_is_the_packages(capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out == f"pysnn {pysnn.__version__}\n"


@pytest.mark.parametrize("command", ["", *(command.name for command in COMMANDS)])
def test_help_shows_examples_that_are_good_usage(command, capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main([*command.split(), "--help"])
    assert exit_.value.code == 0
    out = capsys.readouterr().out.replace("\\\n     ", "")
    examples = re.findall(r"^  pysnn (.*?)(?:  .*)?$", out[out.index("example:") :], re.MULTILINE)
    assert examples
    for example in examples:
        words = shlex.split(example.split(">")[0])
        assert words[0] == command or not command
        assert build_parser().parse_args(words).run is not None


def test_info_shows_what_this_process_has():
    done = run_process("info")
    assert done.returncode == 0
    assert done.stderr == ""
    for words in (
        pysnn.__version__,
        np.__version__,
        sys.version.split()[0],
        "CPU target",
        "PYSNN_CPU",
        "OpenMP",
        "default threads",
        "stream version",
        "extra 'report'",
    ):
        assert words in done.stdout


def test_info_json_has_the_same_facts(capsys):
    assert cli.main(["info", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["pysnn"] == pysnn.__version__
    assert facts["cpu_target"] == pysnn.cpu_target()
    assert facts["default_num_threads"] == pysnn.default_num_threads()
    assert facts["openmp"] is pysnn.has_openmp()
    assert facts["stream_version"] == pysnn.STREAM_VERSION
    assert facts["install_path"] == os.path.dirname(os.path.realpath(pysnn.__file__))
    assert set(facts["extras"]["report"]) == {"matplotlib", "threadpoolctl", "tqdm"}


def test_info_shows_the_forced_cpu_target():
    done = run_process("info", env={**os.environ, "PYSNN_CPU": "baseline"})
    assert "baseline (PYSNN_CPU is baseline)" in done.stdout


def test_an_unknown_cpu_target_is_one_line_and_status_1():
    done = run_process("info", env={**os.environ, "PYSNN_CPU": "abacus"})
    assert done.returncode == 1
    assert re.fullmatch(r"pysnn: error: [^\n]*abacus[^\n]*\n", done.stderr)


def test_a_missing_extra_is_shown_with_its_command(monkeypatch, capsys):
    from pysnn._base import environment

    monkeypatch.setitem(environment.EXTRAS, "report", ("no-such-package",))
    assert cli.main(["info"]) == 0
    out = capsys.readouterr().out
    assert "missing no-such-package: pip install no-such-package (the extra 'report')" in out


def test_interrupt_is_status_130_and_one_line(tmp_path):
    with subprocess.Popen(
        [*COMMAND, "reproduce", "--train", "--output", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if "training" in line:
                    break
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert (out, err) == ("", "pysnn: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_early_causes_no_complaint():
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [*COMMAND, "info"], stdout=write, stderr=subprocess.PIPE, text=True, timeout=60
        )
    finally:
        os.close(write)
    assert done.returncode == 0
    assert done.stderr == ""
