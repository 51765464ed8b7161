"""How fast text is repaired, beside peers: MB of UTF-8 text for each second of processor time, in one thread.

Everything is measured by turns in the same run, so that a noisy machine is noisy for all: trust the ratios.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any, Final

import ftfy

import jiaokan
from bench.harness import Run, Task, environment
from bench.pages import SEEDS, clean, damaged
from bench.peers.repairs import opencc
from bench.tables import Block, Cell, Table
from bench.timing import Inputs, measure, run
from jiaokan import pipeline
from jiaokan.screen import may_have_any

_STARTS: Final = 5  # fresh processes of each kind
_PEERS: Final = ("ftfy.fix_text", "OpenCC t2s")
_COMPARED: Final[dict[str, Callable[[str], object]]] = {
    "jiaokan.repair": jiaokan.repair,
    "with edits": lambda text: jiaokan.repair(text).edits,
    "with changes": lambda text: jiaokan.repair(text).changes,
    "screen": may_have_any,
    "ftfy.fix_text": ftfy.fix_text,
    "OpenCC t2s": opencc("t2s"),
}
# What is timed for --faults: the names in ``jiaokan.pipeline`` behind each part of a repair.
_PARTS: Final = {
    "screen": ("may_have", "may_have_any"),
    "select": ("_select", "_drop_overlapping", "_shift_doubts"),
    "apply": ("apply",),
    "locate": ("at_source",),
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


def _run(run: Run) -> Iterator[Block]:
    inputs = [*clean(), *damaged()]
    yield _rates(inputs, run.number)
    if run.options.faults:
        yield _parts(inputs, run.number)
    yield _starts(_STARTS)


def _rates(inputs: Sequence[Inputs], count: int) -> Table:
    """MB/s of jiaokan, of its screen and of the peers, and the ratios to the peers."""
    rows: list[tuple[str, list[Cell]]] = []
    for kind, rates in measure(inputs, _COMPARED, count):
        changed = sum(jiaokan.repair(text).text is not text for text in kind.texts)
        ratios = (rates["jiaokan.repair"] / rates[peer] for peer in _PEERS)
        each = kind.size / 1e3 / len(kind.texts)
        rows.append((kind.name, [each, f"{changed}/{len(kind.texts)}", *rates.values(), *ratios]))
    ratio_names = [f"x {peer}" for peer in _PEERS]
    formats = {"": ",.3g", "KB each": ".1f", **dict.fromkeys(ratio_names, ",.2f")}
    columns = ("KB each", "repaired", *_COMPARED, *ratio_names)
    return Table(f"MB of UTF-8 text per second, medians of {count} rounds", columns, rows, formats)


def _parts(inputs: Sequence[Inputs], count: int) -> Table:
    """Milliseconds for a document by part of the repair."""
    taken: dict[str, list[dict[str, float]]] = defaultdict(list)
    for _ in range(count):
        for kind in inputs:
            with _timed_parts() as spent:
                whole = run(jiaokan.repair, kind.texts, 1)
            spent["the rest"] = whole - sum(spent.values())
            taken[kind.name].append({**spent, "all": whole})
    parts = [*(fault.value for fault in jiaokan.Fault), *_PARTS, "the rest", "all"]
    rows = [
        (kind.name, [1e3 * median(s.get(part, 0.0) for s in taken[kind.name]) / len(kind.texts) for part in parts])
        for kind in inputs
    ]
    return Table("Milliseconds for a document, by part of the repair", parts, rows, {"": ".3f"})


@contextmanager
def _timed_parts() -> Iterator[dict[str, float]]:
    """Count the seconds that the parts of every repair take meanwhile."""
    spent: dict[str, float] = defaultdict(float)
    finders = pipeline._finders
    names = {name: getattr(pipeline, name) for names in _PARTS.values() for name in names}
    try:
        pipeline._finders = lambda *options: {  # type: ignore[assignment]
            fault: _timed(find, fault.value, spent) for fault, find in finders(*options).items()
        }
        for part, its_names in _PARTS.items():
            for name in its_names:
                setattr(pipeline, name, _timed(names[name], part, spent))
        yield spent
    finally:
        pipeline._finders = finders
        for name, function in names.items():
            setattr(pipeline, name, function)


def _timed(function: Callable[..., Any], part: str, spent: dict[str, float]) -> Callable[..., Any]:
    def called(*arguments: object) -> object:
        began = time.process_time()
        result = function(*arguments)
        spent[part] += time.process_time() - began
        return result

    return called


def _starts(count: int) -> Table:
    """What a fresh process pays for its first page."""
    taken = defaultdict(list)
    page = str(next(SEEDS.glob("003*.source.txt")))
    for _ in range(count):
        for name, (imports, call) in _STARTED.items():
            command = [sys.executable, "-c", _START.format(imports=imports, call=call, page=page)]
            out = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True)
            taken[name].append([float(each) for each in out.stdout.split()])
    rows: list[tuple[str, list[Cell]]] = []
    for name, each in taken.items():
        imported, first, memory = map(median, zip(*each, strict=True))
        rows.append((name, [1e3 * imported, 1e3 * first, memory / 1024]))
    title = f"Cold start: a fresh process and one seed page, medians of {count}"
    return Table(title, ("import, ms", "first page, ms", "memory, MB"), rows, {"": ".0f"})


TASK: Final = Task(
    _run, 9, "measurements of each figure", {"faults": (False, "also show where a repair spends its time")}
)
