"""How ``jiaokan serve`` bears load: speed beside an echo and a bare service, memory over time, killed processes.

Everything is on 127.0.0.1 and ends by itself. The peers answer by turns with jiaokan, on the same server with the same
workers and threads, so that a noisy machine is noisy for all: trust the ratios. Needs wrk.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median
from typing import Final

from bench.harness import Run, Task
from bench.servers import JIAOKAN, Server, running
from bench.tables import Bar, Block, Cell, Lines, Table
from bench.tasks.load_clients import Client, Outcome, needed
from bench.tasks.load_rates import ACCOUNT, CLIENTS, check, measure, per_worker
from bench.tasks.load_soak import kill, soak
from bench.tasks.load_texts import BATCH, SINGLE, SMALL, Load, batch, clean, damaged, loads, single

PEERS: Final = ("own", "echo", "json", "plain")
# What was asked for: of the echo's rate, of the library's speed for each worker, and requests without an error.
OF_ECHO: Final = 0.6
OF_LIBRARY: Final = 0.8
# Growth of memory that is none. Of the 127 MB of one worker it is 25 bytes for each of the 100,000 requests, and the
# smallest thing that Python can keep in a list takes 24.
WAVERING: Final = 0.02
_SOAKED: Final = 16  # clients
_LOOKS: Final = 20  # looks at the memory that are shown
_ONE_IN: Final = 100  # requests of the soak is of a damaged page, which takes as long as all the others
_MOST: Final = 900.0  # seconds of a soak at most
_KILLED: Final = 16  # clients
_BATCH: Final = 10  # documents in a batch of the soak and of the killing
_NO_ANSWER: Final = (Outcome.WRONG, Outcome.LATE)
_RATES: Final = ("requests/s", "MB/s", "p50, ms", "p99, ms", "errors", "CPU, ms", "MB", "jiaokan is x")
_FORMATS: Final = {"requests/s": ",.4g", "MB/s": ",.3g", "CPU, ms": ",.3f", "MB": ".0f"}


def rates(asked: Namespace) -> Iterator[Block]:
    """How many requests and documents a second, and whether they are as many as was asked for."""
    every = list(loads())
    alone, together = ([each for each in every if each.endpoint == endpoint] for endpoint in (SINGLE, BATCH))
    with ExitStack() as stack:
        server = stack.enter_context(running(JIAOKAN, asked.processes, JIAOKAN_PROCESSES="1"))
        peers = [stack.enter_context(running(name, asked.processes)) for name in PEERS]
        yield from _single_rates([server, *peers], alone, asked)
        if _has_batch(server):
            yield from _batch_rates([server, peers[1]], together, asked)
        else:
            yield Lines("", ["There is no /v1/batch here: nothing was measured of it."])


def _single_rates(servers: list[Server], every: list[Load], asked: Namespace) -> Iterator[Block]:
    yield _rate_table(servers, every, asked)
    for load in every[:2]:  # those of 2 KB
        cells = list(measure(servers[:3], load, 2 * asked.rounds, asked.seconds))
        same, bare = (median(cell.ratios[peer.name] for cell in cells) for peer in servers[1:3])
        said = f"{load.name}: of the rate of the same service with an echo, median of {CLIENTS} clients"
        yield Bar(said, same, OF_ECHO)
        yield Lines("", [f"  of the rate of an echo in a bare Flask application: {bare:.2f}"])


def _batch_rates(servers: list[Server], every: list[Load], asked: Namespace) -> Iterator[Block]:
    yield _rate_table(servers, every, asked)
    for load in every[:3]:  # those of 2 KB
        for way, seen in per_worker(servers[0], load, asked.processes, asked.rounds, asked.seconds).items():
            said = f"{load.name}, batches: one worker, of {way} in one process"
            bar = Bar(said, seen.rate, OF_LIBRARY)
            yield bar if way == ACCOUNT else Lines("", [str(bar)])
            speed = f"  the library repairs {seen.speed:,.0f} documents/s; by processor time {seen.cost:.2f} of it"
            yield Lines("", [speed])


def _rate_table(servers: list[Server], every: list[Load], asked: Namespace) -> Table:
    rows: list[tuple[str, list[Cell]]] = []
    for load in every:
        check(servers[0], load)
        for cell in measure(servers, load, asked.rounds, asked.seconds):
            for name, seen in cell.measured.items():
                times = (1e3 * seen.p50, 1e3 * seen.p99, seen.errors, 1e3 * seen.seconds)
                figures = [seen.rate, seen.rate * seen.size / 1e6, *times, seen.memory / 1e6, cell.ratios[name]]
                rows.append((f"{load.name}, {cell.clients} clients: {name}", figures))
    title = f"{every[0].endpoint}, {asked.processes} worker(s), medians of {asked.rounds} rounds"
    return Table(title, _RATES, rows, _FORMATS)


def soaked(asked: Namespace) -> Iterator[Block]:
    """Memory over time, and errors."""
    texts = [*_clean()[: _ONE_IN - 1], damaged(SMALL)[0]]
    with running(JIAOKAN, asked.processes) as server, running("echo", asked.processes) as echo:
        mixed = [single("mixed", texts)]
        if _has_batch(server):
            mixed.append(batch("mixed", texts, _BATCH))
        for load in mixed:
            check(server, load)
            for each in (echo, server):
                seen = soak(each, load, _SOAKED, round(asked.requests / load.documents), _MOST)
                of = f"{each.name}, {load.endpoint}"
                some = [seen.memory[at * (len(seen.memory) - 1) // (_LOOKS - 1)][1] for at in range(_LOOKS)]
                shown = "MB: " + " ".join(f"{memory / 1e6:.0f}" for memory in some)
                yield Lines(f"{of}: {seen.requests:,} requests of {load.documents:.0f} documents", [shown])
                yield Bar(f"{of}: errors", seen.errors, 0, at_most=True)
                grown = Bar(f"{of}: memory, from the second tenth to the last", seen.growth, WAVERING, at_most=True)
                yield Lines("", [str(grown)]) if each is echo else grown


def killed(asked: Namespace) -> Iterator[Block]:
    """What became of the requests when a process was killed."""
    rows: list[tuple[str, list[Cell]]] = []
    bars: list[Bar] = []
    for load in (single("clean", _clean()), batch("clean", _clean(), _BATCH)):
        for what in ("worker", "repairer"):
            with running(JIAOKAN, max(2, asked.processes)) as server:
                if load.endpoint == BATCH and not _has_batch(server):
                    continue
                try:
                    seen = kill(server, load, _KILLED, what, asked.kill_seconds)
                except LookupError as error:
                    yield Lines("", [f"{load.endpoint}: {error}."])
                    continue
            counts = [seen.outcomes.get(outcome, 0) for outcome in Outcome]
            times = ["never" if each is None else each for each in (seen.until_right, seen.until_whole)]
            of = f"{what}, {load.endpoint}"
            rows.append((of, [*counts, seen.slowest, *times, 100 * seen.after]))
            bars.append(Bar(f"{of}: wrong or no answer", sum(map(seen.outcomes.get, _NO_ANSWER, (0, 0))), 0, True))
            bars.append(Bar(f"{of}: all processes back", float(seen.until_whole is not None), 1))
            bars.append(Bar(f"{of}: right in the last quarter", seen.after, 1))
    columns = (*(str(outcome) for outcome in Outcome), "slowest, s", "next right, s", "all back, s", "right after, %")
    yield Table("Killed, and what became of the requests", columns, rows)
    yield from bars


def _has_batch(server: Server) -> bool:
    client = Client(server)
    probe = batch("probe", ["你好"], 1)
    try:
        return client.outcome(probe, probe.bodies[0], probe.requests[0]) is Outcome.RIGHT
    finally:
        client.close()


def _clean() -> list[str]:
    """Clean documents of 2 KB, also those that the screen suspects."""
    return list(clean(SMALL).values())[-1]


_PARTS: Final[dict[str, Callable[[Namespace], Iterator[Block]]]] = {"rates": rates, "soak": soaked, "kill": killed}


def _run(run: Run) -> Iterator[Block]:
    needed()
    for part in run.options.only or _PARTS:
        yield from _PARTS[part](run.options)


TASK: Final = Task(
    _run,
    options={
        "only": ((), f"one of {', '.join(_PARTS)}"),
        "processes": (1, "workers of each server; at least 2 are killed"),
        "rounds": (5, "measurements of each rate"),
        "seconds": (1.0, "of each measurement at least"),
        "requests": (100_000, "of the soak"),
        "kill_seconds": (8.0, "of sending around each kill"),
    },
)
