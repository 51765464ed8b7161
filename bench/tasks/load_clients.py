"""Clients: wrk for speed, which looks at nothing but statuses, and one that reads every answer."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.servers import HOST, Server
from bench.tasks.load_texts import BATCH, TYPES, Load

PATIENCE: Final = 30.0  # seconds that a client waits for an answer
_SCRIPT: Final = Path(__file__).with_name("load.lua")


class Rate(NamedTuple):
    """What wrk saw: requests answered, seconds, the median and the 99th percentile of their seconds, and failures."""

    requests: int
    seconds: float
    p50: float
    p99: float
    refused: int
    cut: int
    status: int
    late: int

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds

    @property
    def errors(self) -> int:
        """Requests refused, cut off, answered with an error, or late."""
        return self.refused + self.cut + self.status + self.late


class Outcome(StrEnum):
    """What became of one request."""

    RIGHT = "right"
    ERROR = "error"  # a problem, or a status that says so
    CUT = "cut off"  # the connection was refused, or ended within the answer, and the client can tell
    WRONG = "wrong"  # an answer that says all is well, and is not what it should be
    LATE = "no answer"


def needed() -> None:
    """Exit with one line if wrk is missing."""
    if not shutil.which("wrk"):
        raise SystemExit("bench: wrk is missing. On Debian: apt-get install wrk")


def hammer(server: Server, load: Load, clients: int, seconds: float) -> Rate:
    """So many clients, each on one connection, that send the requests of a load one after the other for a while."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, body in enumerate(load.bodies):
            path = Path(folder, str(number))
            path.write_bytes(body)
            files.append(str(path))
        url = f"http://{HOST}:{server.port}{load.endpoint}"
        # One thread: wrk answers to 64 connections with a tenth of a core, and the rest is the server's.
        options = ["-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", f"--timeout={PATIENCE:.0f}s"]
        command = ["wrk", *options, "-s", str(_SCRIPT), url, "--", TYPES[load.endpoint], *files]
        run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 2 * PATIENCE)
    return Rate(**json.loads(run.stdout.splitlines()[-1]))


class Client:
    """One client that reads every answer; it keeps its connection until that fails."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection(HOST, server.port, timeout=PATIENCE)

    def outcome(self, load: Load, body: bytes, texts: Sequence[str]) -> Outcome:
        """What becomes of one request, whose answer should hold ``texts``."""
        try:
            self._connection.request("POST", load.endpoint, body, {"Content-Type": TYPES[load.endpoint]})
            answer = self._connection.getresponse()
            content = answer.read()
        except TimeoutError:
            self._connection.close()
            return Outcome.LATE
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Outcome.CUT
        if answer.status != http.HTTPStatus.OK:
            return Outcome.ERROR
        return judged(load, content, texts)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def judged(load: Load, content: bytes, texts: Sequence[str]) -> Outcome:
    """Whether a whole answer holds what it should. In a batch, a problem in the place of a document is an error, and
    a document that is missing without one is wrong."""
    try:
        rows: list[dict[str, Any]] = list(
            map(json.loads, content.splitlines() if load.endpoint == BATCH else [content])
        )
    except ValueError:
        return Outcome.WRONG
    if len(rows) != len(texts) or any(
        "problem" not in row and row.get("text") != text for row, text in zip(rows, texts, strict=True)
    ):
        return Outcome.WRONG
    return Outcome.ERROR if any("problem" in row for row in rows) else Outcome.RIGHT
