"""Servers on loopback that stop by themselves, and which of their processes do what."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple
from urllib.error import URLError

from bench.harness import environment
from bench.peers.services import greeting
from bench.processes import Process, memory, tree

HOST: Final = "127.0.0.1"
JIAOKAN: Final = "jiaokan"
_PATIENCE: Final = 60.0  # seconds to come up
_GRACE: Final = 20.0  # seconds to end in; the service gives running requests 8
_PORTS: Final = range(20_000, 32_768)  # below those that Linux gives to clients
_LAST: Final = 20  # lines of a server that are shown when something went wrong


class Server(NamedTuple):
    """A server that runs: what it is, where it listens, and its first process."""

    name: str
    port: int
    pid: int

    def processes(self) -> list[Process]:
        """Its processes, the first of them first."""
        return tree(self.pid)

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return [each.pid for each in self.processes() if each.parent == self.pid and _works(each)]

    def repairers(self) -> list[int]:
        """The processes that repair for a worker, those with most processor time first."""
        tree = self.processes()
        parents = {each.parent for each in tree}
        above = {self.pid, *self.workers()}
        last = [each for each in tree if each.pid not in above | parents and _works(each)]
        return [each.pid for each in sorted(last, key=lambda each: -each.seconds)]

    def seconds(self) -> float:
        """Seconds of processor time of the processes that live."""
        return sum(process.seconds for process in self.processes())

    def memory(self) -> int:
        """Bytes of memory in all processes; what they share is divided among them."""
        return sum(memory(each.pid, "Pss", "smaps_rollup") for each in self.processes())


@contextmanager
def running(name: str, workers: int, **settings: str) -> Iterator[Server]:
    """jiaokan, or a service of ``peers.services``, for as long as the context; ``settings`` are of the environment."""
    port = free_port()
    serve = ["-m", "jiaokan.cli", "serve", "--port", str(port), "--workers", str(workers)]
    beside = ["-m", "bench.peers.services", name, str(port), str(workers)]
    command = [sys.executable, *(serve if name == JIAOKAN else beside)]
    with subprocess.Popen(
        command, env=environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as started:
        said = _heard(started)
        try:
            _wait(name, port, started)
            yield Server(name, port, started.pid)
        except BaseException:
            sys.stderr.writelines(f"{name}: {line.decode(errors='replace')}" for line in said[-_LAST:])
            raise
        finally:
            started.terminate()
            try:
                started.wait(_GRACE)
            except subprocess.TimeoutExpired:
                for process in Server(name, port, started.pid).processes():
                    os.kill(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port of loopback that nobody listens on, and that no client is given before a server listens there."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return port
    raise SystemExit("bench: no port is free")


def _heard(started: subprocess.Popen[bytes]) -> list[bytes]:
    """What the server says, read all along so that it never waits to be heard."""
    lines: list[bytes] = []

    def read() -> None:
        assert started.stdout is not None
        lines.extend(started.stdout)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _wait(name: str, port: int, started: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and started.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5) as answer:
                said = answer.read()
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            if (said == greeting(name)) == (name == JIAOKAN):
                raise SystemExit(f"bench: {name} is not what answers: {said.decode()}")
            return
    raise SystemExit(f"bench: {name} did not come up")


def _works(process: Process) -> bool:
    """Whether it is more than a clerk of Python's multiprocessing."""
    return "resource_tracker" not in process.command
