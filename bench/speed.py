"""How fast text is repaired, beside peers: MB of UTF-8 text for each second of processor time, in one thread.

    python bench/speed.py             the table
    python bench/speed.py --faults    and where a repair spends its time
    python bench/speed.py --charsets  bytes of many charsets and mojibake instead
    python bench/speed.py --rounds 21 more rounds; a figure is the median of them

Everything is measured by turns in the same run, so that a noisy machine is noisy for all: trust the ratios.
README.md says what each column means.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

import ftfy
from opencc import OpenCC
from rich.console import Console
from rich.table import Table

import jiaokan
from corpus import UnavailableError
from jiaokan import rounds
from jiaokan.screen import may_have_any
from timing import measure, run
from workloads import SEEDS, Workload, clean, damaged

_STARTS: Final = 5  # fresh processes of each kind
_PEERS: Final = ("ftfy.fix_text", "OpenCC t2s")
_COMPARED: Final[dict[str, Callable[[str], object]]] = {
    "jiaokan.repair": jiaokan.repair,
    "with edits": lambda text: jiaokan.repair(text).edits,
    "with changes": lambda text: jiaokan.repair(text).changes,
    "screen": may_have_any,
    "ftfy.fix_text": ftfy.fix_text,
    "OpenCC t2s": OpenCC("t2s").convert,
}
# What is timed for --faults: the names in ``jiaokan.rounds`` behind each part of a repair.
_PARTS: Final = {
    "screen": ("may_have", "may_have_any"),
    "select": ("_select", "_drop_overlapping", "_still_there"),
    "apply": ("apply",),
    "locate": ("_at_source",),
}
_START: Final = """
import time; began = time.process_time()
{imports}; imported = time.process_time()
{call}(open({page!r}, encoding="utf-8").read()); done = time.process_time()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(imported - began, done - imported, peak)
"""
_STARTED: Final = {
    "jiaokan.repair": ("import jiaokan", "jiaokan.repair"),
    "ftfy.fix_text": ("import ftfy", "ftfy.fix_text"),
    "OpenCC t2s": ("from opencc import OpenCC", "OpenCC('t2s').convert"),
}


def speed_table(workloads: Sequence[Workload], count: int) -> Table:
    """MB/s of jiaokan, of its screen and of the peers, and the ratios to the peers."""
    table = Table("texts", title=f"MB of UTF-8 text per second, medians of {count} rounds", title_justify="left")
    for column in ("KB each", "repaired", *_COMPARED, *(f"x {peer}" for peer in _PEERS)):
        table.add_column(column, justify="right")
    for workload, taken in measure(workloads, _COMPARED, count):
        rates = {name: workload.size / 1e6 / seconds for name, seconds in taken.items()}
        ratios = (rates["jiaokan.repair"] / rates[peer] for peer in _PEERS)
        changed = sum(jiaokan.repair(text).text is not text for text in workload.texts)
        table.add_row(
            workload.name,
            f"{workload.size / 1e3 / len(workload.texts):.1f}",
            f"{changed}/{len(workload.texts)}",
            *(f"{rate:,.3g}" for rate in rates.values()),
            *(f"{ratio:,.2f}" for ratio in ratios),
        )
    return table


def fault_table(workloads: Sequence[Workload], count: int) -> Table:
    """Milliseconds for a document by part of the repair."""
    taken = {workload.name: list[dict[str, float]]() for workload in workloads}
    for _ in range(count):
        for workload in workloads:
            with timed() as spent:
                whole = run(jiaokan.repair, workload.texts, 1)
            spent["the rest"] = whole - sum(spent.values())
            taken[workload.name].append({**spent, "all": whole})
    parts = [*(fault.value for fault in rounds._finders("simplified", "keep", (), ())), *_PARTS, "the rest", "all"]
    table = Table("texts", title="Milliseconds for a document, by part of the repair", title_justify="left")
    for part in parts:
        table.add_column(part, justify="right")
    for workload in workloads:
        each = (median(spent.get(part, 0.0) for spent in taken[workload.name]) for part in parts)
        table.add_row(workload.name, *(f"{1e3 * seconds / len(workload.texts):.3f}" for seconds in each))
    return table


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """Count the seconds that the parts of every repair take meanwhile."""
    spent: dict[str, float] = defaultdict(float)
    finders = rounds._finders
    names = {name: getattr(rounds, name) for names in _PARTS.values() for name in names}
    try:
        rounds._finders = lambda *options: {  # type: ignore[assignment]
            fault: _timed(find, fault.value, spent) for fault, find in finders(*options).items()
        }
        for part, its_names in _PARTS.items():
            for name in its_names:
                setattr(rounds, name, _timed(names[name], part, spent))
        yield spent
    finally:
        rounds._finders = finders
        for name, function in names.items():
            setattr(rounds, name, function)


def _timed(function: Callable[..., Any], part: str, spent: dict[str, float]) -> Callable[..., Any]:
    def called(*arguments: object) -> object:
        began = time.process_time()
        result = function(*arguments)
        spent[part] += time.process_time() - began
        return result

    return called


def start_table(count: int) -> Table:
    """What a fresh process pays for its first page."""
    taken = defaultdict(list)
    for _ in range(count):
        for name, (imports, call) in _STARTED.items():
            code = _START.format(imports=imports, call=call, page=str(next(SEEDS.glob("003*.source.txt"))))
            environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            out = subprocess.run([sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True)
            taken[name].append([float(each) for each in out.stdout.split()])
    title = f"Cold start: a fresh process and one seed page, medians of {count}"
    table = Table("started", title=title, title_justify="left")
    for column in ("import, ms", "first page, ms", "memory, MB"):
        table.add_column(column, justify="right")
    for name, each in taken.items():
        imported, first, memory = map(median, zip(*each, strict=True))
        table.add_row(name, f"{1e3 * imported:.0f}", f"{1e3 * first:.0f}", f"{memory / 1024:.0f}")
    return table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="measurements of each figure (default 9)")
    parser.add_argument("--faults", action="store_true", help="also show where a repair spends its time")
    parser.add_argument("--charsets", action="store_true", help="measure bytes and mojibake instead")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 170)
    if arguments.charsets:
        from speed_charsets import bytes_table, garbled_table  # which need the detectors of the extra

        for table in (bytes_table, garbled_table):
            console.print(table(arguments.rounds))
        return
    try:
        workloads = [*clean(), *damaged()]
    except UnavailableError as error:
        sys.exit(f"bench: {error}")
    console.print(speed_table(workloads, arguments.rounds))
    if arguments.faults:
        console.print(fault_table(workloads, arguments.rounds))
    console.print(start_table(_STARTS))


if __name__ == "__main__":
    main()
