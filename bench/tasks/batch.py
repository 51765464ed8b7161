"""How ``jiaokan repair`` goes through files: speed, start-up, memory, and what killing it does.

What it reads is made of the seeds, and lies with what it writes in a folder that is taken away at the end.
"""

from __future__ import annotations

import random
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Final

from bench.harness import Run, Task
from bench.tables import Bar, Block, Cell, Lines, Table
from bench.tasks.batch_runs import Ran, contents, finish, killed, loop, run
from bench.tasks.batch_texts import undamaged, write, write_long_line, write_repeated

# What was asked for: of two processes beside one, of the library's speed for each process, until the first document,
# and of memory for a worker.
OF_ONE: Final = 1.8
OF_LIBRARY: Final = 0.85
START: Final = 0.4  # seconds
MEMORY: Final = 300  # MB
# Growth of memory that is none: of the 42 MB that a worker has, less than a quarter of a piece of 4 MB.
WAVERING: Final = 0.02
_STARTS: Final = 11
_LONG_LINE: Final = 1000.0  # MB
_KILLED: Final = 2.0  # MB of pages that a run which is killed has to repair
_SHARE: Final = 0.1  # of them are damaged


def rates(folder: Path, asked: Namespace) -> Iterator[Block]:
    """How fast one process is, and two, beside loops over the library."""
    path = write(folder / "pages.jsonl", asked.megabytes)
    size = path.stat().st_size / 1e6
    taken: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for _ in range(asked.rounds):
        for jobs in (1, 2):
            taken.setdefault(("library", jobs), []).append(loop(path, jobs))
            ran = _well(run(path, folder / "out", jobs))
            taken.setdefault(("jiaokan repair", jobs), []).append((ran.seconds, ran.cpu))
    middle = {key: tuple(median(each) for each in zip(*runs, strict=True)) for key, runs in taken.items()}
    rows: list[tuple[str, list[Cell]]] = [
        (what, [jobs, seconds, size / seconds, cpu, size / cpu])
        for (what, jobs), (seconds, cpu) in sorted(middle.items(), reverse=True)
    ]
    title = f"{size:.0f} MB of JSON Lines, every page as damaged as the seeds; medians of {asked.rounds}"
    columns = ("processes", "seconds", "MB/s", "CPU, s", "MB/CPU s")
    yield Table(title, columns, rows, {"": ".3f", "seconds": ".1f", "CPU, s": ".1f"})
    (one, cpu), (two, _) = (middle["jiaokan repair", jobs] for jobs in (1, 2))
    (library, library_cpu), (side_by_side, _) = (middle["library", jobs] for jobs in (1, 2))
    yield Lines("", [f"two loops over the library are {library / side_by_side:.2f} times as fast as one"])
    yield Bar("two processes are times as fast as one", one / two, OF_ONE)
    yield Bar("one process has of the library's rate", library / one, OF_LIBRARY)
    yield Bar("two processes have of two loops' rate", side_by_side / two, OF_LIBRARY)
    yield Bar("and by processor time, one process", library_cpu / cpu, OF_LIBRARY)


def start(folder: Path, _: Namespace) -> Iterator[Block]:
    """How long it takes to repair a file of one page, from the start of the program to its end."""
    clean, damaged = folder / "clean.jsonl", write(folder / "damaged.jsonl", 0.001)
    clean.write_bytes(undamaged(1))
    rows = []
    for path in (clean, damaged):
        ran = [_well(run(path, folder / "out", 2)) for _ in range(_STARTS)]
        rows.append((f"one {path.stem} document", [median(each.seconds for each in ran), median(e.cpu for e in ran)]))
    yield Table("From the start of the program to its end", ("seconds", "CPU, s"), rows, {"": ".3f"})
    yield Bar("seconds to the end of the first clean document", rows[0][1][0], START, at_most=True)


def memory(folder: Path, asked: Namespace) -> Iterator[Block]:
    """What memory a worker has over a large file, and over one line that is too long."""
    large = write_repeated(folder / "large.jsonl", asked.large, undamaged())
    ran = _well(run(large, folder / "out", 2, watched=True))
    large.unlink()
    rate = f"{asked.large / 1000:.1f} GB: {ran.seconds:.0f} s, {asked.large / ran.seconds:.0f} MB/s in two processes"
    yield Lines("", [f"{rate}, {ran.peak / 1e6:.0f} MB of memory, {ran.growth:+.1%} in the second half"])
    yield Bar("growth of memory over it", ran.growth, WAVERING, at_most=True)
    yield Bar("MB of a worker over it", ran.peak / 1e6, MEMORY, at_most=True)
    line = write_long_line(folder / "line.jsonl", _LONG_LINE)
    ran = run(line, folder / "out", 2, watched=True)
    line.unlink()
    (refused,) = (folder / "out" / "rejects.jsonl").read_text("utf-8").splitlines()
    yield Lines("", [f"a line of {_LONG_LINE / 1000:.0f} GB: {ran.seconds:.0f} s, and {refused}"])
    repaired = len((folder / "out" / line.name).read_bytes().splitlines())
    yield Bar("lines beside it that are repaired, of 2", repaired, 2)
    yield Bar("MB of a worker over the line", ran.peak / 1e6, MEMORY, at_most=True)


def kill(folder: Path, asked: Namespace) -> Iterator[Block]:
    """What is left of runs that were killed and went on, beside one that was not."""
    path = write(folder / "killed.jsonl", _KILLED, _SHARE)
    undisturbed = _well(run(path, folder / "out", 2))
    expected, chance = contents(folder / "out"), random.Random(7)
    kills, runs, wrong = 0, 0, 0
    while kills < asked.kills:
        left = asked.kills - kills
        kills += sum(1 for _ in killed(path, folder / "out", 2, undisturbed.seconds, chance, left))
        runs += 1
        ended = finish(path, folder / "out", 2) if kills == asked.kills else 0
        wrong += bool(ended) or contents(folder / "out") != expected
    yield Lines("", [f"killed {kills} times in {runs} runs of {undisturbed.seconds:.1f} s"])
    yield Bar("runs that came to another end than the undisturbed one", wrong, 0, at_most=True)


def _well(ran: Ran) -> Ran:
    if ran.code:
        raise SystemExit(f"bench: a run ended with {ran.code}: {ran.said}")
    return ran


_PARTS: Final[dict[str, Callable[[Path, Namespace], Iterator[Block]]]] = {
    "rates": rates,
    "start": start,
    "memory": memory,
    "kill": kill,
}


def _run(run: Run) -> Iterator[Block]:
    with tempfile.TemporaryDirectory(prefix="jiaokan-bench-", dir=run.options.folder) as folder:
        for part in run.options.only or _PARTS:
            yield from _PARTS[part](Path(folder), run.options)


TASK: Final = Task(
    _run,
    options={
        "only": ((), f"one of {', '.join(_PARTS)}"),
        "megabytes": (200.0, "of damaged pages for the rates"),
        "rounds": (1, "of the rates"),
        "large": (10_000.0, "MB of the large file"),
        "kills": (100, "how often a run is killed"),
        "folder": (None, "where to write; the large file and what it becomes take 20 GB"),
    },
)
