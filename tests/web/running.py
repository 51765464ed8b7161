"""A running service with slow routes, in processes of its own, for tests that need the real server."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import SERVICE, free_port, hear_interrupts, wait_for

# Routes that take their time, in the real server: what is to be seen here does not depend on what they do.
SLOW = """
import sys, time
from flask import Response
from jiaokan.settings import Settings
from jiaokan.web import server

made = server.create_app

def create_app(settings):
    time.sleep(float(sys.argv[1]))
    app = made(settings)

    def drip():
        for _ in range(20):
            time.sleep(0.1)
            yield b"drop "

    def broken():
        yield b"one"
        raise ValueError("sekret")

    def wait():
        time.sleep(2)
        return "waited"

    app.add_url_rule("/drip", "drip", lambda: Response(drip()))
    app.add_url_rule("/broken", "broken", lambda: Response(broken()))
    app.add_url_rule("/wait", "wait", wait)
    return app

server.create_app = create_app
server.serve(Settings.read())
"""


class Slow:
    """A running service with slow routes, and what it said once it has ended."""

    def __init__(self, load: float = 0.0, **variables: str) -> None:
        self.port = free_port()
        environ = {**os.environ, "PYTHONPATH": str(SERVICE), "JIAOKAN_PORT": str(self.port), **variables}
        # Not a pipe: one that nobody reads fills up and stops the service.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self.program = subprocess.Popen(
            [sys.executable, "-c", SLOW, str(load)],
            stdout=self._said,
            stderr=self._said,
            env=environ,
            preexec_fn=hear_interrupts,
            start_new_session=True,
        )
        if not load:
            wait_for(self.port)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def later(self, path: str) -> Future:
        return Future(self, path)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def log(self) -> str:
        """All that it said on standard output and standard error, once it has ended."""
        self.program.wait(timeout=60)
        self._said.seek(0)
        return self._said.read().decode()

    def close(self) -> None:
        if self.program.poll() is None:
            os.killpg(self.program.pid, signal.SIGKILL)
            self.program.wait()
        self._said.close()


class Future:
    """An answer that is being waited for in another thread; ``result`` is None if there was none."""

    def __init__(self, service: Slow, path: str) -> None:
        self.result: tuple[int, bytes] | None = None
        self._thread = threading.Thread(target=self._ask, args=(service, path))
        self._thread.start()

    def _ask(self, service: Slow, path: str) -> None:
        try:
            self.result = service.get(path)
        except (OSError, http.client.HTTPException):
            self.result = None

    def wait(self) -> tuple[int, bytes] | None:
        self._thread.join()
        return self.result


@contextmanager
def slow(load: float = 0.0, **variables: str) -> Iterator[Slow]:
    service = Slow(load, **variables)
    try:
        yield service
    finally:
        service.close()
