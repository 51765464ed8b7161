"""Random input changes by day, and a failure says how to meet the same input again."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

FAILS = """
from hypothesis import Phase, given, settings, strategies as st

def test_made(seed, long):
    assert False, f"seed {seed}, long {long}"

@settings(max_examples=5, phases=[Phase.generate])
@given(st.integers(0, 2**64))
def test_drawn(number):
    print("drawn", number)
    assert not number  # which is drawn first
"""


def run(folder: Path, *options: str) -> str:
    """What pytest says of two tests that fail, in an environment that looks like one of CI."""
    (folder / "test_it.py").write_text(FAILS)
    without = [f"no:{name}" for name in ("cacheprovider", "schemathesis", "xdist", "pytest_cov")]  # for time
    plugins = [word for name in ("conftest", *without) for word in ("-p", name)]
    arguments = [*plugins, "--rootdir", str(folder), *options, "test_it.py"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "CI": "true"}
    environ.pop("COVERAGE_PROCESS_CONFIG", None)
    command = [sys.executable, "-m", "pytest", *arguments]
    ran = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout + ran.stderr
    return ran.stdout


def drawn(told: str) -> list[str]:
    """The numbers that Hypothesis drew."""
    lines = [line for line in told.splitlines() if line.startswith("drawn")]
    assert lines
    return lines


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said with a seed that is asked for."""
    return run(tmp_path_factory.mktemp("asked"), "--hypothesis-seed=7", "--long")


def test_a_failure_prints_the_command_that_repeats_it(told: str) -> None:
    assert "seed 7, long True" in told
    assert "-m pytest test_it.py::test_made --hypothesis-seed=7 --long\n" in told
    assert "-m pytest test_it.py::test_drawn --hypothesis-seed=7 --long\n" in told


def test_a_seed_gives_the_same_input_again(told: str, tmp_path: Path) -> None:
    assert drawn(told) == drawn(run(tmp_path, "--hypothesis-seed=7"))


def test_the_seed_is_the_day(told: str, tmp_path: Path) -> None:
    before = datetime.now(UTC)
    today = run(tmp_path)
    days = (before, datetime.now(UTC))  # midnight may lie between them
    assert any(f"seed {day:%Y%m%d}, long False" in today for day in days)
    assert drawn(today) != drawn(told)
