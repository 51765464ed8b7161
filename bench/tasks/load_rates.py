"""How fast: requests and documents a second beside the peers, measured by turns in rounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from math import nan
from statistics import median
from typing import Final, NamedTuple

import jiaokan
from bench.servers import Server
from bench.tasks.load_clients import Client, Outcome, Rate, hammer
from bench.tasks.load_texts import Load, answers
from jiaokan.records import document, to_json

CLIENTS: Final = (1, 8, 64)
LONGEST: Final = 8.0  # seconds that a request may wait for its turn; what would take longer is not measured
_ANSWERS: Final = 3  # requests in a run at least, one after the other for each client
_LONG: Final = 5.0  # seconds; a run of more is an average of its own, and there is but one round of it
_RESTING: Final = 0.1  # seconds without work that say so
_CROWD: Final = 4  # clients with batches beside the library: enough that there is always another one to repair
_CHECKED: Final = 3  # requests of each load whose answers are read before it is measured

# What a batch is measured beside: the library in one process, without the account that an answer gives and with it.
ACCOUNT: Final = "repair + document + JSON"
LIBRARY: Final[dict[str, Callable[[str], object]]] = {
    "repair": jiaokan.repair,
    ACCOUNT: lambda text: to_json(document(jiaokan.repair(text))),
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


class Share(NamedTuple):
    """The library beside one worker of the service.

    Attributes:
        speed: documents a second of the library, in one process.
        rate: what one worker reaches of it.
        cost: the processor time of the library for a document, as a share of what all server processes take for it.
    """

    speed: float
    rate: float
    cost: float


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
            name: median(one.seen.rate / (other.seen.rate or nan) for one, other in zip(first, each, strict=True))
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


def per_worker(server: Server, load: Load, workers: int, rounds: int, seconds: float) -> dict[str, Share]:
    """For each way to call the library, what one worker reaches of it; all by turns in rounds."""
    alone = _alone(server, load)
    seen: dict[str, list[Share]] = {name: [] for name in LIBRARY}
    for _ in range(rounds if alone * _CROWD * _ANSWERS <= _LONG else 1):
        library = {name: _library(call, load, seconds) for name, call in LIBRARY.items()}
        before, began = server.seconds(), time.monotonic()
        done = _crowd(server, load, max(_ANSWERS, round(seconds / (alone * _CROWD)))) * load.documents
        rate = done / (time.monotonic() - began) / workers
        cost = (server.seconds() - before) / done
        for name, (speed, its_cost) in library.items():
            seen[name].append(Share(speed, rate / speed, its_cost / cost))
    return {name: Share(*map(median, zip(*each, strict=True))) for name, each in seen.items()}


def _library(call: Callable[[str], object], load: Load, seconds: float) -> tuple[float, float]:
    """Documents a second of the library in this process, and seconds of processor time for each."""
    texts = [text for request in load.requests for text in request]
    began, spent, done, taken = time.monotonic(), time.process_time(), 0, 0.0
    while taken < seconds:
        for text in texts:
            call(text)
        done += len(texts)
        taken = time.monotonic() - began
    return done / taken, (time.process_time() - spent) / done


def _crowd(server: Server, load: Load, turns: int) -> int:
    """Requests that were sent by some clients at once, so many by each, and all answered with no error."""

    def send() -> set[Outcome]:
        client = Client(server)
        outcomes = {client.outcome(load, body, ()) for body in islice(cycle(load.bodies), turns)}
        client.close()
        return outcomes

    with ThreadPoolExecutor(_CROWD) as crowd:
        outcomes = set[Outcome]().union(*(each.result() for each in [crowd.submit(send) for _ in range(_CROWD)]))
    # Whole answers are compared with nothing here: they were looked at before.
    if failed := outcomes - {Outcome.WRONG}:
        raise SystemExit(f"bench: {server.name} answered {load.endpoint} ({load.name}) under load: {failed.pop()}")
    return _CROWD * turns


def _run(server: Server, load: Load, clients: int, seconds: float) -> _Run:
    before = server.seconds()
    seen = hammer(server, load, clients, seconds)
    run = _Run(seen, server.seconds() - before)
    _rest(server)
    return run


def _rest(server: Server) -> None:
    """Wait until a server is done with the requests that wrk did not wait for: the next one needs the cores."""
    deadline = time.monotonic() + 2 * LONGEST
    spent = -1.0
    while spent != (spent := server.seconds()) and time.monotonic() < deadline:
        time.sleep(_RESTING)


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
