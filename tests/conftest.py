"""Jiaokan as others meet it: as a program of its own."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

SERVICE = Path(__file__).parents[1] / "service"
RUN = (sys.executable, "-c", "from jiaokan.cli import main; main()")


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
