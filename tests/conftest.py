"""Jiaokan as others meet it, as a program of its own; and the seed of all random input, which changes by day."""

from __future__ import annotations

import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import settings

SERVICE = Path(__file__).parents[1] / "service"
RUN = (sys.executable, "-c", "from jiaokan.cli import main; main()")

# Without derandomize=False Hypothesis would take no seed where the environment looks like one of CI. A deadline for an
# example measures how busy the machine is; there is one for each test.
settings.register_profile("long", derandomize=False, deadline=None)
settings.register_profile("day", settings.get_profile("long"), max_examples=25)
settings.load_profile("day")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="all random documents and all kills, not a share of them")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give Hypothesis, and what asks for ``seed``, a seed for the day, unless one is asked for."""
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = f"{datetime.now(UTC):%Y%m%d}"
    settings.load_profile("long" if config.option.long else "day")


def repeating(config: pytest.Config) -> str:
    """The options that make a test meet the same input again."""
    return f"--hypothesis-seed={config.option.hypothesis_seed}" + " --long" * config.option.long


def pytest_report_header(config: pytest.Config) -> str:
    return f"random input: {repeating(config)}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The command for each failure that repeats it."""
    python = os.path.relpath(sys.executable)
    for report in terminalreporter.getreports("failed"):
        terminalreporter.write_line(f"{python} -m pytest {shlex.quote(report.nodeid)} {repeating(config)}")


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> str:
    """What random input is made from."""
    return str(pytestconfig.option.hypothesis_seed)


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Whether there is time for all of it."""
    return bool(pytestconfig.option.long)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked ``long``, unless ``--long`` or a mark expression asks for it."""
    if config.getoption("--long", False) or "long" in config.option.markexpr.replace("not long", ""):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def hear_interrupts() -> None:
    """Tests that run in the background of a shell ignore interrupts, and what they start would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture(scope="session")
def start() -> Start:
    """Start jiaokan with these arguments, and with these variables in its environment."""

    def started(arguments: Sequence[str], **variables: str) -> subprocess.Popen[bytes]:
        environ = {**os.environ, "PYTHONPATH": str(SERVICE), **variables}
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*RUN, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, env=environ, preexec_fn=hear_interrupts
        )

    return started


# Ports that are not given to connections that go out, so that none of another test takes one that is to be served at.
# Linux gives those from 32,768 on. https://docs.kernel.org/networking/ip-sysctl.html#ip-local-port-range
PORTS = range(20_000, 32_768)


def free_port() -> int:
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_for(port: int) -> None:
    """Return once something answers at the port; fail after a minute."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@contextmanager
def serving(start: Start, port: int, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A service at ``port`` for as long as the context lasts, if it is not stopped before."""
    with start(["serve", "--port", str(port)], **variables) as served:
        for said in (served.stdout, served.stderr):  # a log that nobody reads would hold it up
            assert said
            Thread(target=said.read, daemon=True).start()
        try:
            wait_for(port)
            yield served
        finally:
            served.terminate()


@pytest.fixture(scope="session")
def address(start: Start) -> Iterator[str]:
    """Where the service answers in production, with the default settings."""
    port = free_port()
    with serving(start, port):
        yield f"http://127.0.0.1:{port}"
