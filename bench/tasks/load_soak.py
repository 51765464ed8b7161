"""What many requests and killed processes do: memory over time, and what becomes of every request."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice
from statistics import median
from typing import Final, NamedTuple

from bench.servers import Server
from bench.tasks.load_clients import PATIENCE, Client, Outcome, hammer
from bench.tasks.load_texts import Load, answers

SLICE: Final = 5.0  # seconds between two looks at the memory
_TENTH: Final = 10  # memory is compared from the second tenth, when all tables are in use, to the last


class Soaked(NamedTuple):
    """Memory and errors over many requests.

    Attributes:
        requests: how many were answered.
        errors: how many failed.
        memory: requests answered so far, and bytes of memory then.
    """

    requests: int
    errors: int
    memory: list[tuple[int, int]]

    @property
    def growth(self) -> float:
        """How much larger the memory is in the last tenth than in the second, as a share of it."""
        tenth = self.requests / _TENTH
        early = [memory for at, memory in self.memory if tenth <= at <= 2 * tenth] or [self.memory[0][1]]
        late = [memory for at, memory in self.memory if at >= self.requests - tenth]
        return median(late) / median(early) - 1


class Moment(NamedTuple):
    """When a request was sent, when it was done with (seconds since the start), and what became of it."""

    sent: float
    done: float
    outcome: Outcome


class Killed(NamedTuple):
    """What became of the requests around one killed process.

    Attributes:
        what: which process it was.
        outcomes: how many requests had which outcome.
        slowest: the seconds of the slowest request.
        until_right: seconds from the kill to the next answer that was right and asked for after it; ``None``: never.
        until_whole: seconds from the kill until as many processes were there as before; ``None``: never.
        after: the share of right answers in the last quarter of the time.
    """

    what: str
    outcomes: dict[Outcome, int]
    slowest: float
    until_right: float | None
    until_whole: float | None
    after: float


def soak(server: Server, load: Load, clients: int, requests: int, most: float) -> Soaked:
    """So many requests, or what ``most`` seconds allow, with a look at the memory now and then."""
    began, done, errors = time.monotonic(), 0, 0
    memory = [(0, server.memory())]
    while done < requests and time.monotonic() - began < most:
        seen = hammer(server, load, clients, SLICE)
        done += seen.requests
        errors += seen.errors
        memory.append((done, server.memory()))
    return Soaked(done, errors, memory)


def kill(server: Server, load: Load, clients: int, what: str, seconds: float) -> Killed:
    """Kill a ``worker`` or a ``repairer`` after a quarter of the time, while clients send; read all answers.

    Raises:
        LookupError: there is no such process.
    """
    moments: list[Moment] = []
    expected = answers(load)
    ends = time.monotonic() + seconds
    crowd = [
        threading.Thread(target=_send, args=(server, load, expected, number, ends, moments))
        for number in range(clients)
    ]
    for one in crowd:
        one.start()
    time.sleep(seconds / 4)
    at, until_whole = _kill(server, what, ends)
    for one in crowd:
        one.join(seconds + 2 * PATIENCE)
    later = [moment for moment in moments if moment.sent > ends - seconds / 4]
    back = [each.done - at for each in moments if each.sent >= at and each.outcome is Outcome.RIGHT]
    return Killed(
        what,
        dict(Counter(moment.outcome for moment in moments)),
        max(moment.done - moment.sent for moment in moments),
        min(back, default=None),
        until_whole,
        sum(moment.outcome is Outcome.RIGHT for moment in later) / max(1, len(later)),
    )


def _kill(server: Server, what: str, ends: float) -> tuple[float, float | None]:
    """When a process was killed, and the seconds until there are as many again, or the time is over."""
    look = {"worker": server.workers, "repairer": server.repairers}[what]
    before = look()
    if not before:
        raise LookupError(f"the server has no {what}")
    at = time.monotonic()
    os.kill(before[0], signal.SIGKILL)
    while time.monotonic() < ends:
        now = look()
        if before[0] not in now and len(now) >= len(before):
            return at, time.monotonic() - at
        time.sleep(0.02)
    return at, None


def _send(
    server: Server, load: Load, expected: Sequence[Sequence[str]], number: int, ends: float, moments: list[Moment]
) -> None:
    """One client, which begins at a place of its own."""
    pairs = cycle(zip(load.bodies, expected, strict=True))
    client = Client(server)
    for body, texts in islice(pairs, number, None):
        sent = time.monotonic()
        if sent >= ends:
            break
        outcome = client.outcome(load, body, texts)
        moments.append(Moment(sent, time.monotonic(), outcome))
        if outcome is Outcome.CUT:
            time.sleep(0.01)  # nobody listens for a moment: asking on and on would only take the cores from it
    client.close()
