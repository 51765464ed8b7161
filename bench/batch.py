"""How ``jiaokan repair`` goes through files: speed, start-up, memory, and what killing it does.

    python bench/batch.py rates      one process, two, and the library in a plain loop
    python bench/batch.py start      from the start to the first document
    python bench/batch.py memory     a worker over 10 GB, and over a line of 1 GB
    python bench/batch.py kill       killed at a hundred random moments, and compared with an undisturbed run
    python bench/batch.py all        the four after each other; each can also be shortened, see --help

What it reads is made of the seeds, and lies with what it writes in a folder that is taken away at the end (--folder
says where). README.md says what each column means. Exits with 1 if anything is less than it should be.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table

from batch_runs import Ran, contents, finish, killed, loop, run
from batch_texts import undamaged, write, write_long_line, write_repeated

# What issue 7 asks for: of two processes beside one, of the library's speed for each process, until the first document,
# and of memory for a worker.
OF_ONE: Final = 1.8
OF_LIBRARY: Final = 0.85
START: Final = 0.4  # seconds
MEMORY: Final = 300_000_000  # bytes
# Growth of memory that is none: of the 42 MB that a worker has, less than a quarter of a piece of 4 MB.
WAVERING: Final = 0.02
_STARTS: Final = 11
_LONG_LINE: Final = 1000.0  # MB
_KILLED: Final = 2.0  # MB of pages that a run which is killed has to repair
_SHARE: Final = 0.1  # of them are damaged


def rates(console: Console, folder: Path, asked: argparse.Namespace) -> bool:
    """Print how fast one process is, and two, beside loops over the library."""
    path = write(folder / "pages.jsonl", asked.megabytes)
    size = path.stat().st_size / 1e6
    title = f"{size:.0f} MB of JSON Lines, every page as damaged as the seeds; medians of {asked.rounds}"
    table = Table("what", "processes", "seconds", "MB/s", "CPU, s", "MB/CPU s", title=title, title_justify="left")
    taken: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for _ in range(asked.rounds):
        for jobs in (1, 2):
            taken.setdefault(("library", jobs), []).append(loop(path, jobs))
            ran = _well(run(path, folder / "out", jobs))
            taken.setdefault(("jiaokan repair", jobs), []).append((ran.seconds, ran.cpu))
    middle = {key: tuple(median(each) for each in zip(*runs, strict=True)) for key, runs in taken.items()}
    for (what, jobs), (seconds, cpu) in sorted(middle.items(), reverse=True):
        row = (f"{seconds:.1f}", f"{size / seconds:.3f}", f"{cpu:.1f}", f"{size / cpu:.3f}")
        table.add_row(what, str(jobs), *row)
    console.print(table)
    (one, cpu), (two, _) = (middle["jiaokan repair", jobs] for jobs in (1, 2))
    (library, library_cpu), (side_by_side, _) = (middle["library", jobs] for jobs in (1, 2))
    console.print(f"two loops over the library are {library / side_by_side:.2f} times as fast as one")
    return all(
        [
            _judged(console, "two processes are times as fast as one", one / two, OF_ONE),
            _judged(console, "one process has of the library's rate", library / one, OF_LIBRARY),
            _judged(console, "two processes have of two loops' rate", side_by_side / two, OF_LIBRARY),
            _judged(console, "and by processor time, one process", library_cpu / cpu, OF_LIBRARY),
        ]
    )


def start(console: Console, folder: Path, asked: argparse.Namespace) -> bool:
    """Print how long it takes to repair a file of one page, from the start of the program to its end."""
    clean, damaged = folder / "clean.jsonl", write(folder / "damaged.jsonl", 0.001)
    clean.write_bytes(undamaged(1))
    taken = []
    for path in (clean, damaged):
        ran = [_well(run(path, folder / "out", 2)) for _ in range(_STARTS)]
        seconds, cpu = median(each.seconds for each in ran), median(each.cpu for each in ran)
        console.print(f"one {path.stem} document: {seconds * 1000:.0f} ms, {cpu * 1000:.0f} ms of processor time")
        taken.append(seconds)
    return _judged(console, "seconds to the end of the first clean document", taken[0], START, at_most=True)


def memory(console: Console, folder: Path, asked: argparse.Namespace) -> bool:
    """Print what memory a worker has over a large file, and over one line that is too long."""
    large = write_repeated(folder / "large.jsonl", asked.large, undamaged())
    ran = _well(run(large, folder / "out", 2, watched=True))
    large.unlink()
    console.print(
        f"{asked.large / 1000:.1f} GB: {ran.seconds:.0f} s, {asked.large / ran.seconds:.0f} MB/s in two processes, "
        f"{ran.peak / 1e6:.0f} MB of memory, {ran.growth:+.1%} in the second half"
    )
    flat = _judged(console, "growth of memory over it", ran.growth, WAVERING, at_most=True)
    little = _judged(console, "MB of a worker over it", ran.peak / 1e6, MEMORY / 1e6, at_most=True)
    line = write_long_line(folder / "line.jsonl", _LONG_LINE)
    ran = run(line, folder / "out", 2, watched=True)
    line.unlink()
    (refused,) = (folder / "out" / "rejects.jsonl").read_text("utf-8").splitlines()
    console.print(f"a line of {_LONG_LINE / 1000:.0f} GB: {ran.seconds:.0f} s, and {refused}")
    both = len((folder / "out" / line.name).read_bytes().splitlines()) == 2
    return all(
        [
            flat,
            little,
            _judged(console, "lines beside it that are repaired, of 2", 2 * both, 2),
            _judged(console, "MB of a worker over the line", ran.peak / 1e6, MEMORY / 1e6, at_most=True),
        ]
    )


def kill(console: Console, folder: Path, asked: argparse.Namespace) -> bool:
    """Print what is left of runs that were killed and went on, beside one that was not."""
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
    console.print(f"killed {kills} times in {runs} runs of {undisturbed.seconds:.1f} s")
    return _judged(console, "runs that came to another end than the undisturbed one", wrong, 0, at_most=True)


def _judged(console: Console, what: str, found: float, asked: float, at_most: bool = False) -> bool:
    """Print a figure beside its bar, and whether it reaches it."""
    reached = found <= asked if at_most else found >= asked
    console.print(
        f"{what}: {found:.3g}, {'at most' if at_most else 'at least'} {asked:g}: {'yes' if reached else 'NO'}"
    )
    return reached


def _well(ran: Ran) -> Ran:
    if ran.code:
        raise SystemExit(f"bench: a run ended with {ran.code}: {ran.said}")
    return ran


def main() -> None:
    """Measure what is asked for."""
    parts: dict[str, Callable[[Console, Path, argparse.Namespace], bool]] = {
        each.__name__: each for each in (rates, start, memory, kill)
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=[*parts, "all"])
    parser.add_argument("--megabytes", type=float, default=200, help="of damaged pages for the rates (200)")
    parser.add_argument("--rounds", type=int, default=1, help="of the rates (1)")
    parser.add_argument("--large", type=float, default=10_000, help="MB of the large file (10000)")
    parser.add_argument("--kills", type=int, default=100, help="how often a run is killed (100)")
    parser.add_argument("--folder", type=Path, help="where to write; the large file and what it becomes take 20 GB")
    asked = parser.parse_args()
    console = Console(soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="jiaokan-bench-", dir=asked.folder) as folder:
        wanted = parts.values() if asked.part == "all" else [parts[asked.part]]
        reached = [part(console, Path(folder), asked) for part in wanted]
    sys.exit(not all(reached))


if __name__ == "__main__":
    main()
