"""Random input changes by day, and a failure says how to meet the same input again."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

FAILS = """
from hypothesis import given, strategies as st

def test_made(seed, long):
    assert False, f"seed {seed}, long {long}"

@given(st.integers(0, 2**64))
def test_drawn(number):
    print("drawn", number)
    assert number < 0
"""


def run(folder: Path, *options: str) -> str:
    """What pytest says of two tests that fail, in an environment that looks like one of CI."""
    (folder / "test_it.py").write_text(FAILS)
    arguments = ["-p", "conftest", "-p", "no:cacheprovider", "--rootdir", str(folder), *options, "test_it.py"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "CI": "true"}
    environ.pop("COVERAGE_PROCESS_CONFIG", None)
    command = [sys.executable, "-m", "pytest", *arguments]
    ran = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout + ran.stderr
    return ran.stdout


def drawn(told: str) -> list[str]:
    return [line for line in told.splitlines() if line.startswith("drawn")]


def test_a_failure_prints_the_command_that_repeats_it(tmp_path: Path) -> None:
    told = run(tmp_path, "--hypothesis-seed=7", "--long")
    assert "seed 7, long True" in told
    assert "-m pytest test_it.py::test_made --hypothesis-seed=7 --long\n" in told
    assert "-m pytest test_it.py::test_drawn --hypothesis-seed=7 --long\n" in told


def test_a_seed_gives_the_same_input_again_and_another_seed_other_input(tmp_path: Path) -> None:
    first = drawn(run(tmp_path, "--hypothesis-seed=7"))
    assert first
    assert first == drawn(run(tmp_path, "--hypothesis-seed=7"))
    assert first != drawn(run(tmp_path, "--hypothesis-seed=8"))


def test_the_seed_is_the_day(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    told = run(tmp_path)
    days = (before, datetime.now(UTC))  # midnight may lie between them
    assert any(f"seed {day:%Y%m%d}, long False" in told for day in days)
