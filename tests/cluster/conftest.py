"""A crawl, what one machine makes of it, and the two engines: each started once, on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from bench import crawls
from bench.engines import SERVICE, ray_started, spark_session

SIZE, LONG_SIZE = 40_000_000, 200_000_000  # bytes of the crawl, with --long the second
JIAOKAN = (sys.executable, "-m", "jiaokan.cli")


def pytest_configure(config: pytest.Config) -> None:
    """The engines warn of themselves."""
    config.addinivalue_line("filterwarnings", "default")


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory, long: bool) -> Path:
    """A crawl as JSON Lines."""
    path = tmp_path_factory.mktemp("crawl") / "pages.jsonl"
    crawls.write(path, crawls.shipped(), LONG_SIZE if long else SIZE)
    return path


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of a crawl, with lines in it that are broken or empty, in GBK, or hold no text."""
    path = tmp_path_factory.mktemp("few") / "pages.jsonl"
    crawls.write(path, crawls.shipped(), 2_000_000)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[100:100] = [b'{"id":1,"text":\n', b"\n", b'{"id":2,"text":7}\n', '{"text":"問題","x":1.10}\r\n'.encode("gbk")]
    path.write_bytes(b"".join(lines))
    return path


def repaired_alone(path: Path, folder: Path, *options: str, rejects: bool = False) -> Path:
    """What one machine makes of a file, without an engine; ``rejects`` says whether it rejects some of it."""
    command = [*JIAOKAN, "repair", "--jobs", "2", *options, "-o", str(folder), str(path)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(SERVICE)})
    assert done.returncode == rejects
    return folder / path.name


@pytest.fixture(scope="session")
def alone(pages: Path) -> Path:
    """The crawl repaired on one machine."""
    return repaired_alone(pages, pages.parent / "alone", "--with", "charset,faults,edits,doubts,chars_changed")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Spark in this process, with two cores."""
    session = spark_session()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def ray() -> Iterator[Any]:
    """Ray on this machine, with two cores."""
    with ray_started() as started:
        yield started
