"""How fast: requests and documents a second beside the peers, measured by turns in rounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

import jiaokan
from jiaokan.records import document, to_json
from load_clients import Client, Outcome, Rate, hammer
from load_servers import Server
from load_texts import Load, answers

CLIENTS: Final = (1, 8, 64)
LONGEST: Final = 8.0  # seconds that a request may wait for its turn; what would take longer is not measured
_ANSWERS: Final = 3  # requests in a run at least, one after the other for each client
_LONG: Final = 5.0  # seconds; a run of more is an average of its own, and there is but one round of it
_CHECKED: Final = 3  # requests of each load whose answers are read before it is measured

# What a batch is measured beside: the library in one process, without the account of the edits and with it.
LIBRARY: Final[dict[str, Callable[[str], object]]] = {
    "repair": jiaokan.repair,
    "repair + JSON": lambda text: to_json(document(jiaokan.repair(text))),
}


class Measured(NamedTuple):
    """Medians of the rounds of one server under one load.

    Attributes:
        rate: requests a second.
        size: bytes of documents in one request.
        p50: the median seconds of a request.
        p99: its 99th percentile.
        errors: requests that failed, in all rounds.
        seconds: seconds of processor time of all server processes for one request.
        memory: bytes of memory of all server processes after the last round.
    """

    rate: float
    size: float
    p50: float
    p99: float
    errors: int
    seconds: float
    memory: int


class Cell(NamedTuple):
    """All servers under one load: what each did, and how the first of them compares to each other one."""

    load: Load
    clients: int
    measured: dict[str, Measured]
    ratios: dict[str, float]


class _Run(NamedTuple):
    seen: Rate
    seconds: float


def check(server: Server, load: Load) -> None:
    """Exit unless the answers to the first requests are right."""
    client = Client(server)
    right = answers(load._replace(requests=load.requests[:_CHECKED]))
    for body, texts in zip(load.bodies, right, strict=False):
        if (outcome := client.outcome(load, body, texts)) is not Outcome.RIGHT:
            raise SystemExit(f"bench: {server.name} answered {load.endpoint} ({load.name}): {outcome}")
    client.close()


def measure(servers: Sequence[Server], load: Load, rounds: int, seconds: float) -> Iterator[Cell]:
    """The servers in turns, for each number of clients that need not wait too long for the first of them."""
    alone = {server.name: _alone(server, load) for server in servers}
    for clients in CLIENTS:
        if clients * alone[servers[0].name] > LONGEST:
            return
        lasting = {name: max(seconds, _ANSWERS * clients * each) for name, each in alone.items()}
        runs: dict[str, list[_Run]] = {server.name: [] for server in servers}
        for _ in range(rounds if max(lasting.values()) <= _LONG else 1):
            for server in servers:
                runs[server.name].append(_run(server, load, clients, lasting[server.name]))
        measured = {server.name: _median(server, load, runs[server.name]) for server in servers}
        first = runs[servers[0].name]
        ratios = {
            name: median(one.seen.rate / other.seen.rate for one, other in zip(first, each, strict=True))
            for name, each in runs.items()
        }
        yield Cell(load, clients, measured, ratios)


def _alone(server: Server, load: Load) -> float:
    """Seconds that a request takes while there is no other."""
    client = Client(server)
    began = time.monotonic()
    client.outcome(load, load.bodies[0], ())
    client.close()
    return time.monotonic() - began


def library(load: Load, seconds: float) -> dict[str, float]:
    """Documents a second of the library, in this process, for each way to call it."""
    return {name: _speed(call, load, seconds) for name, call in LIBRARY.items()}


def per_worker(
    server: Server, load: Load, clients: int, workers: int, rounds: int, seconds: float
) -> Mapping[str, tuple[float, float]]:
    """For each way to call the library: its documents a second, and what one worker reaches of it, in rounds."""
    rates: list[float] = []
    speeds: dict[str, list[float]] = {name: [] for name in LIBRARY}
    for _ in range(rounds):
        for name, speed in library(load, seconds).items():
            speeds[name].append(speed)
        rates.append(hammer(server, load, clients, seconds).rate * load.documents / workers)
    return {
        name: (median(each), median(rate / speed for rate, speed in zip(rates, each, strict=True)))
        for name, each in speeds.items()
    }


def _speed(call: Callable[[str], object], load: Load, seconds: float) -> float:
    texts = [text for request in load.requests for text in request]
    began, done = time.monotonic(), 0
    taken = 0.0
    while taken < seconds:
        for text in texts:
            call(text)
        done += len(texts)
        taken = time.monotonic() - began
    return done / taken


def _run(server: Server, load: Load, clients: int, seconds: float) -> _Run:
    before = server.seconds()
    seen = hammer(server, load, clients, seconds)
    return _Run(seen, server.seconds() - before)


def _median(server: Server, load: Load, runs: Sequence[_Run]) -> Measured:
    return Measured(
        rate=median(run.seen.rate for run in runs),
        size=load.size,
        p50=median(run.seen.p50 for run in runs),
        p99=median(run.seen.p99 for run in runs),
        errors=sum(run.seen.errors for run in runs),
        seconds=median(run.seconds / max(1, run.seen.requests) for run in runs),
        memory=server.memory(),
    )
